"""The questions of a draft after an edit: what the new words leave open is asked, what was answered stays answered."""

from __future__ import annotations

from config.phrases import read_phrase
from config.unit_keys import fold_name
from db.models import Json, Obligation, Plan, Question
from plans import asking
from plans.unit_names import NameBook


def forget(plan: Plan, obligation: Obligation, *kinds: str, answered: bool = False) -> None:
    """Drop the open questions of a duty whose words they asked about are gone; with `answered`, the answers too."""
    plan.questions = [
        each
        for each in plan.questions
        if each.obligation is not obligation
        or each.kind not in kinds
        or (each.answered_at is not None and not answered)
    ]


def read_deadline(plan: Plan, obligation: Obligation) -> None:
    """Read the words of a deadline: their rules, or a question. What was asked or answered of other words goes."""
    words = obligation.deadline_text
    said = read_phrase(words, plan.year) if words else None
    understood = said is not None and said.status == "read"
    obligation.rules = [rule.to_json() for rule in said.rules] if said and understood else []
    forget(plan, obligation, "deadline", answered=True)
    if not obligation.rules:
        plan.questions.append(asking.ask_deadline(obligation, said.question if said else None, plan.year))


def ask_what_is_open(plan: Plan, obligation: Obligation, book: NameBook) -> None:
    """Ask for a deadline and a lead that a duty has not and nobody is asked for yet."""
    asked = {each.kind for each in plan.questions if each.obligation is obligation and each.answered_at is None}
    if not obligation.rules and "deadline" not in asked:
        reason = read_phrase(obligation.deadline_text, plan.year).question if obligation.deadline_text else None
        plan.questions.append(asking.ask_deadline(obligation, reason, plan.year))
    if "lead" not in asked:
        plan.questions.extend(asking.ask_lead(obligation, book))


def settle_lead(plan: Plan, obligation: Obligation, book: NameBook) -> None:
    """Ask who leads, or no longer ask, after the leading units were changed."""
    forget(plan, obligation, "lead", answered=True)
    plan.questions.extend(asking.ask_lead(obligation, book))


def sync_unit_questions(plan: Plan, book: NameBook) -> None:
    """One open question for each name that is unknown now; one that stands already keeps its number.

    What an officer chose to ignore stays ignored, unless the name leads a duty now.
    """
    active = [each for each in plan.obligations if each.active]
    ignored = _ignored(plan)
    wanted = {
        _key(each, book): each
        for each in asking.ask_units(active, plan.targets, book)
        if each.candidates["role"] == "lead" or not set(each.candidates["names"]) <= ignored
    }
    kept: list[Question] = []
    for question in plan.questions:
        if question.kind != "unit" or question.answered_at is not None:
            kept.append(question)
        elif (fresh := wanted.pop(_key(question, book), None)) is not None:
            _take(question, fresh)
            kept.append(question)
    plan.questions = [*kept, *wanted.values()]


def _key(question: Question, book: NameBook) -> str:
    return book.key(question.subject) or fold_name(question.subject) or question.subject


def _take(question: Question, fresh: Question) -> None:
    """Bring an open question to what would be asked now."""
    for name in ("obligation", "subject", "text", "candidates"):
        setattr(question, name, getattr(fresh, name))


def _ignored(plan: Plan) -> set[str]:
    answers: list[tuple[Json, Json]] = [(each.answer or {}, each.candidates) for each in plan.questions]
    return {name for answer, candidates in answers if answer.get("ignore") for name in candidates.get("names", [])}


def call_anew(plan: Plan, obligation: Obligation, before: str) -> None:
    """Let the open questions of a duty call it as it is called now; `before` is how they do."""
    after = asking.call(obligation)
    for question in plan.questions:
        if question.obligation is obligation and question.answered_at is None:
            question.text = question.text.replace(before, after)
