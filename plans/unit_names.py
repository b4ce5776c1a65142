"""From the name that a plan prints to a unit of the register, or to the nearest ones. Pure of the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches

from config.unit_keys import Tail, fold_name

CANDIDATES = 4
CLOSE_ENOUGH = 0.55
# Names that mean no organ in particular: "Các cơ quan, đơn vị có liên quan", "các bộ phận chuyên môn", "Các Sở, ngành".
VAGUE = re.compile(
    r"^(cac|nhung|moi|toan the|tat ca|thu truong cac) |\blien quan$|^(co quan|don vi|bo phan|to chuc|ca nhan)( khac)?$"
)


@dataclass(frozen=True)
class NameBook:
    """Every known name: `keys` maps a folded name to a unit's code; `tail` is what the office's own names leave out."""

    keys: Mapping[str, str]
    tail: Tail | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """The folded name by which rows of a plan are known to mean the same unit."""
        return fold_name(name, self.tail)

    def resolve(self, name: str) -> str | None:
        """The code of exactly this unit, or None; never a guess."""
        return self.keys.get(fold_name(name)) or self.keys.get(self.key(name))

    def nearest(self, name: str) -> list[str]:
        """Codes of the units whose names look most like this one, best first, at most four."""
        close = get_close_matches(self.key(name), list(self.keys), CANDIDATES * 3, CLOSE_ENOUGH)
        inside = [known for known in self.keys if _holds(self.key(name), known)]
        ranked = sorted({*close, *inside}, key=lambda known: -_likeness(self.key(name), known))
        return list(dict.fromkeys(self.keys[known] for known in ranked))[:CANDIDATES]


def is_vague(name: str) -> bool:
    """Whether a name means no organ in particular; a coordinator so named is recorded and nobody is asked."""
    return bool(VAGUE.search(fold_name(name)))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _holds(one: str, other: str) -> bool:
    """One name holds the other whole: "trung tam PVHCC" in "can bo trung tam PVHCC"."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) > 5 and f" {shorter} " in f" {longer} "
