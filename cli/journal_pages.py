"""The journal as a person reads it: when, who, what, and which words became which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.clock import ZONE
from db.models import JournalEntry, Json

ACTIONS = {
    "plan.import": "nhập kế hoạch",
    "plan.confirm": "xác nhận kế hoạch",
    "plan.reimport": "nhập lại bản sửa",
    "plan.expand": "lập kỳ hạn",
    "plan.edit": "sửa nhiệm vụ",
    "plan.split": "tách nhiệm vụ",
    "plan.join": "gộp nhiệm vụ",
    "plan.add_duty": "thêm nhiệm vụ",
    "plan.drop_duty": "bỏ nhiệm vụ",
    "plan.restore_duty": "khôi phục nhiệm vụ",
    "plan.move": "đổi chỗ nhiệm vụ",
    "plan.set_standing": "chuyển giữa bảng và lời văn",
    "plan.edit_head": "sửa phần đầu",
    "plan.edit_target": "sửa chỉ tiêu",
    "plan.add_target": "thêm chỉ tiêu",
    "plan.drop_target": "bỏ chỉ tiêu",
    "finding.dismiss": "bỏ qua phát hiện",
    "finding.reopen": "mở lại phát hiện",
    "question.answer": "trả lời câu hỏi",
    "plan.ladder": "chọn thang nhắc",
    "obligation.superior": "ghi hạn cấp trên",
    "occurrence.direct": "ý kiến chỉ đạo",
    "occurrence.event": "nhập sự kiện",
    "zalo.test": "gửi tin thử",
}
FIELDS = {
    "ordinal": "số thứ tự",
    "section": "mục",
    "content": "nội dung",
    "deliverable": "sản phẩm",
    "deadline_text": "thời hạn",
    "superior_text": "hạn cấp trên",
    "units": "đơn vị",
    "quote": "câu trích",
    "name": "tên",
    "value": "giá trị",
    "value_text": "giá trị",
    "unit": "đơn vị tính",
    "comparator": "so sánh",
    "group": "nhóm",
    "number": "số",
    "title": "tên",
    "kind": "loại văn bản",
    "issuer": "cơ quan",
    "locality": "địa bàn",
    "year": "năm",
    "issued_on": "ngày ban hành",
}
SHORT = 90


def journal_lines(session: Session, code: str | None, last: int) -> Iterator[str]:
    """The last entries, oldest first; of one plan when a code is given."""
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc())).yield_per(500)
    chosen: list[JournalEntry] = []
    for entry in entries:
        if code is None or code in (entry.data.get("plan"), entry.data.get("code")):
            chosen.append(entry)
        if len(chosen) == last:
            break
    if not chosen:
        yield "Nhật ký chưa có mục nào như vậy."
    for entry in reversed(chosen):
        when = entry.at.astimezone(ZONE)
        done = ACTIONS.get(entry.action, entry.action)
        yield f"{entry.seq}. {when:%d/%m/%Y %H:%M} {entry.actor}: {done} {_subject(entry)}".rstrip()
        yield from (f"      {line}" for line in _details(entry.data))


def _subject(entry: JournalEntry) -> str:
    data = entry.data
    state = data.get("after") or data.get("before")
    named: Json = state if isinstance(state, dict) else (state[0] if state else {})
    called = named.get("key") or named.get("name") or data.get("key") or data.get("subject") or ""
    return f"{called} ({data['plan']})".strip() if data.get("plan") else str(data.get("code") or called)


def _details(data: Json) -> Iterator[str]:
    before, after = data.get("before"), data.get("after")
    if isinstance(before, dict) and isinstance(after, dict):
        for name, label in FIELDS.items():
            if before.get(name) != after.get(name):
                yield f"{label}: «{_short(before.get(name))}» → «{_short(after.get(name))}»"
    elif isinstance(before, list) or isinstance(after, list):
        sides = (each if isinstance(each, list) else [each] for each in (before, after))
        was, now = ("; ".join(_short(row.get("content")) for row in side if row) for side in sides)
        yield f"«{was}» → «{now}»"
    if data.get("reason"):
        yield f"lý do: {_short(data['reason'])}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(str(each[1]) if isinstance(each, list) else str(each) for each in value)
    words = " ".join(str("" if value is None else value).split())
    return words if len(words) <= SHORT else f"{words[:SHORT]}…"
