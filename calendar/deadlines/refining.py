"""Whether a later piece moves, contradicts or narrows the stretch before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deadlines import atoms as a
from deadlines.layout import Item, Segment
from deadlines.rules import Once, Rule
from deadlines.spans import Unsure, dated_window
from deadlines.yearly import is_yearly


def contradicts(rule: Rule, following: Item) -> bool:
    """Năm 2026, chậm nhất quý I/2027: a last day named right behind a stretch, and outside it."""
    last = getattr(following.atom, "cue", "") in ("latest", "before") and isinstance(rule, Once)
    return last and following.join in ("direct", "comma") and not following.worked


def holds(rule: Rule, atom: a.Atom) -> bool:
    """Whether a stretch holds the one named right after it: "Năm 2026, trong quý II"."""
    if not isinstance(rule, Once) or rule.start is None or not isinstance(atom, a.Window) or atom.more:
        return False
    finer = dated_window(replace(atom, cue="in"), rule.due.year) if not atom.stamp.edge else None
    return isinstance(finer, Once) and finer.start is not None and rule.start <= finer.start and finer.due <= rule.due


def may_refine(item: Item, following: Item) -> bool:
    """Whether a day behind a stretch may be a finer day of the same work.

    Raises:
        Unsure: another work stands between them.
    """
    dated = isinstance(following.atom, (a.Point, a.Window, a.Range))
    beside = following.join in ("direct", "comma") and getattr(following.atom, "cue", "none") != "none"
    if following.worked and not following.inside and dated and beside:
        raise Unsure("Có hai mốc cho hai việc khác nhau trong một ô; cần tách thành hai thời hạn.")
    return dated and ((following.inside > 0 and not item.inside) or beside)


def lends_before(earlier: Sequence[Item], item: Item, point: a.Point) -> bool:
    """Trước ngày 05/6 (6 tháng) và 05/12 (năm): whether "trước" may reach over to a later, bare day."""
    if point.cue != "none" or point.time or item.worked or item.inside or item.join not in ("comma", "and", "or"):
        return False
    points = [each.atom for each in earlier if isinstance(each.atom, a.Point)]
    return bool(points) and points[-1].cue == "before" and not points[-1].time


def lends_cue(first: Segment, second: Segment) -> bool:
    """Trước ngày 20/3; 20/6: whether "trước" may reach over the ";" to a bare day."""
    before = first.items[-1].atom if first.items else None
    after = second.items[0] if second.items else None
    if not after or not isinstance(after.atom, a.Point) or not isinstance(before, a.Point) or after.worked:
        return False
    return before.cue == "before" and not before.time and after.atom.cue == "none" and not after.atom.time


def check_beside(item: Item, point: a.Point, second: Item | None) -> None:
    """Whether a day stands for itself, beside what follows it.

    Raises:
        Unsure: it may be the day of a document, a day aimed at, or share in what the piece behind it says.
    """
    if item.noun and point.cue == "none" and not item.inside:
        raise Unsure("Ngày này có thể là ngày của văn bản hay cuộc họp chứ không phải thời hạn.")
    later = second.atom if second else None
    if not second or not isinstance(later, (a.Point, a.Every)):
        return
    if isinstance(later, a.Point) and later.cue == "latest" != point.cue and _plainly_beside(second):
        raise Unsure("Có hai mốc «phấn đấu» và «chậm nhất» đứng cạnh nhau; không rõ lấy mốc nào.")
    if isinstance(later, a.Point) and is_yearly(later) and not is_yearly(point):
        raise Unsure("Mốc đứng trước không rõ có lặp lại hằng năm như mốc đứng sau không.")
    if isinstance(later, a.Every) and second.join == "comma" and not is_yearly(point):
        raise Unsure("Mốc ngày đứng trước không rõ có lặp lại theo kỳ đứng sau dấu phẩy không.")


def _plainly_beside(second: Item) -> bool:
    return second.join in ("direct", "comma") and not second.worked and not second.inside
