"""Where one wrapped cell ends and the next begins, when only the lines are left.

Every way to cut the lines of a row into the columns is scored, and the cheapest is taken. What tells: a unit opens with
the noun of a unit and a capital; a time opens with a word of time; a line breaks only where the next word no
longer fits its column, whose width is learnt from the rows themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from plans.reading.columns import Role
from plans.reading.guesses import is_measure
from plans.reading.text import fold
from plans.reading.units_text import opens_as_unit

_TIME_START = re.compile(
    r"(?:thuong|qu[yi]\b|thang|nam\b|trong|truoc|theo|hang|dinh ky|dot xuat|khi\b|tu\b|sau\b|ngay|cham|hoan"
    r"|den\b|bat dau|cuoi|dau\b|\d{1,2} (?:thang|lan|lop|dot|buoi|cuoc)\b|\d{1,2}/|giai doan|xong|moi\b|ca nam\b"
    r"|vao\b|tuan\b|suot|lien tuc|hoc ky|ngay sau|ket thuc)"
)
_TIME_WORD = re.compile(
    r"(?:\d[\d/.,-]*|qu[yi]|[ivx]+|thang|nam|ngay|tuan|gio|dau|cuoi|giua|trong|truoc|sau|tu|den|het|hang|moi|dinh|ky"
    r"|thuong|xuyen|theo|khi|co|phat|sinh|yeu|cau|ke|hoach|quy|dinh|dot|xuat|hoan|thanh|giai|doan|lien|tuc|va|hoac"
    r"|cham|nhat|xong|lan|tien|do|chi|dao|bao|cao|thoi|diem|huong|dan|ca|6t|lich)"
)
# The words of time that other words equal once accents are gone ("Việt Nam", "Tư pháp", "Quy chế"), with their accents.
_ACCENTED = {
    "nam": ("năm",),
    "tu": ("từ",),
    "quy": ("quý", "quí"),
    "qui": ("quý", "quí"),
    "thang": ("tháng",),
    "dau": ("đầu",),
    "hang": ("hàng", "hằng"),
    "moi": ("mỗi",),
}
_TIME_OPEN = re.compile(r"\b(?:truoc|ngay|thang|qu[yi]|nam|het|cuoi|dau|cham nhat)$")
_ROLE_LABEL = re.compile(r"^\W*(?:(?:co quan|don vi|bo phan)\s+)?(?:chu tri|phoi hop)(?: thuc hien)?\s*:\s*")
_FIGURE_START = re.compile(
    r"(?:toi thieu|toi da|it nhat|tren\b|duoi\b|dat\b|tu \d|\d|[≥>≤<]|khong (?:qua|vuot|co|de|phat)|khong\W*$|phan dau)"
)
_UNFINISHED = re.compile(r"(?:[,;:\-–(]|\b(?:va|cua|thuoc|cac|ve|voi|theo|tai|trong|cho|tu|den|viet))$")
_BARE_NOUN = re.compile(r"(?:ubnd|uy ban nhan dan|phong|trung tam|van phong|so|ban|thuoc|cua|va|,)$")
_UNITS = (Role.LEAD, Role.COORDINATOR, Role.PERFORMER)
_EMPTY_COST = {
    Role.CONTENT: 8.0,
    Role.LEAD: 5.0,
    Role.PERFORMER: 5.0,
    Role.COORDINATOR: 3.0,
    Role.TIME: 5.0,
    Role.PRODUCT: 3.0,
    Role.TARGET: 6.0,
    Role.NOTE: 0.0,
}
_ROLE_WORDS = re.compile(r"(?:chu tri|phoi hop|chu tri,? phoi hop)\W*$")
# Widths are learnt from so many rows of at most so many lines, and first guesses tried on so many.
MAX_LINES, LEARNT_LINES, LEARNT_ROWS, TRIED_ROWS = 300, 60, 25, 10
_SLACK = 2
# Text is wrapped where more than this share of its rows have more lines than the table has columns.
LEAST_WRAPPED = 0.15


@dataclass(frozen=True, slots=True)
class Piece:
    """One wrapped line: its text, the space before it (0 usual, less = same line, more = a gap), if it opens a row."""

    text: str
    gap: int = 0
    opens: bool = False
    folded: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", fold(self.text))


@dataclass(frozen=True, slots=True)
class _Prices:
    """Costs of one column for one row, as running sums, so that any run of lines is priced at once."""

    empty: float
    starts: list[float]
    ends: list[float]
    wide: list[float]
    joins: list[float]
    lengths: list[int]
    longest: int | None

    def run(self, start: int, end: int) -> float:
        """The cost of a cell that holds the lines from start up to, not including, end."""
        if start == end:
            return self.empty
        cost = self.starts[start] + self.ends[end - 1] + self.wide[end] - self.wide[start]
        cost += self.joins[end - 1] - self.joins[start]
        excess = self.lengths[end] - self.lengths[start] - self.longest if self.longest is not None else 0
        return cost + (4.0 + excess / 20 if excess > 0 else 0.0)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What of the costs of one row in a column of one role stays the same whatever the column's width.

    `fits` is how wide the column must be for a line and the first word of the next.
    """

    starts: list[float]
    ends: list[float]
    strange: list[float]
    joins: list[float]
    fits: list[int]


