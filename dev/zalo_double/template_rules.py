"""What is refused of an approved template, in the double's own words and numbers [M unless marked].

The order of the checks is ours [K]. Dates are dd/mm/yyyy [K: the console's help shows them so].
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from dev.zalo_double.rules import LONGEST_ABSENCE_DAYS, Refusal
from dev.zalo_double.world import Person, Template

HANOI = timezone(timedelta(hours=7))
PROMOTION = 3
PHONE = re.compile(r"84[0-9]{9,10}")
LONGEST_TRACKING = 48
FORMATS = {"NUMBER": re.compile(r"[0-9]{1,20}"), "DATE": re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4}")}


def is_night(now: float) -> bool:
    """22:00 to 05:59 in Viet Nam; no page names a time zone [K]."""
    hour = datetime.fromtimestamp(now, UTC).astimezone(HANOI).hour
    return hour >= 22 or hour < 6


def refuse_template(template: Template | None, data: Any) -> Refusal | None:
    """The template's own state, then its parameters."""
    if template is None:
        return Refusal(-109, "Template ID is invalid")
    if template.status == "DISABLE":
        return Refusal(-146, "Template is disabled because of low quality")
    if template.status != "ENABLE":
        return Refusal(-131, "Template is not approved")
    if not isinstance(data, dict):
        return Refusal(-112, "Template data is invalid")
    refusals = (_refuse_parameter(one, data) for one in template.params)
    return next((refusal for refusal in refusals if refusal), None)


def _refuse_parameter(one: dict[str, Any], data: dict[str, Any]) -> Refusal | None:
    name, value = one["name"], data.get(one["name"])
    if value in (None, "") and one.get("require", True):
        return Refusal(-1122, f"Template data is missing parameter {name}")
    if value is None:
        return None
    if len(str(value)) > int(one.get("maxLength", 30)):
        return Refusal(-1121, f"Parameter {name} exceeds its length")
    shape = FORMATS.get(str(one.get("type", "STRING")).upper())
    if shape and not shape.fullmatch(str(value)):
        return Refusal(-1124, f"Parameter {name} has a wrong format")
    return None


def refuse_phone(body: dict[str, Any]) -> Refusal | None:
    """Only ``84...`` [M]; ``tracking_id`` is required and at most 48 characters [M]; ``mode`` has one value [M]."""
    if not PHONE.fullmatch(str(body.get("phone", ""))):
        return Refusal(-108, "Phone number is invalid")
    tracking = body.get("tracking_id")
    if not isinstance(tracking, str) or not 0 < len(tracking) <= LONGEST_TRACKING:
        return Refusal(-122, "tracking_id is invalid")
    return Refusal(-122, "mode is invalid") if body.get("mode", "development") != "development" else None


def refuse_holder(person: Person | None, development: bool) -> Refusal | None:
    """Who cannot get a template by telephone number."""
    if person is None or not person.has_zalo:
        return Refusal(-118, "Zalo account is not existed or is inactive")
    checks = (
        (person.banned or person.offline_days > LONGEST_ABSENCE_DAYS, -114, "User cannot receive this message"),
        (person.old_app, -110, "Zalo version is not supported"),
        (person.refuses_templates, -139, "User refused this type of message"),
        (person.refuses_account, -141, "User refused messages of this OA"),
        (development and not person.administrator, -127, "Template test can be sent to administrators only"),
    )
    return next((Refusal(code, words) for struck, code, words in checks if struck), None)


def refuse_follower(person: Person | None, template: Template, night: bool) -> Refusal | None:
    """Who cannot get a template by user id: no window of days here; promotions sleep at night."""
    if person is None:
        return Refusal(-201, "user_id is invalid")
    if not template.by_user:
        return Refusal(-249, "Template cannot be sent by user id")
    if template.tag == PROMOTION and night:
        return Refusal(-234, "Promotion messages cannot be sent from 22:00 to 06:00")
    checks = (
        (person.banned or person.offline_days > LONGEST_ABSENCE_DAYS, -227, "User is banned or inactive for 45 days"),
        (person.refused_type or person.refuses_templates, -244, "User has restricted this type of message"),
        (person.quota_left == 0, -218, "Recipient has reached the quota"),
    )
    return next((Refusal(code, words) for struck, code, words in checks if struck), None)
