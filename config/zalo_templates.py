"""The message templates that Zalo has approved for this office: `zalo_templates.yaml` in the office's config folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from config.faults import ConfigFault, os_words
from config.settings import Settings

FILE = "zalo_templates.yaml"
FACTS = ("to", "count", "overdue", "first", "period", "due", "reason", "url", "today", "office")
"""What a parameter may be filled with; `notifications.composing` writes them for each message."""
TemplateChannel = Literal["zalo_template", "zbs"]


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class TemplateEntry(BaseModel):
    """One approved template: its number at Zalo, and which fact fills each parameter, cut to its longest length."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    template_id: Annotated[str, BeforeValidator(_as_text)] = Field(pattern=r"^[0-9]{1,20}$")
    params: Mapping[
        str, Literal["to", "count", "overdue", "first", "period", "due", "reason", "url", "today", "office"]
    ]
    max_length: int = Field(30, ge=1, le=400)
    lengths: Mapping[str, Annotated[int, Field(ge=1, le=400)]] = Field(default_factory=dict)
    development: bool = False
    """A template not yet in public use: it reaches the administrators of the application alone."""

    def longest(self, parameter: str) -> int:
        """How many characters a parameter may have: its own length, or that of all."""
        return self.lengths.get(parameter, self.max_length)


class TemplatesFile(BaseModel):
    """Templates by channel and kind of message; `default` serves the kinds that are not named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zalo_template: Mapping[str, TemplateEntry] = Field(default_factory=dict)
    zbs: Mapping[str, TemplateEntry] = Field(default_factory=dict)


def load_templates(settings: Settings) -> TemplatesFile:
    """The office's approved templates; none without the file. Raises ConfigFault with every fault."""
    path = settings.yaml_dir / FILE
    return read_templates(path) if path.exists() else TemplatesFile()


def read_templates(path: Path) -> TemplatesFile:
    """The templates of one file. Raises ConfigFault naming the file and each fault."""
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
        return TemplatesFile.model_validate(content)
    except (OSError, UnicodeDecodeError) as error:
        words = os_words(error) if isinstance(error, OSError) else "không phải UTF-8"
        raise ConfigFault(f"{path}: không đọc được tệp ({words}).") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigFault(f"{path}, dòng {line}: sai cú pháp YAML. Hãy xem thụt dòng và dấu ngoặc.") from None
    except ValidationError as error:
        places = [".".join(str(part) for part in fault["loc"]) or "tệp" for fault in error.errors()]
        raise ConfigFault(*(f"{path}: mục {place} không dùng được. {CURE}" for place in places)) from None


CURE = f"Mỗi mẫu cần template_id (số) và params (tên tham số: một trong {', '.join(FACTS)})."


def has_template(settings: Settings, channel: TemplateChannel) -> bool:
    """Whether any template serves this channel.

    A file with faults serves none: they stop templates alone, never the chase, and `dondoc doctor` names them.
    """
    try:
        return bool(getattr(load_templates(settings), channel))
    except ConfigFault:
        return False
