"""Numbers and letters of the prose: gaps, and an "a)" that no "b)" follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from plans.reading.audit.flaws import NOTE, WARNING, Flaw, Spot, quoted
from plans.reading.audit.subject import Subject, Zone
from plans.reading.items import opened
from plans.reading.ordinals import RANK, Ordinal, Style, readings

_COUNTED = (Style.NUMBER, Style.LOWER)
FEW = 6


@dataclass(slots=True)
class _Series:
    """The numbers of one style under one heading, so far."""

    style: Style
    items: list[tuple[Ordinal, Spot, str]] = field(default_factory=list)


def numbering_flaws(subject: Subject) -> Iterator[Flaw]:
    """Gaps and lone letters of the prose, and lone letters of the tables."""
    flaws = [flaw for series in _series(subject) for flaw in (*_gaps(series), *_alone(series))]
    if len(flaws) <= FEW:
        yield from flaws
    else:
        message = "Phần lời văn đánh số, chữ cái không liên tục ở nhiều chỗ."
        yield from (Flaw("items_disordered", NOTE, flaw.spot, message, "Rà lại thứ tự các mục.") for flaw in flaws)
    yield from _alone_in_tables(subject)


def _series(subject: Subject) -> Iterator[_Series]:
    stack: list[_Series] = []
    for passage in subject.passages:
        if passage.zone is not Zone.BODY or passage.role:
            if passage.zone is Zone.RECIPIENTS:
                yield from reversed(stack)
                stack.clear()
            continue
        item = opened(passage.text)
        marks = readings(item.mark) if item and item.mark else []
        if not item or (not marks and item.style is not Style.ROMAN):
            continue
        style = item.style
        while stack and RANK[stack[-1].style] > RANK[style]:
            yield stack.pop()
        if not stack or stack[-1].style is not style:
            stack.append(_Series(style))
        if style in _COUNTED:
            stack[-1].items.append((marks[0], passage.spot, passage.text))
    yield from reversed(stack)


def _gaps(series: _Series) -> Iterator[Flaw]:
    """One number left out between two others of the same list; anything wilder is a list of another kind."""
    for (before, _, _), (now, spot, _) in zip(series.items, series.items[1:], strict=False):
        letters = before.text == "d" and now.text == "e"
        if now.value == before.value + 2 and not letters and series.items[0][0].value == 1:
            message = f"Thiếu mục giữa “{before.text}” và “{now.text}”."
            yield Flaw("item_missing", WARNING, spot, message, "Kiểm tra có sót mục nào không, hoặc đánh lại thứ tự.")
        elif now.value == before.value > 1:
            message = f"Ký hiệu “{now.text}” dùng hai lần liên tiếp."
            yield Flaw("item_repeated", WARNING, spot, message, "Đánh lại thứ tự cho đúng.")


def _alone(series: _Series) -> Iterator[Flaw]:
    if series.style is Style.LOWER and len(series.items) == 1 and series.items[0][0].value == 1:
        _, spot, text = series.items[0]
        if re.search(r"\bb[).]", text):
            return
        message = f"Có điểm a) mà không có điểm b): {quoted(text, 60)}."
        yield Flaw("item_alone", NOTE, spot, message, "Bỏ ký hiệu a) hoặc bổ sung điểm b).")


def _alone_in_tables(subject: Subject) -> Iterator[Flaw]:
    for table in subject.duty_tables:
        for at, one in enumerate(table.placed):
            if one.row.split or one.ordinal.style is not Style.LOWER or one.ordinal.value != 1:
                continue
            after = [other for other in table.placed[at + 1 :] if not other.row.split]
            if not after or after[0].ordinal.style is not Style.LOWER or after[0].ordinal.value == 1:
                message = "Có dòng a mà không có dòng b dưới cùng một mục."
                cure = "Bỏ ký hiệu a hoặc bổ sung dòng b."
                yield Flaw("item_alone", NOTE, subject.row_spot(table.rows[at]), message, cure)
