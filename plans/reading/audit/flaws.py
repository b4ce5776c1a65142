"""One flaw at one spot, and the joining of equal flaws into findings in the order of the document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plans.reading.document import NOWHERE, Place
from plans.reading.model import Finding, Severity

NOTE, WARNING, ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR
SHOWN_SPOTS = 12
WHOLE = "cả văn bản"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: its order in the document, its place in the file, and the name of its row."""

    at: int = -1
    place: Place = NOWHERE
    name: str = ""

    def words(self) -> str:
        """The spot as an officer looks for it."""
        return ", ".join(part for part in (self.name, self.place.words()) if part)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw at one spot; equal words at several spots become one finding."""

    code: str
    severity: Severity
    spot: Spot
    message: str
    suggestion: str


def gathered(flaws: Iterable[Flaw]) -> list[Finding]:
    """The flaws as findings: the same flaw told once with its places together, in the order of the document."""
    spots: dict[tuple[str, Severity, str, str], list[Spot]] = {}
    for flaw in flaws:
        key = (flaw.code, flaw.severity, flaw.message, flaw.suggestion)
        known = spots.setdefault(key, [])
        if flaw.spot not in known:
            known.append(flaw.spot)
    found = [(sorted(where, key=lambda spot: spot.at), key) for key, where in spots.items()]
    found.sort(key=lambda one: one[0][0].at)
    return [Finding(code, severity, where_words(where), *said) for where, (code, severity, *said) in found]


def where_words(spots: list[Spot]) -> str:
    """One spot in full; several as "nhiệm vụ 2, 5 (dòng 91, 97)" or "dòng 12, 18, 40"."""
    if len(spots) == 1:
        return spots[0].words() or WHOLE
    shown = spots[:SHOWN_SPOTS]
    names = _listed(list(dict.fromkeys(spot.name for spot in shown if spot.name)))
    places = _listed(list(dict.fromkeys(spot.place.words() for spot in shown if spot.place.words())))
    more = f" và {len(spots) - SHOWN_SPOTS} chỗ khác" if len(spots) > SHOWN_SPOTS else ""
    if names and all(spot.name for spot in shown):
        return f"{names}{f' ({places})' if places else ''}{more}"
    return f"{places or names or WHOLE}{more}"


def _listed(words: list[str]) -> str:
    """ "dòng 3, dòng 5" with the word told once: "dòng 3, 5"; other words are joined as they are."""
    heads = {text.rpartition(" ")[0] for text in words}
    if len(words) > 1 and len(heads) == 1 and "" not in heads:
        return f"{heads.pop()} {', '.join(text.rpartition(' ')[2] for text in words)}"
    return "; ".join(words) if any("," in text for text in words) else ", ".join(words)


def quoted(text: str, limit: int = 80) -> str:
    """The words of the document between quotation marks, cut at a word when long."""
    if len(text) <= limit:
        return f"“{text}”"
    return f"“{text[:limit].rsplit(' ', 1)[0]} …”"
