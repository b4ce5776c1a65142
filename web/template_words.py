"""What a template may name, explained; and to whom each template's message goes."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, meta

from notifications.templates_store import NOTICE, REPLY, Template
from notifications.templating import FILTERS

AUDIENCES = (
    ("digest", "Đầu mối, thủ trưởng đơn vị và đơn vị phối hợp, theo thang nhắc; mỗi người mỗi ngày không quá một tin"),
    ("escalation", "Phó Chủ tịch phụ trách, Chủ tịch, khi việc quá hạn đến nấc báo cáo"),
    ("dates", "Người đã được báo thời hạn, khi lịch nghỉ hoặc kế hoạch sửa làm thời hạn đổi"),
    (NOTICE, "Người của đơn vị đã nộp báo cáo hoặc xin gia hạn"),
    ("notice.", "Người của đơn vị; khung này bọc mọi thông báo gửi bằng thư"),
    (REPLY, "Người vừa nhắn tin tới, trả lời ngay trên kênh đó"),
    ("alert", "Quản trị và chuyên viên, khi hệ thống có sự cố"),
    ("cards", "Mọi thư nhắc việc: khung của từng việc"),
    ("layout", "Mọi thư: phần đầu và phần cuối"),
)
WORDS = {
    "to": "người nhận: tên, chức vụ, đơn vị",
    "items": "các việc trong tin; lặp bằng {% for item in items %} … {% endfor %}",
    "item": "việc được nói tới trong tin",
    "total": "số việc đơn vị phải làm, hai chữ số; trống khi không có",
    "shared": "số việc đơn vị tham gia phối hợp; trống khi không có",
    "requests": "số đề nghị gia hạn chờ quyết định; trống khi không có",
    "overdue": "số việc quá hạn; trống khi không có",
    "basis": "kế hoạch làm căn cứ, khi mọi việc cùng một kế hoạch; trống khi nhiều kế hoạch",
    "all_url": "liên kết tới trang ghi mọi việc",
    "hidden": "số việc không đủ chỗ để ghi trong tin",
    "today": "ngày gửi",
    "subject": "tiêu đề của thư",
    "due": "thời hạn đang có hiệu lực",
    "old_due": "thời hạn cũ",
    "note": "ý kiến của người quyết định; trống khi không có",
    "reason": "lý do",
    "label": "tên loại thông báo",
    "paragraphs": "các dòng của phần chữ",
    "card": "khung của một việc (từ mẫu cards.html.j2)",
    "at": "thời điểm phát hiện",
    "faults": "các sự cố; mỗi sự cố có fault.message và fault.cure",
    "url": "địa chỉ trang theo dõi",
    "by": "người đã báo nhận",
    "name": "tên người vừa liên kết",
    "wanted": "ngày xin lùi đến, hoặc điều còn phải hỏi thêm",
    "example": "một ngày làm ví dụ",
    "files": "tên các tệp đã nhận",
    "missing": "tên các tệp chưa tải được",
    "version": "lần nộp thứ mấy",
    "hint": "gợi ý cách trả lời; trống khi không có",
    "all": "có nhận câu trả lời «tất cả» hay không",
}
ITEM_WORDS = {
    "number": "số thứ tự trong tin",
    "code": "mã kỳ hạn, ví dụ DD-128-7KQ3",
    "content": "nội dung nhiệm vụ, đã rút gọn",
    "period": "kỳ báo cáo",
    "unit": "đơn vị chủ trì",
    "basis": "kế hoạch làm căn cứ",
    "reason": "vì sao có tên trong tin này: quá hạn hoặc còn bao nhiêu ngày",
    "url": "liên kết để trả lời; bắt buộc có trong tin nhắc việc",
    "overdue": "đúng khi đã quá hạn",
    "part": "lead (chủ trì), coordinator (phối hợp) hoặc request (đề nghị chờ quyết)",
    "history": "các dòng đã nhắc ai, đơn vị đã làm gì (tin cho lãnh đạo)",
    "due": "thời hạn đang có hiệu lực",
    "office": "cơ quan ban hành kế hoạch",
}
CHASE = ("digest", "escalation", "dates")


def audience_of(name: str) -> str:
    """Who gets the message of a template."""
    return next(
        (words for start, words in sorted(AUDIENCES, key=lambda one: -len(one[0])) if name.startswith(start)), ""
    )


def words_of(template: Template) -> list[tuple[str, str]]:
    """The words that a template may name, with what each means, `item.` ones last."""
    named = set(meta.find_undeclared_variables(Environment(autoescape=True).parse(template.packaged)))
    if template.name.startswith(CHASE):
        named |= {"today", "basis", "hidden", "all_url"}
    if template.name.startswith(NOTICE):
        named |= {"label", "today"}
    listed = [(word, meaning) for word, meaning in WORDS.items() if word in named]
    if named & {"items", "item"}:
        listed += [(f"item.{word}", meaning) for word, meaning in _item_words(template.name)]
    return listed


def _item_words(name: str) -> Sequence[tuple[str, str]]:
    if name.startswith(REPLY):
        return [(word, ITEM_WORDS[word]) for word in ("code", "content", "period", "due", "url")]
    return list(ITEM_WORDS.items())


FILTER_WORDS = ", ".join(FILTERS)
