"""Builders of a small world for the tests of reports: an office, units, a plan, occurrences, submissions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from config.clock import ZONE
from db.models import Extension, Obligation, ObligationUnit, Occurrence, Plan, Submission, Target, Unit
from db.models.occurrences import SubmissionFigure, SubmissionFile

NOW = datetime(2026, 3, 25, 9, 0, tzinfo=ZONE)
HASH = "ab" * 32


@dataclass(frozen=True)
class TestOffice:
    """An office as `config.office` gives it."""

    __test__ = False

    name: str = "Ủy ban nhân dân xã Sông Trong"
    short_name: str = "UBND xã Sông Trong"
    place: str = "Sông Trong"
    superior: str | None = "Ủy ban nhân dân tỉnh Đồi Xanh"
    symbol: str = "UBND"


def at(day: date, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """An instant of a day in the zone of the office."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZONE)


@dataclass
class World:
    """A plan in a session, with short ways to add what a test needs."""

    session: Session
    plan: Plan
    units: dict[str, Unit] = field(default_factory=dict)

    def unit(self, name: str) -> Unit:
        """The unit of a name, made when new."""
        if name not in self.units:
            self.units[name] = Unit(code=f"u{len(self.units)}", name=name)
            self._add(self.units[name])
        return self.units[name]

    def obligation(self, content: str, *, deadline: str = "Hằng quý", coordinators: Sequence[str] = ()) -> Obligation:
        """A duty of the plan."""
        number = len(self.plan.obligations) + 1
        made = Obligation(
            position=number,
            key=f"k{number}",
            ordinal=str(number),
            content=content,
            deadline_text=deadline,
            section=["A"],
        )
        made.units = [ObligationUnit(role="coordinator", printed_name=name) for name in coordinators]
        self.plan.obligations.append(made)
        self.session.flush()
        return made

    def target(
        self, name: str, value: float | None = 100, *, unit: str = "%", ordinal: str = "", text: str = ""
    ) -> Target:
        """A target of the plan."""
        made = Target(position=len(self.plan.targets), name=name, value=value, unit=unit, ordinal=ordinal or None)
        made.comparator, made.value_text = ">=", text or None
        self.plan.targets.append(made)
        self.session.flush()
        return made

    def occurrence(
        self,
        obligation: Obligation,
        unit: str,
        due: date = date(2026, 3, 17),
        *,
        kind: str = "report",
        state: str = "open",
        start: date = date(2026, 1, 1),
        end: date = date(2026, 3, 31),
        label: str = "Quý I/2026",
        key: str = "",
    ) -> Occurrence:
        """An occurrence, of the first quarter of 2026 unless said otherwise."""
        made = Occurrence(
            obligation=obligation, unit=self.unit(unit), period_key=key or f"{end:%Y-%m}", period_label=label,
            period_start=start, period_end=end, kind=kind, nominal=due, due_legal=due, due_target=due, state=state,
        )  # fmt: skip
        self._add(made)
        return made

    def submit(
        self,
        occurrence: Occurrence,
        day: datetime | date = date(2026, 3, 12),
        text: str = "Đã làm xong.",
        *,
        state: str = "accepted",
        kind: str = "report",
        figures: dict[int, float] | None = None,
        files: Sequence[str] = (),
    ) -> Submission:
        """A submission of an occurrence, whose state follows."""
        moment = day if isinstance(day, datetime) else at(day)
        version = len(occurrence.submissions) + 1
        made = Submission(version=version, kind=kind, text=text, sent_by="Lê Văn Thử", via="link", received_at=moment)
        made.state = state
        made.figures = [SubmissionFigure(target_id=target, value=value) for target, value in (figures or {}).items()]
        made.files = [SubmissionFile(sha256=HASH, name=name, mime="text/plain", size=3) for name in files]
        occurrence.submissions.append(made)
        occurrence.answered_at = occurrence.answered_at or moment
        occurrence.state = {"received": "submitted"}.get(state, state)
        self.session.flush()
        return made

    def ask_time(self, occurrence: Occurrence, reason: str, wanted: date) -> None:
        """A request for more time."""
        due = occurrence.due_legal
        asked = Extension(
            asked_at=at(due - timedelta(days=3)), asked_by="x", reason=reason, wanted_due=wanted, old_due=due
        )
        occurrence.extensions.append(asked)
        self.session.flush()

    def _add(self, thing: object) -> None:
        self.session.add(thing)
        self.session.flush()


def make_world(session: Session) -> World:
    """An empty confirmed plan of 2026."""
    plan = Plan(
        code="cchc-2026", kind="KẾ HOẠCH", number="07/KH-UBND", title="Nâng cao chất lượng phục vụ người dân năm 2026",
        issuer="Ủy ban nhân dân xã Sông Trong", locality="Sông Trong", year=2026, issued_on=date(2026, 1, 8),
        state="confirmed", file_name="ke-hoach.docx", file_sha256=HASH, reading={}, imported_at=at(date(2026, 1, 9)),
    )  # fmt: skip
    session.add(plan)
    session.flush()
    return World(session, plan)


