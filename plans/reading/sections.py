"""Which rows are headings and which are duties, and under which headings each duty stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from plans.reading.columns import UNIT_ROLES, Role
from plans.reading.ordinals import NO_ORDINAL, RANK, Ordinal, Style, chosen
from plans.reading.rows import VALUE_ROLES, Fields, looks_like_heading
from plans.reading.text import flat, squash


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading above a duty: its number and its words."""

    ordinal: Ordinal
    text: str
    row: Fields

    @property
    def label(self) -> str:
        """The heading as printed, number first."""
        return f"{self.ordinal.text} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Placed:
    """One duty row with its number and the headings it stands under, outermost first."""

    row: Fields
    ordinal: Ordinal
    headings: tuple[Heading, ...]

    @property
    def section(self) -> tuple[str, ...]:
        """The headings above the row as printed, outermost first, the group that a column names last."""
        group = flat(self.row.get(Role.GROUP))
        return (*(heading.label for heading in self.headings), *([group] if group else []))


@dataclass(frozen=True, slots=True)
class Outline:
    """The rows of a table placed under its headings; `headings` are all of them in reading order."""

    duties: tuple[Placed, ...]
    headings: tuple[Heading, ...]


def outline(rows: list[Fields], values: tuple[Role, ...]) -> Outline:
    """Place every row. `values` are the roles whose cells make a row a duty (or a target) and not a heading."""
    last: dict[Style, Ordinal] = {}
    stack: list[Heading] = []
    duties: list[Placed] = []
    headings: list[Heading] = []
    bare = not any(row.number for row in rows)
    for row, following in _with_next(rows):
        ordinal = chosen(row.number, last) or NO_ORDINAL
        if row.split:
            duties.append(Placed(row, duties[-1].ordinal if duties else ordinal, tuple(stack)))
            continue
        last[ordinal.style] = ordinal
        if _is_heading(row, ordinal, following, values, bare=bare):
            heading = Heading(ordinal, flat(row.content), row)
            _push(stack, heading)
            headings.append(heading)
            _forget_deeper(last, ordinal)
        else:
            _close_same(stack, ordinal)
            duties.append(Placed(row, ordinal, tuple(stack)))
    return Outline(tuple(duties), tuple(headings))


def _with_next(rows: list[Fields]) -> Iterator[tuple[Fields, Fields | None]]:
    return zip(rows, [*rows[1:], None], strict=False)


def _is_heading(
    row: Fields, ordinal: Ordinal, following: Fields | None, values: tuple[Role, ...], *, bare: bool
) -> bool:
    """Whether a row heads those below it; `bare` when no row of the table has a number that could tell."""
    if not row.content:
        return False
    if any(row.get(role) for role in values):
        return following is not None and _lends_units(row, following) and _opens_deeper(ordinal, following)
    if ordinal.style in (Style.UPPER, Style.ROMAN):
        return True
    if following is None:
        return False
    if row.spanned:
        return True
    if ordinal is NO_ORDINAL:
        return bool(following.number) or looks_like_heading(row) or (bare and following.has_values)
    return _opens_deeper(ordinal, following)


def _lends_units(row: Fields, following: Fields) -> bool:
    """Whether a row says only by whom, and the lettered rows below it say what comes of it and when."""
    own = [role for role in VALUE_ROLES if row.get(role)]
    shared = all(role in UNIT_ROLES and following.get(role) in ("", row.get(role)) for role in own)
    return shared and bool(following.content) and bool(following.get(Role.TIME) or following.get(Role.PRODUCT))


def _opens_deeper(ordinal: Ordinal, following: Fields) -> bool:
    """A bare numbered row is a heading when what follows is numbered more deeply, or not at all."""
    below = chosen(following.number, {ordinal.style: ordinal})
    if below is None:
        return bool(following.content) and following.has_values
    if below.style is ordinal.style:
        return ordinal.style is Style.NUMBER and below.value == 1 and following.has_values
    return RANK[below.style] > RANK[ordinal.style]


