"""How an office reads words on which officials differ."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deadlines.atoms import Atom, Doubt, Point, Weekday


@dataclass(frozen=True)
class Convention:
    """The office's own reading of words that drafters use in two ways.

    ``before_includes_day``: "trước ngày 18" lets the 18th itself count, as some drafters mean it; by default the 17th
    is the last day (plain meaning of the words). An hour ("trước 15 giờ ngày 18") and a whole month or quarter ("trước
    tháng 6") are read alike by all.
    """

    before_includes_day: bool = False

    def apply(self, pieces: list[Atom]) -> list[Atom]:
        """The pieces of a phrase as this office means them."""
        return [_inclusive(piece) for piece in pieces] if self.before_includes_day else pieces


DEFAULT = Convention()


def _inclusive(piece: Atom) -> Atom:
    if isinstance(piece, Doubt):
        return replace(piece, options=tuple(tuple(map(_inclusive, option)) for option in piece.options))
    if isinstance(piece, (Point, Weekday)) and piece.cue == "before" and piece.time is None:
        return replace(piece, cue="latest")
    return piece
