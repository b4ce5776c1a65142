"""HTML of a mail as plain lines: what a reader sees, without the quoted mail that programs mark as such."""

from __future__ import annotations

from html.parser import HTMLParser

BLOCKS = frozenset(
    {"address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "h1", "h2", "h3", "h4", "h5"}
    | {"h6", "hr", "li", "ol", "p", "pre", "table", "tr", "ul"}
)
HIDDEN = frozenset({"head", "script", "style", "title", "template"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
QUOTES = frozenset({"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "gmail_attr"})
# From these on everything is the quoted mail (Outlook, Zimbra).
CUTS = frozenset({"divrplyfwdmsg", "appendonsend", "zwchr", "mail-editor-reference-message-container"})
# The standard parser takes the square of the time for some broken markup.
MOST = 200_000


def plain_lines(html: str) -> str:
    """The text of an HTML mail; what cannot be parsed is given as far as it was understood."""
    reader = _Reader()
    reader.feed(html[:MOST])
    reader.close()
    return "\n".join(" ".join(line.split()) for line in "".join(reader.pieces).split("\n")).strip()


class _Reader(HTMLParser):
    """Collects text; `_hidden` is the tag whose content is skipped, `_depth` how often it is open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = ""
        self._depth = 0
        self._cut = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hide, break the line, or cut."""
        given = {name: (value or "").lower() for name, value in attrs}
        if self._hidden:
            self._depth += tag == self._hidden
            return
        if given.get("id") in CUTS or given.get("data-marker") == "__quoted_text__":
            self._cut = True
        elif tag not in VOID and self._is_hidden(tag, given):
            self._hidden, self._depth = tag, 1
        elif tag in BLOCKS or tag == "br":
            self._say("\n")

    def _is_hidden(self, tag: str, given: dict[str, str]) -> bool:
        cited = tag == "blockquote" and given.get("type") == "cite"
        return tag in HIDDEN or cited or bool(QUOTES & set(given.get("class", "").split()))

    def handle_endtag(self, tag: str) -> None:
        """Show again, or break the line."""
        if self._hidden:
            self._depth -= tag == self._hidden
            self._hidden = self._hidden if self._depth > 0 else ""
        elif tag in BLOCKS:
            self._say("\n")
        elif tag in ("td", "th"):
            self._say(" ")

    def handle_data(self, data: str) -> None:
        """Text; line ends of the source mean nothing."""
        if not self._hidden:
            self._say(data.replace("\r", " ").replace("\n", " ").replace("\u00a0", " "))

    def _say(self, text: str) -> None:
        if not self._cut:
            self.pieces.append(text)