def _push(stack: list[Heading], heading: Heading) -> None:
    styles = [one.ordinal.style for one in stack]
    style = heading.ordinal.style
    if style in styles and style is not Style.NONE:
        del stack[styles.index(style) :]
    elif style is Style.NONE:
        stack[:] = [one for one in stack[:1] if one.text.isupper() and not heading.text.isupper()]
    elif heading.ordinal.value > 1:
        while stack and (stack[-1].ordinal is NO_ORDINAL or RANK[stack[-1].ordinal.style] >= RANK[style]):
            stack.pop()
    stack.append(heading)


def _close_same(stack: list[Heading], ordinal: Ordinal) -> None:
    """A duty numbered like a heading closes that heading: after "2" with its a, b comes a plain "3"."""
    styles = [one.ordinal.style for one in stack]
    if ordinal.style is not Style.NONE and ordinal.style in styles:
        del stack[styles.index(ordinal.style) :]


def _forget_deeper(last: dict[Style, Ordinal], ordinal: Ordinal) -> None:
    for style in [style for style in last if RANK[style] > RANK[ordinal.style] and ordinal is not NO_ORDINAL]:
        del last[style]


def keys(placed: tuple[Placed, ...], taken: set[str]) -> list[str]:
    """A key for each duty: its number where numbers run through the plan, else the path of numbers to it."""
    by_path = _restarts(placed)
    found: list[str] = []
    anchor, stem, parts, extra = "", "", 0, 0
    for at, one in enumerate(placed):
        if one.row.split:
            parts += 1
            key = f"{stem or anchor}.{_part_mark(one.row, parts)}"
        else:
            key, extra = _own_key(one, by_path, anchor, extra)
            key = free(key, taken)
            anchor, parts = (key if one.ordinal.text else anchor), 1
            if at + 1 < len(placed) and placed[at + 1].row.split:
                stem, key = key, f"{key}.{_part_mark(one.row, 1)}"
        key = free(key, taken)
        taken.add(key)
        found.append(key)
    return found


def _restarts(placed: tuple[Placed, ...]) -> bool:
    """Whether one number stands under several headings, as a duty or as a heading among duties."""
    under: dict[str, set[tuple[str, ...]]] = {}
    styles = {one.ordinal.style for one in placed}
    for one in placed:
        labels = [heading.label for heading in one.headings]
        if one.ordinal.text and not one.row.split:
            under.setdefault(one.ordinal.text, set()).add(tuple(labels))
        for at, heading in enumerate(one.headings):
            if heading.ordinal.style in styles:
                under.setdefault(heading.ordinal.text, set()).add(tuple(labels[:at]))
    return any(len(paths) > 1 for paths in under.values())


def _own_key(one: Placed, by_path: bool, anchor: str, extra: int) -> tuple[str, int]:
    """A duty without a number is named after its section, or after the numbered duty before it, and counted."""
    path = [heading.ordinal.text or squash(heading.text)[:12] for heading in one.headings]
    if one.ordinal.text:
        lettered = one.ordinal.style is Style.LOWER and bool(one.headings)
        under = path if by_path else path[-1:] if lettered else []
        return ".".join([*under, one.ordinal.text]), 0
    above = ".".join(path) or anchor
    return f"{above}+{extra + 1}" if above else f"r{extra + 1}", extra + 1


def _part_mark(row: Fields, part: int) -> str:
    printed = flat(row.get(Role.PRODUCT))[:2]
    return (
        printed[0]
        if len(printed) == 2 and printed[1] == ")" and printed[0].isalpha()
        else "abcdefghiklmnop"[(part - 1) % 15]
    )


def free(key: str, taken: set[str]) -> str:
    """The key, told apart by a count when a duty before it has taken it."""
    if key not in taken:
        return key
    return next(other for at in count(2) if (other := f"{key}#{at}") not in taken)
