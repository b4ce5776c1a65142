"""Changing a template with an entry in the journal: who changed which, when; the text itself stands in its file."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from config.faults import Refusal
from config.settings import Settings
from db import journal
from notifications.templates_store import Template, get_template, restore_template, save_template


def fingerprint(template: Template) -> str:
    """Names the text in use, so that nobody overwrites what he has not seen."""
    return hashlib.sha256(template.text.encode()).hexdigest()[:16]


def change_template(
    session: Session, settings: Settings, name: str, text: str, now: datetime, actor: str, seen: str | None = None
) -> Template:
    """Put a text in place of a template. `seen`: fingerprint of the text that the change was made from.

    Raises Refusal with what is wrong with the text, or when somebody else has changed it meanwhile.
    """
    before = get_template(name, settings)
    if seen is not None and seen != fingerprint(before):
        raise Refusal(
            "Mẫu tin này vừa được người khác sửa, nên bản của Ông/Bà chưa được lưu. "
            "Hãy chép nội dung đang gõ ra chỗ khác, tải lại trang rồi sửa tiếp."
        )
    made = save_template(settings, name, text)
    _record(session, "template.save", before, made, now, actor)
    return made


def bring_back(session: Session, settings: Settings, name: str, now: datetime, actor: str) -> Template:
    """Use the packaged text again. Raises Refusal when it is in use already, or the own file cannot be removed."""
    before = get_template(name, settings)
    if before.own is None:
        raise Refusal(f"Mẫu «{before.title}» đang dùng bản có sẵn nên không có gì để khôi phục.")
    made = restore_template(settings, name)
    _record(session, "template.restore", before, made, now, actor)
    return made


def _record(session: Session, action: str, before: Template, after: Template, now: datetime, actor: str) -> None:
    data = {"name": after.name, "from": fingerprint(before), "to": fingerprint(after), "length": len(after.text)}
    journal.record(session, at=now, actor=actor, action=action, subject_kind="template", subject_id=0, data=data)
