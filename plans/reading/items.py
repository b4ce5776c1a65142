"""The numbered headings and paragraphs of the prose, and which of them stand above a paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from plans.reading.ordinals import RANK, Style, readings
from plans.reading.text import flat, fold
from plans.reading.units_in_prose import heading_units

_ITEM = re.compile(
    r"^(?P<mark>[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđ])(?P<stop>[.)/:]\s*[-–]?|\s?[-–](?=\s*[A-ZĐÀ-Ỹ][^\W\d]*\s))"
    r"\s*(?P<rest>\S.*)$",
    re.DOTALL,
)

# "Điều 2. Giao Sở A ...": articles of a decision that issues a plan, or of one that holds it.
_ARTICLE = re.compile(r"^Điều\s+(?P<mark>\d{1,2})\s*[.:]\s*(?P<rest>\S.*)$", re.DOTALL)

# Parts that go without a number: "TỔ CHỨC THỰC HIỆN", "Phần II: NHIỆM VỤ ...".
_TITLED = re.compile(
    r"(?:phan (?:thu )?\w+\W+)?(?:to chuc thuc hien|phan cong|trach nhiem (?:cua|thuc hien)|noi dung|nhiem vu|giai phap"
    r"|che do (?:thong tin,? )?bao cao|muc dich|muc tieu|yeu cau)"
)
TITLE_LENGTH = 90


@dataclass(slots=True)
class Item:
    """One numbered heading or paragraph that stands above what is being read."""

    style: Style
    mark: str
    label: str
    body: str
    units: tuple[str, ...] = ()
    intro: tuple[str, ...] = field(default=())
    bullet: str = ""
    listed: str | None = None


def opened(text: str) -> Item | None:
    """The item that a paragraph opens, by its number or by the words of a part, or None."""
    match = _ITEM.match(text)
    found = readings(match["mark"]) if match else []
    if match and found:
        body = flat(match["rest"])
        return Item(found[0].style, match["mark"], flat(text), body, heading_units(body))
    article = _ARTICLE.match(text)
    if article:
        body = flat(article["rest"])
        return Item(Style.ROMAN, f"Điều {article['mark']}", flat(text), body, heading_units(body))
    titled = len(text) <= TITLE_LENGTH and not text.endswith(".") and _TITLED.match(fold(text))
    if titled and not heading_units(text):
        return Item(Style.ROMAN, "", flat(text), flat(text))
    return None


def push(stack: list[Item], item: Item) -> None:
    """Put an item on the stack, closing those of its own rank and below."""
    while stack and RANK[stack[-1].style] >= RANK[item.style]:
        stack.pop()
    stack.append(item)
