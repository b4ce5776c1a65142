"""What goes on with an earlier message: a number or a code of the duty that was meant, a day or a reason asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from db.models import InboundMessage, Occurrence
from db.queries import inbound_queries as queries
from notifications.replies import MOST_LISTED, STEP, Reply
from submissions.inbound.deeds import Doing, Done
from submissions.inbound.matching import ASKED_FOR, ZALO, Match, read_codes
from submissions.inbound.meanings import Meaning, read_meaning
from submissions.terms import local_day

Perform = Callable[[Doing, str, Meaning, Match], Done]


def hold_question(doing: Doing, occurrences: Sequence[Occurrence], intent: str) -> Done:
    """Ask of which duty a message speaks; it waits until that is said, by its sender or by the officer."""
    ids = [one.id for one in occurrences[:MOST_LISTED]]
    doing.row.data = doing.row.data | {"asked": {"ids": ids, "intent": intent}}
    words = {"all": intent == "acknowledge"}
    outcome = f"Chưa rõ của việc nào trong {len(occurrences)} việc; đã hỏi lại người gửi."
    return Done(outcome, Reply("which", occurrences, words), "waiting")


def follow_up(doing: Doing, meaning: Meaning, perform: Perform) -> Done | None:
    """What a message does as the answer to a question of ours; None when it is no such answer."""
    if doing.row.data.get("files"):
        return None
    row = doing.row
    earlier = queries.rows_of_sender(
        doing.session, row.channel, row.sender, row.received_at - ASKED_FOR, row.id, ("waiting",)
    )
    pending = next((one for one in earlier if one.data.get("asked") or one.data.get("asked_back")), None)
    if pending is None:
        return None
    # Two answers at once: the second waits here, and finds the question settled.
    pending = queries.locked_row(doing.session, pending.id)
    if pending.state != "waiting":
        return None
    if pending.data.get("asked"):
        return _chosen(doing, pending, meaning, perform)
    return _completed(doing, pending, meaning, perform)


def _chosen(doing: Doing, pending: InboundMessage, meaning: Meaning, perform: Perform) -> Done | None:
    if meaning.kind == "choice" and _newer_list(doing, pending):
        return None
    asked = pending.data["asked"]
    ids: list[int] = asked["ids"]
    if meaning.kind == "choice" and 1 <= meaning.number <= len(ids):
        chosen = [ids[meaning.number - 1]]
    elif meaning.kind == "choice" and meaning.number == 0 and asked["intent"] == "acknowledge":
        chosen = ids
    elif meaning.kind in ("thanks", "empty"):
        chosen = read_codes([doing.row.text], doing.settings)[:1]
    else:
        return None
    occurrences = queries.occurrences_by_ids(doing.session, chosen)
    if not occurrences:
        return None
    earlier = _as_of(doing, pending)
    words = read_meaning(pending.text, local_day(earlier.at))
    return _settle(doing, earlier, perform(earlier, asked["intent"], words, Match(occurrences, True, True)))


def _newer_list(doing: Doing, pending: InboundMessage) -> bool:
    """Whether a message with numbers of its own was sent since we asked, so that a number may be one of those."""
    row, person = doing.row, doing.speaker.person
    if person is None or row.channel == "email":
        return False
    channels = ZALO if row.channel == "zalo" else (row.channel,)
    return queries.last_message_to(doing.session, person.id, channels, pending.received_at, STEP) is not None


def _completed(doing: Doing, pending: InboundMessage, meaning: Meaning, perform: Perform) -> Done | None:
    """A day or a reason for a request that lacked it: both texts are read as one."""
    if meaning.kind != "question" or "?" in doing.row.text or pending.occurrence_id is None:
        return None
    day = local_day(doing.at)
    before = read_meaning(pending.text, day)
    whole = read_meaning(f"{doing.row.text}. {pending.text}", day)
    if whole.kind != "extension":
        return None
    if whole.wanted and not whole.reason and before.wanted:
        # Nothing but the reason was asked for, so that is what these words are.
        whole = replace(whole, reason=doing.row.text.strip())
    if (whole.wanted, whole.reason) == (before.wanted, before.reason):
        return None
    occurrences = queries.occurrences_by_ids(doing.session, [pending.occurrence_id])
    # The request is whole only now, so it counts from now.
    earlier = replace(_as_of(doing, pending), at=doing.at)
    done = perform(earlier, "extension", whole, Match(occurrences, True, True))
    if done.state == "waiting":
        pending.text = f"{pending.text}\n{doing.row.text}"
    return _settle(doing, earlier, done)


def _as_of(doing: Doing, pending: InboundMessage) -> Doing:
    return replace(doing, row=pending, at=min(pending.received_at, doing.at))


def _settle(doing: Doing, earlier: Doing, done: Done) -> Done:
    """Both rows end alike: the earlier one did it, this one said how. The reply answers this one."""
    pending = earlier.row
    pending.outcome = done.outcome
    if done.state != "waiting":
        pending.state, pending.handled_at, pending.handled_by = done.state, doing.at, "dondoc"
    doing.row.occurrence_id = pending.occurrence_id
    return Done(f"Trả lời cho tin đến số {pending.id}: {done.outcome}", done.reply)


def close_replaced(doing: Doing, done: Done) -> None:
    """End the sender's earlier questions about a duty that a later message of his has settled without them."""
    row = doing.row
    if done.state == "waiting" or row.occurrence_id is None:
        return
    since = row.received_at - ASKED_FOR
    for one in queries.rows_of_sender(doing.session, row.channel, row.sender, since, row.id, ("waiting",)):
        if one.data.get("asked_back") and one.occurrence_id == row.occurrence_id:
            one.state, one.handled_at, one.handled_by = "handled", doing.at, "dondoc"
            one.outcome = f"Người gửi đã nói rõ ở tin đến số {row.id}."
