"""Tables that a plan carries beside its duties and targets: money, results, documents, people; known, and not read."""

from __future__ import annotations

import re

from plans.reading.columns import Columns, Role, latest_year
from plans.reading.document import Table
from plans.reading.guesses import is_figure, mostly
from plans.reading.text import flat, fold

_MONEY = re.compile(r"thanh tien|don gia|du toan|so tien|muc chi")
_PAPERS = re.compile(r"ky hieu|trich yeu|so van ban|ngay (?:ban hanh|van ban)|co quan ban hanh")
_PEOPLE = re.compile(r"^ho (?:va )?ten|chuc (?:vu|danh)|so dien thoai|nam sinh")
_DONE = re.compile(
    r"^(?:ket qua |uoc )?(?:thuc hien|dat)\b|^uoc\b|so sanh|^(?:ty le|%)\s?(?:%\s?)?(?:dat|hoan thanh|thuc)"
)
_TITLED = (
    (re.compile(r"du toan|kinh phi|khai toan"), "dự toán kinh phí"),
    (re.compile(r"ket qua (?:thuc hien|nam)|so lieu|thong ke|thuc trang"), "số liệu kết quả"),
    (re.compile(r"danh (?:muc|sach) (?:cac )?van ban|can cu phap ly"), "danh mục văn bản"),
    (re.compile(r"danh sach (?:thanh vien|ban chi dao|to cong tac|can bo)"), "danh sách người"),
)


def aside_of(table: Table, columns: Columns | None, above: str | None, year: int | None) -> str | None:
    """What a table holds when that is neither duties nor targets of the plan, in Vietnamese; None where it may be."""
    headers = [fold(text) for text in (columns.headers if columns else table.rows[0].texts()) if text]
    timed = columns is not None and columns.holds_time
    if not timed and sum(1 for text in headers if _MONEY.search(text)) >= 1 and not _has_figures(columns):
        return "dự toán kinh phí"
    if not timed and sum(1 for text in headers if _PAPERS.search(text)) >= 2:
        return "danh mục văn bản"
    if not timed and sum(1 for text in headers if _PEOPLE.search(text)) >= 2:
        return "danh sách người"
    if columns is not None and columns.holds_targets:
        return "số liệu kết quả" if _is_result(table, columns, year) else None
    if columns is not None and columns.holds_duties:
        return None
    return next((name for words, name in _TITLED if words.search(fold(above or ""))), None)


def _has_figures(columns: Columns | None) -> bool:
    return columns is not None and columns.holds_targets


def _is_result(table: Table, columns: Columns, year: int | None) -> bool:
    """Figures of a year gone by, or figures to reach beside those reached in the same year."""
    planned = columns.target_year
    if planned and year and planned < year:
        return True
    named = [at for at, text in enumerate(columns.headers) if _DONE.search(fold(text))]
    years = {latest_year(columns.headers[at]) for at in named if _holds_figures(table, columns, at)}
    return bool(years) and years <= {0, planned}


def _holds_figures(table: Table, columns: Columns, at: int) -> bool:
    values = [flat(row.texts()[at]) for row in table.rows[columns.header_rows :] if row.texts()[at]]
    return columns.roles[at] is not Role.TARGET and mostly(values, is_figure)
