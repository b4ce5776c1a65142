"""Approved templates as an office and as Zalo keep them, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from notifications.channels.zalo.channel import ZaloChannel
from notifications.channels.zalo.template_channels import ZaloTemplateChannel, ZbsChannel
from notifications.channels.zalo.templates import ApprovedTemplates
from tests.channels.doubles import ZaloDouble

DIGEST = "300001"
FILE = """
zalo_template:
  default: {template_id: 300001, params: {ten: to, so_viec: count, ngay: due, link: url}, max_length: 30,
            lengths: {link: 100}}
zbs:
  digest: {template_id: 300001, params: {ten: to, so_viec: count, ngay: due, link: url}, max_length: 30,
           lengths: {link: 100}}
  escalation: {template_id: 300002, params: {ten: to}, development: true}
"""
FACTS = {
    "to": "Ông/Bà Nguyễn Thị Hoàng Anh (Trưởng phòng, Phòng Văn hóa - Xã hội)",
    "count": "3",
    "due": "31/3/2026",
    "url": "http://127.0.0.1:8000/t/abc",
}
PARAMS: list[dict[str, Any]] = [
    {"name": "ten", "require": True, "type": "STRING", "maxLength": 30},
    {"name": "so_viec", "require": True, "type": "NUMBER", "maxLength": 20},
    {"name": "ngay", "require": True, "type": "DATE", "maxLength": 20},
    {"name": "link", "require": True, "type": "STRING", "maxLength": 100},
]


def register(zalo: ZaloDouble, **changes: Any) -> None:
    """The template of digests at Zalo."""
    template = {"template_id": DIGEST, "name": "Nhắc nộp báo cáo", "params": PARAMS, **changes}
    zalo.post("templates", templates=[template])


def by_phone(zalo: ZaloDouble, words: ZaloChannel, folder: Path, file: str = FILE) -> ZbsChannel:
    """Our channel by telephone number."""
    path = folder / "zalo_templates.yaml"
    path.write_text(file, encoding="utf-8")
    return ZbsChannel(words.account, ApprovedTemplates(path, "zbs"), f"{zalo.url}/business")


def by_user(zalo: ZaloDouble, words: ZaloChannel, folder: Path, file: str = FILE) -> ZaloTemplateChannel:
    """Our channel by user id."""
    path = folder / "zalo_templates.yaml"
    path.write_text(file, encoding="utf-8")
    templates = ApprovedTemplates(path, "zalo_template")
    return ZaloTemplateChannel(words.account, templates, f"{zalo.url}/business", zalo.url)