def _opens_time(text: str) -> bool:
    """Whether a line opens with a word of time, accents minded where other words look the same without them."""
    folded = fold(text)
    word = re.match(r"\w+", folded)
    spelt = _ACCENTED.get(word.group()) if word else None
    return bool(_TIME_START.match(folded)) and (spelt is None or text[: len(spelt[0])].lower() in spelt)


def opens_figure(text: str) -> bool:
    """Whether a text opens a figure to reach: "Tối thiểu 60", "≥ 95", "không quá 2"."""
    return bool(_FIGURE_START.match(fold(text))) or text.startswith("%")


def _strange_time(piece: Piece) -> float:
    """What a line costs in the column of times when fewer than half of its words are words of time."""
    words = re.findall(r"[\w/.-]+", piece.folded)
    known = sum(1 for word in words if _TIME_WORD.fullmatch(word.strip(".-/")))
    return 0.0 if not words or known * 2 >= len(words) else 1.5


def _unit_astray(piece: Piece) -> float:
    """What a line costs that says who leads, in a column that is not for units."""
    return 4.0 if _ROLE_LABEL.match(piece.folded) else 0.0


def _over(piece: Piece, width: int) -> float:
    return 0.5 * (len(piece.text) - width) if width and len(piece.text) > width + _SLACK else 0.0


def _no_cost(_: Piece) -> float:
    return 0.0


def _runs(pieces: list[Piece], chosen: list[list[int]]) -> list[list[Piece]]:
    runs, start = [], 0
    for ends in chosen:
        runs.append(pieces[start : ends[start]])
        start = ends[start]
    return [*runs, pieces[start:]]


