"""What the cells of a column look like: times, units of measure, names of units; roles where no header names them."""

from __future__ import annotations

import re
from collections.abc import Callable

from plans.reading.columns import Columns, Role, header_role
from plans.reading.document import Table
from plans.reading.ordinals import readings
from plans.reading.text import flat, fold

_TIME_WORDS = re.compile(
    r"thuong xuyen|\bqu[yi]\s*(?:[ivx]+|\d)|hang (?:thang|quy|nam|tuan)|dinh ky|\bthang\s*\d|\d{1,2}/\d{4}(?!\s*/)"
    r"|theo (?:ke hoach|quy dinh)|\bnam \d{4}|dot xuat|phat sinh|truoc ngay|trong nam|6 thang|ca nam"
)
_UNIT_WORDS = re.compile(
    r"chu tri|phoi hop"
    r"|^\W*(?:trung tam|phong|van phong|so |ubnd|uy ban|cac \w+|cong an|ban |bo phan|bo |vu |cuc |chi cuc|thanh tra"
    r"|thon|tram|truong|hoi |doan |dang uy|chi bo|to |doi |hat |benh vien|mat tran|ubmttq|khu pho|cong chuc|cong doan"
    r"|ban giam hieu|ngan hang|cong ty|(?:pho )?(?:chu tich|giam doc|hieu truong|bi thu|to truong)|thu truong|lanh dao)"
)
_FIGURE = re.compile(r"^[<>≥≤=]*\s*\d[\d.,\s]*%?$")
_MEASURES = re.compile(
    r"^(?:%|‰|ty le|phan tram|ho so|nguoi|ho|lop|cuoc|van ban|trieu dong|ty dong|dong|thu tuc|tthc|tin|bai|truong"
    r"|mo hinh|don vi|con|km|m2|m3|ha|kg|tan|ta|diem|luot|vu|cai|chiec|tre|ngay|gio|xa|thon|co so|doanh nghiep"
    r"|hop tac xa|san pham|trieu dong/nguoi|trieu dong/nguoi/nam|buoi|dot|hoc sinh|giuong|bac si)$"
)


def is_measure(value: str) -> bool:
    """Whether a cell holds a unit of measure."""
    folded = fold(value).strip()
    return bool(_MEASURES.match(folded)) and not folded.isdigit() and not readings(value)


def is_figure(value: str) -> bool:
    """Whether a cell holds a number, with or without a sign of comparison or of per cent."""
    return _FIGURE.match(value) is not None


def is_time(folded: str) -> bool:
    """Whether a folded cell speaks of a time."""
    return bool(_TIME_WORDS.search(folded)) and len(folded) < 90


def mostly(values: list[str], holds: Callable[[str], bool], share: float = 0.7) -> bool:
    """Whether a share of the values, of which there must be one, are so."""
    return bool(values) and sum(1 for value in values if holds(value)) >= share * len(values)


def guessed_columns(table: Table) -> Columns | None:
    """The columns of a table that has no header, from what its cells hold; None when they do not look like duties."""
    if table.width < 3:
        return None
    headed = int(header_role(table.rows[0].texts()[0]) is Role.NUMBER)
    full = [row for row in table.rows[headed:] if sum(1 for text in row.texts() if text) >= max(3, table.width - 1)]
    if len(full) < 2:
        return None
    texts = [[flat(fold(row.texts()[at])) for row in full] for at in range(table.width)]
    roles = [Role.OTHER] * table.width
    if mostly([row.texts()[0] for row in full], lambda text: not text or bool(readings(text)), 0.6):
        roles[0] = Role.NUMBER
    for at in range(1, table.width):
        roles[at] = _guessed_role([text for text in texts[at] if text])
    completed = _completed(roles)
    headers = tuple(map(flat, table.rows[0].texts())) if headed else ()
    return Columns(completed, headers, headed) if completed else None


def _guessed_role(values: list[str]) -> Role:
    if mostly(values, is_time, 0.6):
        return Role.TIME
    if mostly(values, lambda value: bool(_UNIT_WORDS.search(value)) and len(value) < 90, 0.6):
        return Role.PERFORMER
    return Role.OTHER


def _completed(roles: list[Role]) -> tuple[Role, ...] | None:
    if Role.TIME not in roles and Role.PERFORMER not in roles:
        return None
    units = [at for at, role in enumerate(roles) if role is Role.PERFORMER]
    if len(units) > 1:
        roles[units[0]], roles[units[1]] = Role.LEAD, Role.COORDINATOR
    for role in (Role.CONTENT, Role.PRODUCT):
        if Role.OTHER in roles:
            roles[roles.index(Role.OTHER)] = role
    return tuple(roles) if Role.CONTENT in roles else None
