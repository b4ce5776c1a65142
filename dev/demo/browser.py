"""A very small browser: opens a page, fills a form as a person would, and sends it."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

# What a browser sends only when a person has chosen it.
NOT_SENT = ("checkbox", "radio", "file", "submit")
Files = dict[str, tuple[str, bytes, str]]


class _Forms(HTMLParser):
    """Every form of a page with the fields that it would send as it stands, and every link by its id."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.links: dict[str, str] = {}
        self._open: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = self.forms.setdefault(values.get("action", ""), {})
        elif tag == "a" and "href" in values:
            self.links[values.get("id", values["href"])] = values["href"]
        elif tag in ("input", "textarea") and self._open is not None and values.get("type") not in NOT_SENT:
            # A date picker opens at its earliest day.
            self._open[values.get("name", "")] = values.get("value") or values.get("min", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


class Browser:
    """One reader's telephone."""

    def __init__(self) -> None:
        self._client = httpx.Client(follow_redirects=True, timeout=30)

    def link(self, address: str, identifier: str) -> str:
        """Where the link with an id leads. Raises KeyError when the page has none."""
        return urljoin(address, self._read(address).links[identifier])

    def fields(self, address: str, ending: str) -> list[str]:
        """Names of the fields of the form whose action ends so."""
        return list(self._form(address, ending)[1])

    def send(self, address: str, ending: str, filled: dict[str, str], files: Files | None = None) -> str:
        """Fill the form whose action ends so, send it, and give the page that answers. Raises httpx.HTTPStatusError."""
        action, fields = self._form(address, ending)
        answer = self._client.post(urljoin(address, action), data=fields | filled, files=files)
        answer.raise_for_status()
        return answer.text

    def _form(self, address: str, ending: str) -> tuple[str, dict[str, str]]:
        forms = self._read(address).forms
        action = next(action for action in forms if action.endswith(ending))
        return action, forms[action]

    def _read(self, address: str) -> _Forms:
        answer = self._client.get(address)
        answer.raise_for_status()
        forms = _Forms()
        forms.feed(answer.text)
        return forms