class Segmenter:
    """Cuts rows of one table into its columns; learns the columns' widths from the rows it is shown."""

    def __init__(self, roles: tuple[Role, ...]) -> None:
        self.roles = roles
        self.widths: tuple[int, ...] = (0,) * len(roles)
        self._known: dict[tuple[Role, tuple[Piece, ...]], _Standing] = {}

    def learn(self, rows: list[list[Piece]]) -> None:
        """Widths from several first guesses; those are kept under which all rows together are cut most cheaply."""
        if sum(1 for row in rows if len(row) > len(self.roles)) <= len(rows) * LEAST_WRAPPED:
            return  # Every cell is one line: nothing was broken at the borders of columns.
        rows = [row for row in rows if len(self.roles) <= len(row) <= LEARNT_LINES][:LEARNT_ROWS]
        guesses = self._guesses(rows)
        found: list[tuple[float, tuple[int, ...]]] = []
        for guess in guesses if len(guesses) > 1 else ():
            self.widths = guess
            for _ in range(2):
                self._measure(rows[:TRIED_ROWS])
            found.append((sum(self._cost(row) for row in rows[:TRIED_ROWS]), self.widths))
        self.widths = min(found)[1] if found else guesses[0]
        for _ in range(3):
            self._measure(rows)

    def _guesses(self, rows: list[list[Piece]]) -> list[tuple[int, ...]]:
        """None known; and, where columns of free text stand side by side, the first two of them narrow or wide."""
        unknown = (0,) * len(self.roles)
        free = [at for at, role in enumerate(self.roles) if role in (Role.CONTENT, Role.PRODUCT)][:2]
        if len(free) < 2 or len(rows) < 3:
            return [unknown]
        longest = _width([max(len(piece.text) for piece in row) for row in rows])
        shares = (0.4, 0.7, 1.0)
        pairs = [(1.0, share) for share in shares] + [(share, 1.0) for share in shares[:-1]]
        return [unknown, *(self._with(free, longest, pair) for pair in pairs)]

    def _with(self, free: list[int], longest: int, shares: tuple[float, float]) -> tuple[int, ...]:
        given = {at: int(longest * share) for at, share in zip(free, shares, strict=True)}
        return tuple(given.get(at, 0) for at in range(len(self.roles)))

    def _measure(self, rows: list[list[Piece]]) -> None:
        longest: list[list[int]] = [[] for _ in self.roles]
        for row in rows:
            for at, run in enumerate(self.cut(row)):
                if run:
                    longest[at].append(max(len(piece.text) for piece in run))
        self.widths = tuple(_width(sizes) for sizes in longest)

    def _cost(self, row: list[Piece]) -> float:
        """What the cheapest cut of a row costs under the widths known."""
        priced = [self._priced(column, row) for column in range(len(self.roles))]
        start, total = 0, 0.0
        for column, run in enumerate(self.cut(row)):
            total += priced[column].run(start, start + len(run))
            start += len(run)
        return total

    def cells(self, parts: list[list[Piece]]) -> list[str]:
        """The text of every cell of a row; the later parts, left over by a page break, end the same cells."""
        texts = [" ".join(piece.text for piece in run) for run in self.cut(parts[0])]
        for part in parts[1:]:
            for at, run in enumerate(self._left_over(part, texts)):
                texts[at] = " ".join([texts[at], *(piece.text for piece in run)]).strip()
        return texts

    def heading_lines(self, part: list[Piece]) -> tuple[list[Piece], list[Piece]]:
        """The lines at the head of a row that run over the column borders (a heading), and the others."""
        if Role.TARGET in self.roles:
            return ([], part)
        if 1 < len(part) <= len(self.roles) and self._has_value(part):
            return ([], part)
        content = self.widths[self.roles.index(Role.CONTENT)] if Role.CONTENT in self.roles else 0
        count = 0
        while count < len(part) and content and len(part[count].text) > content * 1.25:
            count += 1
        if (
            count
            and count < len(part)
            and not any(self._opens(role, part[-1:]) or len(part) > count + 2 for role in self.roles[-1:])
        ):
            count = len(part)
        if not count and not self._has_value(part):
            count = len(part)
        return part[:count], part[count:]

    def _has_value(self, part: list[Piece]) -> bool:
        """Whether any line after the first could open a unit, a time or a figure."""
        return any(
            self._opens(role, [piece])
            for piece in part[1:]
            for role in self.roles
            if role is not Role.CONTENT and role is not Role.PRODUCT
        )

    def cut(self, pieces: list[Piece]) -> list[list[Piece]]:
        """The cheapest cut of the lines into one run a column; no cell of a plan has as many lines as MAX_LINES."""
        if len(pieces) > MAX_LINES:
            return [pieces, *([] for _ in self.roles[1:])]
        priced = [self._priced(column, pieces) for column in range(len(self.roles))]
        best = [priced[-1].run(start, len(pieces)) for start in range(len(pieces) + 1)]
        chosen: list[list[int]] = []
        for column in reversed(range(len(self.roles) - 1)):
            ways = [
                min((priced[column].run(start, end) + best[end], end) for end in range(start, len(pieces) + 1))
                for start in range(len(pieces) + 1)
            ]
            best = [cost for cost, _ in ways]
            chosen.insert(0, [end for _, end in ways])
        return _runs(pieces, chosen)

    def _priced(self, column: int, pieces: list[Piece]) -> _Prices:
        """What every line of a row costs in a column: to start its cell, to stay in it, to end it."""
        role, width = self.roles[column], self.widths[column]
        same = self._standing(role, tuple(pieces))
        wide = (_over(piece, width) + strange for piece, strange in zip(pieces, same.strange, strict=True))
        joins = (
            cost + (1.5 if width >= fits + _SLACK else 0.0) for cost, fits in zip(same.joins, same.fits, strict=True)
        )
        return _Prices(
            empty=_EMPTY_COST.get(role, 1.0),
            starts=same.starts,
            ends=same.ends,
            wide=list(accumulate(wide, initial=0.0)),
            joins=list(accumulate(joins, initial=0.0)),
            lengths=list(accumulate((len(piece.text) for piece in pieces), initial=0)),
            longest=80 if role is Role.TIME else None,
        )

    def _standing(self, role: Role, pieces: tuple[Piece, ...]) -> _Standing:
        """Worked out once: a row is cut again and again while the widths are learnt."""
        found = self._known.get((role, pieces))
        if found is None:
            strange = _strange_time if role is Role.TIME else _no_cost if role in _UNITS else _unit_astray
            found = self._known[role, pieces] = _Standing(
                starts=[self._start_cost(role, pieces, at) for at in range(len(pieces))],
                ends=[self._end_cost(role, pieces, at) for at in range(len(pieces))],
                strange=[strange(piece) for piece in pieces],
                joins=[self._join_cost(role, piece, after) for piece, after in pairwise(pieces)],
                fits=[len(piece.text) + 1 + len(after.text.split(" ", 1)[0]) for piece, after in pairwise(pieces)],
            )
        return found

    def _start_cost(self, role: Role, pieces: Sequence[Piece], at: int) -> float:
        first = pieces[at]
        cost = 0.0 if self._opens(role, pieces[at : at + 3]) else 6.0
        cost += 0.5 if role is Role.NOTE else 0.0
        if not (first.text[:1].isupper() or first.text[:1].isdigit() or first.text[:1] in '“"(-≥>'):
            cost += 4.0
        if role is Role.PERFORMER and at and all(_ROLE_LABEL.match(one.folded) for one in pieces[at - 1 : at + 1]):
            cost += 6.0
        if at:
            cost += 3.0 if _UNFINISHED.search(pieces[at - 1].folded) else 0.0
            cost += 1.0 if first.text[:1] in "-–" and not pieces[at - 1].text.endswith((".", ";", ",", ":")) else 0.0
            cost += 3.0 if _TIME_OPEN.search(pieces[at - 1].folded) else 0.0
            cost -= (2.0 if first.gap > 0 else 0.0) + (3.0 if first.gap < 0 else 0.0)
        return cost

    def _end_cost(self, role: Role, pieces: Sequence[Piece], at: int) -> float:
        """ "chủ trì" and "phối hợp" stand in the units' column, where the table has one column for both."""
        tail = " ".join(piece.folded for piece in pieces[max(0, at - 1) : at + 1])
        if Role.PERFORMER not in self.roles or not _ROLE_WORDS.search(tail):
            return 0.0
        return -1.0 if role is Role.PERFORMER else 3.0

    def _join_cost(self, role: Role, piece: Piece, following: Piece) -> float:
        cost = 1.0 if following.gap > 0 else (2.5 if following.gap < 0 else 0.0)
        if not following.text[:1].isupper():
            return cost
        if role is Role.TIME:
            return cost + (0.0 if _opens_time(following.text) or _UNFINISHED.search(piece.folded) else 1.5)
        if role not in _UNITS:
            return cost
        unfinished = _UNFINISHED.search(piece.folded)
        cost += 0.0 if unfinished or role is Role.PERFORMER else 0.75
        if role is not Role.PERFORMER and opens_as_unit(following.text) and not unfinished:
            cost += 2.0
        return cost + (1.5 if _opens_time(following.text) else 0.0)

    def _opens(self, role: Role, run: Sequence[Piece]) -> bool:
        text = " ".join(piece.text for piece in run)
        if role in _UNITS:
            labelled = _ROLE_LABEL.match(fold(text))
            text = text[labelled.end() :] if labelled else text
            return opens_as_unit(text) and text.lstrip("-– ")[:1].isupper()
        if role is Role.TIME:
            return _opens_time(text.lstrip("-– "))
        if role is Role.MEASURE:
            return is_measure(run[0].text)
        if role is Role.TARGET:
            return opens_figure(text)
        return True

    def _left_over(self, part: list[Piece], texts: list[str]) -> list[list[Piece]]:
        """Lines after a page break: mostly the content's; a short last one may end a unit cut at a bare noun."""
        runs: list[list[Piece]] = [[] for _ in self.roles]
        rest = list(part)
        for at, role in enumerate(self.roles):
            open_end = role in _UNITS and _BARE_NOUN.search(fold(texts[at]))
            if (
                open_end
                and len(rest) > 1
                and rest[-1].text[:1].islower()
                and len(rest[-1].text) <= max(self.widths[at], 10)
            ):
                runs[at].append(rest.pop())
        content = self.roles.index(Role.CONTENT) if Role.CONTENT in self.roles else 0
        runs[content] = rest
        return runs


def _width(sizes: list[int]) -> int:
    """The width of a column: what nine rows of ten keep within."""
    ordered = sorted(sizes)
    return ordered[min(len(ordered) - 1, (len(ordered) * 9) // 10)] if ordered else 0
