"""The numbers that Word prints by itself: "1.", "II.", "a)" stand in no text and are worked out from the lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from plans.reading.sources.word_package import W, is_on, number, value

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_DASHES = "-–—−"
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it is written ("%1.%2)"), and after which level it starts anew."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False


@dataclass(slots=True)
class Lists:
    """The lists of a document and how far each has been counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    by_style: dict[tuple[str, str], int] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, list_id: str, style_id: str | None, default: int) -> int:
        """The level that a list binds to a paragraph style."""
        return self.by_style.get((self.shared.get(list_id, ""), style_id or ""), default)

    def next_label(self, list_id: str, at: int) -> str:
        """Count one paragraph of a list and give what Word prints before it; "" for none."""
        levels = self.levels.get(list_id)
        if levels is None or list_id == "0":
            return ""
        at = min(at, DEEPEST)
        level = levels.get(at, Level())
        counts = self.counts.setdefault(self.shared.get(list_id, list_id), {})
        fresh = (list_id, at) not in self.begun
        self.begun.add((list_id, at))
        if fresh and at in self.starts.get(list_id, {}):
            counts[at] = self.starts[list_id][at]
        else:
            counts[at] = counts[at] + 1 if at in counts else level.start
        for deeper in [one for one in counts if one > at and _starts_anew(levels.get(one, Level()), at)]:
            del counts[deeper]
        return _label(levels, level, counts)


def _starts_anew(level: Level, after: int) -> bool:
    return level.restart is None or (level.restart > 0 and after < level.restart)


def _label(levels: dict[int, Level], level: Level, counts: dict[int, int]) -> str:
    if level.form == "bullet":
        return "-" if level.text.strip() in _DASHES and level.text.strip() else _bullet(level.text.strip())
    if level.form == "none":
        return re.sub(r"%\d", "", level.text).strip()

    def counted(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        one = levels.get(at, Level())
        return written(counts.get(at, one.start), "decimal" if level.legal and at < DEEPEST else one.form)

    return re.sub(r"%([1-9])", counted, level.text).strip()


def _bullet(sign: str) -> str:
    """Signs of symbol fonts have no letter of their own; every such bullet is told as one dot."""
    return sign if sign in ("+", "*", "•") else "•"


def written(count: int, form: str) -> str:
    """A count in a form of numbering (ST_NumberFormat of ISO/IEC 29500); forms not used here count in digits."""
    if form in ("upperRoman", "lowerRoman") and 0 < count < 4000:
        text = roman(count)
        return text.upper() if form == "upperRoman" else text
    if form in ("upperLetter", "lowerLetter") and 0 < count <= 26 * 30:
        text = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return text.upper() if form == "upperLetter" else text
    return f"{count:02d}" if form == "decimalZero" else str(count)


def roman(count: int) -> str:
    """A Roman numeral in small letters."""
    text = ""
    for worth, sign in _ROMAN:
        text += sign * (count // worth)
        count %= worth
    return text


def lists_of(root: Any | None) -> Lists:
    """The lists of a document; none when it has no part of numbering."""
    lists = Lists()
    if root is None:
        return lists
    abstract = {one.get(f"{W}abstractNumId", ""): one for one in root.iter(f"{W}abstractNum")}
    linked = {value(one, "styleLink"): key for key, one in abstract.items() if value(one, "styleLink")}
    for one in root.iter(f"{W}num"):
        list_id, shared = one.get(f"{W}numId", ""), value(one, "abstractNumId") or ""
        wanted = value(abstract[shared], "numStyleLink") if shared in abstract else None
        shared = linked.get(wanted, shared) if wanted else shared
        if shared not in abstract:
            continue
        lists.shared[list_id] = shared
        lists.levels[list_id] = _levels(abstract[shared])
        _override(lists, list_id, one)
        for level in abstract[shared].iter(f"{W}lvl"):
            style = value(level, "pStyle")
            if style:
                lists.by_style[shared, style] = number(level.get(f"{W}ilvl"))
    return lists


def _override(lists: Lists, list_id: str, one: Any) -> None:
    for changed in one.iter(f"{W}lvlOverride"):
        at = number(changed.get(f"{W}ilvl"))
        start = value(changed, "startOverride")
        if start is not None:
            lists.starts.setdefault(list_id, {})[at] = number(start, 1)
        if changed.find(f"{W}lvl") is not None:
            lists.levels[list_id] = {**lists.levels[list_id], **_levels(changed)}


def _levels(parent: Any) -> dict[int, Level]:
    return {
        number(one.get(f"{W}ilvl")): Level(
            number(value(one, "start"), 1),
            value(one, "numFmt") or "decimal",
            value(one, "lvlText") or "",
            number(value(one, "lvlRestart"), 0) if value(one, "lvlRestart") is not None else None,
            bool(is_on(one, "isLgl")),
        )
        for one in parent.iter(f"{W}lvl")
    }
