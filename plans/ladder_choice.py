"""Which ladder a plan or one duty of it is chased by: what a choice would change is shown first.

Only what is open follows, and only where no reminder was sent yet: a running chase keeps the ladder it began with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db import journal
from db.models import Json, Obligation, Plan
from db.office_rules import OfficeRules, rules_in_use
from db.queries import chase_queries
from plans.replanning_view import LadderMove, moves_between, next_of

OF_PLAN = "default"
"""What a duty says that follows its plan's ladder."""


@dataclass(frozen=True)
class LadderChoice:
    """What choosing a ladder changes.

    `before` and `after` name the ladder in use. `moves`: next reminders that change. `kept`: running chases that
    stay on the ladder they began with. `apart`: duties with a ladder of their own, which a plan's choice does not
    touch.
    """

    subject: str
    before: str
    after: str
    moves: tuple[LadderMove, ...]
    kept: int
    apart: int = 0

    @property
    def nothing(self) -> bool:
        """Whether the ladder is the one in use already."""
        return self.before == self.after

    def lines(self) -> Iterator[str]:
        """The change as an officer reads it."""
        if self.nothing:
            yield f"{self.subject} đã dùng thang nhắc {self.after}."
            return
        yield f"{self.subject}: thang nhắc {self.before} → {self.after}, {len(self.moves)} kỳ hạn đổi lần nhắc tới."
        yield from (f"  {move.words()}" for move in self.moves)
        if self.kept:
            yield f"{self.kept} kỳ hạn đang được nhắc giữ thang của lúc bắt đầu."
        if self.apart:
            yield f"{self.apart} nhiệm vụ có thang riêng không đổi."


def ladder_names(session: Session, settings: Settings) -> list[str]:
    """The ladders that may be chosen. Raises ConfigFault."""
    return sorted(rules_in_use(session, settings).ladders)


def preview_ladder(
    session: Session, subject: Plan | Obligation, name: str, now: datetime, settings: Settings
) -> LadderChoice:
    """What choosing a ladder for a plan or a duty would change. Writes nothing.

    For a duty "default" means its plan's ladder. Raises Refusal for a name that no approved ladder bears, and for a
    plan that is closed; ConfigFault for rules that cannot be used.
    """
    rules = rules_in_use(session, settings)
    plan = subject if isinstance(subject, Plan) else subject.plan
    _refuse(plan, name, rules)
    before = subject.ladder if isinstance(subject, Plan) else subject.ladder_in_use
    after = plan.ladder if isinstance(subject, Obligation) and name == OF_PLAN else name
    rows = chase_queries.cases_on_ladder(session, plan.id, None if subject is plan else subject.id)
    moves = moves_between(
        session,
        [row for row in rows if not row["ladder"]] if before != after else [],
        lambda row: next_of(row, rules, before, now),
        lambda row: next_of(row, rules, after, now),
    )
    return LadderChoice(
        subject=_said(subject),
        before=before,
        after=after,
        moves=tuple(moves),
        kept=sum(bool(row["ladder"]) for row in rows),
        apart=sum(each.active and each.ladder != OF_PLAN for each in plan.obligations) if subject is plan else 0,
    )


def set_ladder(
    session: Session, subject: Plan | Obligation, name: str, now: datetime, actor: str, settings: Settings
) -> LadderChoice:
    """Choose the ladder of a plan or a duty; gives what it changed. Choosing the same again changes nothing.

    Raises as `preview_ladder`.
    """
    chase_queries.lock_chase(session)
    session.refresh(subject, ["ladder"])
    done = preview_ladder(session, subject, name, now, settings)
    if subject.ladder == name:
        return done
    facts: Json = {"from": subject.ladder, "to": name, "moves": len(done.moves), "kept": done.kept}
    subject.ladder = name
    plan = subject if isinstance(subject, Plan) else subject.plan
    if isinstance(subject, Obligation):
        facts["duty"] = subject.key
    journal.record(
        session, at=now, actor=actor, action="plan.ladder", subject_kind="plan", subject_id=plan.id, data=facts
    )
    return done


def _refuse(plan: Plan, name: str, rules: OfficeRules) -> None:
    if plan.state == "closed":
        raise Refusal(f"Kế hoạch {plan.code} đã kết thúc, không còn nhắc việc nên không đổi thang nhắc.")
    if name not in rules.ladders:
        known = ", ".join(sorted(rules.ladders))
        raise Refusal(f"Không có thang nhắc «{name}» trong các thang đã duyệt: {known}.")


def _said(subject: Plan | Obligation) -> str:
    if isinstance(subject, Plan):
        return f"Kế hoạch {subject.number or subject.code}"
    return f"Nhiệm vụ {subject.ordinal or subject.key}"
