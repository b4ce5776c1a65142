"""Draws small PDFs: letters and lines set by hand, as the many programs that make PDFs set them."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache
from typing import Any

import pytest

A4 = (595.0, 842.0)


@cache
def font_file() -> str | None:
    """A font that holds every Vietnamese letter, or None where none is installed."""
    command = shutil.which("fc-match")
    if command is None:
        return None
    asked = [command, "-f", "%{file}", "serif:lang=vi"]
    found = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    return found if found.endswith(".ttf") else None


@cache
def _font() -> str:
    from reportlab.pdfbase import pdfmetrics, ttfonts

    found = font_file()
    if found is None:
        pytest.skip("no TrueType font with the Vietnamese letters is installed, or no fontconfig to find it")
    pdfmetrics.registerFont(ttfonts.TTFont("Paper", found))
    return "Paper"


class Paper:
    """A document under the pen; places are points from the top left corner."""

    def __init__(self, size: tuple[float, float] = A4, encrypted: Any = None) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self._target = io.BytesIO()
        self.size = size
        self.canvas: Any = Canvas(self._target, pagesize=size, encrypt=encrypted)

    def turn_page(self) -> None:
        """A new page."""
        self.canvas.showPage()

    def rotate(self, degrees: int) -> None:
        """How far a viewer turns this page."""
        self.canvas.setPageRotation(degrees)

    def text(self, x: float, y: float, words: str, size: float = 11.0, *, upwards: bool = False) -> None:
        """Words with their base line at y; `upwards` stands them on their side."""
        self.canvas.saveState()
        self.canvas.setFont(_font(), size)
        self.canvas.translate(x, self.size[1] - y)
        self.canvas.rotate(90 if upwards else 0)
        self.canvas.drawString(0, 0, words)
        self.canvas.restoreState()

    def line(self, x0: float, y0: float, x1: float, y1: float, *, as_box: bool = False) -> None:
        """A rule, stroked; or as the thin filled box that Word makes of it."""
        if as_box:
            wide, high = max(abs(x1 - x0), 0.5), max(abs(y1 - y0), 0.5)
            self.canvas.rect(min(x0, x1), self.size[1] - max(y0, y1), wide, high, stroke=0, fill=1)
        else:
            self.canvas.line(x0, self.size[1] - y0, x1, self.size[1] - y1)

    def grid(self, xs: list[float], ys: list[float], *, as_box: bool = False, double: bool = False) -> None:
        """Every line of a table."""
        for shift in (0.0, 1.6) if double else (0.0,):
            for x in xs:
                self.line(x + shift, ys[0], x + shift, ys[-1], as_box=as_box)
            for y in ys:
                self.line(xs[0], y + shift, xs[-1], y + shift, as_box=as_box)

    def bytes(self) -> bytes:
        """The file."""
        self.canvas.save()
        return self._target.getvalue()
