"""Who speaks, and of which occurrences: by a signed address, a thread, a code, or the last message he was sent.

The name in "From" proves nothing (RFC 5322 lets anybody write it), so by mail only the holder of the signed address
that went to this one person, writing from that person's own address, is taken for him. Zalo vouches for its user ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from chasing import UNIT_ROLES
from config.settings import Settings
from db.file_store import read_stored
from db.models import OPEN_STATES, InboundMessage, Message, Occurrence, Person
from db.queries import inbound_queries as queries
from notifications.codes import CODE, read_code
from notifications.replies import STEP
from notifications.reply_tokens import read_reply_token
from submissions.files import Upload
from submissions.form_reading import code_of_form

# Other words of one conversation: files sent one by one, "xong" behind a file.
BURST = timedelta(minutes=10)
# How long a list that we sent may be answered by its number, and a message by a word without any reference.
ASKED_FOR = timedelta(days=3)
RECENT = timedelta(days=30)
ZALO = ("zalo", "zalo_template", "zbs")
OUR_MESSAGE = re.compile(r"<?obx-([1-9][0-9]{0,17})(?:\.[0-9a-z]+)?(?:@|$)")
CHANNEL_WORDS = {"email": "thư điện tử", "zalo": "Zalo", "zalo_bot": "Zalo Bot", "webhook": "cổng của cơ quan"}


@dataclass(frozen=True)
class Speaker:
    """Who wrote. `person`: whom the address belongs to; `proven`: what is binding may be done on his word.

    `by` is how the record names him, at most 120 characters.
    """

    person: Person | None
    proven: bool
    by: str


def speaker_of(session: Session, row: InboundMessage, settings: Settings) -> Speaker:
    """Who wrote a message, as far as its channel proves it."""
    via = CHANNEL_WORDS.get(row.channel, row.channel)
    if row.channel == "webhook":
        return Speaker(None, True, f"{via} ({row.sender or 'webhook'})"[:120])
    people = queries.people_at(session, row.channel, row.sender)
    person = people[0] if len(people) == 1 else None
    if row.channel != "email":
        return Speaker(person, person is not None, _named(person, via) if person else f"{via} {row.sender}"[:120])
    return _mail_speaker(session, row, person, settings)


def _mail_speaker(session: Session, row: InboundMessage, person: Person | None, settings: Settings) -> Speaker:
    message = _tokened(session, row, settings)
    holder = message.person if message else None
    if holder is None:
        name = _named(person, "thư chưa xác minh người gửi") if person else f"thư từ {row.sender}, chưa xác minh"
        return Speaker(person, False, name[:120])
    if (holder.email or "").casefold() == row.sender.casefold():
        return Speaker(holder, holder.active, _named(holder, "thư điện tử"))
    return Speaker(holder, False, f"{row.sender[:60]} (trả lời thư gửi {holder.name[:30]}, chưa xác minh)")


def _named(person: Person, via: str) -> str:
    unit = (person.unit.short_name or person.unit.name) if person.unit else person.title
    inner = ", ".join(part for part in (unit, via) if part)
    return f"{person.name[:50]} ({inner[:64]})"


def _tokened(session: Session, row: InboundMessage, settings: Settings) -> Message | None:
    token = row.data.get("token")
    message_id = read_reply_token(str(token), settings) if token else None
    return queries.message_with_items(session, message_id) if message_id else None


@dataclass(frozen=True)
class Match:
    """What a message speaks of. `direct`: it answers one message of ours, so a "đã nhận" holds for all of it.

    `vouched`: what was named needs no other proof that the sender was written to about it (a token, a code of ours).
    `message_id` is the outbox row that it answers.
    """

    occurrences: Sequence[Occurrence] = ()
    direct: bool = False
    vouched: bool = False
    message_id: int | None = None


def match(session: Session, row: InboundMessage, speaker: Speaker, settings: Settings, same_talk: bool) -> Match:
    """What a message speaks of; several when it does not say, none when nothing fits.

    `same_talk`: it is a file or a word that goes on with what its sender did some minutes ago.
    """
    answered = _answered(session, row, settings)
    message_id = answered.id if answered else None
    codes = _codes_in(row, settings)
    if codes:
        return Match(queries.occurrences_by_ids(session, codes), True, True, message_id)
    if answered and (named := _owned([i.occurrence for i in answered.items if i.part == "lead"], speaker)):
        return Match(_still_open(named), True, row.data.get("token") is not None, message_id)
    if row.channel not in ("zalo", "zalo_bot") or speaker.person is None:
        return Match(message_id=message_id)
    return _from_the_talk(session, row, speaker, speaker.person, same_talk)


def _from_the_talk(session: Session, row: InboundMessage, speaker: Speaker, person: Person, same_talk: bool) -> Match:
    """A word without any reference, from a person whom the platform vouches for."""
    just_now = _just_spoken_of(session, row) if same_talk else None
    if just_now is not None:
        return Match([just_now], vouched=True)
    channels = ZALO if row.channel == "zalo" else (row.channel,)
    last = queries.last_message_to(session, person.id, channels, row.received_at - RECENT, STEP)
    told = _owned([i.occurrence for i in last.items if i.part == "lead" and i.step != STEP], speaker) if last else []
    told_open = [one for one in told if one.state in OPEN_STATES]
    if last and len(told) == 1 and told_open:
        return Match(told_open, vouched=True, message_id=last.id)
    owed = queries.owed_by(session, person.unit_id) if person.unit_id else []
    if owed:
        return Match(owed, vouched=True)
    # Platforms promise no order: a "đã nhận" may come behind the report that it was sent before.
    behind = told if len(told) == 1 else [one for one in [_just_spoken_of(session, row)] if one]
    return Match(behind, vouched=True, message_id=last.id if last and behind == told else None)


def _just_spoken_of(session: Session, row: InboundMessage) -> Occurrence | None:
    earlier = queries.rows_of_sender(
        session, row.channel, row.sender, row.received_at - BURST, row.id, ("handled", "waiting")
    )
    return next((one.occurrence for one in earlier if one.state == "handled" and one.occurrence), None)


def _codes_in(row: InboundMessage, settings: Settings) -> list[int]:
    """Every occurrence that the words, the subject, a file's name or a form of ours names."""
    files: list[dict[str, str]] = row.data.get("files", [])
    codes = read_codes([row.text, row.subject, *(file["name"] for file in files)], settings)
    secret = settings.secret_key.get_secret_value()
    for file in files if not codes else ():
        if file["name"].lower().endswith(".xlsx"):
            data = read_stored(settings.home, file["sha256"])
            found = code_of_form(Upload(file["name"], data), secret)
            codes += [found] if found else []
    return list(dict.fromkeys(codes))


