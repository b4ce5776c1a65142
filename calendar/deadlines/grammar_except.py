"""The part of the grammar that reads exceptions to a series: "trừ tháng 12", "riêng tháng 12 trước ngày 10"."""

from __future__ import annotations

from deadlines.atoms import Atom, Except, Point, Window
from deadlines.grammar_clauses import point
from deadlines.grammar_windows import window
from deadlines.source import Source, Words, any_of, opened_by

Read = tuple[Atom, int]

_LEFT_OUT = Words("trừ", "ngoại trừ", "không kể", "không bao gồm", "trừ các", "except", "except for", "except in")
_APART = Words("riêng", "riêng đối với", "riêng báo cáo", "riêng trong", "riêng kỳ báo cáo")
_THEN = Words("thì", "gửi", "nộp", "báo cáo", "hoàn thành", "thực hiện", "gửi báo cáo", "nộp báo cáo")
EXCEPT = any_of(_LEFT_OUT, _APART)  # what opens an exception


@opened_by(EXCEPT)
def exception(source: Source, at: int) -> Read | None:
    """Months or quarters with nothing else said of them, or with a day of their own."""
    start = _LEFT_OUT.match(source, at)
    named = _periods(source, start) if start else None
    if named:
        return (named[0], named[1]) if _closes(source, named[1]) else None
    start = _APART.match(source, at)
    named = _periods(source, start) if start else None
    if not named:
        return None
    sign = named[1] + 1 if source.is_punct(named[1], ":,") else named[1]
    own = point(source, _THEN.skip(source, sign))
    if not own or not isinstance(own[0], Point) or not _closes(source, own[1]):
        return None
    return Except(named[0].unit, named[0].numbers, own[0]), own[1]


def _periods(source: Source, at: int) -> tuple[Except, int] | None:
    """Tháng 6, tháng 12; quý IV."""
    found = window(source, at)
    if not found or not isinstance(found[0], Window) or found[0].cue != "none":
        return None
    stamps = (found[0].stamp, *found[0].more)
    unit = stamps[0].unit
    plain = all(each.unit == unit and not (each.year or each.edge or each.next_year) for each in stamps)
    if unit not in ("month", "quarter") or not plain:
        return None
    return Except(unit, tuple(each.number for each in stamps)), found[1]


def _closes(source: Source, at: int) -> bool:
    if source.is_punct(at, ",") and source.starts[at + 1] & EXCEPT:
        return True
    return source.kind(at) in ("end", "newline", "bullet") or source.is_punct(at, ";).")