MONTHLY = "Báo cáo công tác tiếp công dân, giải quyết đơn thư; cập nhật số liệu vào hệ thống thông tin báo cáo của tỉnh"
REVIEW = "Rà soát, công khai đầy đủ thủ tục hành chính tại trụ sở và trên trang thông tin điện tử của xã"
TRAIN = "Tập huấn kỹ năng số cho công chức bộ phận tiếp nhận hồ sơ"
SURVEY = "Khảo sát mức độ hài lòng của người dân đối với sự phục vụ của cơ quan hành chính"
DIGITIZE = "Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính còn hiệu lực"
OFFICE, ECONOMY, CULTURE = "Văn phòng HĐND và UBND", "Phòng Kinh tế", "Phòng Văn hóa - Xã hội"
CENTRE, POLICE = "Trung tâm Phục vụ hành chính công", "Công an xã"


def fill_sample(world: World) -> None:
    """A first quarter as offices know it: on time, late, missing, waived, doubtful figures."""
    ontime = world.target("Tỷ lệ hồ sơ giải quyết đúng hạn", 98, ordinal="1")
    online = world.target("Tỷ lệ hồ sơ nộp trực tuyến toàn trình", 80, ordinal="2")
    digital = world.target("Tỷ lệ số hóa kết quả giải quyết thủ tục hành chính", 100, ordinal="3")
    world.target("Cắt giảm thời gian giải quyết", None, ordinal="4", text="Ít nhất 10% so với năm 2025")
    _fill_monthly(world)
    review = world.obligation(REVIEW, deadline="Hằng quý", coordinators=[OFFICE])
    world.submit(
        world.occurrence(review, CENTRE), date(2026, 3, 12),
        "Đã rà soát 214 thủ tục, công khai 214/214 thủ tục (đạt 100%).\nHồ sơ đúng hạn 1.176/1.200 hồ sơ, đạt 98,0%.",
        figures={ontime.id: 98, online.id: 71.5}, files=["rà soát quý I.docx"],
    )  # fmt: skip
    world.submit(world.occurrence(review, ECONOMY), date(2026, 3, 16), figures={ontime.id: 97.2}, state="received")
    late = world.submit(world.occurrence(review, CULTURE), date(2026, 3, 20), "", kind="nil")
    assert late.version == 1
    train = world.obligation(TRAIN, deadline="Trước ngày 15/3/2026")
    asked = world.occurrence(
        train, OFFICE, date(2026, 3, 16), kind="duty", key="once-1", label="Đến hết ngày 14/03/2026"
    )
    world.ask_time(asked, "Giảng viên của Sở chưa xếp được lịch.", date(2026, 4, 10))
    digitize = world.obligation(DIGITIZE, deadline="Thường xuyên", coordinators=[CENTRE])
    done = world.occurrence(digitize, OFFICE, date(2026, 3, 31), kind="progress_check")
    world.submit(done, date(2026, 3, 24), "Số hóa 350/500 hồ sơ (đạt 75%).", figures={digital.id: 170})
    world.occurrence(digitize, POLICE, date(2026, 3, 31), kind="progress_check")
    world.obligation("Xử lý phản ánh, kiến nghị của người dân", deadline="Khi có phát sinh").units = [
        ObligationUnit(role="lead", printed_name=CENTRE)
    ]
    survey = world.obligation(SURVEY, deadline="Quý II")
    world.occurrence(
        survey, CULTURE, date(2026, 6, 30), kind="duty", key="once-1", label="Quý II/2026",
        start=date(2026, 4, 1), end=date(2026, 6, 30),
    )  # fmt: skip
    world.occurrence(
        review, CENTRE, date(2026, 6, 17), label="Quý II/2026", start=date(2026, 4, 1), end=date(2026, 6, 30)
    )
    old = world.obligation("Kiện toàn tổ công tác của xã", deadline="Quý IV năm trước")
    world.occurrence(
        old, POLICE, date(2025, 12, 15), kind="duty", key="once-1", label="Quý IV/2025",
        start=date(2025, 10, 1), end=date(2025, 12, 31),
    )  # fmt: skip


def _fill_monthly(world: World) -> None:
    monthly = world.obligation(MONTHLY, deadline="Trước ngày 18 hằng tháng")
    for month, last in ((1, 31), (2, 28), (3, 31)):
        for unit in (OFFICE, ECONOMY, CULTURE, POLICE):
            made = world.occurrence(
                monthly, unit, date(2026, month, 17), label=f"Tháng {month}/2026",
                start=date(2026, month, 1), end=date(2026, month, last),
            )  # fmt: skip
            if unit == POLICE and month > 1:
                continue
            day = date(2026, month, 19 if (unit, month) == (ECONOMY, 2) else 14)
            world.submit(made, day, f"Tháng {month}: tiếp 12 lượt công dân, nhận 3 đơn, đã giải quyết cả 3 đơn.")
    world.occurrence(monthly, CENTRE, date(2026, 3, 17), state="waived", label="Tháng 3/2026", start=date(2026, 3, 1))
