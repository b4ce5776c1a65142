"""A commune's office on 20/11/2026: a followed plan, a draft, occurrences in every state, messages, runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.unit_keys import fold_name
from db.models import (
    Extension,
    Finding,
    JobRun,
    Message,
    MessageItem,
    Obligation,
    ObligationUnit,
    Occurrence,
    Person,
    Plan,
    Question,
    Submission,
    Target,
    Unit,
    UnitAlias,
)
from tests.web.builders import NOW, day


@dataclass
class Office:
    """Ids of what `fill` made."""

    plan_id: int
    draft_id: int
    occurrences: dict[str, int]
    questions: dict[str, int]
    message_ids: dict[str, int]


CONTENTS = (
    ("1", "Rà soát, cập nhật danh mục thủ tục hành chính niêm yết tại bộ phận một cửa", "Danh mục được niêm yết"),
    ("2", "Báo cáo kết quả giải quyết hồ sơ của người dân và doanh nghiệp", "Báo cáo tháng"),
    ("3", "Tập huấn kỹ năng số cho công chức và tổ công nghệ số cộng đồng", "Kế hoạch tập huấn, danh sách tham dự"),
    ("4", "Duy trì trang thông tin, trả lời phản ánh của người dân đúng hạn", "Số phản ánh được trả lời"),
    ("5", "Kiểm tra kỷ luật, kỷ cương hành chính đột xuất khi có yêu cầu của cấp trên", "Biên bản kiểm tra"),
)
UNITS = (
    ("van-hoa", "Phòng Văn hóa - Xã hội", "VH-XH"),
    ("kinh-te", "Phòng Kinh tế, Hạ tầng và Đô thị", "KT-HT"),
    ("van-phong", "Văn phòng HĐND và UBND", "Văn phòng"),
    ("hanh-chinh-cong", "Trung tâm Phục vụ hành chính công", "TTPVHCC"),
)


def fill(session: Session) -> Office:
    """A commune's office on 20/11/2026: a followed plan, a draft, occurrences in every state, messages, runs."""
    units = add_units(session)
    plan = add_plan(session, "kh-15", "15/KH-UBND", "Kế hoạch cải cách hành chính năm 2026", "confirmed")
    duties = add_duties(session, plan, units)
    occurrences = add_occurrences(session, duties, units)
    messages = add_messages(session, occurrences, units)
    add_answers(session, occurrences)
    draft = add_plan(session, "kh-88", "88/KH-UBND", "Kế hoạch chuyển đổi số năm 2027", "draft")
    questions = add_questions(session, draft, duties)
    add_runs(session)
    session.flush()
    return Office(
        plan.id,
        draft.id,
        {name: each.id for name, each in occurrences.items()},
        {name: each.id for name, each in questions.items()},
        {name: each.id for name, each in messages.items()},
    )


def add_units(session: Session) -> dict[str, Unit]:
    """Four units; one has no contact that can be reached."""
    units = {code: Unit(code=code, name=name, short_name=short) for code, name, short in UNITS}
    session.add_all(units.values())
    session.flush()
    for number, (code, unit) in enumerate(units.items()):
        unit.aliases.append(UnitAlias(alias=unit.name, key=fold_name(unit.name)))
        if code != "van-phong":
            unit.people.append(
                make_person(f"dm{number}", f"Nguyễn Đầu Mối {number}", "contact", "zalo-1", f"dm{number}@xa.example")
            )
            unit.people.append(
                make_person(f"tt{number}", f"Trần Thủ Trưởng {number}", "leader", None, f"tt{number}@xa.example")
            )
    session.add(make_person("ct", "Lê Văn Chủ", "chair", "zalo-9", "ct@xa.example"))
    session.flush()
    return units


def make_person(code: str, name: str, role: str, zalo: str | None, email: str | None) -> Person:
    """Somebody who gets messages."""
    return Person(code=code, name=name, role=role, title="Chuyên viên", zalo_user_id=zalo, email=email)


def add_plan(session: Session, code: str, number: str, title: str, state: str) -> Plan:
    """A plan document."""
    plan = Plan(
        code=code,
        number=number,
        title=title,
        kind="Kế hoạch",
        issuer="UBND xã Bình An",
        locality="Bình An",
        year=2026,
        issued_on=day("05/01/2026"),
        state=state,
        file_name="kế hoạch.docx",
        file_sha256="0" * 64,
        reading={"large": "x" * 2000},
        imported_at=NOW,
    )
    session.add(plan)
    session.flush()
    return plan


