"""Closing a plan: nobody is chased for it any more, everything it holds stays; and opening it again.

Occurrences keep their states, so that reports still tell what was missing, and reopening needs no memory of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from chasing.hours import local
from config.faults import Refusal
from db import journal
from db.models import OPEN_STATES, Json, Occurrence, Plan
from db.queries import plan_closing_queries as queries
from db.queries import plan_queries
from plans.chase_start import set_chase_start

LONGEST_REASON = 500


@dataclass(frozen=True)
class Remaining:
    """What a plan still holds: unanswered, waiting for review, on hold, requests undecided, duties without a date."""

    unanswered: Sequence[Occurrence] = ()
    overdue: int = 0
    reviewing: int = 0
    held: int = 0
    extensions: int = 0
    undated: int = 0

    @property
    def nothing(self) -> bool:
        """Whether everything is finished."""
        return not (self.unanswered or self.reviewing or self.held or self.extensions or self.undated)

    def lines(self) -> list[str]:
        """What remains, one fact a line in Vietnamese; empty when nothing does."""
        counted = (
            (len(self.unanswered), "kỳ hạn chưa nộp" + (f", trong đó {self.overdue} quá hạn" if self.overdue else "")),
            (self.reviewing, "báo cáo đã nộp, chờ duyệt"),
            (self.held, "kỳ hạn đang tạm dừng"),
            (self.extensions, "đề nghị gia hạn chưa quyết định"),
            (self.undated, "việc chờ ngày"),
        )
        return [f"{count} {words}" for count, words in counted if count]

    def facts(self) -> Json:
        """The counts for the journal."""
        return {
            "unanswered": len(self.unanswered),
            "overdue": self.overdue,
            "reviewing": self.reviewing,
            "held": self.held,
            "extensions": self.extensions,
            "undated": self.undated,
        }


def remaining(session: Session, plan_id: int, today: date) -> Remaining:
    """What a plan still holds. A progress check is never counted overdue."""
    found = queries.unfinished_occurrences(session, plan_id)
    unanswered = [each for each in found if each.state in OPEN_STATES]
    return Remaining(
        unanswered=unanswered,
        overdue=sum(
            each.kind != "progress_check" and (each.extended_due or each.due_legal) < today for each in unanswered
        ),
        reviewing=sum(each.state == "submitted" for each in found),
        held=sum(each.state == "on_hold" for each in found),
        extensions=len(queries.asked_extensions(session, plan_id)),
        undated=len(queries.undated_questions(session, plan_id)),
    )


def close_plan(session: Session, plan_id: int, reason: str, now: datetime, actor: str) -> Remaining:
    """Close a plan that is followed; gives what stays unfinished in it.

    What waits in the outbox for it alone is cancelled when a deliverer takes it up. Raises Refusal for a plan that is
    not followed, or without a reason while something remains.
    """
    plan = _locked(session, plan_id)
    if plan.state != "confirmed":
        words = "đã kết thúc trước đây" if plan.state == "closed" else "còn là bản nháp nên chưa được theo dõi"
        raise Refusal(f"Kế hoạch {plan.code} {words}; không có gì để kết thúc.")
    left = remaining(session, plan_id, local(now).date())
    kept = _reason(reason)
    if not kept and not left.nothing:
        raise Refusal(f"Kế hoạch còn {'; '.join(left.lines())}. Hãy ghi lý do kết thúc khi việc chưa xong.")
    plan.state = "closed"
    _record(session, plan, "plan.close", now, actor, {"reason": kept, **left.facts()})
    return left


def reopen_plan(
    session: Session,
    plan_id: int,
    reason: str,
    now: datetime,
    actor: str,
    chase_from: date | None = None,
) -> Remaining:
    """Follow a closed plan again; gives what is open in it.

    Dates that a calendar approved meanwhile would have moved wait for approval (`plans.replanning.preview`).
    `chase_from`: only what falls due from that day on is chased. Raises Refusal for a plan that is not closed, or
    without a reason.
    """
    plan = _locked(session, plan_id)
    if plan.state != "closed":
        raise Refusal(f"Kế hoạch {plan.code} chưa kết thúc nên không cần mở lại.")
    kept = _reason(reason)
    if not kept:
        raise Refusal("Chưa có lý do mở lại kế hoạch. Hãy ghi một câu lý do.")
    plan.state = "confirmed"
    queries.raise_revisions(session, plan_id)
    session.flush()
    session.expire_all()
    if chase_from is not None:
        set_chase_start(session, plan_id, chase_from, now, actor)
    left = remaining(session, plan_id, local(now).date())
    facts: Json = {"reason": kept} | ({"chase_from": chase_from.isoformat()} if chase_from else {})
    _record(session, plan, "plan.reopen", now, actor, facts | left.facts())
    return left


def _locked(session: Session, plan_id: int) -> Plan:
    plan = plan_queries.locked_plan(session, plan_id)
    if plan is None:
        raise Refusal("Không có kế hoạch này. Hãy xem: dondoc plan list")
    return plan


def _reason(reason: str) -> str:
    kept = " ".join(reason.split())
    if len(kept) > LONGEST_REASON:
        raise Refusal(f"Lý do dài {len(kept)} ký tự, tối đa là {LONGEST_REASON}. Hãy viết ngắn lại.")
    return kept


def _record(session: Session, plan: Plan, action: str, now: datetime, actor: str, data: Json) -> None:
    journal.record(session, at=now, actor=actor, action=action, subject_kind="plan", subject_id=plan.id, data=data)
