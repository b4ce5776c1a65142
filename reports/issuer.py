"""Who issues a report and who signs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from reports.wording import one_line

COMMITTEE = re.compile(r"(?i)^\s*(?:[uủ][yỷ]\s+ban\s+nhân\s+dân|ubnd)\s+")


class IssuingOffice(Protocol):
    """What a report must know of the office; `config.office.Office` has it."""

    @property
    def name(self) -> str:
        """Full name: "Ủy ban nhân dân xã ..."."""

    @property
    def short_name(self) -> str:
        """Name inside sentences: "UBND xã ..."."""

    @property
    def place(self) -> str:
        """Place name before the date."""

    @property
    def superior(self) -> str | None:
        """Whom the report goes to."""

    @property
    def symbol(self) -> str:
        """The agency's short form in document numbers: UBND."""


@dataclass(frozen=True)
class Signing:
    """The signature block (Nghị định 30/2020 điều 13): authority and title, one line each; who signs, when known.

    `receivers` are the lines of "Nơi nhận", without dash and stop. `addressee` follows "Kính gửi" when the report goes
    elsewhere than to the superior organ.
    """

    lines: tuple[str, ...]
    name: str = ""
    receivers: tuple[str, ...] = ("Như trên", "Lưu: VT")
    addressee: str = ""


SIGNINGS = {
    "chu-tich": ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    "pho-chu-tich": ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    "thua-lenh": ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
    "thu-truong": ("THỦ TRƯỞNG CƠ QUAN",),
}


def is_committee(office: IssuingOffice) -> bool:
    """Whether the office is a People's Committee, which has no managing organ above it in the head of a document."""
    return COMMITTEE.match(one_line(office.name) + " ") is not None


def usual_signing(office: IssuingOffice) -> Signing:
    """A vice-chair signs for the chair of a committee; elsewhere the head of the agency signs."""
    return Signing(SIGNINGS["pho-chu-tich" if is_committee(office) else "thu-truong"])


def issuer_lines(office: IssuingOffice) -> tuple[list[str], list[str]]:
    """The left block of the head: lines of the managing organ (not bold), lines of the issuing organ (bold)."""
    name = one_line(office.name)
    if is_committee(office):
        place = COMMITTEE.sub("", name)
        return [], ["ỦY BAN NHÂN DÂN", place.upper()]
    above = [one_line(office.superior).upper()] if office.superior else []
    return above, [name.upper()]
