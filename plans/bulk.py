"""Questions that are alike, answered at once: every good answer is kept, every refused one is named with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.unit_keys import fold_name
from db.models import Json, Question
from plans.asking import blocks
from plans.questions import answer as write_answer

__all__ = ["BulkOutcome", "QuestionGroup", "answer_group", "groups_of"]

SHORT = 60


@dataclass(frozen=True)
class QuestionGroup:
    """Open questions that one answer may settle; `label` says in Vietnamese what they have in common."""

    kind: str
    label: str
    questions: tuple[Question, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """The numbers of the questions."""
        return tuple(question.id for question in self.questions)

    @property
    def must(self) -> bool:
        """Whether one of them must be answered before the plan can be confirmed."""
        return any(blocks(question) for question in self.questions)


@dataclass
class BulkOutcome:
    """What one answer to several questions did."""

    answered: list[Question] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def lines(self) -> Iterable[str]:
        """The outcome as an officer reads it."""
        if self.answered:
            yield f"Đã ghi câu trả lời cho {len(self.answered)} câu hỏi."
        for number, reason in self.refused:
            yield f"Câu {number} chưa ghi được: {reason}"


def groups_of(questions: Sequence[Question]) -> list[QuestionGroup]:
    """The open questions in groups that are alike: same words of a deadline, same unknown name, no lead named.

    The largest group that blocks the confirmation stands first. Answered questions and duties that wait for an event
    are left out.
    """
    alike: dict[tuple[str, str], list[Question]] = {}
    for question in questions:
        if question.answered_at is None and not (question.kind == "date" and question.obligation_id is not None):
            alike.setdefault((question.kind, _likeness(question)), []).append(question)
    groups = [QuestionGroup(kind, _LABELS[kind](found), tuple(found)) for (kind, _), found in alike.items()]
    return sorted(groups, key=lambda group: (not group.must, -len(group.questions), group.questions[0].id))


def _likeness(question: Question) -> str:
    """What makes two questions of a kind alike."""
    if question.kind == "deadline":
        return " ".join(question.subject.casefold().split())
    return fold_name(question.subject) if question.kind == "unit" else ""


def _deadline_label(found: Sequence[Question]) -> str:
    words = found[0].subject
    if words == "(để trống)":
        return f"{len(found)} nhiệm vụ để trống thời hạn"
    return f"{len(found)} nhiệm vụ ghi “{_short(words)}”"


def _unit_label(found: Sequence[Question]) -> str:
    printed = [name for question in found for name in question.candidates.get("names") or [question.subject]]
    role = "chủ trì" if any(question.candidates.get("role") == "lead" for question in found) else "phối hợp"
    rows = sum(question.candidates.get("rows") or 1 for question in found)
    others = f" (và {len(set(printed)) - 1} cách viết khác)" if len(set(printed)) > 1 else ""
    return f"{rows} lần tên đơn vị {role} “{_short(found[0].subject)}”{others}"


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= SHORT else f"{flat[:SHORT].rsplit(' ', 1)[0]} …"


_LABELS: dict[str, Callable[[Sequence[Question]], str]] = {
    "deadline": _deadline_label,
    "unit": _unit_label,
    "lead": lambda found: f"{len(found)} nhiệm vụ thiếu đơn vị chủ trì",
    "date": lambda found: "Ngày ban hành của kế hoạch",
}


def answer_group(session: Session, question_ids: Sequence[int], answer: Json, now: datetime, actor: str) -> BulkOutcome:
    """Give one answer to several questions, each on its own: one refused leaves nothing behind, the others stand.

    `answer` is as for `plans.questions.answer`; each answer is one entry of the journal. A unit that is new is
    registered by the first question and is that unit for the others. In a plan that is confirmed already the caller
    dates what was answered (`plans.reimporting.date_late_answers`).
    """
    outcome = BulkOutcome()
    for number in dict.fromkeys(question_ids):
        try:
            with session.begin_nested():
                question = write_answer(session, number, answer, now, actor)
        except Refusal as refusal:
            outcome.refused.append((number, str(refusal)))
            continue
        outcome.answered.append(question)
        if answer.get("new_unit") and question.answer and question.answer.get("unit"):
            answer = {"unit": question.answer["unit"]}
    return outcome
