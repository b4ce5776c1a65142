"""What every edit of a draft stands on: the lock, the guard against two editors, the record of before and after."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import load_settings
from db import journal
from db.models import Json, Obligation, ObligationUnit, Plan, Target, TargetUnit
from db.queries import plan_queries
from plans.importing import book_of
from plans.unit_names import NameBook

ORDINAL_MOST, NAME_MOST, TEXT_MOST = 32, 500, 30_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def draft_of(session: Session, plan_id: int) -> Plan:
    """The plan, locked for this edit. Raises Refusal unless it is a draft."""
    plan = plan_queries.whole_plan(session, plan_id, lock=True)
    if plan is None:
        raise Refusal("Không có kế hoạch này. Hãy xem: dondoc plan list")
    if plan.state != "draft":
        raise Refusal(
            f"Kế hoạch {plan.code} không còn là bản nháp nên không sửa trực tiếp được. Hãy xuất ra bảng tính "
            f"(dondoc plan export {plan.code}), sửa trong đó rồi nhập lại (dondoc plan reimport {plan.code} TỆP)."
        )
    return plan


def duty_of(session: Session, obligation_id: int, version: int | None = None) -> tuple[Plan, Obligation]:
    """A duty of a draft with its plan, locked and fresh. Raises Refusal when it is gone or was changed meanwhile."""
    plan, (obligation,) = duties_of(session, [obligation_id], [version])
    return plan, obligation


def duties_of(
    session: Session, obligation_ids: Sequence[int], versions: Sequence[int | None]
) -> tuple[Plan, list[Obligation]]:
    """Duties of one draft, locked and fresh. Raises Refusal when one is gone, of another plan, or was changed."""
    seen = session.get(Obligation, obligation_ids[0])
    if seen is None:
        raise Refusal(_gone(obligation_ids[0]))
    # What was seen before the lock may be old: only what the locked plan holds now counts.
    plan = draft_of(session, seen.plan_id)
    fresh = {each.id: each for each in plan.obligations}
    for number, version in zip(obligation_ids, versions, strict=True):
        if number not in fresh:
            other = session.get(Obligation, number)
            raise Refusal(
                "Chỉ gộp được các nhiệm vụ của cùng một kế hoạch."
                if other is not None and other.plan_id != plan.id
                else _gone(number)
            )
        refuse_changed(fresh[number], version, f"Nhiệm vụ {fresh[number].key}")
    return plan, [fresh[number] for number in obligation_ids]


def _gone(number: int) -> str:
    return f"Không có nhiệm vụ số {number}; có thể nó vừa được gộp. Hãy mở lại trang kế hoạch."


def target_of(session: Session, target_id: int, version: int | None = None) -> tuple[Plan, Target]:
    """A target of a draft with its plan, locked and fresh. Raises Refusal when it is gone or was changed meanwhile."""
    target = session.get(Target, target_id)
    if target is None:
        raise Refusal(f"Không có chỉ tiêu số {target_id}; có thể nó vừa bị bỏ. Hãy mở lại trang kế hoạch.")
    plan = draft_of(session, target.plan_id)
    if target not in plan.targets:
        raise Refusal(f"Không có chỉ tiêu số {target_id}; có thể nó vừa bị bỏ. Hãy mở lại trang kế hoạch.")
    refuse_changed(target, version, f"Chỉ tiêu «{target.name[:60]}»")
    return plan, target


def refuse_changed(row: Obligation | Target | Plan, version: int | None, called: str) -> None:
    """Raises Refusal when the row is not as it was when the page with `version` was made."""
    if version is not None and version != version_of(row):
        raise Refusal(f"{called} vừa được người khác sửa. Hãy mở lại trang, xem bản mới rồi sửa tiếp.")


def version_of(row: Obligation | Target | Plan) -> int:
    """A number that changes whenever the row does; a page keeps it and gives it back with the edit."""
    text = json.dumps(state_of(row), ensure_ascii=True, sort_keys=True, default=str)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])


def state_of(row: Obligation | Target | Plan) -> Json:
    """The row as the journal keeps it before and after an edit."""
    if isinstance(row, Obligation):
        return duty_state(row)
    return target_state(row) if isinstance(row, Target) else head_state(row)


def duty_state(duty: Obligation) -> Json:
    """A duty with its units, by what a person can change."""
    printed = ("key", "ordinal", "section", "content", "deliverable", "deadline_text", "rules", "standing", "quote")
    units = [[row.role, row.printed_name, row.unit_id] for row in duty.units]
    return {name: getattr(duty, name) for name in (*printed, "superior_text")} | {"active": duty.active, "units": units}


def target_state(target: Target) -> Json:
    """A target with those who answer for it."""
    plain = ("ordinal", "group", "name", "unit", "comparator", "value", "value_text")
    units = [[row.role, row.printed_name, row.unit_id] for row in target.responsible]
    return {name: getattr(target, name) for name in plain} | {"units": units}


def head_state(plan: Plan) -> Json:
    """The head of a plan."""
    plain = ("kind", "number", "title", "issuer", "locality", "year")
    issued = plan.issued_on.isoformat() if plan.issued_on else None
    return {name: getattr(plan, name) for name in plain} | {"issued_on": issued}


def note(
    session: Session,
    plan: Plan,
    action: str,
    row: Obligation | Target | Plan,
    before: Json | list[Json] | None,
    after: Json | list[Json] | None,
    now: datetime,
    actor: str,
    **more: object,
) -> None:
    """Journal one edit with what was there and what is there now."""
    kind = {Obligation: "obligation", Target: "target", Plan: "plan"}[type(row)]
    data = {"plan": plan.code, "before": before, "after": after, **more}
    journal.record(session, at=now, actor=actor, action=action, subject_kind=kind, subject_id=row.id, data=data)


def naming(session: Session, plan: Plan) -> NameBook:
    """The register as the names of this plan are looked up in it."""
    return book_of(session, {"plan": {"issuer": plan.issuer}}, load_settings())


def prose(text: str, called: str, most: int = TEXT_MOST) -> str:
    """Typed text that may have several lines, as it is kept. Raises Refusal when it is too long."""
    plain = _CONTROL.sub(" ", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    kept = "\n".join(" ".join(line.split()) for line in plain.split("\n")).strip()
    if len(kept) > most:
        raise Refusal(f"{called} dài {len(kept)} ký tự, quá {most}. Hãy viết gọn lại hoặc tách thành nhiều mục.")
    return kept


def one_line(text: str, called: str, most: int = NAME_MOST) -> str:
    """Typed text of one line, as it is kept. Raises Refusal when it is too long."""
    return " ".join(prose(text, called, most).split())


def needed(text: str, called: str) -> str:
    """The text. Raises Refusal when it is blank."""
    if not text:
        raise Refusal(f"{called} không được để trống.")
    return text


def names_of(names: Sequence[str], called: str) -> list[str]:
    """Typed names of units, each once, blanks left out."""
    return list(dict.fromkeys(kept for name in names if (kept := one_line(name, called))))


def printed(rows: Iterable[ObligationUnit | TargetUnit], role: str) -> list[str]:
    """The printed names of one role."""
    return [row.printed_name for row in rows if row.role == role]
