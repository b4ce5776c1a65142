"""What a person typed into the form of a question, and the answer that it makes."""

from __future__ import annotations

from pydantic import BaseModel, Field

from config.faults import Refusal
from db.models import Json


class QuestionForm(BaseModel):
    """The fields of every kind of question; `choice` says which of them counts."""

    choice: str = Field(default="", max_length=80)
    phrase: str = Field(default="", max_length=500)
    due: str = Field(default="", max_length=20)
    event: str = Field(default="", max_length=20)
    unit: str = Field(default="", max_length=64)
    new_unit: str = Field(default="", max_length=255)
    note: str = Field(default="", max_length=120)


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
        raise Refusal("Chưa chọn câu trả lời nào. Hãy chọn một dòng rồi bấm «Trả lời».")
    field, words = _FIELDS[kind]
    value = str(getattr(typed, field)).strip()
    if not value:
        raise Refusal(words)
    return {field: value}


_FIELDS = {
    "phrase": ("phrase", "Chưa viết lại thời hạn. Hãy viết, ví dụ «Trước ngày 20/6/2026», rồi bấm «Trả lời»."),
    "due": ("due", "Chưa chọn ngày đến hạn. Hãy chọn ngày rồi bấm «Trả lời»."),
    "event": ("event", "Chưa chọn ngày. Hãy chọn ngày rồi bấm «Trả lời»."),
    "other": ("unit", "Chưa chọn đơn vị trong danh bạ. Hãy chọn rồi bấm «Trả lời»."),
    "new": ("new_unit", "Chưa ghi tên đơn vị mới. Hãy ghi tên đầy đủ rồi bấm «Trả lời»."),
}
