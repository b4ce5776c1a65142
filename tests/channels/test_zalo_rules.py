"""The rules of Zalo's channels that need no server: numbers, nights, lists of parameters, codes with two meanings."""

from __future__ import annotations

import json
import re
import textwrap
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import zalo_templates
from config.settings import build_settings
from config.zalo_templates import TemplateEntry
from notifications.channels.base import ChannelName, Delivery, Envelope
from notifications.channels.quiet import NIGHT, quiet_until
from notifications.channels.zalo.bot import read_bot_reply
from notifications.channels.zalo.codes import MEANINGS, failure_for
from notifications.channels.zalo.replies import read_reply
from notifications.channels.zalo.template_channels import tracking_id, zalo_phone
from notifications.channels.zalo.template_codes import UID_MEANINGS
from notifications.channels.zalo.templates import ApprovedTemplates, template_faults
from notifications.outcomes import settlement_of
from notifications.recipients import usable_channels
from tests.channels.approved import DIGEST, FILE, PARAMS


@settings(max_examples=50, deadline=None)
@given(st.from_regex(r"[35789][0-9]{8}", fullmatch=True), st.sampled_from(["0", "84", "+84"]), st.sampled_from(" .-"))
def test_every_way_of_writing_a_number_is_the_same_number(nine: str, head: str, gap: str) -> None:
    written = f"{head}{nine[:2]}{gap}{nine[2:5]}{gap}{nine[5:]}"
    assert zalo_phone(written) == f"84{nine}"
    assert zalo_phone(zalo_phone(written)) == f"84{nine}"


def test_a_tracking_id_never_grows_too_long() -> None:
    assert tracking_id(12) == "obx-12"
    assert len(tracking_id(10**60)) == 48


def test_minus_hundred_means_another_thing_on_each_host(now: datetime) -> None:
    assert failure_for(-100, "", now, MEANINGS).kind == "permanent"
    assert failure_for(-100, "", now, UID_MEANINGS).kind == "temporary"


TWO_MEANINGS = [
    pytest.param(-32, "Application has reached the limit", "temporary", "Ứng dụng Zalo gửi quá nhanh", id="app"),
    pytest.param(-32, "OA has reached the limit", "temporary", "Official Account gửi quá nhanh", id="account"),
    pytest.param(-32, "", "temporary", "gửi quá nhanh", id="no words"),
    pytest.param(-223, "OA has not authorised this application", "config", "chưa cấp quyền", id="no right"),
    pytest.param(-223, "Article quota exceeded", "wait_until", "hết hạn mức", id="quota"),
]


@pytest.mark.parametrize(("code", "said", "kind", "words"), TWO_MEANINGS)
def test_a_code_with_two_meanings_is_read_by_its_words(
    now: datetime, code: int, said: str, kind: str, words: str
) -> None:
    told = failure_for(code, said, now)
    assert told.kind == kind
    assert words in told.detail


FACT_WORDS = st.dictionaries(st.sampled_from(zalo_templates.FACTS), st.text(max_size=120))


@settings(max_examples=50, deadline=None)
@given(FACT_WORDS, st.integers(1, 60), st.sampled_from([fact for fact in zalo_templates.FACTS if fact != "url"]))
def test_a_parameter_is_never_empty_nor_too_long_and_calls_nobody(
    tmp_path_factory: pytest.TempPathFactory, facts: dict[str, str], longest: int, fact: str
) -> None:
    templates = ApprovedTemplates(tmp_path_factory.getbasetemp() / "none.yaml", "zbs")
    templates.entries = {"default": entry(params={"p": fact}, max_length=longest, lengths={})}
    filled = templates.fill(Envelope(1, "84987654321", "", "", "x", "", facts={**facts, "to": "A"}))
    assert 0 < len(filled.data["p"]) <= longest
    assert "[@" not in filled.data["p"]
    assert "\n" not in filled.data["p"]


def test_the_file_in_the_runbook_can_be_used(tmp_path: Path) -> None:
    runbook = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    block = re.search(r"\n\n((?:    .*\n)+)", runbook[runbook.index("zalo_templates.yaml`:") :])
    assert block is not None
    path = tmp_path / "zalo_templates.yaml"
    path.write_text(textwrap.dedent(block[1]), encoding="utf-8")
    read = zalo_templates.read_templates(path)
    assert read.zbs["digest"].longest("lien_ket") == 100


@pytest.mark.parametrize(("file", "usable"), [("zbs: [", False), ("", False), (None, False), (FILE, True)])
def test_a_broken_file_never_stops_the_chase(tmp_path: Path, file: str | None, usable: bool) -> None:
    if file is not None:
        (tmp_path / "zalo_templates.yaml").write_text(file, encoding="utf-8")
    ours = build_settings({"config_dir": tmp_path, "zalo_app_id": "1", "secret_key": "khóa"})
    assert ("zbs" in usable_channels(ours)) is usable
    assert "zalo" in usable_channels(ours)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["error", "ok", "data", "message", "x"]), inner),
    max_leaves=6,
)
BODIES = st.binary() | JSON.map(lambda value: json.dumps(value).encode()) | st.just(b"[" * 100_000)
STATUSES = st.sampled_from([200, 201, 204, 301, 400, 401, 403, 404, 408, 429, 500, 502, 503])
NOON = datetime.fromisoformat("2026-03-17T12:00+07:00")


