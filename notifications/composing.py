"""From cases to the words of a message: subject, plain text within the channel's limit, and HTML for mail.

The words stand in Jinja templates under `templates/` (see `templating`); `facts` are the same in plain words, for the
templates that a provider has approved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from chasing import cut, fit, local, say_date, say_moment
from config.settings import Settings
from db.models import Occurrence, Person, Plan
from notifications.codes import occurrence_code
from notifications.templating import BrokenTemplate, WordsOnly, by_own_templates, render, tidy

Part = Literal["lead", "coordinator", "request"]
"""lead: the reader's unit owes it, or he stands above; coordinator: it only takes part; request: it waits for him."""
LIMITS = {"zalo": 2000, "zalo_template": 2000, "zbs": 2000, "zalo_bot": 2000, "email": 100_000, "webhook": 4_000}
"""Longest text of a channel in NFC characters (Zalo: facts of its consultation message and of its Bot Platform)."""
# How much of a duty's words a message repeats, by how many duties there are: a telephone shows a screen, not a table.
SHORT, SHORTER, LONG = 180, 90, 600
FEW = 3
LEADS = {"digest": "[Đôn đốc]", "escalation": "[Báo cáo việc quá hạn]", "dates": "[Đổi thời hạn]"}


@dataclass(frozen=True)
class Item:
    """One occurrence as a message shows it. `due`: its last day in time; `office`: who issued its plan."""

    number: int
    code: str
    content: str
    period: str
    unit: str
    basis: str
    reason: str
    url: str
    overdue: bool
    history: tuple[str, ...] = ()
    part: Part = "lead"
    due: str = ""
    office: str = ""


@dataclass(frozen=True)
class Composed:
    """The words of one message. `fault`: what is wrong with an own template that the packaged one stood in for."""

    subject: str
    text: str
    html: str | None
    facts: Mapping[str, str] = field(default_factory=dict)
    fault: str | None = None


@dataclass(frozen=True)
class Line:
    """What is to be said about one occurrence (its duty, plan and unit loaded)."""

    occurrence: Occurrence
    reason: str
    part: Part = "lead"


def item_of(
    number: int,
    occurrence: Occurrence,
    reason: str,
    url: str,
    now: datetime,
    settings: Settings,
    history: Sequence[str] = (),
    part: Part = "lead",
) -> Item:
    """What a message shows of an occurrence (its duty, plan and unit loaded)."""
    duty = occurrence.obligation
    return Item(
        number=number,
        code=occurrence_code(occurrence.id, settings.secret_key.get_secret_value()),
        content=cut(duty.content.rstrip(" .;"), LONG),
        period=occurrence.period_label,
        unit=occurrence.unit.short_name or occurrence.unit.name,
        basis=plan_name(duty.plan),
        reason=reason,
        url=url,
        overdue=part == "lead" and is_overdue(occurrence, now),
        history=tuple(history),
        part=part,
        due=say_date(occurrence.extended_due or occurrence.due_legal),
        office=duty.plan.issuer or "",
    )


def is_overdue(occurrence: Occurrence, now: datetime) -> bool:
    """Whether the legal or extended day has ended; a progress check is never overdue."""
    due = occurrence.extended_due or occurrence.due_legal
    return occurrence.kind != "progress_check" and local(now).date() > due


def plan_name(plan: Plan) -> str:
    """How a message cites a plan: kind, number, date and issuer, as far as they are known."""
    kind = (plan.kind or "Kế hoạch").strip().capitalize()
    parts = [f"{kind} số {plan.number}" if plan.number else _titled(kind, cut(plan.title, 120))]
    parts += [f"ngày {say_date(plan.issued_on)}"] if plan.issued_on else []
    parts += [f"của {plan.issuer}"] if plan.issuer else []
    return " ".join(parts)


def _titled(kind: str, title: str) -> str:
    """A plan without a number by its title, which often leaves the kind out ("Triển khai thực hiện ...")."""
    return title if title.casefold().startswith(kind.casefold()) else f"{kind} «{title}»"


def addressed_to(person: Person) -> str:
    """The words after "Kính gửi": name, then title and unit in brackets; a title that names the unit says it once."""
    unit = (person.unit.short_name or person.unit.name) if person.unit else None
    named = bool(unit and person.title and unit.casefold() in person.title.casefold())
    details = ", ".join(words for words in (person.title, "" if named else unit) if words)
    return f"Ông/Bà {person.name} ({details})" if details else f"Ông/Bà {person.name}"


