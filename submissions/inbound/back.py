"""Saying something back to whoever wrote, on the channel that he wrote on."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.settings import Settings
from db.models import InboundMessage
from db.queries import inbound_queries as queries
from notifications.replies import Place, Reply, queue_reply
from submissions.inbound.deeds import Doing, Done
from submissions.inbound.matching import Speaker

# A sender whose message waits for a person is told so once in that time, however much he writes.
TOLD_ONCE = timedelta(hours=24)
STOP_HINT = "Việc nhắc theo kế hoạch không tự dừng bằng tin nhắn; chuyên viên sẽ trả lời đề nghị này."


def say(
    session: Session, row: InboundMessage, speaker: Speaker, reply: Reply | None, now: datetime, settings: Settings
) -> None:
    """Queue a reply to a message, unless there is none to give or nobody to give it to."""
    place = _place(row, speaker)
    if reply is None or place is None or row.data.get("quiet"):
        return
    if reply.kind == "waiting":
        row.data = row.data | {"told": True}
    queue_reply(session, str(row.id), reply, place, now, settings)


def _place(row: InboundMessage, speaker: Speaker) -> Place | None:
    """Where a reply goes. By mail to the register's own address of the person, never to whatever "From" says."""
    if row.channel == "webhook":
        return None
    if row.channel != "email":
        return Place(row.channel, row.sender, speaker.person)
    if speaker.person is None or not speaker.person.email:
        return None
    own_id = row.dedupe_key.removeprefix("mail:")
    thread = [*row.data.get("answers", []), *([own_id] if own_id.startswith("<") else [])]
    return Place("email", speaker.person.email, speaker.person, thread)


def wait_for_person(doing: Doing, why: str) -> Done:
    """Leave a message to the officer; its sender is told, unless he was told within TOLD_ONCE."""
    row = doing.row
    earlier = queries.rows_of_sender(
        doing.session, row.channel, row.sender, row.received_at - TOLD_ONCE, row.id, ("waiting",)
    )
    if any(one.data.get("told") for one in earlier):
        row.data = row.data | {"quiet": True}
    return Done(why, Reply("waiting", words={"hint": STOP_HINT if "không muốn nhận" in why else ""}), "waiting")
