"""From cases to the words of a message: subject, plain text within the channel's limit, and HTML for mail.

The words stand in Jinja templates under `templates/`; an office's own file of the same name in
DONDOC_HOME/config/templates takes the place of ours. Templates run sandboxed: they shape words, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from chasing import cut, fit, local, say_date, say_moment
from config.settings import Settings
from db.models import Occurrence, Person, Plan
from notifications.codes import occurrence_code

TEMPLATES = Path(__file__).parent / "templates"
LIMITS = {"zalo": 2000, "email": 100_000}
"""Longest text of a channel in NFC characters (Zalo: facts of its consultation message)."""
SHORT, LONG = 180, 600
LEADS = {"digest": "[Đôn đốc]", "escalation": "[Báo cáo việc quá hạn]", "dates": "[Đổi thời hạn]"}


@dataclass(frozen=True)
class Item:
    """One occurrence as a message shows it."""

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


@dataclass(frozen=True)
class Composed:
    """The words of one message."""

    subject: str
    text: str
    html: str | None


def item_of(
    number: int,
    occurrence: Occurrence,
    reason: str,
    url: str,
    now: datetime,
    settings: Settings,
    history: Sequence[str] = (),
) -> Item:
    """What a message shows of an occurrence (its duty, plan and unit loaded)."""
    duty = occurrence.obligation
    return Item(
        number=number,
        code=occurrence_code(occurrence.id, settings.secret_key.get_secret_value()),
        content=cut(duty.content, LONG),
        period=occurrence.period_label,
        unit=occurrence.unit.short_name or occurrence.unit.name,
        basis=plan_name(duty.plan),
        reason=reason,
        url=url,
        overdue=is_overdue(occurrence, now),
        history=tuple(history),
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
    """The words after "Kính gửi": name, then title and unit in brackets."""
    unit = (person.unit.short_name or person.unit.name) if person.unit else None
    details = ", ".join(words for words in (person.title, unit) if words)
    return f"Ông/Bà {person.name} ({details})" if details else f"Ông/Bà {person.name}"


@dataclass(frozen=True)
class Line:
    """What is to be said about one occurrence (its duty, plan and unit loaded)."""

    occurrence: Occurrence
    reason: str


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

    `urls` by (occurrence id, person id), `history` by occurrence id.
    """
    items = [
        item_of(
            number,
            line.occurrence,
            line.reason,
            urls[line.occurrence.id, person.id],
            now,
            settings,
            history.get(line.occurrence.id, ()) if kind == "escalation" else (),
        )
        for number, line in enumerate(lines, 1)
    ]
    return compose_chase(kind, person, items, channel, now, settings)


def compose_chase(
    kind: str, person: Person, items: Sequence[Item], channel: str, now: datetime, settings: Settings
) -> Composed:
    """A message about several duties, cut at an item to what the channel takes. `kind` names the template."""
    words = _words(kind, person, items, channel, now)
    templates = _environment(settings)

    def render(shown: int) -> str:
        page = templates.get_template(f"{kind}.txt.j2")
        return _tidy(page.render(words, items=words["items"][:shown], hidden=len(items) - shown))

    text, _ = fit(len(items), render, LIMITS[channel])
    html = templates.get_template(f"{kind}.html.j2").render(words, hidden=0) if channel == "email" else None
    return Composed(_subject(kind, items, now), text, html)


def _words(kind: str, person: Person, items: Sequence[Item], channel: str, now: datetime) -> dict[str, Any]:
    bases = list(dict.fromkeys(item.basis for item in items))
    short = channel != "email"
    return {
        "to": addressed_to(person),
        "items": [_shortened(item) if short else item for item in items],
        "total": f"{len(items):02d}",
        "overdue": f"{sum(item.overdue for item in items):02d}" if any(item.overdue for item in items) else "",
        "basis": bases[0] if len(bases) == 1 else "",
        "all_url": items[0].url,
        "today": say_date(local(now).date()),
        "subject": _subject(kind, items, now),
    }


def _shortened(item: Item) -> Item:
    return Item(**{**item.__dict__, "content": cut(item.content, SHORT), "history": item.history[-1:]})


def _subject(kind: str, items: Sequence[Item], now: datetime) -> str:
    # A mail about one duty keeps its subject from day to day, so that a reader's program keeps the thread together.
    lead = LEADS[kind]
    if len(items) == 1:
        return f"{lead} {cut(items[0].content, 90)} ({cut(items[0].period, 40)})"
    late = sum(item.overdue for item in items)
    count = f"{len(items):02d} việc" + (
        f", trong đó {late:02d} việc quá hạn" if kind != "dates" and 0 < late < len(items) else ""
    )
    return f"{lead} {count} – ngày {say_date(local(now).date())}"


def compose_notice(name: str, person: Person, item: Item, words: Mapping[str, Any], settings: Settings) -> Composed:
    """An answer to something a unit did: `notice_<name>` with its own words."""
    templates = _environment(settings)
    known = {"to": addressed_to(person), "item": _shortened(item), **words}
    text = _tidy(templates.get_template(f"notice_{name}.txt.j2").render(known))
    paragraphs = [line for line in text.split("\n") if line]
    subject = f"[{words['label']}] {cut(item.content, 90)} ({cut(item.period, 40)})"
    html = templates.get_template("notice.html.j2").render(known, paragraphs=paragraphs, subject=subject)
    return Composed(subject, text, html)


def compose_alert(faults: Sequence[Mapping[str, str]], now: datetime, settings: Settings) -> Composed:
    """A message about the system itself, to whoever looks after it."""
    page = _environment(settings).get_template("alert.txt.j2")

    def render(shown: int) -> str:
        return _tidy(
            page.render(faults=faults[:shown], hidden=len(faults) - shown, at=say_moment(now), url=settings.base_url)
        )

    return Composed(f"[Hệ thống đôn đốc] {cut(faults[0]['message'], 150)}", fit(len(faults), render, 2000)[0], None)


def _environment(settings: Settings) -> SandboxedEnvironment:
    folders = [settings.yaml_dir / "templates", TEMPLATES]
    key = str(folders[0])
    if key not in _ENVIRONMENTS:
        _ENVIRONMENTS[key] = SandboxedEnvironment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=select_autoescape(["html.j2", "html"], default=False),
        )
    return _ENVIRONMENTS[key]


_ENVIRONMENTS: dict[str, SandboxedEnvironment] = {}


def _tidy(text: str) -> str:
    """No trailing blanks and never two empty lines together."""
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip()
