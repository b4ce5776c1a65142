"""The recorder for the first live day finds where two Zalos answer in different shapes, and sends nothing."""

from __future__ import annotations

import pytest

from dev.zalo_double.contract import Side, differences, shape
from tests.channels.doubles import ZaloDouble


@pytest.fixture
def side(zalo: ZaloDouble) -> Side:
    """The double as either side."""
    zalo.post("templates", templates=[{"template_id": "300001", "params": [{"name": "ten"}]}])
    return Side(zalo.url, f"{zalo.url}/business", zalo.grant()["access_token"])


def test_a_shape_has_types_and_no_values() -> None:
    value = {"data": {"oa_id": "12", "n": 1, "list": [{"a": None}], "none": []}, "error": 0, "ok": True}
    expected = {".data.oa_id: string", ".data.n: number", ".data.list[].a: null", ".data.none: empty list"}
    assert shape(value) == expected | {".error: number", ".ok: boolean"}


def test_the_double_is_like_itself_and_nothing_is_sent(zalo: ZaloDouble, side: Side) -> None:
    assert list(differences(side, side, "7001", "300001")) == []
    assert zalo.inbox() == []
    assert {line["error"] for line in zalo.ledger()} == {0, -109}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        pytest.param("error_text", "only Zalo has .error: string", id="another type, more fields"),
        pytest.param("unauthorized", "HTTP 401 there, 200 here", id="another status"),
        pytest.param("html_after", "HTTP 0 there, 200 here", id="no JSON"),
    ],
)
def test_what_differs_is_named(zalo: ZaloDouble, side: Side, kind: str, told: str) -> None:
    zalo.arm(kind, path="/v2.0/oa/getoa")
    found = list(differences(side, side, "", ""))
    assert f"GET /v2.0/oa/getoa: {told}" in found
    assert not any(side.token in line for line in found)
