"""Vietnamese words and colours for what the database says in English."""

from __future__ import annotations

from dataclasses import dataclass


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
# Unanswered when its plan was closed.
LEFT_OPEN = Chip("Chưa nộp khi kết thúc", "secondary")
KINDS = {"report": "Báo cáo", "duty": "Nhiệm vụ", "progress_check": "Kiểm tra tiến độ"}
CHANNELS = {
    "zalo": "Zalo",
    "email": "Thư điện tử",
    "zalo_template": "Zalo (tin theo mẫu)",
    "zbs": "Zalo (theo số điện thoại)",
    "zalo_bot": "Zalo Bot",
    "webhook": "Cổng nhắn tin của cơ quan",
}
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


def role_and_title(role: str, title: str | None) -> str:
    """What somebody is to the chase, then the title; a title that begins with the role is enough."""
    said = PERSON_ROLES[role]
    return title if title and title.casefold().startswith(said.casefold()) else " · ".join(filter(None, (said, title)))


PERSON_ROLES = {
    "contact": "Đầu mối",
    "deputy": "Cấp phó",
    "leader": "Thủ trưởng đơn vị",
    "officer": "Chuyên viên tổng hợp",
    "vice_chair": "Phó Chủ tịch",
    "chair": "Chủ tịch",
}

# What a person does to a draft on its review page.
EDIT_ACTIONS = {
    "plan.edit": "Sửa nhiệm vụ",
    "plan.edit_head": "Sửa phần đầu kế hoạch",
    "plan.edit_target": "Sửa chỉ tiêu",
    "plan.add_target": "Thêm chỉ tiêu",
    "plan.drop_target": "Bỏ chỉ tiêu",
    "plan.add_duty": "Thêm nhiệm vụ",
    "plan.move": "Đổi chỗ nhiệm vụ",
    "plan.drop_duty": "Bỏ nhiệm vụ",
    "plan.restore_duty": "Khôi phục nhiệm vụ",
    "plan.set_standing": "Chuyển giữa bảng và lời văn",
    "plan.split": "Tách nhiệm vụ",
    "plan.join": "Gộp nhiệm vụ",
    "finding.dismiss": "Bỏ qua phát hiện",
    "finding.reopen": "Mở lại phát hiện",
}
ACTIONS = {
    "plan.import": "Nhập kế hoạch",
    "plan.confirm": "Xác nhận kế hoạch",
    "plan.expand": "Lập các kỳ hạn",
    "plan.reimport": "Nhập lại bản đã sửa",
    "plan.chase-from": "Đổi ngày bắt đầu đôn đốc",
    "plan.close": "Kết thúc kế hoạch",
    "plan.reopen": "Mở lại kế hoạch",
    "question.answer": "Trả lời câu hỏi",
    "event.enter": "Nhập ngày",
    "units.sync": "Cập nhật danh bạ đơn vị",
    "message.queue": "Xếp tin chờ gửi",
    "message.unknown": "Chưa rõ tin đã tới hay chưa",
    "message.shortened": "Rút gọn tin",
    "message.resend": "Cho gửi lại",
    "message.mark_sent": "Coi như đã gửi",
    "message.failed": "Không gửi được",
    "message.cancelled": "Hủy tin",
    "message.sent": "Đã gửi",
    "message.retry": "Chưa gửi được, sẽ gửi lại",
    "message.delivered": "Tin đã tới",
    "message.seen": "Người nhận đã xem",
    "address.bar": "Ghi địa chỉ chết",
    "address.lift": "Mở lại địa chỉ",
    "inbound.assign": "Gán tin đến",
    "inbound.ignore": "Bỏ qua tin đến",
    "link.code": "Cấp mã liên kết Zalo",
    "link.tie": "Liên kết Zalo",
    "link.untie": "Bỏ liên kết Zalo",
    "occurrence.acknowledge": "Đơn vị báo đã nhận",
    "occurrence.waive": "Miễn",
    "occurrence.hold": "Tạm dừng",
    "occurrence.resume": "Tiếp tục theo dõi",
    "submission.receive": "Đơn vị nộp",
    "submission.accept": "Chấp nhận",
    "submission.return": "Trả lại",
    "submission.reopen": "Mở lại để bổ sung",
    "extension.ask": "Xin gia hạn",
    "extension.grant": "Đồng ý gia hạn",
    "extension.granted": "Đồng ý gia hạn",
    "extension.refuse": "Không đồng ý gia hạn",
    "extension.refused": "Không đồng ý gia hạn",
    "extension.lapse": "Yêu cầu gia hạn hết hiệu lực",
    "calendar.approve": "Duyệt lịch nghỉ, thang nhắc",
    "template.save": "Sửa mẫu tin",
    "template.restore": "Dùng lại mẫu tin có sẵn",
    "plan.ladder": "Chọn thang nhắc",
    "unit.mute": "Tạm dừng nhắc đơn vị",
    "unit.unmute": "Nhắc lại đơn vị",
    "calendar.move": "Đổi hạn theo lịch nghỉ mới",
    "obligation.regime": "Đổi cách chốt số liệu",
    "obligation.superior": "Ghi hạn cấp trên",
    "occurrence.direct": "Ý kiến chỉ đạo",
    "report.build": "Lập báo cáo",
} | EDIT_ACTIONS
VIA = {"link": "liên kết", "email": "thư điện tử", "zalo": "Zalo", "web": "trang theo dõi", "cli": "dòng lệnh"}
VIA |= {"zalo_bot": "Zalo Bot", "webhook": "cổng của cơ quan", "folder": "tệp nộp trực tiếp"}
INBOUND_CHANNELS = {
    "email": "Thư điện tử",
    "zalo": "Zalo",
    "zbs": "Mẫu tin ZBS",
    "zalo_bot": "Zalo Bot",
    "webhook": "Cổng của cơ quan",
}
INBOUND_CHIPS = {
    "received": Chip("Đang xử lý", "azure"),
    "handled": Chip("Đã ghi nhận", "green"),
    "waiting": Chip("Chờ xử lý", "orange"),
    "ignored": Chip("Bỏ qua", "secondary"),
    "failed": Chip("Lỗi khi xử lý", "red"),
}
JOBS = {
    "read_plan": "Đọc kế hoạch",
    "expand_calendar": "Lập lịch kỳ hạn",
    "chase_units": "Nhắc việc",
    "chase": "Nhắc việc",
    "deliver_messages": "Gửi tin",
    "deliver": "Gửi tin",
    "collect_submissions": "Thu báo cáo",
    "consolidate_report": "Tổng hợp báo cáo",
    "watch_silence": "Canh chừng hệ thống",
    "watch": "Canh chừng hệ thống",
}