def add_duties(session: Session, plan: Plan, units: dict[str, Unit]) -> list[Obligation]:
    """Five duties of different kinds."""
    duties = []
    phrases = ("Quý IV", "trước ngày 18 hằng tháng", "Tháng 11", "Thường xuyên", "Đột xuất khi có yêu cầu")
    rules: tuple[dict[str, object], ...] = (
        {"kind": "once", "start": "2026-10-01", "due": "2026-12-31"},
        {"kind": "recurring", "freq": "monthly", "due_dates": [f"2026-{m:02d}-17" for m in range(1, 13)]},
        {"kind": "once", "start": "2026-11-01", "due": "2026-11-30"},
        {"kind": "continuous"},
        {"kind": "on_demand"},
    )
    for number, (ordinal, content, product) in enumerate(CONTENTS):
        lead = list(units.values())[number % 4]
        duty = Obligation(
            plan=plan,
            position=number,
            key=f"t1-{ordinal}",
            ordinal=ordinal,
            section=["I. Cải cách thủ tục hành chính"],
            content=content,
            deliverable=product,
            source={"page": 2, "line": 14 + number},
            deadline_text=phrases[number],
            rules=[dict(rules[number])],
        )
        duty.units.append(ObligationUnit(role="lead", printed_name=lead.name, unit=lead))
        duty.units.append(ObligationUnit(role="coordinator", printed_name="Các đơn vị liên quan"))
        duties.append(duty)
    session.add_all(duties)
    session.flush()
    return duties


def make_occurrence(duty: Obligation, unit: Unit, key: str, label: str, due: str, **more: Any) -> Occurrence:
    """One occurrence due on a working day; `more` overrides any column."""
    values: dict[str, Any] = {
        "obligation": duty,
        "unit": unit,
        "period_key": key,
        "period_label": label,
        "period_start": day("01/11/2026"),
        "period_end": day("30/11/2026"),
        "kind": "report",
        "nominal": day(due),
        "due_legal": day(due),
        "due_target": day(due),
        "state": "open",
        "explanation": [f"Chữ trong kế hoạch: «{duty.deadline_text}».", f"Hạn theo chữ: hết ngày {due}."],
    }
    return Occurrence(**(values | more))


def add_occurrences(session: Session, duties: list[Obligation], units: dict[str, Unit]) -> dict[str, Occurrence]:
    """One occurrence for each state that a page must show."""
    culture, economy, office, centre = units.values()
    made = {
        "late": make_occurrence(duties[1], economy, "2026-M10", "Tháng 10/2026", "10/11/2026", last_step="late-5"),
        "new_late": make_occurrence(duties[1], culture, "2026-M10", "Tháng 10/2026", "19/11/2026"),
        "today": make_occurrence(duties[2], office, "once-1", "Tháng 11/2026", "20/11/2026", kind="duty"),
        "shifted": make_occurrence(
            duties[1],
            centre,
            "2026-M11",
            "Tháng 11/2026",
            "22/11/2026",
            due_target=day("20/11/2026"),
            due_legal=day("23/11/2026"),
        ),
        "extended": make_occurrence(
            duties[0], culture, "once-1", "Quý IV/2026", "13/11/2026", kind="duty", extended_due=day("25/11/2026")
        ),
        "progress": make_occurrence(
            duties[3], centre, "check-2026-Q3", "Quý III/2026", "30/09/2026", kind="progress_check"
        ),
        "submitted": make_occurrence(duties[1], office, "2026-M10", "Tháng 10/2026", "17/11/2026", state="submitted"),
        "accepted": make_occurrence(
            duties[1],
            centre,
            "2026-M10",
            "Tháng 10/2026",
            "17/11/2026",
            state="accepted",
            answered_at=NOW - timedelta(days=4),
            accepted_at=NOW - timedelta(days=3),
        ),
        "returned": make_occurrence(
            duties[2], culture, "once-1", "Tháng 11/2026", "30/11/2026", kind="duty", state="returned"
        ),
        "held": make_occurrence(
            duties[2], economy, "once-1", "Tháng 11/2026", "30/11/2026", kind="duty", state="on_hold"
        ),
        "recorded": make_occurrence(duties[1], culture, "2026-M1", "Tháng 1/2026", "16/01/2026", state="recorded"),
        "far": make_occurrence(duties[0], economy, "once-1", "Quý IV/2026", "31/12/2026", kind="duty"),
    }
    session.add_all(made.values())
    session.flush()
    return made


def add_messages(session: Session, occurrences: dict[str, Occurrence], units: dict[str, Unit]) -> dict[str, Message]:
    """Messages in the states that the outbox shows, and the escalation to the chairman."""
    contact = units["kinh-te"].people[0]
    chair = session.scalars(select(Person).where(Person.role == "chair")).one()
    sent = NOW - timedelta(days=2)
    made = {
        "sent": make_message("sent", contact, "sent", "digest", "zalo", sent_at=sent),
        "escalated": make_message("escalated", chair, "sent", "escalation", "email", sent_at=sent + timedelta(hours=1)),
        "unknown": make_message("unknown", contact, "unknown", "digest", "email", error="Mất kết nối khi đang gửi."),
        "failed": make_message("failed", contact, "failed", "digest", "zalo", error="Người nhận chưa quan tâm OA."),
        "queued": make_message("queued", contact, "queued", "digest", "email"),
    }
    session.add_all(made.values())
    session.flush()
    for name, message in made.items():
        late = occurrences["late" if name != "queued" else "far"]
        reason = "Quá hạn 08 ngày làm việc (hạn thứ Ba 10/11/2026)"
        session.add(MessageItem(message_id=message.id, occurrence_id=late.id, step="late-5", position=0, reason=reason))
    return made