def read_codes(texts: Iterable[str], settings: Settings) -> list[int]:
    """Every occurrence that some texts name by a code whose check holds, in order."""
    secret = settings.secret_key.get_secret_value()
    found = (read_code(code[0], secret) for text in texts for code in CODE.finditer(text))
    return list(dict.fromkeys(one for one in found if one is not None))


def _answered(session: Session, row: InboundMessage, settings: Settings) -> Message | None:
    """The message of ours that it answers: by the signed address, the thread, or the provider's id."""
    by_token = _tokened(session, row, settings)
    if by_token is not None:
        return by_token
    answers: list[str] = list(row.data.get("answers", []))
    for one in reversed(answers):
        ours = OUR_MESSAGE.match(one)
        message = queries.message_with_items(session, int(ours[1])) if ours else None
        if message is not None:
            return message
    return queries.message_by_provider_ids(session, answers)


def _owned(occurrences: Iterable[Occurrence], speaker: Speaker) -> list[Occurrence]:
    return [one for one in occurrences if speaker.person is None or may_answer(speaker.person, one)]


def may_answer(person: Person, occurrence: Occurrence) -> bool:
    """Whether a person answers for the unit of an occurrence; a superior only hears of it."""
    return person.active and person.unit_id == occurrence.unit_id and person.role in UNIT_ROLES


def _still_open(occurrences: list[Occurrence]) -> list[Occurrence]:
    """Those still owed, where a message spoke of several; a single one stays, so that its sender is told how it is."""
    owed = [one for one in occurrences if one.state in OPEN_STATES]
    return owed or occurrences[:1]
