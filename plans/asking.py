"""The questions of a draft: what a person must decide before the plan can be confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from config.phrases import read_phrase
from db.models import Json, Obligation, ObligationUnit, Plan, Question, Target, TargetUnit
from plans.unit_names import NameBook, is_vague

NO_DEADLINE = "Ô thời hạn để trống."


@dataclass
class Unknown:
    """A printed name that the register does not know: every way it is printed, and the strongest role it has."""

    names: list[str] = field(default_factory=list)
    role: str = "coordinator"
    obligation: Obligation | None = None
    rows: int = 0


def blocks(question: Question) -> bool:
    """Whether a plan cannot be confirmed before this question is answered.

    A coordinator's unknown name does not block: nobody is chased for coordinating. A `date` question blocks only when
    it asks for the plan's own date; the others are the waiting list of a confirmed plan.
    """
    if question.answered_at is not None:
        return False
    if question.kind == "unit":
        return bool(question.candidates.get("role") == "lead")
    return question.kind != "date" or question.obligation_id is None


def ask_issued_on(plan: Plan) -> Iterator[Question]:
    """The plan's date, when the document leaves it blank: what fell due before it is recorded and never chased."""
    if plan.issued_on is None:
        text = (
            "Văn bản để trống ngày ban hành. Kế hoạch được ban hành ngày nào? "
            "Việc đến hạn trước ngày này chỉ được ghi nhận, không đôn đốc."
        )
        yield Question(kind="date", subject="Ngày ban hành kế hoạch", text=text, candidates={})


def ask_deadline(obligation: Obligation, reason: str | None, year: int) -> Question:
    """What the words of a deadline mean, with the readings that are possible."""
    words = obligation.deadline_text
    possible = read_phrase(words, year).candidates if words else ()
    return Question(
        obligation=obligation,
        kind="deadline",
        subject=words or "(để trống)",
        text=f"{call(obligation)}: {reason or NO_DEADLINE} Thời hạn là gì?",
        candidates={"rules": [[rule.to_json() for rule in way] for way in possible]},
    )


def ask_lead(obligation: Obligation, book: NameBook) -> Iterator[Question]:
    """Who leads, when the document names nobody; the coordinators are the likely ones."""
    if any(row.role == "lead" for row in obligation.units):
        return
    near = [code for row in obligation.units if (code := book.resolve(row.printed_name))]
    yield Question(
        obligation=obligation,
        kind="lead",
        subject=obligation.content,
        text=f"{call(obligation)}: văn bản không ghi đơn vị chủ trì. Đơn vị nào chủ trì?",
        candidates={"units": list(dict.fromkeys(near))},
    )


def ask_units(obligations: Sequence[Obligation], targets: Sequence[Target], book: NameBook) -> list[Question]:
    """One question for each unknown name, however many rows print it; names that block come first."""
    found = unknown_names(obligations, targets, book)
    ordered = sorted(found, key=lambda unknown: unknown.role != "lead")
    return [_ask_unit(unknown, book) for unknown in ordered]


def unknown_names(obligations: Sequence[Obligation], targets: Sequence[Target], book: NameBook) -> list[Unknown]:
    """The names nobody registered. A vague one ("các đơn vị có liên quan") counts only where it leads."""
    found: dict[str, Unknown] = {}
    rows: list[tuple[Obligation | None, ObligationUnit | TargetUnit]] = [
        (obligation, row) for obligation in obligations for row in obligation.units
    ]
    rows += [(None, row) for target in targets for row in target.responsible]
    for obligation, row in rows:
        leads = obligation is not None and row.role == "lead"
        if row.unit is None and (leads or not is_vague(row.printed_name)):
            unknown = found.setdefault(book.key(row.printed_name), Unknown(obligation=obligation))
            unknown.names += [row.printed_name] if row.printed_name not in unknown.names else []
            unknown.role = "lead" if leads else unknown.role
            unknown.rows += 1
    _join_vague(found, rows, book)
    return list(found.values())


def _join_vague(
    found: dict[str, Unknown], rows: Sequence[tuple[Obligation | None, ObligationUnit | TargetUnit]], book: NameBook
) -> None:
    """A vague name that is asked about anyway is asked about for every row that prints it."""
    for _, row in rows:
        unknown = found.get(book.key(row.printed_name))
        if row.unit is None and unknown is not None and row.printed_name not in unknown.names:
            unknown.names.append(row.printed_name)


def _ask_unit(unknown: Unknown, book: NameBook) -> Question:
    name = unknown.names[0]
    role = "chủ trì" if unknown.role == "lead" else "phối hợp"
    candidates: Json = {"units": book.nearest(name), "names": unknown.names, "role": unknown.role}
    candidates["rows"] = unknown.rows
    return Question(
        obligation=unknown.obligation,
        kind="unit",
        subject=name,
        text=f"Danh bạ không có đơn vị {role} tên «{name}»{_nearly(name, book)}. Đó là đơn vị nào?",
        candidates=candidates,
    )


def _nearly(name: str, book: NameBook) -> str:
    """The registered name that the printed one misspells, so that the officer sees the letters that differ."""
    code = book.misspelt(name)
    known = book.labels.get(code) if code else None
    return f", chỉ có «{known}»" if known else ""


def call(obligation: Obligation) -> str:
    """How a duty is called in a sentence: its number and the beginning of its content."""
    words = obligation.content.split()
    short = " ".join(words[:12]) + (" …" if len(words) > 12 else "")
    return f"Nhiệm vụ {obligation.key} «{short}»"
