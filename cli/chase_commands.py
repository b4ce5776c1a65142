"""The chase by hand: queue, deliver, rehearse a year, look into the outbox, watch."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from config import clock
from config.faults import Refusal
from config.settings import load_settings
from db.session import reading, transaction

Now = Annotated[str | None, typer.Option("--now", help="Thời điểm giả định, ví dụ 2026-03-16T08:00+07:00")]

outbox_app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


def chase(now: Now = None) -> None:
    """Xếp vào hộp gửi đi những gì phải nhắc lúc này; chạy lại trong ngày không thêm gì."""
    from db.office_rules import adopt_rules, rules_in_use
    from notifications.chase import run_chase

    settings, moment = load_settings(), clock.parse_now(now)
    with transaction() as session:
        adopt_rules(session, settings, moment)
        rules = rules_in_use(session, settings)
        done = run_chase(session, moment, rules.calendar, rules.ladders, settings)
    typer.echo(f"Đã xem {done.cases} kỳ hạn: nhắc {done.steps} việc bằng {done.messages} tin.")
    if done.put_off:
        typer.echo(f"{done.put_off} việc chờ ngày mai vì người nhận đã có tin tổng hợp hôm nay.")
    if done.replaced:
        typer.echo(f"{done.replaced} tin cũ chưa gửi được đã gộp vào tin hôm nay.")
    for finding in done.findings:
        typer.echo(f"Lưu ý: {finding}")


def deliver(now: Now = None, limit: Annotated[int, typer.Option(min=1, help="Số tin nhiều nhất")] = 500) -> None:
    """Gửi các tin đang chờ."""
    from notifications.channels import Delivery, build_channels
    from notifications.delivery import deliver_due

    settings = load_settings()
    moment = partial(clock.parse_now, now) if now else clock.now
    try:
        channels = build_channels(settings)
    except Delivery as fault:
        raise Refusal(fault.detail) from fault
    if not channels:
        raise Refusal("Chưa thiết lập kênh nào. Hãy đặt DONDOC_SMTP_URL hoặc DONDOC_ZALO_APP_ID rồi chạy lại.")
    with _settled_at_a_stop():
        done = deliver_due(transaction, channels, moment, settings, limit)
    words = {"sent": "đã gửi", "queued": "sẽ gửi lại", "failed": "không gửi được", "unknown": "không rõ kết quả"}
    words |= {"cancelled": "hủy vì đã trả lời", "waiting": "chờ vì giới hạn mỗi phút"}
    counted = [f"{asdict(done)[state]} tin {label}" for state, label in words.items() if asdict(done)[state]]
    typer.echo((", ".join(counted) or "Không có tin nào phải gửi lúc này").capitalize() + ".")


@contextmanager
def _settled_at_a_stop() -> Iterator[None]:
    """A service that is stopped (SIGTERM) ends as by Ctrl-C: what has left is written, the rest stays queued."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def simulate(
    start: Annotated[str, typer.Option("--from", help="Ngày đầu, ví dụ 2026-01-01")],
    end: Annotated[str, typer.Option("--to", help="Ngày cuối, ví dụ 2026-12-31")],
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Ghi kết quả ra tệp .xlsx này")] = None,
) -> None:
    """Chạy thử việc nhắc trên một bản sao: mỗi ngày ai sẽ nhận gì, vì sao. Không gửi gì cả."""
    from db.office_rules import rules_in_use
    from notifications.simulation import simulate as run_simulation
    from notifications.simulation import write_workbook

    settings = load_settings()
    first, last = _day(start), _day(end)
    with reading() as session:
        rules = rules_in_use(session, settings)
    try:
        done = run_simulation(settings.database_url, first, last, rules.calendar, rules.ladders, settings)
    except ValueError as error:
        raise Refusal(f"Không chạy thử được: {error}.") from error
    for line in done.lines():
        typer.echo(line)
    if xlsx:
        write_workbook(done, xlsx)
        typer.echo(f"Đã ghi {xlsx}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"Không hiểu ngày {text!r}. Hãy viết như 2026-01-31.") from error


@outbox_app.command("list")
def outbox_list(
    state: Annotated[list[str] | None, typer.Option("--state", help="Chỉ các trạng thái này, ví dụ unknown")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Số tin nhiều nhất")] = 50,
) -> None:
    """Các tin mới nhất trong hộp gửi đi; tin không rõ kết quả chờ người quyết định."""
    from db.queries.outbox_queries import count_states, newest_messages
    from notifications.decisions import STATE_WORDS

    for unknown in set(state or ()) - set(STATE_WORDS):
        raise Refusal(f"Không có trạng thái {unknown!r}. Hãy chọn: {', '.join(STATE_WORDS)}.")
    with reading() as session:
        for one in newest_messages(session, state or (), limit):
            at = f"{(one.sent_at or one.created_at).astimezone(clock.ZONE):%d/%m/%Y %H:%M}"
            who = one.person.name if one.person else one.address
            typer.echo(f"{one.id:>6}  {at}  {STATE_WORDS[one.state]:<22}{one.channel:<13} {who}: {one.subject}")
            if one.error and one.state != "sent":
                typer.echo(f"        {one.error}")
        counts = count_states(session)
    typer.echo(", ".join(f"{label}: {counts.get(name, 0)}" for name, label in STATE_WORDS.items()) + ".")


@outbox_app.command("resend")
def outbox_resend(
    message_id: Annotated[int, typer.Argument(metavar="SỐ", help="Số của tin")],
    now: Now = None,
    by: Annotated[str, typer.Option("--by", help="Người quyết định")] = "Quản trị (dòng lệnh)",
) -> None:
    """Gửi lại một tin không rõ kết quả hoặc không gửi được."""
    from notifications.decisions import resend

    with transaction() as session:
        follower = resend(session, message_id, clock.parse_now(now), by)
    typer.echo(f"Tin số {message_id} sẽ được gửi lại bằng tin số {follower.id}.")


@outbox_app.command("mark-sent")
def outbox_mark_sent(
    message_id: Annotated[int, typer.Argument(metavar="SỐ", help="Số của tin")],
    now: Now = None,
    by: Annotated[str, typer.Option("--by", help="Người quyết định")] = "Quản trị (dòng lệnh)",
) -> None:
    """Coi một tin không rõ kết quả là đã gửi."""
    from notifications.decisions import mark_sent

    with transaction() as session:
        mark_sent(session, message_id, clock.parse_now(now), by)
    typer.echo(f"Tin số {message_id} được coi là đã gửi.")


@outbox_app.command("dead")
def outbox_dead(
    lifted: Annotated[int | None, typer.Option("--lift", metavar="SỐ", help="Mở lại địa chỉ chết số này")] = None,
    now: Now = None,
    by: Annotated[str, typer.Option("--by", help="Người quyết định")] = "Quản trị (dòng lệnh)",
) -> None:
    """Các địa chỉ chết: không nhận được tin nên không được gửi tới; --lift mở lại một địa chỉ."""
    from db.queries.sending_queries import newest_bars
    from notifications.suppressions import lift

    if lifted is not None:
        with transaction() as session:
            bar = lift(session, lifted, by, clock.parse_now(now))
        typer.echo(f"Đã mở lại địa chỉ {bar.address} ({bar.channel}); tin sau lại được gửi tới đó.")
        return
    with reading() as session:
        bars = newest_bars(session, 1000)
        for bar in bars:
            at = f"{bar.made_at.astimezone(clock.ZONE):%d/%m/%Y %H:%M}"
            typer.echo(f"{bar.id:>6}  {at}  {bar.channel:<13} {bar.address}: {bar.reason}")
    typer.echo(f"{len(bars)} địa chỉ chết." if bars else "Không có địa chỉ chết.")


def watch(now: Now = None) -> None:
    """Kiểm tra xem hệ thống có im lặng bất thường không; có lỗi thì báo qua kênh còn dùng được."""
    from config.machine import look_at_machine
    from db.office_rules import calendar_in_use
    from notifications.message_figures import refresh_figures
    from notifications.watch import ping_outside, watch_once

    settings, moment = load_settings(), clock.parse_now(now)
    machine = look_at_machine(settings.home)
    with transaction() as session:
        calendar = calendar_in_use(session, settings)
        faults = watch_once(session, moment, calendar, settings, machine)
    refresh_figures(reading, transaction, moment, calendar)
    problem = ping_outside(settings, faults)
    for fault in faults:
        typer.echo(fault.text)
    if problem:
        typer.echo(problem)
    if faults or problem:
        raise typer.Exit(1)
    typer.echo("Mọi thứ đang chạy bình thường.")
