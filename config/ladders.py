"""The ladders of an installation: those of the package, and the office's own over them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from chasing import Ladder, LadderError
from config.faults import ConfigFault
from config.settings import Settings

PACKAGED = Path(__file__).with_name("ladders.yaml")


def load_ladders(settings: Settings, own: Path | None = None) -> dict[str, Ladder]:
    """Every ladder by name; `own` stands in for the office's file.

    Raises ConfigFault naming the file and each ladder that cannot be used.
    """
    ladders = read_ladders(PACKAGED)
    file = own or settings.yaml_dir / "ladders.yaml"
    return ladders | read_ladders(file) if own or file.exists() else ladders


def read_ladders(path: Path) -> dict[str, Ladder]:
    """The ladders of one file. Raises ConfigFault with every fault of the file."""
    ladders: dict[str, Ladder] = {}
    faults: list[str] = []
    for name, data in _named(path).items():
        try:
            ladders[name] = _ladder(name, data)
        except LadderError as error:
            faults.append(f"{path}: {error}")
    if faults:
        raise ConfigFault(*faults)
    return ladders


def _named(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigFault(f"{path}: không đọc được tệp ({error}).") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise ConfigFault(f"{path}, dòng {line}: sai cú pháp YAML. Hãy xem thụt dòng và dấu ngoặc.") from error
    named = content.get("ladders") if isinstance(content, dict) else None
    if not isinstance(named, dict) or not named:
        raise ConfigFault(f"{path}: thiếu mục ladders. Hãy viết mỗi thang dưới 'ladders:' với tên của nó.")
    return {str(name): data for name, data in named.items()}


def _ladder(name: str, data: object) -> Ladder:
    if not isinstance(data, dict):
        raise LadderError(f"Thang {name}: phải có office_hours, quiet_days và steps.")
    return Ladder.from_json({"name": name, **data})
