"""All audits of a plan, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from plans.reading.audit.annexes import annex_flaws
from plans.reading.audit.blanks import blank_flaws
from plans.reading.audit.captions import caption_flaws
from plans.reading.audit.citations import citation_flaws
from plans.reading.audit.figures import figure_flaws
from plans.reading.audit.flaws import Flaw
from plans.reading.audit.levels import level_flaws
from plans.reading.audit.localities import locality_flaws
from plans.reading.audit.matching import matching_flaws
from plans.reading.audit.numbering import numbering_flaws
from plans.reading.audit.opening import opening_flaws
from plans.reading.audit.organs import organ_flaws
from plans.reading.audit.series import series_flaws
from plans.reading.audit.subject import Subject
from plans.reading.audit.times import time_flaws
from plans.reading.audit.wording import wording_flaws

_AUDITS: tuple[Callable[[Subject], Iterator[Flaw]], ...] = (
    opening_flaws,
    series_flaws,
    numbering_flaws,
    annex_flaws,
    caption_flaws,
    blank_flaws,
    citation_flaws,
    locality_flaws,
    level_flaws,
    organ_flaws,
    time_flaws,
    matching_flaws,
    figure_flaws,
    wording_flaws,
)


def audit(subject: Subject) -> Iterator[Flaw]:
    """Every flaw that a program can tell for certain, each at its spot; `flaws.gathered` joins and orders them."""
    for one in _AUDITS:
        yield from one(subject)