def make_message(key: str, person: Person, state: str, kind: str, channel: str, **more: Any) -> Message:
    """One row of the outbox."""
    return Message(
        dedupe_key=key,
        person=person,
        channel=channel,
        address=person.email or "",
        kind=kind,
        subject="Nhắc việc ngày 18/11/2026",
        text="Kính gửi đồng chí, còn 01 việc quá hạn.",
        state=state,
        not_before=NOW - timedelta(hours=3),
        created_at=NOW - timedelta(days=2),
        **more,
    )


def add_answers(session: Session, occurrences: dict[str, Occurrence]) -> None:
    """A submission waiting, one accepted, one returned; an extension granted and one asked for."""
    for name, state in (("submitted", "received"), ("accepted", "accepted"), ("returned", "returned")):
        session.add(
            Submission(
                occurrence=occurrences[name],
                version=1,
                text="Đã giải quyết 120 hồ sơ.",
                sent_by="Nguyễn Đầu Mối",
                via="link",
                received_at=NOW - timedelta(days=4),
                state=state,
                reviewed_by="Phạm Thị Lan",
                reviewed_at=NOW - timedelta(days=1),
                return_reason="Thiếu phụ lục." if state == "returned" else None,
            )
        )
    for name, state, wanted in (("extended", "granted", "25/11/2026"), ("today", "asked", "27/11/2026")):
        session.add(
            Extension(
                occurrence=occurrences[name],
                asked_at=NOW - timedelta(days=9),
                asked_by="Trần Thủ Trưởng",
                reason="Chờ số liệu của cấp trên.",
                wanted_due=day(wanted),
                old_due=occurrences[name].due_legal,
                state=state,
                granted_due=day(wanted) if state == "granted" else None,
                decided_at=NOW - timedelta(days=8) if state == "granted" else None,
            )
        )


def add_questions(session: Session, draft: Plan, duties: list[Obligation]) -> dict[str, Question]:
    """Open questions of a draft, and a duty of the followed plan that waits for its date."""
    duty = Obligation(
        plan=draft,
        position=0,
        key="t1-1",
        ordinal="1",
        content="Triển khai nền tảng dữ liệu dùng chung của xã",
        deadline_text="sau khi có văn bản hướng dẫn, cuối năm",
        source={"page": 1, "line": 9},
    )
    duty.units.append(ObligationUnit(role="lead", printed_name="Tổ công tác chuyển đổi số"))
    session.add(duty)
    session.add(
        Finding(
            plan_id=draft.id,
            code="ordinal-gap",
            severity="warning",
            place="trang 1, dòng 30",
            message="Sau số 3 là số 5.",
            suggestion="Kiểm tra xem có thiếu nhiệm vụ số 4.",
        )
    )
    draft.targets.append(
        Target(
            position=0,
            ordinal="1",
            group="Thủ tục hành chính",
            name="Hồ sơ giải quyết đúng hạn",
            unit="%",
            comparator=">=",
            value=98.5,
        )
    )
    session.flush()
    once = [{"kind": "once", "start": None, "due": "2026-12-31"}]
    made = {
        "deadline": Question(
            plan=draft,
            obligation=duty,
            kind="deadline",
            subject=duty.deadline_text,
            text="Cụm từ này có thể hiểu nhiều cách.",
            candidates={"rules": [once]},
        ),
        "unit": Question(
            plan=draft,
            kind="unit",
            subject="Tổ công tác chuyển đổi số",
            text="Chưa có đơn vị nào tên này trong danh bạ.",
            candidates={"units": ["van-hoa"]},
        ),
        "date": Question(
            plan=duties[4].plan,
            obligation=duties[4],
            kind="date",
            rule_no=0,
            subject=duties[4].deadline_text,
            text="Khi có yêu cầu, hãy nhập ngày phải xong.",
            candidates={"rule": {"kind": "on_demand"}},
        ),
    }
    session.add_all(made.values())
    return made


def add_runs(session: Session) -> None:
    """The last runs of the jobs; one failed."""
    for job, error in (("chase_units", None), ("deliver_messages", None), ("consolidate_report", "Hết chỗ trên đĩa")):
        session.add(
            JobRun(
                job=job,
                started_at=NOW - timedelta(minutes=8),
                finished_at=NOW - timedelta(minutes=7),
                summary={"queued": 3},
                error=error,
            )
        )
