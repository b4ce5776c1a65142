"""From the name that a plan prints to a unit of the register, or to the nearest ones. Pure of the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest

from config.unit_keys import Tail, fold_name

CANDIDATES = 4
CLOSE_ENOUGH = 0.55
# One letter in eight: "Phòng Kinh tể", "Trung tâm Phục vụ hàng chính công".
A_SLIP = 0.88
COMPARED = 40
COMPARED_LETTERS = 300
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
        return [code for code, _ in self._ranked(name)][:CANDIDATES]

    def misspelt(self, name: str) -> str | None:
        """The code of the one unit whose name differs by a slip of the keyboard only; to suggest, never to take."""
        key = self.key(name)
        slips = {code for known, code in self._alike(key) if _is_slip(key, known)}
        return slips.pop() if len(slips) == 1 else None

    def _ranked(self, name: str) -> list[tuple[str, float]]:
        key = self.key(name)
        best: dict[str, float] = {}
        for known, code in self._alike(key):
            likeness = max(_likeness(spelt, known) for spelt in {key, _spelt_out(key, known)})
            if likeness >= CLOSE_ENOUGH:
                best[code] = max(likeness, best.get(code, 0.0))
        return sorted(best.items(), key=lambda one: (-one[1], one[0]))

    def _alike(self, key: str) -> list[tuple[str, str]]:
        """The names worth comparing letter by letter: those that share most pairs of letters, some dozens."""
        vocabulary = {word for known in self.keys for word in known.split()}
        short = any(word not in vocabulary for word in key.split())
        rough = [
            (max(_shared(spelt, known) for spelt in {key, _spelt_out(key, known) if short else key}), known, code)
            for known, code in self.keys.items()
        ]
        return [(known, code) for share, known, code in nlargest(COMPARED, rough) if share > 0]


def is_vague(name: str) -> bool:
    """Whether a name means no organ in particular; a coordinator so named is recorded and nobody is asked."""
    return bool(VAGUE.search(fold_name(name)))


def _likeness(one: str, other: str) -> float:
    """1 for the same name, less for each letter that differs; a name that holds all words of the other is near."""
    longest = max(len(one), len(other), 1)
    far = min(len(one), len(other)) < CLOSE_ENOUGH * longest
    written = 0.0 if far else 1 - _edits(one[:COMPARED_LETTERS], other[:COMPARED_LETTERS]) / longest
    held = CLOSE_ENOUGH + (1 - CLOSE_ENOUGH) * min(len(one), len(other)) / longest
    return max(written, held) if _holds(one, other) else written


def _is_slip(one: str, other: str) -> bool:
    """Whether two names differ by a few letters only, and not in a number ("Tổ dân phố 1", "Tổ dân phố 2")."""
    same_figures = re.findall(r"\d+", one) == re.findall(r"\d+", other)
    longest = max(len(one), len(other), 1)
    near = min(len(one), len(other)) >= A_SLIP * longest and longest <= COMPARED_LETTERS
    return same_figures and near and 1 - _edits(one, other) / longest >= A_SLIP


def _shared(one: str, other: str) -> float:
    """The share of letter pairs that two names have in common; 1 when one holds the other's words."""
    if _holds(one, other):
        return 1.0
    mine, theirs = _pairs(one), _pairs(other)
    return 2 * len(mine & theirs) / ((len(mine) + len(theirs)) or 1)


@lru_cache(maxsize=8192)
def _pairs(name: str) -> frozenset[str]:
    return frozenset(name[at : at + 2] for at in range(len(name) - 1))


def _edits(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour to make one name the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        now = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(now[-1] + 1, last[column] + 1, last[column - 1] + (sign != wanted))
            swapped = row > 1 and column > 1 and sign == other[column - 2] and one[row - 2] == wanted
            now.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, last = last, now
    return last[-1]


def _spelt_out(one: str, other: str) -> str:
    """ "phong kt" beside "phong kinh te": letters that are the initials of words of the other name, as those words."""
    words = other.split()
    return " ".join(_words_of(initials, words) or initials for initials in one.split())


def _words_of(initials: str, words: list[str]) -> str | None:
    """The run of words that begin with these letters, when there are two words or more."""
    if not 2 <= len(initials) <= 8 or initials in words:
        return None
    runs = (words[at : at + len(initials)] for at in range(len(words) - len(initials) + 1))
    return next((" ".join(run) for run in runs if "".join(word[0] for word in run) == initials), None)


def _holds(one: str, other: str) -> bool:
    """Whether one name has all words of the other in their order: "hoi phu nu" in "hoi lien hiep phu nu"."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    rest = iter(longer)
    return len(shorter) > 1 and all(word in rest for word in shorter)
