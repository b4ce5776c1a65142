"""One plan, two units and a few occurrences: the ground that the tests of collecting stand on."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy.orm import Session

from config.clock import ZONE
from config.settings import Settings, build_settings
from db.models import JournalEntry, Obligation, Occurrence, Person, Plan, Target, TargetUnit, Unit
from deadlines.workdays import DayMark, WorkCalendar

# A Monday; the quarter's report is due on Friday 20 March 2026.
NOW = datetime(2026, 3, 16, 8, 5, tzinfo=ZONE)
DUE = date(2026, 3, 20)
# Monday 30 March is made a day off by a local order, so that the nearest working day is not always Monday.
CALENDAR = WorkCalendar({date(2026, 3, 30): DayMark(working=False, reason="Nghỉ lễ của địa phương")}, [2026])
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@dataclass(frozen=True)
class Ground:
    """Ids of what `lay_ground` made."""

    plan: int
    unit: int
    person: int
    chair: int
    stranger: int
    occurrence: int
    other: int
    percent: int
    count: int
    foreign: int


def make_settings(url: str, home: Path) -> Settings:
    """Settings of a small office: files up to 1 MB."""
    values = {"home": home, "database_url": url, "secret_key": SecretStr("khóa của phép thử"), "upload_mb": 1}
    return build_settings(values | {"base_url": "http://testserver"})


def lay_ground(session: Session) -> Ground:
    """A plan with three targets, a unit that answers for two of them (one through a group), and its occurrences."""
    plan = _plan()
    unit = Unit(code="vhxh", name="Phòng Văn hóa - Xã hội", short_name="P. VHXH")
    group = Unit(code="cac-phong", name="Các phòng chuyên môn", is_group=True, members=[unit])
    other_unit = Unit(code="kt", name="Phòng Kinh tế")
    session.add_all([plan, unit, group, other_unit])
    session.flush()
    targets = _targets(plan, unit, group, other_unit)
    people = _people(unit, other_unit)
    duty = plan.obligations[0]
    occurrences = [
        make_occurrence(duty, unit, "2026-Q1", "Quý I/2026"),
        make_occurrence(duty, other_unit, "2026-Q1", "Quý I/2026"),
    ]
    session.add_all([*targets, *people, *occurrences])
    session.flush()
    return Ground(plan.id, unit.id, *(p.id for p in people), *(o.id for o in occurrences), *(t.id for t in targets))


def _plan() -> Plan:
    plan = Plan(
        code="kh-12",
        kind="Kế hoạch",
        number="12/KH-UBND",
        title="Kế hoạch cải cách hành chính năm 2026",
        issuer="Ủy ban nhân dân xã Phong Lưu",
        year=2026,
        issued_on=date(2026, 1, 9),
        state="confirmed",
        file_name="ke-hoach.docx",
        file_sha256="0" * 64,
        reading={},
        imported_at=NOW,
    )
    content = "Rà soát, cập nhật danh mục thủ tục hành chính niêm yết tại bộ phận một cửa và báo cáo kết quả giải quyết"
    plan.obligations = [
        Obligation(
            position=1,
            key="1",
            ordinal="3",
            content=content,
            deliverable="Báo cáo kết quả kèm danh mục",
            deadline_text="Trước ngày 21 của tháng cuối quý",
        )
    ]
    return plan


def _targets(plan: Plan, unit: Unit, group: Unit, other: Unit) -> list[Target]:
    rows = (
        ("Tỷ lệ hồ sơ giải quyết đúng hạn", "%", ">=", 85.0, group),
        ("Số buổi tập huấn kỹ năng số", "buổi", "=", 12.0, unit),
        ("Tỷ lệ hộ kinh doanh kê khai điện tử", "%", ">=", 90.0, other),
    )
    return [
        Target(
            plan=plan,
            position=at,
            name=name,
            unit=measure,
            comparator=comparator,
            value=value,
            responsible=[TargetUnit(printed_name=who.name, unit_id=who.id)],
        )
        for at, (name, measure, comparator, value, who) in enumerate(rows)
    ]


def _people(unit: Unit, other: Unit) -> list[Person]:
    return [
        Person(code="hoa", unit=unit, name="Lê Thị Hoa", title="Trưởng phòng", role="leader", email="hoa@xa.example"),
        Person(code="ct", name="Trần Văn Chủ", title="Chủ tịch", role="chair", email="ct@xa.example"),
        Person(code="tu", unit=other, name="Phạm Anh Tú", title="Trưởng phòng", role="leader", email="tu@xa.example"),
    ]


def make_occurrence(duty: Obligation, unit: Unit, key: str, label: str, due: date = DUE) -> Occurrence:
    """An open occurrence due on a working day."""
    return Occurrence(
        obligation=duty,
        unit=unit,
        period_key=key,
        period_label=label,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 3, 31),
        kind="report",
        data_from=date(2025, 12, 15),
        data_to=date(2026, 3, 14),
        nominal=due,
        due_legal=due,
        due_target=due,
        state="open",
    )


def get_occurrence(session: Session, occurrence_id: int) -> Occurrence:
    """The occurrence of an id that is known to be there."""
    occurrence = session.get(Occurrence, occurrence_id)
    assert occurrence is not None
    return occurrence


def actions(session: Session) -> list[str]:
    """What the journal says was done, in order, without what the notices add."""
    entries = session.query(JournalEntry).order_by(JournalEntry.seq)
    return [entry.action for entry in entries if entry.action != "message.queue"]


def make_zip(*names: str, data: bytes = b"x", stored: bool = False) -> bytes:
    """A ZIP archive with these names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, data)
    return packed.getvalue()


def make_open_document(kind: str) -> bytes:
    """An OpenDocument file with its type first and unpacked, as the standard wants it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "<a/>")
    return packed.getvalue()
