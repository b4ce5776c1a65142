"""Vietnamese words and colours for what the database says in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db.models import OPEN_STATES, Occurrence

# Due within so many working days is shown in yellow.
SOON = 3


@dataclass(frozen=True)
class Chip:
    """A short label with a Tabler colour."""

    text: str
    colour: str


STATES = {
    "recorded": Chip("Chỉ ghi nhận", "secondary"),
    "submitted": Chip("Đã nộp, chờ duyệt", "azure"),
    "accepted": Chip("Hoàn thành", "green"),
    "waived": Chip("Được miễn", "secondary"),
    "on_hold": Chip("Tạm dừng", "secondary"),
    "cancelled": Chip("Đã hủy", "secondary"),
}
KINDS = {"report": "Báo cáo", "duty": "Nhiệm vụ", "progress_check": "Rà tiến độ"}
CHANNELS = {"zalo": "Zalo", "email": "Thư điện tử"}
MESSAGE_CHIPS = {
    "queued": Chip("Chờ gửi", "azure"),
    "sending": Chip("Đang gửi", "azure"),
    "sent": Chip("Đã gửi", "green"),
    "failed": Chip("Không gửi được", "red"),
    "unknown": Chip("Chưa rõ", "orange"),
    "cancelled": Chip("Đã hủy", "secondary"),
    "suppressed": Chip("Không cần gửi nữa", "secondary"),
}
MESSAGE_KINDS = {"digest": "Nhắc việc", "escalation": "Báo cáo cấp trên", "notice": "Thông báo", "alert": "Cảnh báo"}
PLAN_CHIPS = {
    "draft": Chip("Bản nháp", "orange"),
    "confirmed": Chip("Đang theo dõi", "green"),
    "closed": Chip("Đã kết thúc", "secondary"),
}
EXTENSION_CHIPS = {
    "asked": Chip("Chờ quyết định", "orange"),
    "granted": Chip("Đồng ý", "green"),
    "refused": Chip("Không đồng ý", "red"),
}
SUBMISSION_CHIPS = {
    "received": Chip("Chờ duyệt", "azure"),
    "accepted": Chip("Đã chấp nhận", "green"),
    "returned": Chip("Đã trả lại", "orange"),
}
SEVERITIES = {"error": Chip("Lỗi", "red"), "warning": Chip("Cần xem", "orange"), "note": Chip("Ghi chú", "azure")}
PERSON_ROLES = {
    "contact": "Đầu mối",
    "deputy": "Đầu mối dự phòng",
    "leader": "Thủ trưởng đơn vị",
    "officer": "Chuyên viên tổng hợp",
    "vice_chair": "Phó Chủ tịch",
    "chair": "Chủ tịch",
}


def due_of(occurrence: Occurrence) -> date:
    """The last day on which the answer is in time."""
    return occurrence.extended_due or occurrence.due_legal


def target_of(occurrence: Occurrence) -> date:
    """The day that reminders aim at."""
    return occurrence.extended_due or occurrence.due_target


def is_overdue(occurrence: Occurrence, today: date) -> bool:
    """Whether the office waits for an answer that is late (docs/architecture.md, States)."""
    return occurrence.state in OPEN_STATES and due_of(occurrence) < today


def state_chip(occurrence: Occurrence, today: date, working_days: int) -> Chip:
    """The state as the office says it; `working_days` are those left until the day that reminders aim at."""
    if occurrence.state == "accepted":
        return _done(occurrence)
    if occurrence.state not in OPEN_STATES:
        return STATES[occurrence.state]
    if due_of(occurrence) < today:
        return Chip("Quá hạn", "red")
    returned = "Trả lại, " if occurrence.state == "returned" else ""
    if target_of(occurrence) <= today:
        return _capital(f"{returned}đến hạn", "orange")
    if working_days <= SOON:
        return _capital(f"{returned}sắp đến hạn", "yellow")
    return _capital(f"{returned}trong hạn", "green")


def _capital(text: str, colour: str) -> Chip:
    return Chip(text[0].upper() + text[1:], colour)


def _done(occurrence: Occurrence) -> Chip:
    answered = occurrence.answered_at
    if answered is None:
        return STATES["accepted"]
    from config.clock import ZONE

    late = answered.astimezone(ZONE).date() > due_of(occurrence)
    return Chip("Hoàn thành quá hạn", "orange") if late else Chip("Hoàn thành đúng hạn", "green")
