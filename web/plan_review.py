"""What the review page of a draft shows: every duty with its place in the file, questions in groups, what is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from db.models import Finding, Obligation, Plan, Question, Target
from db.queries import view_queries
from plans.bulk import QuestionGroup, groups_of
from plans.editing import version_of
from plans.rehearsal import Ahead, confirmation_ahead
from plans.source_view import SourceView, duties_by_part, source_of
from web.edge import Edge
from web.occurrence_pages import say_place, say_rules

SEVERITIES = ("error", "warning", "note")
BEGUN_LATE = timedelta(days=14)
SECTION_MARK = " › "
# A column of leads that was not recognized asks for hundreds; beyond so many they are answered on the card for all.
LEAD_CARDS = 25


@dataclass(frozen=True)
class DutyLine:
    """One duty beside its place: `part` is its number in the source, `at` the link to it."""

    duty: Obligation
    part: int | None
    at: str
    place: str
    said: list[str]
    asked: list[Question]
    version: int

    @property
    def leads(self) -> list[tuple[str, bool]]:
        """Each leading unit by the name to show, and whether the register knows it."""
        return self._named("lead")

    @property
    def coordinators(self) -> list[tuple[str, bool]]:
        """The same of the coordinating ones."""
        return self._named("coordinator")

    def _named(self, role: str) -> list[tuple[str, bool]]:
        rows = (row for row in self.duty.units if row.role == role)
        return [(row.unit.name if row.unit else row.printed_name, row.unit is not None) for row in rows]


@dataclass(frozen=True)
class Section:
    """Duties that stand together under one heading."""

    title: str
    lines: list[DutyLine]


@dataclass(frozen=True)
class QuestionCard:
    """One answer to give: to one question, or to several that are alike, of which a person may untick some.

    `number` names its fields. Duties without a lead seldom have the same one: beside a card for each there is one for
    all, numbered 0, on which nothing is ticked.
    """

    number: int
    first: Question
    label: str = ""
    alike: tuple[Question, ...] = ()
    ticked: bool = True
    # How many open questions it counts for: the card for all leads repeats those that have cards of their own.
    size: int = 1


@dataclass(frozen=True)
class FindingLine:
    """A finding and the links to its places in the source, where they are known."""

    finding: Finding
    at: list[str]


@dataclass(frozen=True)
class TargetLine:
    """A yearly figure; `at` links to where the source prints it, `version` guards its form against two editors."""

    target: Target
    at: str
    version: int


@dataclass(frozen=True)
class DutyLink:
    """From a part of the source to a duty that was read from it."""

    href: str
    number: str
    words: str


@dataclass(frozen=True)
class SourceSide:
    """One page of the source, with links from its parts to the duties."""

    view: SourceView
    page: int
    duties: dict[int, list[DutyLink]]


@dataclass
class Review:
    """Everything that the review page of a draft shows."""

    plan: Plan
    side: SourceSide
    sections: list[Section]
    dropped: list[Obligation]
    must: list[QuestionCard]
    may: list[QuestionCard]
    answered: list[Question]
    findings: dict[str, list[FindingLine]]
    dismissed: list[Finding]
    targets: list[TargetLine]
    ahead: Ahead | None
    begun_late: bool

    @property
    def duty_count(self) -> int:
        """How many duties the plan has as it stands."""
        return sum(len(section.lines) for section in self.sections)

    @property
    def blocking(self) -> int:
        """How many questions must be answered before the plan is confirmed."""
        return sum(card.size for card in self.must)

    @property
    def optional(self) -> int:
        """How many questions may stay open."""
        return sum(card.size for card in self.may)

    @property
    def places(self) -> dict[int, str]:
        """Where each duty stands in the source, for the questions about it."""
        return {line.duty.id: line.at for section in self.sections for line in section.lines if line.at}

    @property
    def finding_count(self) -> int:
        """How many findings nobody has set aside."""
        return sum(map(len, self.findings.values()))


def review_of(session: Session, plan: Plan, edge: Edge, page: int | None, wanted: int | None = None) -> Review:
    """The review of a draft. `page` is the page of the source to show; None: the one where duty `wanted` stands."""
    side, placed = _side_of(plan, edge, page, wanted, "#nv-{}")
    lines = list(_duty_lines(plan, placed, side))
    must, may = question_cards(plan)
    return Review(
        plan=plan,
        side=side,
        sections=_sections(lines),
        dropped=[each for each in plan.obligations if not each.active and each.drop_reason is not None],
        must=must,
        may=may,
        answered=[each for each in plan.questions if each.answered_at is not None],
        findings=_findings(plan, side),
        dismissed=[each for each in plan.findings if each.dismissed_at is not None],
        targets=[_target_line(plan, side, each) for each in plan.targets],
        # What confirming would do is worked out only when nothing stands in its way.
        ahead=None if must else confirmation_ahead(session, plan, edge.calendar(), edge.today(), edge.settings),
        begun_late=begun_late(plan, edge.today()),
    )


def source_side(plan: Plan, edge: Edge, page: int | None, wanted: int | None) -> tuple[SourceSide, int | None]:
    """The source of any plan with links to the pages of its duties; and the part where duty `wanted` stands."""
    side, placed = _side_of(plan, edge, page, wanted, "/nhiem-vu/{}")
    return side, placed.get(wanted) if wanted else None


def _side_of(
    plan: Plan, edge: Edge, page: int | None, wanted: int | None, href: str
) -> tuple[SourceSide, dict[int, int | None]]:
    view = source_of(edge.settings.home, plan.file_sha256, plan.file_name)
    duties = [each for each in plan.obligations if each.active]
    placed = {each.id: view.find(each.source, each.content) if each.source else None for each in duties}
    shown = page or view.page_of((placed.get(wanted) if wanted else 0) or 0)
    links = {each.id: DutyLink(href.format(each.id), each.ordinal or each.key, each.content) for each in duties}
    by_part = {part: [links[number] for number in numbers] for part, numbers in duties_by_part(placed).items()}
    return SourceSide(view, min(max(1, shown), view.pages), by_part), placed


def begun_late(plan: Plan, today: date) -> bool:
    """Whether a plan was issued some time ago: begun in the middle of its year, it brings dates that are past."""
    return plan.issued_on is not None and today - plan.issued_on > BEGUN_LATE


def _duty_lines(plan: Plan, placed: dict[int, int | None], side: SourceSide) -> Iterable[DutyLine]:
    asked: dict[int, list[Question]] = {}
    for question in plan.questions:
        if question.obligation_id and question.answered_at is None and question.kind != "unit":
            asked.setdefault(question.obligation_id, []).append(question)
    for duty in plan.obligations:
        if duty.active:
            yield DutyLine(
                duty=duty,
                part=placed[duty.id],
                at=source_link(plan, side, placed[duty.id]),
                place=say_place(duty.source) if duty.source else "thêm tay, không có trong tệp",
                said=say_rules(duty.rules),
                asked=asked.get(duty.id, []),
                version=version_of(duty),
            )


def source_link(plan: Plan, side: SourceSide, part: int | None) -> str:
    """Where a link to a part of the source leads: on this page, or to the page that shows it; "" without a part."""
    if part is None:
        return ""
    other = side.view.page_of(part)
    return f"#n-{part}" if other == side.page else f"/ke-hoach/{plan.code}?nguon={other}#n-{part}"


def _sections(lines: Sequence[DutyLine]) -> list[Section]:
    def title(line: DutyLine) -> str:
        return "Nhiệm vụ trong phần lời văn" if line.duty.standing else SECTION_MARK.join(line.duty.section)

    return [Section(words, list(group)) for words, group in groupby(lines, title)]


def question_cards(plan: Plan) -> tuple[list[QuestionCard], list[QuestionCard]]:
    """The open questions as cards: those that must be answered before the plan is confirmed, and the others."""
    must: list[QuestionCard] = []
    may: list[QuestionCard] = []
    for group in groups_of(plan.questions):
        (must if group.must else may).extend(_cards(group))
    return must, may


def _cards(group: QuestionGroup) -> Iterable[QuestionCard]:
    first, several = group.questions[0], len(group.questions)
    if several == 1 or group.kind == "lead":
        if several > 1:
            left = max(0, several - LEAD_CARDS)
            yield QuestionCard(0, first, group.label, group.questions, ticked=False, size=left)
        yield from (QuestionCard(each.id, each) for each in group.questions[:LEAD_CARDS])
    else:
        yield QuestionCard(first.id, first, group.label, group.questions, size=several)


def waits(question: Question) -> bool:
    """Whether a question belongs to the list of duties that wait for an event, a document or a demand."""
    return question.kind == "date" and question.obligation_id is not None


def _target_line(plan: Plan, side: SourceSide, target: Target) -> TargetLine:
    return TargetLine(target, source_link(plan, side, side.view.find({}, target.name)), version_of(target))


def _findings(plan: Plan, side: SourceSide) -> dict[str, list[FindingLine]]:
    shown: dict[str, list[FindingLine]] = {name: [] for name in SEVERITIES}
    for each in plan.findings:
        if each.dismissed_at is None:
            line = FindingLine(each, [source_link(plan, side, part) for part in side.view.find_words(each.place)])
            shown.get(each.severity, shown["note"]).append(line)
    return {name: lines for name, lines in shown.items() if lines}


def form_choices(session: Session, plan: Plan) -> dict[str, Any]:
    """What the forms offer: the names of the register, and the headings that the plan has."""
    titles = dict.fromkeys(SECTION_MARK.join(each.section) for each in plan.obligations if each.section)
    return {"units": view_queries.unit_choices(session), "titles": list(titles)}


def read_number(text: str) -> int | None:
    """A number of an address, or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
