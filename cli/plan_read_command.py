"""`dondoc plan read`: print what a plan file says, as JSON or as a summary for the officer."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.days_off import load_calendar
from config.settings import load_settings
from plans.reading import Finding, ObligationRow, PlanFileError, PlanHead, Reading, Severity, TargetRow, read_plan

_WEIGHT = {Severity.ERROR: "LỖI", Severity.WARNING: "CẦN XEM", Severity.NOTE: "Ghi chú"}
_CONTENT_WIDTH = 88
# What these findings say stands under the questions already.
_ASKED = ("deadline_asks", "deadline_missing")


def plan_read(file: Path, year: int | None, json: bool) -> None:
    """Read FILE and print it; on a file that cannot be read, one Vietnamese sentence on stderr and exit status 2."""
    try:
        reading = read_plan(file, year=year, calendar=load_calendar(load_settings()))
    except PlanFileError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    if json:
        print(json_format.dumps(reading.to_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(summary(reading)))


def summary(reading: Reading) -> Iterator[str]:
    """The reading in Vietnamese: head, questions first, duties, prose duties, targets, findings."""
    yield from _head(reading.plan)
    yield ""
    counts = (len(reading.obligations), len(reading.standing), len(reading.targets), len(reading.questions()))
    yield "Đọc được: {} nhiệm vụ trong bảng, {} nhiệm vụ trong lời văn, {} chỉ tiêu; {} thời hạn cần hỏi.".format(
        *counts
    )
    yield from _titled("CẦN TRẢ LỜI", (_question(row) for row in reading.questions()))
    yield from _titled("NHIỆM VỤ TRONG BẢNG", _duties(reading.obligations))
    yield from _titled("NHIỆM VỤ TRONG LỜI VĂN", (line for duty in reading.standing for line in _duty(duty.row)))
    yield from _titled("CHỈ TIÊU", _targets(reading.targets))
    others = (finding for finding in reading.findings if finding.code not in _ASKED)
    findings = sorted(others, key=lambda finding: list(_WEIGHT).index(finding.severity))
    yield from _titled("ĐIỂM CẦN LƯU Ý TRONG VĂN BẢN", map(_finding, findings))


def _head(plan: PlanHead) -> Iterator[str]:
    yield f"{plan.kind or 'Văn bản'}: {plan.title or '(không thấy tên)'}"
    year = str(plan.year) if plan.year else "(chưa rõ)"
    yield f"Số: {plan.number or '(để trống)'} · Ngày ban hành: {_day(plan.issued_on)} · Năm: {year}"
    yield f"Cơ quan ban hành: {plan.issuer or '(không thấy)'} · Địa bàn: {plan.locality or '(không thấy)'}"


def _day(iso: str | None) -> str:
    return "/".join(reversed(iso.split("-"))) if iso else "(để trống)"


def _titled(title: str, lines: Iterator[str]) -> Iterator[str]:
    shown = list(lines)
    if shown:
        yield from ("", f"{title}", "-" * len(title), *shown)


def _question(row: ObligationRow) -> str:
    printed = f"“{row.deadline_text}”" if row.deadline_text else "(không ghi thời hạn)"
    place = f" ({row.place.words()})" if row.place.words() else ""
    return f"[{row.key}]{place} {printed}: {row.question or 'chưa hiểu chắc chắn, cần người quyết định.'}"


def _duties(rows: Sequence[ObligationRow]) -> Iterator[str]:
    """The duties, each section's heading once above its rows."""
    section: tuple[str, ...] = ()
    for row in rows:
        if row.section != section:
            section = row.section
            yield f"» {' › '.join(map(_short, section))}" if section else "» (ngoài các mục)"
        yield from _duty(row)


def _duty(row: ObligationRow) -> Iterator[str]:
    yield f"[{row.key}] {_short(row.content)}"
    if row.deliverable:
        yield f"      Sản phẩm: {_short(row.deliverable)}"
    yield f"      Chủ trì: {'; '.join(row.leads) or '(chưa rõ)'}"
    if row.coordinators:
        yield f"      Phối hợp: {'; '.join(row.coordinators)}"
    yield f"      Thời hạn: {row.deadline_text or '(không ghi)'}"


def _short(text: str) -> str:
    return text if len(text) <= _CONTENT_WIDTH else f"{text[:_CONTENT_WIDTH].rsplit(' ', 1)[0]} …"


def _targets(targets: Sequence[TargetRow]) -> Iterator[str]:
    """The targets, each group's heading once above them."""
    group: str | None = None
    for target in targets:
        if target.group != group:
            group = target.group
            yield f"» {_short(group)}" if group else "» (ngoài các nhóm)"
        yield _target(target)


def _target(target: TargetRow) -> str:
    sign = {">=": "từ ", "<=": "không quá "}.get(target.comparator, "")
    unit = target.unit if target.unit and isinstance(target.value, int | float) else ""
    value = "(trống)" if target.value is None else _figure(target.value)
    return f"{target.ordinal or '-'}. {_short(target.name.rstrip('. '))}: {sign}{value} {unit}".rstrip()


def _figure(value: float | str) -> str:
    """A number as offices print it: 1.500 and 0,5."""
    return value if isinstance(value, str) else f"{value:,}".translate(str.maketrans(",.", ".,"))


def _finding(finding: Finding) -> str:
    return f"{_WEIGHT[finding.severity]} ({finding.where}): {finding.message} → {finding.suggestion}"