@settings(max_examples=50, deadline=None)
@given(STATUSES, BODIES)
def test_only_error_zero_in_an_object_is_success(status: int, body: bytes) -> None:
    reply = None
    with suppress(Delivery):
        reply = read_reply(status, {}, body, NOON)
    if reply is not None and reply.code == 0:
        assert status < 300
        assert str(json.loads(body)["error"]).strip() == "0"


@settings(max_examples=50, deadline=None)
@given(STATUSES, BODIES)
def test_only_ok_true_in_an_object_is_success_for_a_bot(status: int, body: bytes) -> None:
    result = None
    with suppress(Delivery):
        result = read_bot_reply(status, {}, body, NOON, "1:token")
    if result is not None:
        assert status < 300
        assert json.loads(body)["ok"] is True


YEARS = datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2027-01-01")
HOURS = [("21:59", None), ("22:00", "next"), ("23:59", "next"), ("00:00", "same"), ("05:59", "same"), ("06:00", None)]
SILENT = [
    ("zalo_template", True),
    ("zbs", True),
    ("zalo", False),
    ("zalo_bot", False),
    ("email", False),
    ("webhook", False),
]


@pytest.mark.parametrize(("channel", "silent"), SILENT)
@pytest.mark.parametrize(("hour", "morning"), HOURS)
def test_each_channel_says_its_own_night(channel: ChannelName, silent: bool, hour: str, morning: str | None) -> None:
    at = datetime.fromisoformat(f"2026-03-17T{hour}+07:00")
    day = 18 if morning == "next" else 17
    expected = datetime.fromisoformat(f"2026-03-{day}T06:00+07:00") if silent and morning else None
    assert quiet_until(channel, at) == expected
    assert quiet_until(channel, at.astimezone(tz=None)) == expected


@settings(max_examples=50, deadline=None)
@given(st.datetimes(*YEARS, timezones=st.timezones()))
def test_the_morning_is_always_heard_and_never_further_than_a_night(now: datetime) -> None:
    morning = quiet_until("zbs", now)
    assert morning is None or (0 < (morning - now).total_seconds() <= 8 * 3600)
    assert morning is None or quiet_until("zbs", morning) is None


def entry(**changes: Any) -> TemplateEntry:
    """Our side of a template."""
    params = {"ten": "to", "so_viec": "count"}
    ours = {"template_id": DIGEST, "params": params, "max_length": 30, "lengths": {"so_viec": 20, "ngay": 20}}
    return TemplateEntry.model_validate({**ours, **changes})


LISTS = [
    pytest.param({}, PARAMS[:2], [], id="alike"),
    pytest.param({"params": {"ten": "to"}}, PARAMS[:2], ["thiếu tham số so_viec"], id="one missing"),
    pytest.param({"params": {"ten": "to"}}, [PARAMS[0], {"name": "x", "require": False}], [], id="one that may miss"),
    pytest.param({}, PARAMS[:1], ["không có tham số so_viec"], id="one too many"),
    pytest.param(
        {"max_length": 40}, [*PARAMS[:1], {"name": "so_viec"}], ["tham số ten: Zalo chỉ cho 30"], id="too long"
    ),
    pytest.param({"params": {"ten": "to", "so_viec": "first"}}, PARAMS[:2], ["so_viec là số"], id="no number"),
    pytest.param({"params": {"ngay": "period"}}, PARAMS[2:3], ["ngay là ngày"], id="no date"),
]


@pytest.mark.parametrize(("ours", "theirs", "told"), LISTS)
def test_our_list_is_compared_with_zalos(ours: dict[str, Any], theirs: list[dict[str, Any]], told: list[str]) -> None:
    faults = template_faults(entry(**ours), {"status": "ENABLE", "listParams": theirs})
    assert len(faults) == len(told)
    assert all(DIGEST in fault and words in fault for fault, words in zip(faults, told, strict=True))


@pytest.mark.parametrize(("has_other", "state"), [(True, "failed"), (False, "queued")])
def test_what_cannot_wait_leaves_by_a_channel_that_does_not_sleep(has_other: bool, state: str) -> None:
    night = datetime.fromisoformat("2026-03-17T23:00+07:00")
    asleep = Delivery("wait_until", NIGHT, "ngủ", quiet_until("zbs", night))
    settled = settlement_of(asleep, 1, 1, has_other, night)
    assert (settled.state, settled.next_channel) == (state, has_other)
    if not has_other:
        assert settled.changes["not_before"] == datetime.fromisoformat("2026-03-18T06:00+07:00")
        assert settled.changes["attempts"] == 0


@pytest.mark.parametrize("has_other", [True, False])
def test_a_spent_quota_waits_for_the_next_morning(has_other: bool) -> None:
    noon = datetime.fromisoformat("2026-03-17T12:00+07:00")
    for code in (-144, -147, -211):
        settled = settlement_of(failure_for(code, "", noon, UID_MEANINGS), 1, 1, has_other, noon)
        assert settled.changes["not_before"] == datetime.fromisoformat("2026-03-18T06:00+07:00")
