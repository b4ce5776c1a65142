"""What "thường xuyên" beside another piece leaves open; the rules of duties that wait."""

from __future__ import annotations

from typing import TypeGuard

from deadlines import atoms as a
from deadlines.layout import Item
from deadlines.rules import ByReference, Continuous, OnDemand, OnEvent, Rule


def beside_lasting(first: Item, second: Item) -> str | None:
    """The reason to ask where "thường xuyên" and a date stand side by side, or None.

    "Thường xuyên, hằng ngày" may be one duty without a date or a date every day; "thường xuyên, quý IV" may be carried
    on, or done in the quarter.
    """
    pair = (first.atom, second.atom)
    if not any(isinstance(each, a.Lasting) for each in pair):
        return None
    if any(isinstance(each, a.Every) and each.freqs == ("daily",) for each in pair):
        return "«Thường xuyên» đứng cạnh «hằng ngày»: không rõ là việc làm liên tục hay có hạn từng ngày."
    beside = second.join == "comma" or (second.inside and not first.inside and second.join == "direct")
    plain = beside and not second.worked
    other = second.atom if isinstance(first.atom, a.Lasting) else first.atom
    if plain and _is_one_date(other):
        return "«Thường xuyên» đứng cạnh một mốc: không rõ là làm liên tục hay xong trong mốc đó."
    return None


def _is_one_date(atom: a.Atom) -> bool:
    if isinstance(atom, a.Point):
        return all(day.place == "fixed" and not day.every_year for day in atom.days)
    return isinstance(atom, a.Window) or (isinstance(atom, a.Range) and not opens(atom))


def opens(atom: a.Atom) -> TypeGuard[a.Range]:
    """Từ năm 2026: a beginning without an end."""
    return isinstance(atom, a.Range) and atom.left is not None and atom.right is None


def waiting_rule(atom: a.Atom) -> Rule:
    """The rule of a duty that waits or never ends."""
    if isinstance(atom, a.Lasting):
        return Continuous()
    if isinstance(atom, a.Event):
        return OnEvent(atom.trigger, atom.offset)
    return ByReference(atom.text) if isinstance(atom, a.Reference) else OnDemand()
