"""What a Word style hands down to a paragraph or a run: its font, its numbering, whether it is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from plans.reading.sources.word_package import W, is_on, number, value

MAX_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Style:
    """One style; None or empty where it says nothing, so that the style it is based on decides."""

    based_on: str | None = None
    font: str = ""
    hidden: bool | None = None
    list_id: str | None = None
    level: int | None = None


@dataclass(slots=True)
class Styles:
    """The styles of a document by their id."""

    by_id: dict[str, Style] = field(default_factory=dict)
    font: str = ""
    usual: str | None = None

    def chain(self, style_id: str | None) -> list[Style]:
        """The style and those it is based on, nearest first; a circle of styles ends."""
        found: list[Style] = []
        while style_id in self.by_id and len(found) < MAX_CHAIN:
            found.append(self.by_id[style_id])
            style_id = found[-1].based_on
        return found

    def font_of(self, style_id: str | None) -> str:
        """The font that a style gives, by itself or by what it is based on."""
        return next((style.font for style in self.chain(style_id) if style.font), "")

    def hides(self, style_id: str | None) -> bool:
        """Whether text in this style is not shown."""
        return bool(next((style.hidden for style in self.chain(style_id) if style.hidden is not None), False))

    def list_of(self, style_id: str | None) -> tuple[str, int] | None:
        """(list, level) that a paragraph style numbers by."""
        chain = self.chain(style_id)
        owner = next((style.list_id for style in chain if style.list_id is not None), None)
        level = next((style.level for style in chain if style.level is not None), 0)
        return (owner, level) if owner else None


def styles_of(root: Any | None) -> Styles:
    """The styles of a document; none when it has no part of styles."""
    styles = Styles()
    if root is None:
        return styles
    defaults = root.find(f"{W}docDefaults/{W}rPrDefault")
    styles.font = font_named(defaults) if defaults is not None else ""
    for one in root.iter(f"{W}style"):
        style_id = one.get(f"{W}styleId", "")
        level = value(one, "pPr/numPr/ilvl")
        styles.by_id[style_id] = Style(
            value(one, "basedOn"),
            font_named(one),
            is_on(one, "rPr/vanish"),
            value(one, "pPr/numPr/numId"),
            number(level) if level else None,
        )
        if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in ("1", "true", "on"):
            styles.usual = style_id
    return styles


def font_named(element: Any) -> str:
    """The font that the run properties of an element name; a theme's font is always a Unicode one."""
    fonts = element.find(f"{W}rPr/{W}rFonts")
    if fonts is None:
        return ""
    named = fonts.get(f"{W}hAnsi") or fonts.get(f"{W}ascii") or ""
    return named or ("theme" if fonts.get(f"{W}asciiTheme") or fonts.get(f"{W}hAnsiTheme") else "")