def compose_lines(
    kind: str,
    person: Person,
    lines: Sequence[Line],
    channel: str,
    urls: Mapping[tuple[int, int], str],
    history: Mapping[int, Sequence[str]],
    now: datetime,
    settings: Settings,
) -> Composed:
    """The words of a digest, an escalation or a notice of `dates`, each the name of its template.

    `urls` by (occurrence id, person id), `history` by occurrence id. What the reader only takes part in has no link;
    what waits for his decision leads to the page of requests.
    """
    items = [
        item_of(
            number,
            some[0].occurrence,
            some[0].reason,
            _url(some[0], person, urls, settings),
            now,
            settings,
            history.get(some[0].occurrence.id, ()) if kind == "escalation" and some[0].part == "lead" else (),
            some[0].part,
        )
        for number, some in enumerate(_together(lines), 1)
    ]
    items = [replace(item, unit=_units(some)) for item, some in zip(items, _together(lines), strict=True)]
    return compose_chase(kind, addressed_to(person), items, channel, now, settings)


def _together(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines as items: a duty that several units answer for is one item to a unit that takes part in it."""
    groups: dict[object, list[Line]] = {}
    for line in lines:
        one = line.occurrence
        same = (one.obligation_id, one.period_key, line.reason)
        groups.setdefault(same if line.part == "coordinator" else one.id, []).append(line)
    return list(groups.values())


def _units(lines: Sequence[Line]) -> str:
    names = [line.occurrence.unit.short_name or line.occurrence.unit.name for line in lines]
    return ", ".join(names if len(names) <= FEW else [*names[:FEW], f"và {len(names) - FEW:02d} đơn vị khác"])


def _url(line: Line, person: Person, urls: Mapping[tuple[int, int], str], settings: Settings) -> str:
    if line.part == "request":
        return f"{settings.base_url}/gia-han"
    return urls[line.occurrence.id, person.id] if line.part == "lead" else ""


def compose_chase(
    kind: str, to: str, items: Sequence[Item], channel: str, now: datetime, settings: Settings
) -> Composed:
    """A message about several duties, cut at an item to what the channel takes. `kind` names the template."""
    made, fault = by_own_templates(settings, lambda templates: write_chase(templates, kind, to, items, channel, now))
    facts = _facts(to, items, now, settings)
    return replace(made, facts=facts, fault=fault)


def write_chase(
    templates: WordsOnly, kind: str, to: str, items: Sequence[Item], channel: str, now: datetime
) -> Composed:
    """The same by given templates. Raises what a broken template raises, BrokenTemplate for one that says nothing."""
    words = _words(kind, to, items, channel, now)

    def write(shown: int) -> str:
        left = f"{len(items) - shown:02d}" if shown < len(items) else ""
        return tidy(render(templates, f"{kind}.txt.j2", words, items=words["items"][:shown], hidden=left))

    text, shown = fit(len(items), write, LIMITS[channel])
    if not shown or not text:
        raise BrokenTemplate(f"{kind}.txt.j2: không để lại chỗ cho việc nào trong {LIMITS[channel]} ký tự")
    html = render(templates, f"{kind}.html.j2", words, hidden="") if channel == "email" else None
    return Composed(words["subject"], text, html)


def _words(kind: str, to: str, items: Sequence[Item], channel: str, now: datetime) -> dict[str, Any]:
    bases = list(dict.fromkeys(item.basis for item in items if item.part != "request"))
    late = sum(item.overdue for item in items)
    links = list(dict.fromkeys(item.url for item in items if item.url))
    length = SHORT if len(items) <= FEW else SHORTER
    return {
        "to": to,
        "items": [item if channel == "email" else _shortened(item, length) for item in items],
        "total": _count(items, "lead"),
        "shared": _count(items, "coordinator"),
        "requests": _count(items, "request"),
        "overdue": f"{late:02d}" if late else "",
        "basis": bases[0] if len(bases) == 1 else "",
        "all_url": links[0] if links else "",
        "today": say_date(local(now).date()),
        "subject": _subject(kind, items, now),
    }


def _count(items: Sequence[Item], part: Part) -> str:
    number = sum(item.part == part for item in items)
    return f"{number:02d}" if number else ""


def _facts(to: str, items: Sequence[Item], now: datetime, settings: Settings) -> dict[str, str]:
    """A message in plain words, each a whole value for one parameter of a provider's template."""
    first = items[0]
    return {
        "to": to,
        "count": f"{len(items):02d}",
        "overdue": f"{sum(item.overdue for item in items):02d}",
        "first": first.content,
        "period": first.period,
        "due": first.due,
        "reason": first.reason,
        "url": next((item.url for item in items if item.url), settings.base_url),
        "today": say_date(local(now).date()),
        "office": first.office,
    }


def _shortened(item: Item, length: int = SHORT) -> Item:
    return replace(item, content=cut(item.content, length))


def _subject(kind: str, items: Sequence[Item], now: datetime) -> str:
    # A mail about one duty keeps its subject from day to day, so that a reader's program keeps the thread together.
    lead = _lead(kind, items)
    if len(items) == 1:
        return f"{lead} {cut(items[0].content, 90)} ({cut(items[0].period, 40)})"
    late = sum(item.overdue for item in items)
    return f"{lead} {len(items):02d} việc{_lateness(kind, late, len(items))} – ngày {say_date(local(now).date())}"


def _lateness(kind: str, late: int, number: int) -> str:
    """How many of them are late, where the lead of the subject does not say it already."""
    if not late or kind == "dates" or (kind == "escalation" and late == number):
        return ""
    return " quá hạn" if late == number else f", trong đó {late:02d} việc quá hạn"


def _lead(kind: str, items: Sequence[Item]) -> str:
    if kind == "escalation" and not any(item.overdue for item in items):
        return "[Báo cáo việc chưa hoàn thành]"
    if kind == "digest" and items[0].part != "lead":
        return "[Việc phối hợp]" if items[0].part == "coordinator" else "[Đề nghị gia hạn]"
    return LEADS[kind]


def compose_notice(name: str, person: Person, item: Item, words: Mapping[str, Any], settings: Settings) -> Composed:
    """An answer to something a unit did: `notice_<name>` with its own words (`label`, `today` and what it names)."""
    to = addressed_to(person)
    made, fault = by_own_templates(settings, lambda templates: write_notice(templates, name, to, item, words))
    facts = {
        "to": to,
        "count": "01",
        "overdue": f"{item.overdue:02d}",
        "first": item.content,
        "period": item.period,
        "due": str(words.get("due") or item.due),
        "reason": item.reason,
        "url": item.url,
        "today": str(words.get("today", "")),
        "office": item.office,
    }
    return replace(made, facts=facts, fault=fault)


def write_notice(templates: WordsOnly, name: str, to: str, item: Item, words: Mapping[str, Any]) -> Composed:
    """The same by given templates. Raises what a broken template raises, BrokenTemplate for one that says nothing."""
    known = {"to": to, "item": _shortened(item), **words}
    text = tidy(render(templates, f"notice_{name}.txt.j2", known))
    if not text:
        raise BrokenTemplate(f"notice_{name}.txt.j2: không còn chữ nào")
    paragraphs = [line for line in text.split("\n") if line]
    subject = f"[{words['label']}] {cut(item.content, 90)} ({cut(item.period, 40)})"
    html = render(templates, "notice.html.j2", known, paragraphs=paragraphs, subject=subject)
    return Composed(subject, text, html)


def compose_alert(faults: Sequence[Mapping[str, str]], now: datetime, settings: Settings) -> Composed:
    """A message about the system itself, to whoever looks after it."""
    made, _ = by_own_templates(settings, lambda templates: write_alert(templates, faults, now, settings.base_url))
    return made


def write_alert(templates: WordsOnly, faults: Sequence[Mapping[str, str]], now: datetime, url: str) -> Composed:
    """The same by given templates. Raises what a broken template raises."""
    words = {"at": say_moment(now), "url": url}

    def write(shown: int) -> str:
        return tidy(render(templates, "alert.txt.j2", words, faults=faults[:shown], hidden=len(faults) - shown))

    subject = f"[Hệ thống đôn đốc] {cut(faults[0]['message'], 150)}"
    return Composed(subject, fit(len(faults), write, 2000)[0], None)
