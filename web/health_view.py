"""The system's health at one glance: a tile a part, green or not, with its numbers in one short line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from config.machine import Machine
from config.settings import Settings
from db.models import ChannelToken
from db.queries import office_queries, watch_queries
from db.queries.office_queries import Queue
from notifications.job_runs import ALERTS, CHASE, DELIVER, FIGURES, MAILBOX, UP, WATCH, WEB
from notifications.recipients import usable_channels
from notifications.watch import Fault
from notifications.watching.channels import REFRESH_LIFE
from web import labels
from web.rendering import say_count, say_moment, say_size

State = Literal["good", "look", "bad", "off"]

JOBS = labels.JOBS | {
    WEB: "Trang theo dõi",
    UP: "Tiến trình dừng bất thường",
    ALERTS: "Báo động",
    MAILBOX: "Hộp thư nhận trả lời",
    FIGURES: "Đếm số lần nhắc",
}
ZALO = ("zalo", "zalo_template", "zbs", "zalo_bot")
# The part that each fault belongs to, by how its code begins; the first that fits.
PARTS_OF = (
    ("chase-", "chase"),
    ("delivery-", "delivery"),
    ("queue-", "queue"),
    ("unknown", "queue"),
    ("token-", "token"),
    ("inbound-", "inbound"),
    ("mailbox", "inbound"),
    ("journal", "journal"),
    ("disk", "disk"),
    ("barred-", "dead"),
)
CHANNEL_FAULTS = ("channel-", "code-", "paused-")


@dataclass(frozen=True)
class Part:
    """One tile: `good` all is well, `look` somebody should look, `bad` act now, `off` not set up."""

    key: str
    name: str
    icon: str
    line: str
    link: str
    state: State

    @property
    def word(self) -> str:
        """The state in a word, for whoever does not see the colour."""
        return {"good": "tốt", "look": "cần xem", "bad": "có lỗi", "off": "chưa dùng"}[self.state]


@dataclass(frozen=True)
class Numbers:
    """What the tiles say besides their colour."""

    ends: Mapping[str, datetime]
    today: Mapping[tuple[str, str], int]
    queue: Queue
    tokens: Sequence[ChannelToken]
    waiting: int
    received: int
    entries: int
    machine: Machine
    usable: frozenset[str]


def look_up(session: Session, settings: Settings, machine: Machine, now: datetime, midnight: datetime) -> Numbers:
    """The numbers as they stand."""
    head = watch_queries.journal_head(session)
    return Numbers(
        watch_queries.last_good_ends(session),
        watch_queries.ended_by_channel(session, midnight),
        office_queries.queue_state(session, now, midnight),
        watch_queries.tokens(session),
        watch_queries.inbound_before(session, "waiting", now)[0],
        watch_queries.inbound_since(session, midnight),
        head.seq if head else 0,
        machine,
        usable_channels(settings),
    )


def parts_of(found: Sequence[Fault], numbers: Numbers) -> list[Part]:
    """The tiles in the order in which one reads them: who runs, what leaves, what comes back, what it stands on."""
    states = _states(found)
    alive: State = "good" if _signs(numbers) else "off"  # silence of a process that never spoke is no good news
    made = [
        Part("chase", "Lượt nhắc", "bell", _last(numbers, CHASE), "#viec", states.get("chase", "good")),
        Part("delivery", "Lượt gửi", "paper-plane", _last(numbers, DELIVER), "#viec", states.get("delivery", "good")),
        Part("work", "Tiến trình", "gears", _alive(numbers), "#viec", states.get("work", alive)),
        Part("queue", "Hàng chờ gửi", "layer-group", _queue(numbers.queue), "/hop-gui", states.get("queue", "good")),
        _channel("email", "Kênh thư", "envelope", ("email",), numbers, states),
        _channel("zalo", "Kênh Zalo", "comment", ZALO, numbers, states),
    ]
    if "webhook" in numbers.usable:
        made.append(_channel("webhook", "Cổng tin nhắn", "tower-broadcast", ("webhook",), numbers, states))
    return [*made, _token(numbers, states), _inbound(numbers, states), *_ground(numbers, states)]


def _ground(numbers: Numbers, states: Mapping[str, State]) -> list[Part]:
    disk = f"còn {say_size(numbers.machine.free)}"
    entries = f"{say_count(numbers.entries)} mục"
    parts = [
        Part("journal", "Nhật ký", "book", entries, "#du-lieu", states.get("journal", "good")),
        Part("disk", "Ổ đĩa", "hard-drive", disk, "#du-lieu", states.get("disk", "good")),
    ]
    return (
        [*parts, Part("dead", "Địa chỉ", "user-slash", "mới bị ngừng gửi", "#can-xu-ly", "look")]
        if ("dead" in states)
        else parts
    )


def _states(found: Iterable[Fault]) -> dict[str, State]:
    states: dict[str, State] = {}
    for fault in found:
        part = part_of(fault)
        if states.get(part) != "bad":
            states[part] = "bad" if fault.grave else "look"
    return states


def part_of(fault: Fault) -> str:
    """The tile on which a fault shows; what belongs to no other is about the processes."""
    for begin in CHANNEL_FAULTS:
        if fault.code.startswith(begin):
            channel = fault.code.removeprefix(begin).split("-")[0]
            return "zalo" if channel in (*ZALO, "zalo_app") else channel
    return next((part for begin, part in PARTS_OF if fault.code.startswith(begin)), "work")


def _last(numbers: Numbers, job: str) -> str:
    last = numbers.ends.get(job)
    return f"lần cuối {say_moment(last)}" if last else "chưa chạy lần nào"


def _alive(numbers: Numbers) -> str:
    signs = _signs(numbers)
    return f"dấu hiệu cuối {say_moment(max(signs))}" if signs else "chưa có dấu hiệu"


def _signs(numbers: Numbers) -> list[datetime]:
    return [numbers.ends[job] for job in (WATCH, WEB) if job in numbers.ends]


def _queue(queue: Queue) -> str:
    if not queue.due:
        return "không có tin chờ"
    return f"{say_count(queue.due)} tin" + (f", cũ nhất {say_moment(queue.oldest)}" if queue.oldest else "")


def _channel(
    key: str, name: str, icon: str, channels: Sequence[str], numbers: Numbers, states: Mapping[str, State]
) -> Part:
    counts = {
        state: sum(numbers.today.get((channel, state), 0) for channel in channels)
        for state in ("sent", "failed", "unknown")
    }
    used = any(channel in numbers.usable for channel in channels)
    line = f"hôm nay {say_count(counts['sent'])} đã gửi"
    line += f", {say_count(counts['failed'])} lỗi" if counts["failed"] else ""
    line += f", {say_count(counts['unknown'])} chưa rõ" if counts["unknown"] else ""
    state = states.get(key, "good" if used else "off")
    return Part(key, name, icon, line if used else "chưa thiết lập", "#kenh", state)


def _token(numbers: Numbers, states: Mapping[str, State]) -> Part:
    if not numbers.tokens:
        return Part("token", "Quyền gửi Zalo", "key", "chưa cấp", "#kenh", states.get("token", "off"))
    ends = min(token.updated_at + REFRESH_LIFE for token in numbers.tokens)
    return Part(
        "token", "Quyền gửi Zalo", "key", f"gia hạn trước {say_moment(ends)[6:]}", "#kenh", states.get("token", "good")
    )


def _inbound(numbers: Numbers, states: Mapping[str, State]) -> Part:
    line = f"hôm nay {say_count(numbers.received)}"
    line += f", {say_count(numbers.waiting)} chờ xem" if numbers.waiting else ""
    return Part("inbound", "Tin đến", "inbox", line, "/tin-den", states.get("inbound", "good"))
