"""What the commands of `dondoc plan` have in common: who acts, and how a plan is named."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import Plan
from db.queries import plan_queries

ACTOR = "chuyên viên (dòng lệnh)"
CodeArgument = Annotated[str, typer.Argument(help="Mã kế hoạch (xem: dondoc plan list)")]


def plan_of(session: Session, code: str) -> Plan:
    """The plan of a code. Raises Refusal naming the codes there are."""
    plan = plan_queries.plan_by_code(session, code)
    if plan is None:
        known = ", ".join(line.plan.code for line in plan_queries.plan_lines(session)[:8]) or "chưa có kế hoạch nào"
        raise Refusal(f"Không có kế hoạch mã «{code}». Các mã đang có: {known}.")
    return plan
