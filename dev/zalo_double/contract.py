"""For the first day with the real Zalo: does it answer in the shapes that the double answers in?

    python -m dev.zalo_double.contract --token-file FILE --user 7001 --template 300001 \\
        --double http://127.0.0.1:8027 --double-token TOKEN

asks both the same harmless questions (nothing is sent to anybody), and prints, line by line, fields that only one of
them has, or has with another type. Exit code 1 when there are any. Values are never printed: they are people's data.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

SECONDS = 15
TYPES = {str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}


@dataclass(frozen=True)
class Side:
    """One of the two: where its hosts are, and a token that it takes."""

    account: str
    business: str
    token: str


def questions(user: str, template: str) -> Iterator[tuple[str, str, str, Mapping[str, str] | None]]:
    """Host, method and path, and the JSON of each question. None of them sends or changes anything."""
    yield "account", "GET", "/v2.0/oa/getoa", None
    yield "business", "GET", "/message/quota", None
    if user:
        yield "account", "POST", "/v3.0/oa/quota/message", {"user_id": user}
        asked = urlencode({"data": json.dumps({"user_id": user, "offset": 0, "count": 1})})
        yield "account", "GET", f"/v2.0/oa/conversation?{asked}", None
    if template:
        yield "business", "GET", f"/template/info/v2?template_id={template}", None
    # A template that cannot exist: the shape of a failure.
    yield "business", "GET", "/template/info/v2?template_id=0", None


def ask(side: Side, host: str, method: str, path: str, body: Mapping[str, str] | None) -> Any:
    """HTTP status and parsed body of one answer; the name of the trouble instead of a body that is no JSON."""
    base = side.account if host == "account" else side.business
    data = None if body is None else json.dumps(body).encode()
    headers = {"access_token": side.token, "Content-Type": "application/json"}
    request = Request(base + path, data, headers, method=method)
    try:
        with urlopen(request, timeout=SECONDS) as answer:
            return {"http": answer.status, "body": json.load(answer)}
    except HTTPError as error:
        return {"http": error.code, "body": "not read"}
    except (OSError, HTTPException, ValueError) as error:
        return {"http": 0, "body": type(error).__name__}


def shape(value: Any, path: str = "") -> set[str]:
    """Every field of a JSON value with its type, no value; of a list its first element."""
    if isinstance(value, dict):
        return {line for name, inner in value.items() for line in shape(inner, f"{path}.{name}")}
    if isinstance(value, list):
        return shape(value[0], f"{path}[]") if value else {f"{path}: empty list"}
    return {f"{path}: {TYPES.get(type(value), 'unknown')}"}


def differences(real: Side, double: Side, user: str, template: str) -> Iterator[str]:
    """One line for each field that differs, after the question it answers."""
    for host, method, path, body in questions(user, template):
        theirs, ours = (ask(side, host, method, path, body) for side in (real, double))
        name = f"{method} {path.partition('?')[0]}"
        if theirs["http"] != ours["http"]:
            yield f"{name}: HTTP {theirs['http']} there, {ours['http']} here"
        there, here = shape(theirs["body"]), shape(ours["body"])
        yield from (f"{name}: only Zalo has {line}" for line in sorted(there - here))
        yield from (f"{name}: only the double has {line}" for line in sorted(here - there))


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="dev.zalo_double.contract")
    parser.add_argument("--account", default="https://openapi.zalo.me")
    parser.add_argument("--business", default="https://business.openapi.zalo.me")
    parser.add_argument("--token-file", type=Path, required=True, help="a file with an access token")
    parser.add_argument("--double", required=True, help="address of the double")
    parser.add_argument("--double-token", required=True)
    parser.add_argument("--user", default="", help="a user id known to both")
    parser.add_argument("--template", default="", help="a template id known to both")
    return parser.parse_args()


def main() -> int:
    """Print the differences; 1 when there are any."""
    given = arguments()
    real = Side(given.account, given.business, given.token_file.read_text(encoding="utf-8").strip())
    double = Side(given.double, f"{given.double}/business", given.double_token)
    found = list(differences(real, double, given.user, given.template))
    sys.stdout.write("".join(f"{line}\n" for line in found) or "the shapes are alike\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
