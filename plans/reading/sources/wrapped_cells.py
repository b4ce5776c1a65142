"""Where one wrapped cell ends and the next begins, when only the lines are left.

Every way to cut the lines of a row into the columns is scored, and the cheapest is taken. What tells: a unit opens with
the noun of a unit and a capital; a time opens with a word of time; a line breaks only where the next word no
longer fits its column, whose width is learnt from the rows themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from plans.reading.columns import Role
from plans.reading.text import fold
from plans.reading.units_text import opens_as_unit

_TIME_START = re.compile(
    r"(?:thuong|qu[yi]\b|thang|nam\b|trong|truoc|theo|hang|dinh ky|dot xuat|khi\b|tu\b|sau\b|ngay|cham|hoan|den\b|bat dau|cuoi|dau\b|6 thang|\d{1,2}/|giai doan|xong|moi\b)"
)
_FIGURE_START = re.compile(r"(?:toi thieu|it nhat|tren\b|dat\b|\d|≥|>|khong)")
_UNFINISHED = re.compile(r"(?:[,;:\-–(]|\b(?:va|cua|thuoc|cac|ve|voi|theo|tai|trong|cho|tu|den))$")
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
}
_ROLE_WORDS = re.compile(r"(?:chu tri|phoi hop|chu tri,? phoi hop)\W*$")
_SLACK = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """One wrapped line: its text, the blank space before it (0 usual, less = same line, more = a gap), whether it opens a row."""

    text: str
    gap: int = 0
    opens: bool = False


class Segmenter:
    """Cuts rows of one table into its columns; learns the columns' widths from the rows it is shown."""

    def __init__(self, roles: tuple[Role, ...]) -> None:
        self.roles = roles
        self.widths: tuple[int, ...] = (0,) * len(roles)

    def learn(self, rows: list[list[Piece]]) -> None:
        """Three rounds: cut without widths, measure, cut again with what was measured."""
        for _ in range(3):
            longest: list[list[int]] = [[] for _ in self.roles]
            for row in rows:
                for at, run in enumerate(self.cut(row) if len(row) >= len(self.roles) else []):
                    if run:
                        longest[at].append(max(len(piece.text) for piece in run))
            self.widths = tuple(_width(sizes) for sizes in longest)

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
        """The cheapest cut of the lines into one run a column."""
        count, columns = len(pieces), len(self.roles)

        @cache
        def best(start: int, column: int) -> tuple[float, int]:
            if column == columns - 1:
                return self._cost(column, pieces[start:], pieces[start - 1] if start else None), count
            options = []
            for end in range(start, count + 1):
                own = self._cost(column, pieces[start:end], pieces[start - 1] if start else None)
                options.append((own + best(end, column + 1)[0], end))
            return min(options)

        runs, start = [], 0
        for column in range(columns):
            end = best(start, column)[1]
            runs.append(pieces[start:end])
            start = end
        return runs

    def _cost(self, column: int, run: list[Piece], before: Piece | None) -> float:
        role = self.roles[column]
        if not run:
            return _EMPTY_COST.get(role, 1.0)
        cost = self._start_cost(role, run, before)
        width = self.widths[column]
        for piece, following in zip(run, [*run[1:], None], strict=True):
            if width and len(piece.text) > width + _SLACK:
                cost += 0.5 * (len(piece.text) - width)
            if following:
                cost += self._join_cost(role, piece, following, width)
        return cost

    def _start_cost(self, role: Role, run: list[Piece], before: Piece | None) -> float:
        first = run[0]
        cost = 0.0 if self._opens(role, run) else 6.0
        if not (first.text[:1].isupper() or first.text[:1].isdigit() or first.text[:1] in '“"(-≥>'):
            cost += 4.0
        if before is not None:
            cost += 3.0 if _UNFINISHED.search(fold(before.text)) else 0.0
            cost -= {True: 2.0, False: 0.0}[first.gap > 0] + (3.0 if first.gap < 0 else 0.0)
        cost += self._role_word_cost(role, run)
        if role is Role.TIME and sum(len(piece.text) for piece in run) > 80:
            cost += 4.0
        return cost

    def _role_word_cost(self, role: Role, run: list[Piece]) -> float:
        """ "chủ trì" and "phối hợp" stand in the units' column, where the table has one column for both."""
        if Role.PERFORMER not in self.roles or not _ROLE_WORDS.search(fold(" ".join(piece.text for piece in run))):
            return 0.0
        return -1.0 if role is Role.PERFORMER else 3.0

    def _join_cost(self, role: Role, piece: Piece, following: Piece, width: int) -> float:
        cost = 1.0 if following.gap > 0 else (2.5 if following.gap < 0 else 0.0)
        word = following.text.split(" ", 1)[0]
        if width and len(piece.text) + 1 + len(word) <= width - _SLACK:
            cost += 1.5
        if (
            role in (Role.LEAD, Role.COORDINATOR)
            and following.text[:1].isupper()
            and opens_as_unit(following.text)
            and not _UNFINISHED.search(fold(piece.text))
        ):
            cost += 2.0
        if role in _UNITS and following.text[:1].isupper() and _TIME_START.match(fold(following.text)):
            cost += 1.5
        return cost

    def _opens(self, role: Role, run: list[Piece]) -> bool:
        text = " ".join(piece.text for piece in run)
        if role in _UNITS:
            return opens_as_unit(text) and text.lstrip("-– ")[:1].isupper()
        if role is Role.TIME:
            return bool(_TIME_START.match(fold(text).lstrip("- ")))
        if role in (Role.TARGET, Role.MEASURE):
            return bool(_FIGURE_START.match(fold(text))) or text.startswith("%")
        return True

    def _left_over(self, part: list[Piece], texts: list[str]) -> list[list[Piece]]:
        """Lines after a page break: mostly the content's; a last short line may end a unit that stopped at a bare noun."""
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
