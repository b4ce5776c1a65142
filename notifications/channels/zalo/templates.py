"""Filling the templates that Zalo has approved, and comparing our list with Zalo's own.

`config.zalo_templates` says which template serves a kind of message and which fact fills each parameter. Zalo's side
is `GET template/info/v2`: `status`, and `listParams` with `name`, `require`, `type`, `maxLength` (transcribed
documentation). A wrong list is a fault of the file, never of the message: it names the template and the parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from chasing import cut
from config.faults import ConfigFault
from config.zalo_templates import TemplateChannel, TemplateEntry, TemplatesFile, read_templates
from notifications.channels.base import Delivery, Envelope
from notifications.channels.zalo.text import prepare_text

IN_USE = "ENABLE"
BLANK = "-"
"""Stands for a fact that this message does not have: Zalo refuses an empty parameter."""
WHOLE = ("url",)
"""Facts that are worth nothing when cut."""
NUMBERS, DATES = ("count", "overdue"), ("due", "today")
"""Facts that are a bare number, or a day as Zalo's DATE wants it."""
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


@dataclass(frozen=True)
class Filled:
    """One approved template with its parameters, ready to be sent."""

    template_id: str
    data: Mapping[str, str]
    development: bool


class ApprovedTemplates:
    """The templates of one channel, from the office's file, read at the first use."""

    def __init__(self, file: Path, channel: TemplateChannel) -> None:
        self._file = file
        self._channel: TemplateChannel = channel

    @cached_property
    def entries(self) -> Mapping[str, TemplateEntry]:
        """By kind of message. Raises Delivery `config` when the file cannot be used."""
        try:
            read = read_templates(self._file) if self._file.exists() else TemplatesFile()
        except ConfigFault as fault:
            raise Delivery("config", "templates", " ".join(fault.messages)) from fault
        entries: Mapping[str, TemplateEntry] = getattr(read, self._channel)
        return entries

    @property
    def in_use(self) -> bool:
        """Whether any template serves this channel; a file that cannot be read counts, so that its fault is told."""
        try:
            return bool(self.entries)
        except Delivery:
            return True

    def fill(self, envelope: Envelope) -> Filled:
        """The template of this message. Raises Delivery: `other_channel` when none serves it, `config` when it cannot.

        A file is never carried by a template.
        """
        entry = self.entries.get(envelope.kind) or self.entries.get("default")
        if envelope.attachments or entry is None or not envelope.facts:
            words = f"Chưa có mẫu Zalo đã duyệt cho loại tin này ({envelope.kind or 'không rõ loại'})."
            raise Delivery(
                "other_channel", "no-template", "Mẫu tin Zalo không mang tệp." if envelope.attachments else words
            )
        data = {name: _value(entry, name, envelope.facts.get(fact, "")) for name, fact in entry.params.items()}
        return Filled(entry.template_id, data, entry.development)


def _value(entry: TemplateEntry, parameter: str, words: str) -> str:
    """One parameter, cut to its length at a word. Raises Delivery `config` for a link that would have to be cut."""
    longest, fact, line = entry.longest(parameter), entry.params[parameter], " ".join(prepare_text(words).split())
    if fact in DATES and (day := _DAY.fullmatch(line)):
        # An office writes 05/3/2026 (Nghị định 30/2020); Zalo's DATE wants 05/03/2026.
        line = f"{int(day[1]):02d}/{int(day[2]):02d}/{day[3]}"
    if fact in WHOLE and len(line) > longest:
        cure = "Hãy xin duyệt mẫu có tham số dài hơn, hoặc rút gọn DONDOC_BASE_URL."
        fault = f"Mẫu {entry.template_id}, tham số {parameter}: liên kết dài {len(line)} ký tự, mẫu chỉ cho {longest}."
        raise Delivery("config", "template-param", f"{fault} {cure}", narrow=True)
    return cut(line, longest)[:longest] or BLANK


def template_faults(entry: TemplateEntry, info: Mapping[str, Any]) -> list[str]:
    """What is wrong between our entry and Zalo's own description of the template, in Vietnamese. Pure."""
    theirs = {str(one.get("name")): one for one in info.get("listParams") or () if isinstance(one, dict)}
    found = [*_state_faults(info), *_list_faults(entry, theirs)]
    for name in entry.params:
        found += _parameter_faults(entry, name, theirs[name]) if name in theirs else ()
    return [f"Mẫu {entry.template_id}{fault}" for fault in found]


def _state_faults(info: Mapping[str, Any]) -> Iterator[str]:
    if (state := str(info.get("status", ""))) != IN_USE:
        yield f" đang ở trạng thái {state or 'không rõ'} tại Zalo nên chưa gửi được."


def _list_faults(entry: TemplateEntry, theirs: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, one in theirs.items():
        if name not in entry.params and one.get("require", True):
            yield f" thiếu tham số {name}. Hãy thêm vào params trong zalo_templates.yaml."
    for name in entry.params:
        if name not in theirs:
            yield f" không có tham số {name}. Hãy bỏ khỏi params trong zalo_templates.yaml."


def _parameter_faults(entry: TemplateEntry, name: str, theirs: Mapping[str, Any]) -> Iterator[str]:
    longest, kind, fact = theirs.get("maxLength"), str(theirs.get("type", "")).upper(), entry.params[name]
    if isinstance(longest, int) and entry.longest(name) > longest:
        yield f", tham số {name}: Zalo chỉ cho {longest} ký tự. Hãy ghi lengths: {{{name}: {longest}}}."
    if kind == "NUMBER" and fact not in NUMBERS:
        yield f", tham số {name} là số; chỉ điền được bằng {' hoặc '.join(NUMBERS)}."
    if kind == "DATE" and fact not in DATES:
        yield f", tham số {name} là ngày; chỉ điền được bằng {' hoặc '.join(DATES)}."
