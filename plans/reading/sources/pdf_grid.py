"""Rules to tables: which rules cross each other, the grid they span, and which of its fields are one merged cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plans.reading.sources.pdf_ink import Rule

# Double lines, and the two sides of one thick line, are one line; rows of letters stand farther apart.
SAME = 3.0
# A side of a field is there when this share of it is drawn.
DRAWN = 0.6
MAX_RULES = 1500


@dataclass(frozen=True, slots=True)
class Field:
    """One cell of a grid: its first row and column, and how many it spans."""

    row: int
    column: int
    row_span: int
    col_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table on one page: the lines between its columns and rows, and its cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    fields: tuple[Field, ...]
    owner: tuple[tuple[int, ...], ...]

    @property
    def top(self) -> float:
        """Its upper side."""
        return self.ys[0]

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.ys[-1]

    def field_at(self, x: float, y: float) -> int | None:
        """The cell that holds a point, or None outside the table."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        inside = 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1
        return self.owner[row][column] if inside else None

    def sides(self, field: Field) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of a cell."""
        right, bottom = field.column + field.col_span, field.row + field.row_span
        return self.xs[field.column], self.ys[field.row], self.xs[right], self.ys[bottom]


def grids_of(rules: Iterable[Rule]) -> list[Grid]:
    """The tables of a page from top to bottom. A lone box is no table, nor is an underline or a page border."""
    merged = list(_merged(rules))
    if len(merged) > MAX_RULES:
        return []
    grids = [grid for group in _groups(merged) if (grid := _grid(group)) is not None]
    return sorted(grids, key=lambda grid: (grid.top, grid.xs[0]))


def _merged(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Pieces of one line, as one."""
    open_rules: list[Rule] = []
    for rule in sorted(rules, key=lambda one: (one.upright, round(one.at, 1), one.start)):
        before = open_rules[-1] if open_rules else None
        same = before and before.upright is rule.upright and abs(before.at - rule.at) <= 1
        if before and same and rule.start <= before.end + SAME and rule.end >= before.start - SAME:
            start, end = min(before.start, rule.start), max(before.end, rule.end)
            open_rules[-1] = Rule(rule.upright, before.at, start, end)
        else:
            open_rules.append(rule)
    return iter(open_rules)


def _groups(rules: list[Rule]) -> list[list[Rule]]:
    """Rules that cross or meet, together."""
    group = list(range(len(rules)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    upright = [at for at, rule in enumerate(rules) if rule.upright]
    level = [at for at, rule in enumerate(rules) if not rule.upright]
    for one in upright:
        for other in level:
            if _meet(rules[one], rules[other]):
                group[root(one)] = root(other)
    found: dict[int, list[Rule]] = {}
    for at, rule in enumerate(rules):
        found.setdefault(root(at), []).append(rule)
    return list(found.values())


def _meet(upright: Rule, level: Rule) -> bool:
    across = level.start - SAME <= upright.at <= level.end + SAME
    return across and upright.start - SAME <= level.at <= upright.end + SAME


def _grid(rules: list[Rule]) -> Grid | None:
    upright, level = [rule for rule in rules if rule.upright], [rule for rule in rules if not rule.upright]
    if not upright or len(level) < 2:
        return None
    upright = [*upright, *_open_sides(upright, level)]
    xs, ys = _lines([rule.at for rule in upright]), _lines([rule.at for rule in level])
    if len(xs) < 3 or len(ys) < 2:
        return None
    right_of = [[_drawn(upright, xs[at], ys[row], ys[row + 1]) for at in range(len(xs))] for row in range(len(ys) - 1)]
    below = [[_drawn(level, y, xs[at], xs[at + 1]) for at in range(len(xs) - 1)] for y in ys]
    fields, owner = _fields(right_of, below)
    return Grid(tuple(xs), tuple(ys), tuple(fields), owner) if len(fields) >= 2 else None


def _open_sides(upright: list[Rule], level: list[Rule]) -> Iterator[Rule]:
    """The sides of a table whose outer lines are left out: where all its level lines begin, and where they end."""
    top, bottom = min(rule.at for rule in level), max(rule.at for rule in level)
    for edge, ends in ((min, [rule.start for rule in level]), (max, [rule.end for rule in level])):
        at = edge(ends)
        shared = sum(1 for end in ends if abs(end - at) <= SAME)
        if shared >= 2 and all(abs(rule.at - at) > SAME * 2 for rule in upright):
            yield Rule(True, at, top, bottom)


def _lines(values: list[float]) -> list[float]:
    """The middle of every cluster of coordinates."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][-1] <= SAME:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [sum(cluster) / len(cluster) for cluster in clusters]


def _drawn(rules: list[Rule], at: float, start: float, end: float) -> bool:
    pieces = (min(rule.end, end) - max(rule.start, start) for rule in rules if abs(rule.at - at) <= SAME)
    return sum(piece for piece in pieces if piece > 0) >= DRAWN * (end - start)


def _fields(right_of: list[list[bool]], below: list[list[bool]]) -> tuple[list[Field], tuple[tuple[int, ...], ...]]:
    """Cells: each grows to the right over lines not drawn, then down, as long as it stays a rectangle."""
    height, width = len(right_of), len(below[0])
    owner = [[-1] * width for _ in range(height)]
    fields: list[Field] = []
    for row in range(height):
        for column in range(width):
            if owner[row][column] >= 0:
                continue
            right = column + 1
            while right < width and not right_of[row][right] and owner[row][right] < 0:
                right += 1
            down = row + 1
            while down < height and _open_below(right_of, below, down, column, right):
                down += 1
            for one in range(row, down):
                owner[one][column:right] = [len(fields)] * (right - column)
            fields.append(Field(row, column, down - row, right - column))
    return fields, tuple(map(tuple, owner))


def _open_below(right_of: list[list[bool]], below: list[list[bool]], row: int, left: int, right: int) -> bool:
    """Whether nothing is drawn between a cell and the row under it, nor through that row."""
    return not any(below[row][left:right]) and not any(right_of[row][left + 1 : right])
