"""Checks of the figures before a report is signed. Each finding can be traced to a submission and its files.

Nothing here changes a figure: a finding asks a person to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import pandas as pd

from db.models import Occurrence, Submission
from reports.figures import is_percent, reaches
from reports.ledger import Figure, Ledger, Line
from reports.wording import join_names, number, one_line, shortened

Code = Literal["below_target", "over_hundred", "negative", "sum_mismatch", "ratio_mismatch", "jump", "disagree"]
Severity = Literal["error", "warning", "note"]

# A change against the last accepted figure that deserves a second look.
JUMP_POINTS = 20.0  # percentage points, for figures in per cent
JUMP_SHARE = 0.5  # half of the earlier figure, for all others

FINDING_COLUMNS = ["severity", "code", "message", "unit", "target", "submission_id", "files", "occurrence_id"]
SEVERITY_WORDS = {"error": "Sai", "warning": "Cần kiểm tra", "note": "Lưu ý"}

RATIO = re.compile(
    r"(?i)(?<!tháng )(?<!ngày )(?<!số )(?<!quý )(?<![\d/.,])"  # no month, date or number of a document
    r"(\d{1,3}(?:\.\d{3})+|\d+)\s*/\s*(\d{1,3}(?:\.\d{3})+|\d+)(?![\d/.,]\d)"  # 12/15
    r"((?:(?!tăng|giảm|so với|còn lại)[^\d%\n;/.]){0,60}?)(\d{1,3}(?:[.,]\d+)?)\s*%"  # hồ sơ (đạt 80%)
)


@dataclass(frozen=True)
class Source:
    """Where a doubtful figure or sentence stands."""

    unit: str
    submission_id: int
    occurrence_id: int
    files: tuple[str, ...]

    @property
    def text(self) -> str:
        """The source for a person."""
        files = f", tệp {join_names(self.files)}" if self.files else ""
        return f"bài nộp số {self.submission_id} của {one_line(self.unit)}{files}"


@dataclass(frozen=True)
class ReportFinding:
    """One thing to look at, in one Vietnamese sentence, with the way back to where it stands."""

    code: Code
    severity: Severity
    message: str
    target: str
    sources: tuple[Source, ...]

    @property
    def source(self) -> str:
        """All sources for a person."""
        return "; ".join(source.text for source in self.sources)


def find_all(ledger: Ledger) -> list[ReportFinding]:
    """Every finding of a period: errors first, then warnings, then notes; in the order of the targets within each."""
    found = [finding for figure in ledger.figures for finding in _check_figure(figure, ledger)]
    found += _disagreements(ledger.figures)
    found += _sums(ledger)
    found += [finding for line in ledger.lines for finding in _ratios(line)]
    return sorted(found, key=lambda finding: list(SEVERITY_WORDS).index(finding.severity))


def _finding(code: Code, severity: Severity, figures: Sequence[Figure], words: str) -> ReportFinding:
    """A finding about one figure, or about several of one target."""
    name = one_line(figures[0].target.name)
    who = f"{one_line(figures[0].unit_name)}, chỉ tiêu" if len(figures) == 1 else "Chỉ tiêu"
    sources = tuple(_source(each.occurrence, each.submission) for each in figures)
    return ReportFinding(code, severity, f"{who} «{shortened(name, 120)}»: {words}", name, sources)


def _source(occurrence: Occurrence, submission: Submission) -> Source:
    files = tuple(file.name for file in submission.files)
    return Source(occurrence.unit.name, submission.id, occurrence.id, files)


def said(figure: Figure, value: float | None = None) -> str:
    """A figure with its unit of measure, as written in Vietnamese."""
    measure = one_line(figure.target.unit or "")
    shown = number(figure.value if value is None else value)
    return f"{shown}%" if measure == "%" else f"{shown} {measure}".strip()


def _check_figure(figure: Figure, ledger: Ledger) -> Iterator[ReportFinding]:
    if is_percent(figure) and figure.value > 100:
        yield _finding("over_hundred", "error", [figure], f"tỷ lệ {said(figure)} lớn hơn 100%.")
    if figure.value < 0:
        yield _finding("negative", "error", [figure], f"số liệu {said(figure)} là số âm.")
    if reaches(figure) is False:
        words = f"đạt {said(figure)}, thấp hơn mức cả năm {said(figure, figure.target.value)}."
        yield _finding("below_target", "note", [figure], words)
    earlier = ledger.earlier.get((figure.target.id, figure.occurrence.unit_id))
    if earlier is not None and jumps(earlier, figure):
        before = f"{one_line(earlier.occurrence.period_label)}: {said(earlier)}"
        words = f"thay đổi lớn so với kỳ trước ({before}; nay {said(figure)})."
        yield _finding("jump", "warning", [figure], words)


def jumps(earlier: Figure, figure: Figure) -> bool:
    """Whether a figure differs from the last accepted one so much that someone should look."""
    change = abs(figure.value - earlier.value)
    if is_percent(figure):
        return change >= JUMP_POINTS
    return change > 0 and change >= JUMP_SHARE * abs(earlier.value)


def _disagreements(figures: Iterable[Figure]) -> Iterator[ReportFinding]:
    ordered = sorted(figures, key=lambda figure: (figure.target.position, figure.target.id))
    for _, group in groupby(ordered, key=lambda figure: figure.target.id):
        given = list(group)
        if len({figure.value for figure in given}) > 1:
            values = "; ".join(f"{one_line(each.unit_name)} {said(each)}" for each in given)
            words = f"các đơn vị báo cáo số liệu khác nhau ({values}), cần thống nhất."
            yield _finding("disagree", "warning", given, words)


def _sums(ledger: Ledger) -> Iterator[ReportFinding]:
    """A target "2" named "Tổng ..." must be the sum of "2.1", "2.2" ... of one submission, in the same measure."""
    by_submission: dict[int, list[Figure]] = {}
    for figure in ledger.figures:
        by_submission.setdefault(figure.submission.id, []).append(figure)
    for figures in by_submission.values():
        for figure in figures:
            parts = [part for part in figures if _is_part(part, figure)]
            if parts and _is_total(figure):
                yield from _sum_finding(figure, parts)


def _is_total(figure: Figure) -> bool:
    return figure.target.name.strip().casefold().startswith("tổng") and not is_percent(figure)


def _is_part(part: Figure, whole: Figure) -> bool:
    ordinal = (whole.target.ordinal or "").strip().rstrip(".")
    child = (part.target.ordinal or "").strip().rstrip(".")
    is_child = bool(ordinal) and re.fullmatch(re.escape(ordinal) + r"\.\d+", child) is not None
    return is_child and part.target.unit == whole.target.unit


def _sum_finding(whole: Figure, parts: list[Figure]) -> Iterator[ReportFinding]:
    total = sum(part.value for part in parts)
    if abs(total - whole.value) > 1e-6 * max(1.0, abs(total)):
        words = f"ghi tổng {said(whole)} nhưng các mục thành phần cộng lại là {said(whole, total)}."
        yield _finding("sum_mismatch", "error", [whole], words)


def _ratios(line: Line) -> Iterator[ReportFinding]:
    """In the text: "12/15 hồ sơ (đạt 70%)" where 12/15 is 80%."""
    submission = line.submission
    if submission is None:
        return
    for found in RATIO.finditer(submission.text):
        part, whole = (int(found[at].replace(".", "")) for at in (1, 2))
        printed = found[4].replace(",", ".")
        decimals = len(printed.partition(".")[2])
        if whole and abs(100 * part / whole - float(printed)) > 0.6 * 10**-decimals:
            yield _ratio_finding(line, submission, one_line(found[0]), 100 * part / whole)


def _ratio_finding(line: Line, submission: Submission, quote: str, share: float) -> ReportFinding:
    message = f"{one_line(line.unit_name)}: viết «{quote}» nhưng phép chia cho {number(round(share, 2))}%."
    return ReportFinding("ratio_mismatch", "warning", message, "", (_source(line.occurrence, submission),))


def findings_frame(findings: Iterable[ReportFinding]) -> pd.DataFrame:
    """The findings as a frame, one row a finding and source."""
    rows = [_row(finding, source) for finding in findings for source in finding.sources]
    return pd.DataFrame(rows, columns=FINDING_COLUMNS, dtype=object)


def _row(finding: ReportFinding, source: Source) -> dict[str, object]:
    return {
        "severity": SEVERITY_WORDS[finding.severity],
        "code": finding.code,
        "message": finding.message,
        "unit": one_line(source.unit),
        "target": finding.target,
        "submission_id": source.submission_id,
        "files": join_names(source.files),
        "occurrence_id": source.occurrence_id,
    }
