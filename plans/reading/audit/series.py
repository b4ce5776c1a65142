"""The numbers of a table's sections and rows: left out, told twice, out of order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from plans.reading.audit.flaws import NOTE, WARNING, Flaw, Spot
from plans.reading.audit.subject import Subject
from plans.reading.columns import Role
from plans.reading.ordinals import NO_ORDINAL, Ordinal, Style
from plans.reading.sections import Heading, Placed

_RENUMBER = "Đánh lại thứ tự cho đúng."


def series_flaws(subject: Subject) -> Iterator[Flaw]:
    """The numbering of every table of duties."""
    for table in subject.duty_tables:
        yield from _heading_order(subject, table.headings)
        yield from _duty_order(subject, table.placed)
    yield from _target_order(subject)


def _heading_order(subject: Subject, headings: tuple[Heading, ...]) -> Iterator[Flaw]:
    """Section letters and numerals."""
    last: dict[tuple[Style, str], Ordinal] = {}
    parent = ""
    numbered = any(one.ordinal is not NO_ORDINAL for one in headings)
    for one in headings:
        ordinal, spot = one.ordinal, subject.spot(one.row.place)
        if ordinal is NO_ORDINAL:
            if numbered:
                message = f"Tiêu đề mục “{one.text[:60]}” không có số hoặc chữ cái thứ tự."
                yield Flaw("section_unnumbered", NOTE, spot, message, "Bổ sung ký hiệu thứ tự của mục.")
            continue
        if ordinal.style is Style.UPPER:
            parent = one.label
        under = (ordinal.style, parent if ordinal.style is not Style.UPPER else "")
        yield from _step(ordinal, last.get(under), f"mục {ordinal.text}", spot, "section")
        last[under] = ordinal


def _duty_order(subject: Subject, placed: tuple[Placed, ...]) -> Iterator[Flaw]:
    before: Ordinal | None = None
    under: tuple[str, ...] = ()
    for one in placed:
        if one.row.split or one.ordinal is NO_ORDINAL:
            continue
        path = tuple(heading.label for heading in one.headings)
        if path == under or one.ordinal.value != 1:
            yield from _step(one.ordinal, before, "dòng nhiệm vụ", subject.spot(one.row.place), "ordinal")
        before, under = one.ordinal, path


def _target_order(subject: Subject) -> Iterator[Flaw]:
    """Numbers of targets printed twice one after the other, or with one left out between them."""
    printed = {one.spot for one in subject.passages if one.role is Role.NUMBER and one.text.strip()}
    repeated = False
    for before, now in pairwise(subject.targets):
        spot = subject.target_spot(now)
        one, other = before.ordinal or "", now.ordinal or ""
        if not (one.isdigit() and other.isdigit()) or before.group != now.group or spot not in printed:
            continue
        repeated, again = one == other and one != "1", repeated
        if repeated:
            message = f"Ký hiệu “{other}” dùng hai lần liên tiếp (chỉ tiêu)."
            yield Flaw("ordinal_repeated", WARNING, spot, message, _RENUMBER)
        elif int(other) == int(one) + 2 and not again:
            message = f"Thiếu số thứ tự giữa “{one}” và “{other}” (chỉ tiêu)."
            cure = "Kiểm tra có sót dòng nào không, hoặc đánh lại thứ tự."
            yield Flaw("ordinal_missing", WARNING, spot, message, cure)


def _step(now: Ordinal, before: Ordinal | None, name: str, spot: Spot, code: str) -> Iterator[Flaw]:
    if before is None or now.style is not before.style or (now.value == 1 and before.value != 1):
        return
    if now.value == before.value:
        message = f"Ký hiệu “{now.text}” dùng hai lần liên tiếp ({name})."
        yield Flaw(f"{code}_repeated", WARNING, spot, message, _RENUMBER)
    elif now.value > before.value + 1 and not _skips_a_letter(before, now):
        message = f"Thiếu số thứ tự giữa “{before.text}” và “{now.text}”."
        cure = "Kiểm tra có sót dòng nào không, hoặc đánh lại thứ tự."
        yield Flaw(f"{code}_missing", WARNING, spot, message, cure)
    elif now.value < before.value:
        message = f"Số thứ tự “{now.text}” đứng sau “{before.text}”."
        yield Flaw(f"{code}_disordered", WARNING, spot, message, _RENUMBER)


def _skips_a_letter(before: Ordinal, now: Ordinal) -> bool:
    """Lists that go d, e without đ are common and no flaw."""
    return before.style in (Style.LOWER, Style.UPPER) and before.text.lower() == "d" and now.text.lower() == "e"
