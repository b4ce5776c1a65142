"""How the pieces of a phrase stand to each other: segments, brackets, what joins one piece to the next."""

from __future__ import annotations

from typing import Literal, NamedTuple

from deadlines.atoms import Atom, Filler, Mark

Join = Literal["start", "direct", "comma", "and", "or"]


class Item(NamedTuple):
    """A piece that carries time, with what stands before it.

    ``inside`` counts the bracket it stands in (0: none); ``noun`` is true when a noun such as "báo cáo" stands right
    before it, so that a bare period would be the noun's and no deadline (``report``: it can be nothing else);
    ``worked`` when any filler stands before it.
    """

    atom: Atom
    join: Join
    inside: int
    noun: bool
    worked: bool
    report: bool = False


class Segment(NamedTuple):
    """The pieces between two hard separators; ``periodic`` when a lone "định kỳ" stands among them."""

    items: tuple[Item, ...]
    periodic: bool


def segments(atoms: list[Atom]) -> list[Segment]:
    """Cuts the pieces at ";", line breaks and bullets that stand outside brackets."""
    groups: list[list[Atom]] = [[]]
    depth = 0
    for atom in atoms:
        sign = atom.sign if isinstance(atom, Mark) else ""
        depth += (sign == "(") - (sign == ")")
        if sign == ";" and depth == 0:
            groups.append([])
        else:
            groups[-1].append(atom)
    return [_segment(group) for group in groups if group]


def balanced(atoms: list[Atom]) -> bool:
    """Whether every bracket that opens also closes."""
    depth = 0
    for atom in atoms:
        sign = atom.sign if isinstance(atom, Mark) else ""
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0


def _segment(atoms: list[Atom]) -> Segment:
    items: list[Item] = []
    join: Join = "start"
    depth = bracket = 0
    noun = worked = periodic = report = False
    for atom in atoms:
        if isinstance(atom, Mark):
            depth += (atom.sign == "(") - (atom.sign == ")")
            bracket += atom.sign == "("
            join = _joined(join, atom.sign)
            noun = noun and atom.sign in ("and", "or", ":")
        elif isinstance(atom, Filler):
            noun, worked, periodic = atom.noun, worked or not atom.finishing, periodic or atom.periodic
            report = atom.report
        else:
            items.append(Item(atom, join, bracket if depth else 0, noun, worked, report))
            join, noun, worked, report = "direct", False, False, False
    return Segment(tuple(items), periodic)


def _joined(join: Join, sign: str) -> Join:
    if join == "start":
        return "start"
    for word in ("or", "and"):
        if word in (sign, join):
            return word
    return "comma" if sign in ",;" else join
