"""Figures that a gateway posts by the name of their target."""

from __future__ import annotations

from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import InboundMessage, Json, Occurrence
from db.queries.submission_queries import targets_of_unit
from submissions.inbound.folding import fold


def figures_of(session: Session, row: InboundMessage, one: Occurrence) -> dict[int, str]:
    """The figures of a posted submission by target id, as they were typed. Raises Refusal for an unknown name."""
    given: Json = row.data.get("figures", {})
    if not given:
        return {}
    targets = targets_of_unit(session, one.obligation.plan_id, one.unit_id)
    by_name = {" ".join(fold(target.name).split()): target.id for target in targets}
    unknown = [name for name in given if " ".join(fold(name).split()) not in by_name]
    if unknown:
        raise Refusal(f"Đơn vị không được giao chỉ tiêu «{unknown[0]}» của kỳ này.")
    return {by_name[" ".join(fold(name).split())]: str(value) for name, value in given.items()}
