"""Readings and registers for the tests of the plan services, made without any file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from config.settings import Settings, build_settings
from config.units import UnitsFile
from db.models import Plan
from deadlines import WorkCalendar, read_phrase
from plans.importing import import_plan
from plans.reading import Finding, ObligationRow, PlanHead, Reading, Severity, StandingDuty, TargetRow
from plans.units import sync_units

NOW = datetime(2026, 1, 20, 2, 0, tzinfo=UTC)
ACTOR = "chuyên viên thử"
CALENDAR = WorkCalendar({}, years_with_order=range(2024, 2029))
HEAD = PlanHead(
    kind="Kế hoạch",
    number="45/KH-UBND",
    title="Việc của phường Thử Nghiệm",
    issuer="UBND phường Thử Nghiệm",
    locality="phường Thử Nghiệm",
    year=2026,
    issued_on="2026-01-15",
)

REGISTER = UnitsFile.model_validate(
    {
        "office": {"name": "Ủy ban nhân dân phường Thử Nghiệm", "kind": "phường", "place": "Thử Nghiệm"},
        "units": [
            {
                "code": "vp",
                "name": "Văn phòng HĐND và UBND",
                "aliases": ["Văn phòng"],
                "in_charge": "pct",
                "people": [{"code": "vp-1", "name": "Người Một", "role": "leader", "email": "mot@thu.example"}],
            },
            {"code": "hcc", "name": "Trung tâm Phục vụ hành chính công", "short_name": "TTPVHCC"},
            {"code": "kt", "name": "Phòng Kinh tế, Hạ tầng và Đô thị", "parent": "vp"},
        ],
        "groups": [{"code": "phong", "name": "Các phòng chuyên môn", "members": ["vp", "kt"]}],
        "people": [{"code": "pct", "name": "Người Hai", "role": "vice_chair"}],
    }
)


@dataclass(frozen=True)
class Row:
    """The few things about a duty that a test cares for."""

    key: str
    deadline: str
    leads: tuple[str, ...] = ("Trung tâm Phục vụ hành chính công",)
    coordinators: tuple[str, ...] = ()
    content: str = "Làm một việc của phường"

    def read(self) -> ObligationRow:
        """The row as the reader would give it."""
        said = read_phrase(self.deadline, 2026)
        return ObligationRow(
            key=self.key,
            ordinal=self.key,
            section=("I", "VIỆC CHUNG"),
            content=self.content,
            deliverable="Báo cáo",
            leads=self.leads,
            coordinators=self.coordinators,
            deadline_text=self.deadline,
            rules=tuple(rule.to_json() for rule in said.rules),
            status=said.status,
            question=said.question,
        )


def reading_of(*rows: Row, head: PlanHead = HEAD, standing: tuple[Row, ...] = ()) -> Reading:
    """A whole Reading with one target and one finding."""
    return Reading(
        plan=head,
        obligations=tuple(row.read() for row in rows),
        standing=tuple(StandingDuty(row.read(), row.content) for row in standing),
        targets=(
            TargetRow("1", None, "Hồ sơ đúng hạn", "%", ">=", 98.5, ("TTPVHCC",)),
            TargetRow("2", "Khác", "Chi phí", None, "=", "ít nhất một nửa", ("Đội Lạ Mặt",)),
        ),
        findings=(Finding("blank_number", Severity.NOTE, "trang 1", "Số để trống.", "Ghi số."),),
    )


def settings_of(home: Path) -> Settings:
    """Settings whose home is the test's own."""
    return build_settings({"home": home, "secret_key": "x" * 40})


def load_register(session: Session, register: UnitsFile = REGISTER) -> None:
    """The register of the tests."""
    sync_units(session, register, NOW, ACTOR)


def draft(session: Session, home: Path, reading: Reading, data: bytes = b"a plan", name: str = "kehoach.docx") -> Plan:
    """A draft plan of a Reading."""
    return import_plan(session, reading, name, data, NOW, ACTOR, settings_of(home))
