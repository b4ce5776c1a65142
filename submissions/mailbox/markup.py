"""HTML of a mail as plain lines: what a reader sees, without the quoted mail that programs mark as such.

Parsed by libxml2: the standard parser takes the square of the time and more for broken markup that anybody can send.
"""

from __future__ import annotations

from typing import Any

from lxml import etree  # type: ignore[import-untyped]

BLOCKS = frozenset(
    {"address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "h1", "h2", "h3", "h4", "h5"}
    | {"h6", "hr", "li", "ol", "p", "pre", "table", "tr", "ul"}
)
HIDDEN = frozenset({"head", "script", "style", "title", "template"})
QUOTES = frozenset({"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "gmail_attr"})
# From these on everything is the quoted mail (Outlook, Zimbra).
CUTS = frozenset({"divrplyfwdmsg", "appendonsend", "zwchr", "mail-editor-reference-message-container"})
MOST = 200_000


def plain_lines(html: str) -> str:
    """The text of an HTML mail; what cannot be parsed is given as far as it was understood."""
    pieces: list[str] = []
    root = _tree(html[:MOST])
    if root is not None:
        _read(root, pieces)
    return "\n".join(" ".join(line.split()) for line in "".join(pieces).split("\n")).strip()


def _tree(html: str) -> Any:
    parser = etree.HTMLParser(encoding="utf-8", recover=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        return etree.fromstring(html.replace("\0", " ").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _read(root: Any, pieces: list[str]) -> None:
    walk: Any = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if event == "end":
            pieces.append(_after(tag) + _said(element.tail))
        elif _cuts(element):
            return
        elif _hides(tag, element):
            walk.skip_subtree()
        else:
            pieces.append(("\n" if tag in BLOCKS or tag == "br" else "") + _said(element.text))


def _after(tag: str) -> str:
    return "\n" if tag in BLOCKS else " " if tag in ("td", "th") else ""


def _cuts(element: Any) -> bool:
    return (element.get("id") or "").lower() in CUTS or element.get("data-marker") == "__QUOTED_TEXT__"


def _hides(tag: str, element: Any) -> bool:
    cited = tag == "blockquote" and (element.get("type") or "").lower() == "cite"
    return tag in HIDDEN or cited or bool(QUOTES & set((element.get("class") or "").lower().split()))


def _said(text: str | None) -> str:
    """Text; line ends of the source mean nothing."""
    return (text or "").replace("\r", " ").replace("\n", " ").replace("\u00a0", " ")
