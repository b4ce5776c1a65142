"""Heads without a number ("Giao Phòng A:", "* Công an xã:", "Các thôn có trách nhiệm:") and how far they reach."""

from __future__ import annotations

from plans.reading.items import Item, push
from plans.reading.ordinals import Style
from plans.reading.text import flat, fold, is_bulleted, unbulleted
from plans.reading.units_in_prose import bound_unit, heading_units, ordered_units

HEAD_LENGTH = 300
BARE_HEAD_LENGTH = 120
_CLOSES = ("tren day la", "trong qua trinh", "qua trinh thuc hien", "ke hoach nay")


def unnumbered_head(text: str) -> Item | None:
    """The head that a paragraph without a number is, or None: it names units and opens what stands below it."""
    body = unbulleted(text).strip()
    bullet = text.lstrip()[:1] if is_bulleted(text) else ""
    if len(body) > HEAD_LENGTH or text.endswith((".", ";")):
        return None
    if body.endswith(":"):
        units = ordered_units(body) or bound_unit(body)
    else:
        bare = bullet not in ("-", "+", "–") and len(body) <= BARE_HEAD_LENGTH
        units = heading_units(body) if bare and not bound_unit(body) else ()
    return Item(Style.NONE, "", flat(body), flat(body), units, bullet=bullet) if units else None


def open_head(stack: list[Item], head: Item) -> None:
    """Put a head on the stack, closing the heads of its own bullet and of deeper ones."""
    while stack and stack[-1].style == Style.NONE and head.bullet in ("", stack[-1].bullet):
        stack.pop()
    if stack and stack[-1].style == Style.NONE:
        stack[-1].listed = stack[-1].listed or head.bullet
        stack.append(head)
    else:
        push(stack, head)


def leave_heads(stack: list[Item], text: str) -> None:
    """Close the heads whose list has ended before this paragraph."""
    bullet = text.lstrip()[:1] if is_bulleted(text) else ""
    closing = fold(text).startswith(_CLOSES)
    while stack and stack[-1].style == Style.NONE:
        head = stack[-1]
        if not closing and head.listed is None:
            head.listed = bullet
        if not closing and (bullet == head.listed or bullet not in ("", head.bullet)):
            return
        stack.pop()
