"""From the object of a Reading (design 4) to the rows of a draft plan. Pure: builds models, writes nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import count

from config.unit_keys import fold_name
from db.models import Finding, Json, Obligation, ObligationUnit, Target, TargetUnit, Unit

Resolve = Callable[[str], Unit | None]
CYCLES = ("monthly", "bimonthly", "quarterly", "semiannual", "annual")


def clip(text: str | None, most: int) -> str | None:
    """Text no longer than a column allows; the whole stays in `Plan.reading`."""
    return text if text is None or len(text) <= most else text[: most - 1] + "…"


def slug(text: str) -> str:
    """Words of a name as a code: "Kế hoạch" -> "ke-hoach"."""
    return fold_name(text).replace(" ", "-")


def code_base(head: Json, year: int) -> str:
    """The readable code of a plan: "kh-45-2026", or "ke-hoach-2026" where the number is blank."""
    kind = str(head.get("kind") or "Kế hoạch")
    number = re.search(r"\d{1,9}", str(head.get("number") or ""))
    if number is None:
        return f"{slug(kind)[:40]}-{year}"
    initials = "".join(word[0] for word in slug(kind).split("-") if word)[:6]
    return f"{initials}-{int(number[0])}-{year}"


def free_code(base: str, taken: set[str]) -> str:
    """The base, or the base with the first number that nobody has."""
    return base if base not in taken else next(f"{base}-{n}" for n in count(2) if f"{base}-{n}" not in taken)


def plan_cycle(reading: Json) -> str:
    """The plan's own reporting cycle: what its prose sets for reports when that is one cycle, else quarterly."""
    said = {
        rule["freq"]
        for duty in reading["standing"]
        if "báo cáo" in f"{duty['content']} {duty.get('quote') or ''}".casefold()
        for rule in duty["rules"]
        if rule["kind"] == "recurring" and rule["freq"] in CYCLES
    }
    return said.pop() if len(said) == 1 else "quarterly"


def unique_keys(rows: Sequence[Json]) -> Iterator[tuple[str, Json]]:
    """Each row with a key that no other row of the plan has (a printed number may stand twice)."""
    seen: Counter[str] = Counter()
    for row in rows:
        base = clip(row["key"], 56) or "?"
        seen[base] += 1
        yield (base if seen[base] == 1 else f"{base}#{seen[base]}"), row


def keyed_rows(reading: Json) -> dict[str, tuple[bool, Json]]:
    """Key to (standing, row) of every duty, table duties first."""
    rows = [*reading["obligations"], *reading["standing"]]
    return {key: (place >= len(reading["obligations"]), row) for place, (key, row) in enumerate(unique_keys(rows))}


def draft_obligation(key: str, position: int, standing: bool, row: Json, cycle: str) -> Obligation:
    """One duty, its units not yet named."""
    return Obligation(
        key=key,
        origin=[key],
        position=position,
        ordinal=clip(row["ordinal"], 32),
        section=list(row["section"]),
        content=row["content"],
        deliverable=row["deliverable"],
        standing=standing,
        quote=row.get("quote") or None,
        source=row["source"],
        deadline_text=row["deadline_text"] or "",
        rules=list(row["rules"]) if row["status"] == "read" else [],
        cycle=row.get("cycle") or cycle,
        regime=row.get("regime") or "nd09",
        ladder=row.get("ladder") or "default",
        superior_text=row.get("superior_text") or "",
    )


def draft_units(row: Json, resolve: Resolve) -> list[ObligationUnit]:
    """The units of a duty as printed, and as registered where the name is known."""
    named = [("lead", name) for name in row["leads"]] + [("coordinator", name) for name in row["coordinators"]]
    return [
        ObligationUnit(role=role, printed_name=clip(name, 500), unit=resolve(name))
        for role, name in dict.fromkeys(named)
    ]


def draft_targets(reading: Json, resolve: Resolve) -> Iterator[Target]:
    """The yearly figures. A value that is no single number is kept as printed."""
    for position, row in enumerate(reading["targets"]):
        value = row["value"]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        named = [("lead", name) for name in row["responsible"]]
        named += [("coordinator", name) for name in row["coordinators"]]
        yield Target(
            position=position,
            ordinal=clip(row["ordinal"], 32),
            group=row["group"],
            name=row["name"],
            unit=clip(row["unit"], 64),
            comparator=row["comparator"] or "=",
            value=float(value) if number else None,
            value_text=None if number or value is None else str(value),
            responsible=[
                TargetUnit(role=role, printed_name=clip(name, 500), unit=resolve(name))
                for role, name in dict.fromkeys(named)
            ],
        )


def draft_findings(reading: Json, now: datetime, actor: str) -> Iterator[Finding]:
    """What the reader says of the document; a workbook tells besides which a person set aside, and why."""
    for row in reading["findings"]:
        finding = Finding(
            code=row["code"],
            severity=row["severity"],
            place=clip(row["where"], 255) or "",
            message=row["message"],
            suggestion=row["suggestion"] or "",
        )
        if reason := row.get("dismissed"):
            finding.dismissed_at, finding.dismissed_by, finding.dismissed_reason = now, actor, reason
        yield finding


def day_or_none(text: str | None) -> date | None:
    """An ISO date of a Reading."""
    return date.fromisoformat(text) if text else None
