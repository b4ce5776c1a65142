"""A plan file into a draft: rows, findings and questions, all in the caller's one transaction."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.faults import Refusal
from config.office import find_office
from config.settings import Settings
from config.unit_keys import Tail
from db import journal
from db.file_store import store_bytes
from db.models import Json, Obligation, Plan, PlanFile, Unit
from db.queries import plan_queries
from plans import asking, drafting
from plans.reading.model import Reading
from plans.unit_names import NameBook
from plans.units import name_book

FIRST_YEAR, LAST_YEAR = 2000, 2100


def import_plan(
    session: Session, reading: Reading, name: str, data: bytes, now: datetime, actor: str, settings: Settings
) -> Plan:
    """Draft a plan from what was read of a file: obligations, units, targets, findings, questions.

    The file itself is kept by content. Raises Refusal when these bytes are a plan already, when no year is known, or
    when nothing in the file is a duty or a target.
    """
    refuse_twice(session, data, name)
    content = reading.to_json()
    refuse_known_workbook(session, content, name)
    year = sure_year(content, name)
    plan = _draft_plan(session, content, year, name, data, now)
    session.add(plan)
    plan.findings = list(drafting.draft_findings(content, now, actor))
    draft_rows(session, plan, content, book_of(session, content, settings))
    session.flush()
    add_file(session, plan, data, name, now, actor)
    store_bytes(settings.home, data)
    counts = {"obligations": len(plan.obligations), "targets": len(plan.targets), "questions": len(plan.questions)}
    journal.record(
        session,
        at=now,
        actor=actor,
        action="plan.import",
        subject_kind="plan",
        subject_id=plan.id,
        data={"code": plan.code, "file": name, "sha256": plan.file_sha256, **counts},
    )
    return plan


def refuse_twice(session: Session, data: bytes, name: str, plan: Plan | None = None) -> None:
    """Raises Refusal, naming the plan, when these bytes are one of its files already.

    `plan` is the one they are to be laid over: an earlier file of its own may come back, the present one may not.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    known = plan_queries.plan_by_file(session, sha256)
    if known is not None and (plan is None or known.id != plan.id or plan.file_sha256 == sha256):
        raise Refusal(_known_words(name, known.code))


def _known_words(name: str, code: str) -> str:
    return f"Tệp «{name}» đã được nhập trước đây thành kế hoạch {code}. Hãy xem: dondoc plan show {code}"


def add_file(session: Session, plan: Plan, data: bytes, name: str, now: datetime, actor: str) -> None:
    """Put a file down as one of a plan's. Raises Refusal when another plan got these bytes at the same moment."""
    sha256, called = hashlib.sha256(data).hexdigest(), drafting.clip(name, 255) or ""
    if any(each.sha256 == sha256 for each in plan.files):
        return
    try:
        with session.begin_nested():
            plan.files.append(PlanFile(sha256=sha256, name=called, added_at=now, added_by=actor))
            session.flush()
    except IntegrityError:
        known = plan_queries.plan_by_file(session, sha256)
        raise Refusal(_known_words(name, known.code if known else "khác")) from None


def refuse_known_workbook(session: Session, content: Json, name: str) -> None:
    """Raises Refusal when a workbook was exported from a plan that is here: it is a correction, no new plan."""
    code = (content.get("workbook") or {}).get("code")
    if code and plan_queries.plan_by_code(session, code) is not None:
        raise Refusal(
            f"Bảng tính «{name}» xuất từ kế hoạch {code} đang có. Để đưa phần sửa vào kế hoạch ấy, hãy dùng: "
            f"dondoc plan reimport {code} TỆP"
        )


def sure_year(content: Json, name: str) -> int:
    """The year of what was read. Raises Refusal when it is unknown or absurd, or when there is nothing to import."""
    if not (content["obligations"] or content["standing"] or content["targets"]):
        raise Refusal(
            f"Tệp «{name}» không có nhiệm vụ hay chỉ tiêu nào đọc được. Hãy kiểm tra xem đây có phải là kế hoạch không."
        )
    year = content["plan"]["year"]
    if year is None:
        raise Refusal(f"Tệp «{name}» không ghi năm của kế hoạch. Hãy nhập lại kèm năm, ví dụ: --year 2026")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"Năm {year} không hợp lệ. Hãy ghi năm của kế hoạch từ {FIRST_YEAR} đến {LAST_YEAR}.")
    return int(year)


def book_of(session: Session, content: Json, settings: Settings) -> NameBook:
    """The register, with the tail that names of this plan may carry: the office's, else the issuer's own."""
    office = find_office(settings)
    return name_book(session, office.tail if office else tail_of_issuer(content["plan"]["issuer"] or ""))


def tail_of_issuer(issuer: str) -> Tail | None:
    """ "UBND phường An Hòa" -> phường, An Hòa; None for an issuer that is no ward, commune or special zone."""
    for kind in ("phường", "xã", "đặc khu"):
        _, found, place = issuer.casefold().partition(f"{kind} ")
        if found:
            return Tail(kind, place)
        if issuer.casefold().endswith(f" {kind}"):
            return Tail(kind, "")
    return None


def _draft_plan(session: Session, content: Json, year: int, name: str, data: bytes, now: datetime) -> Plan:
    head = content["plan"]
    base = drafting.code_base(head, year)
    return Plan(
        code=drafting.free_code(base, plan_queries.codes_like(session, base)),
        kind=drafting.clip(head["kind"], 64),
        number=drafting.clip(head["number"], 64),
        title=head["title"] or f"Kế hoạch năm {year} ({name})",
        issuer=drafting.clip(head["issuer"], 255),
        locality=drafting.clip(head["locality"], 255),
        year=year,
        issued_on=drafting.day_or_none(head["issued_on"]),
        file_name=drafting.clip(name, 255) or "",
        file_sha256=hashlib.sha256(data).hexdigest(),
        reading=content,
        imported_at=now,
    )


def draft_rows(session: Session, plan: Plan, content: Json, book: NameBook) -> None:
    """Fill an empty draft: duties, targets, and the questions they raise."""
    resolve = resolver(session, book)
    cycle = drafting.plan_cycle(content)
    reasons: dict[str, str | None] = {}
    for position, (key, (standing, row)) in enumerate(drafting.keyed_rows(content).items()):
        obligation = drafting.draft_obligation(key, position, standing, row, cycle)
        obligation.units = drafting.draft_units(row, resolve)
        plan.obligations.append(obligation)
        reasons[key] = row["question"]
    plan.targets = list(drafting.draft_targets(content, resolve))
    plan.questions = [*asking.ask_issued_on(plan)]
    for obligation in plan.obligations:
        ask_about(plan, obligation, reasons[obligation.key], book, deadline=not obligation.rules)
    plan.questions += asking.ask_units(plan.obligations, plan.targets, book)


def resolver(session: Session, book: NameBook) -> drafting.Resolve:
    """From a printed name to the unit it is exactly the name of, or None."""
    by_code = {unit.code: unit for unit in plan_queries.units_with_people(session)}

    def resolve(name: str) -> Unit | None:
        return by_code.get(book.resolve(name) or "")

    return resolve


def ask_about(plan: Plan, obligation: Obligation, reason: str | None, book: NameBook, *, deadline: bool) -> None:
    """The questions of one duty: its lead, and its deadline when that was not understood."""
    plan.questions.extend(asking.ask_lead(obligation, book))
    if deadline:
        plan.questions.append(asking.ask_deadline(obligation, reason, plan.year))
