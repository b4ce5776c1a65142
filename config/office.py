"""The issuing office, from the `office:` head of the register in use (HOME/config/units.yaml)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from config.faults import ConfigFault, os_words
from config.settings import Settings
from config.unit_keys import Tail
from config.units import UnitsFile, load_units_file


@dataclass(frozen=True)
class Office:
    """Who issues: full and short name, place of the date line, superior organ, symbol of its documents."""

    name: str
    short_name: str
    kind: str
    place: str
    superior: str
    symbol: str
    officer_unit: str | None

    @property
    def tail(self) -> Tail:
        """What the names of its own units may leave out."""
        return Tail(self.kind, self.place)


def units_path(settings: Settings) -> Path:
    """Where the register in use lies."""
    return settings.yaml_dir / "units.yaml"


def load_office(settings: Settings) -> Office:
    """The office of the register in use. Raises ConfigFault when there is none or it has faults."""
    path = units_path(settings)
    if not path.exists():
        raise ConfigFault(f"{path}: chưa có danh bạ đơn vị. Hãy chạy: dondoc units load units.yaml")
    return office_of(load_units_file(path))


def find_office(settings: Settings) -> Office | None:
    """The office of the register in use, or None when no register was loaded yet."""
    return load_office(settings) if units_path(settings).exists() else None


def office_of(register: UnitsFile) -> Office:
    """The office that a register speaks of; a missing short name is the full one."""
    head = register.office
    short = head.short_name or head.name
    return Office(head.name, short, head.kind, head.place, head.superior, head.symbol, head.officer_unit)


def keep_register(settings: Settings, source: Path) -> Path:
    """Make a checked file the register in use; gives its path. Raises ConfigFault when it cannot be written."""
    path = units_path(settings)
    if path.exists() and source.samefile(path):
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and renamed: a power cut never leaves half a register in use.
        aside = path.with_name(path.name + ".new")
        shutil.copyfile(source, aside)
        aside.replace(path)
    except OSError as error:
        raise ConfigFault(f"{path}: không ghi được danh bạ ({os_words(error)}). Hãy xem quyền ghi thư mục.") from error
    return path
