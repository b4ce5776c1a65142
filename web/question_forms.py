"""What a person typed into the form of a question, and the answer that it makes."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, Field

from config.faults import Refusal
from db.models import Json
from plans.bulk import BulkOutcome
from web.said import said


class QuestionForm(BaseModel):
    """The fields of every kind of question; `choice` says which of them counts."""

    choice: str = Field(default="", max_length=80)
    phrase: str = Field(default="", max_length=500)
    due: str = Field(default="", max_length=20)
    event: str = Field(default="", max_length=20)
    unit: str = Field(default="", max_length=64)
    new_unit: str = Field(default="", max_length=255)
    note: str = Field(default="", max_length=120)
    # The questions ticked on a card that stands for several alike; None on the card of one question.
    alike: tuple[int, ...] | None = None

    @property
    def chosen(self) -> bool:
        """Whether the person answered; the question of a plan's own date has nothing to choose but the date."""
        return bool(self.choice) and not (self.choice == "event" and not self.event)


NOTHING_TICKED = "Chưa đánh dấu nhiệm vụ nào để áp dụng câu trả lời này. Hãy đánh dấu rồi ghi lại."
LONGEST = {"choice": 80, "phrase": 500, "due": 20, "event": 20, "unit": 64, "new_unit": 255, "note": 120}
NOTHING_CHOSEN = "Chưa chọn câu trả lời nào. Hãy chọn một dòng ở mỗi câu đã rõ, rồi bấm «Ghi các câu đã chọn»."


async def typed_answers(request: Request) -> dict[int, QuestionForm]:
    """What was typed, by number of the question: only questions for which something was chosen.

    All questions of a plan stand in one form, so each field bears the number of its question: `choice_12`, `phrase_12`.
    A card for several alike questions bears the number of the first, says so by `several_12`, and lists those ticked
    as `alike_12`.
    """
    by_number: dict[int, dict[str, str]] = defaultdict(dict)
    ticked: dict[int, list[int]] = {}
    for key, value in (await request.form()).multi_items():
        field, _, text = key.rpartition("_")
        number = _number(text)
        if number is None or not isinstance(value, str):
            continue
        if field in LONGEST:
            by_number[number][field] = value[: LONGEST[field]]
        elif field in ("several", "alike"):
            ticked.setdefault(number, []).extend(filter(None, [_number(value) if field == "alike" else None]))
    forms = {number: QuestionForm(**fields, alike=_alike(ticked, number)) for number, fields in by_number.items()}
    return {number: form for number, form in forms.items() if form.chosen}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _alike(ticked: dict[int, list[int]], number: int) -> tuple[int, ...] | None:
    return tuple(ticked[number]) if number in ticked else None


def said_of_group(outcome: BulkOutcome) -> str:
    """What was refused of an answer given to several questions; "" when nothing was."""
    reasons = list(dict.fromkeys(reason for _, reason in outcome.refused))
    return "\n".join([f"{len(outcome.refused)} nhiệm vụ chưa ghi được:", *map(said, reasons)]) if reasons else ""


TypedAnswers = Annotated[dict[int, QuestionForm], Depends(typed_answers)]


def answer_of(typed: QuestionForm) -> Json:
    """The answer for plans.questions.answer. Raises Refusal when nothing was chosen, or its field is empty."""
    kind, _, number = typed.choice.partition(":")
    if kind == "candidate" and number.isascii() and number.isdigit():
        return {"candidate": int(number)}
    if kind == "unit" and number:
        return {"unit": number}
    if kind == "ignore":
        return {"ignore": True}
    if kind not in _FIELDS:
        raise Refusal(NOTHING_CHOSEN)
    field, words = _FIELDS[kind]
    value = str(getattr(typed, field)).strip()
    if not value:
        raise Refusal(words)
    return {field: value}


_FIELDS = {
    "phrase": ("phrase", "Chưa viết lại thời hạn. Hãy viết, ví dụ «Trước ngày 20/6/2026», rồi ghi lại."),
    "due": ("due", "Chưa chọn ngày đến hạn. Hãy chọn ngày rồi ghi lại."),
    "event": ("event", "Chưa chọn ngày. Hãy chọn ngày rồi ghi lại."),
    "other": ("unit", "Chưa chọn đơn vị trong danh bạ. Hãy chọn rồi ghi lại."),
    "new": ("new_unit", "Chưa ghi tên đơn vị mới. Hãy ghi tên đầy đủ rồi ghi lại."),
}
