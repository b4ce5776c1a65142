"""The documents that a plan cites: number, symbol, date as printed, and the issuer where it is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from plans.reading.audit.subject import Passage, Subject, Zone
from plans.reading.text import fold

KINDS = (
    r"nghi dinh|nghi quyet(?: lien tich)?|quyet dinh|ke hoach|thong tu(?: lien tich)?|cong van|chi thi|luat|van ban"
    r"|thong bao(?: ket luan)?|ket luan|huong dan|chuong trinh|to trinh|bao cao|cong dien|phap lenh|quy dinh|quy che"
)
_NUMBER = re.compile(
    r"(?<![\w/-])(?P<figure>\d{1,5})(?:"
    r"\s?/\s?(?P<year>(?:19|20)\d{2})\s?/\s?(?P<dated>[A-ZĐ]{1,8}\d{0,2}(?:\s?[-–]\s?[A-ZĐƯƠ][\w&]*)*)"
    r"|\s?/\s?(?P<plain>[A-ZĐ]{2,8}\d{0,2}(?:\s?[-–]\s?[A-ZĐƯƠ][\w&]*)+)"
    r"|-(?P<party>[A-ZĐ]{2,4}/[A-ZĐ]{2,5})(?!\w)"
    r"|(?P<glued>(?:NQ|QĐ|CT|KL|HD|KH|CV)/[A-ZĐ]{2,5})(?!\w))"
)
_DAY = re.compile(
    rf"^[,\s]*(?:cua (?:(?!\b(?:{KINDS})\b|\d)[^,;.()]){{3,90}}?)?[,\s]*\(?ngay\s*"
    r"(?P<day>\d{1,2})\s*"
    r"(?P<sign>/|-|\.|thang|nam)\s*(?P<month>\d{1,2})\s*(?:/|-|\.|nam|,)\s*(?P<year>\d{4})(?!\d)"
)
_KIND_BEFORE = re.compile(rf"(?P<kind>{KINDS})\s*(?:so)?\s*:?\s*$")
_ISSUER = re.compile(
    r"^[\s,]*(?:ngay [\d\s/.,a-z]{6,26}?\s)?cua ([^,;.()]{3,70}?)(?:\s+(?:ve|ban hanh|quy dinh)\b|[,;.()]|$)"
)
_NATIONAL = re.compile(
    r"-(?:CP|TTg|VPCP|B(?:NV|TC|CA|QP|YT|TP|XD|CT|KHCN|GDĐT|VHTTDL|NNMT|NNPTNT|TNMT|LĐTBXH|TTTT|KHĐT|GTVT))$|/TW$|^QH\d"
)


@dataclass(frozen=True, slots=True)
class Cited:
    """One document cited once; `day` is None where no date is printed or where the printed date cannot be."""

    kind: str
    figure: str
    number_year: int | None
    symbol: str
    printed: str
    words: str
    passage: Passage
    start: int
    day: date | None = None
    dated: bool = False
    sign: str = ""
    issuer: str = ""
    glued: bool = False

    @property
    def number(self) -> str:
        """Number and symbol, spaces gone, as two citations of one document share it."""
        year = f"/{self.number_year}" if self.number_year else ""
        return f"{int(self.figure)}{year}/{self.symbol}"

    @property
    def is_national(self) -> bool:
        """Numbered by a body of which there is one: Chính phủ, Thủ tướng, Bộ Chính trị, a ministry."""
        return _NATIONAL.search(self.symbol) is not None


def cited_documents(subject: Subject) -> list[Cited]:
    """Every citation of the plan in order; the recipients' list has none."""
    zones = (Zone.HEAD, Zone.BASIS, Zone.BODY, Zone.ROW, Zone.HEADING)
    return [one for passage in subject.in_zones(*zones) for one in _in_passage(passage)]


def _in_passage(passage: Passage) -> Iterator[Cited]:
    text, folded = passage.flat, passage.folded
    kind = ""
    for match in _NUMBER.finditer(text):
        before = _KIND_BEFORE.search(folded[: match.start()])
        kind = before["kind"] if before else kind
        if not before and match["glued"]:
            continue
        yield _cited(passage, text, folded, match, kind if before else "")


def _cited(passage: Passage, text: str, folded: str, match: re.Match[str], kind: str) -> Cited:
    symbol = match["dated"] or match["plain"] or match["party"] or match["glued"]
    after = folded[match.end() :]
    day = _DAY.match(after)
    issuer = _ISSUER.match(after)
    end = match.end() + (day.end() if day else 0)
    return Cited(
        kind=kind,
        figure=match["figure"],
        number_year=int(match["year"]) if match["year"] else None,
        symbol=re.sub(r"\s", "", symbol).replace("–", "-"),
        printed=text[match.start() : match.end()],
        words=text[match.start() : end].strip(),
        passage=passage,
        start=match.start(),
        day=_real(day) if day else None,
        dated=day is not None,
        sign=day["sign"] if day else "",
        issuer=issuer[1].strip() if issuer else "",
        glued=bool(match["glued"]),
    )


def _real(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def cites_before(text: str, end: int) -> bool:
    """Whether the sentence has cited somebody's document before this place: its words may be that document's title."""
    opening = max(text.rfind(". ", 0, end), text.rfind("; ", 0, end), text.rfind("\n", 0, end)) + 1
    before = text[opening:end]
    return bool(_NUMBER.search(before) or re.search(rf"\b(?:{KINDS})\s+so\s*:?\s*[\d/…]", fold(before)))
