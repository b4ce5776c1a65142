"""The pages of the doubles: "Hộp thư", as a reader sees it on a telephone. No script, no network."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")

STYLE = (Path(__file__).parent / "mailbox.css").read_text(encoding="utf-8")


def page(title: str, body: str, back: str | None = None, note: str = "") -> str:
    """A whole page; ``title`` and ``note`` are plain text, ``body`` is HTML."""
    arrow = f'<a href="{back}" aria-label="Quay lại">&larr;</a>' if back else ""
    small = f"<small>{html.escape(note)}</small>" if note else ""
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>"
        f"<header>{arrow}<h1>{html.escape(title)}{small}</h1></header><main>{body}</main></body></html>"
    )


def linked(text: str) -> str:
    """Plain text as HTML with its addresses made clickable."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        url = html.escape(found.group())
        parts += [html.escape(text[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])


def entry(href: str, name: str, preview: str, at: float, count: int = 0, face: str = "") -> str:
    """One line of a list: a person or a mail; ``face`` stands in the round picture."""
    short = " ".join(preview.split())[:140]
    badge = f"<br><b>{count}</b>" if count else ""
    return (
        f'<li><a href="{html.escape(href)}"><span class="face">{html.escape(face or initials(name))}</span>'
        f'<span class="who"><b>{html.escape(name)}</b><span>{html.escape(short)}</span></span>'
        f'<span class="count">{html.escape(moment(at))}{badge}</span></a></li>'
    )


def listing(entries: Iterable[str], none: str) -> str:
    """Lines as a list, or one sentence when there are none."""
    lines = "".join(entries)
    return f'<ul class="list">{lines}</ul>' if lines else f'<p class="none">{html.escape(none)}</p>'


def bubbles(messages: Iterable[tuple[float, str]]) -> str:
    """Messages of a chat, oldest first, with a line for each new day."""
    parts, day = [], ""
    for at, text in messages:
        local = datetime.fromtimestamp(at, LOCAL)
        if (today := f"{local:%d/%m/%Y}") != day:
            parts.append(f'<p class="day">{today}</p>')
            day = today
        parts.append(f'<div class="bubble">{linked(text)}<time>{local:%H:%M}</time></div>')
    return "".join(parts)


def moment(at: float) -> str:
    """An instant as a reader in Viet Nam reads it."""
    return f"{datetime.fromtimestamp(at, LOCAL):%H:%M %d/%m}"


def initials(name: str) -> str:
    """Up to two letters for the round face: of the last two words, as Vietnamese names are called."""
    words = [word for word in re.split(r"[\s@.:_-]+", name) if word]
    return "".join(word[0] for word in words[-2:]).upper() or "?"
