"""One run of the chase: who gets what, with which words, and that a second run adds nothing."""

from __future__ import annotations

import threading
import unicodedata
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from config.settings import build_settings
from db import journal
from db.models import Finding, JournalEntry, Link, Occurrence, Person, Plan, Unit
from db.session import engine_for, reading
from notifications.channels.mail.channel import MailChannel
from notifications.channels.zalo.channel import ZaloChannel
from notifications.composing import LIMITS
from notifications.links import LinkRefused, open_link, other_links, revoke_links
from tests.notifications.chase_world import World, add_duty, add_unit, at, on


def told(world: World, *states: str) -> list[tuple[str, str, list[tuple[int, str]]]]:
    return [
        (m.person.name, m.channel, [(item.occurrence_id, item.step) for item in m.items])
        for m in world.messages(*states)
        if m.person
    ]


def test_a_step_becomes_messages_items_a_note_on_the_occurrence_and_a_journal(both_world: World) -> None:
    number = add_duty(both_world, "20/3")
    summary = both_world.chase(at(on("18/3")))
    assert told(both_world) == [("An", "zalo", [(number, "before-2")]), ("Bình", "zalo", [(number, "before-2")])]
    assert (summary.messages, summary.steps) == (2, 1)
    occurrence = both_world.occurrence(number)
    assert (occurrence.last_step, occurrence.last_step_at) == ("before-2", at(on("18/3")))
    assert occurrence.ladder == both_world.ladders["default"].to_json()
    with reading(both_world.url) as session:
        assert [e.action for e in session.scalars(select(JournalEntry))] == ["message.queue"] * 2
        assert list(journal.verify(session)) == []


def test_a_second_run_of_the_day_adds_nothing(both_world: World) -> None:
    add_duty(both_world, "20/3")
    both_world.chase(at(on("18/3")))
    for moment in (at(on("18/3")), at(on("18/3"), "10:00"), at(on("18/3"), "07:35")):
        assert both_world.chase(moment).messages == 0
    assert len(both_world.messages()) == 2


def test_two_runs_at_once_add_what_one_adds(both_world: World) -> None:
    for _ in range(5):
        add_duty(both_world, "20/3")
    errors: list[BaseException] = []

    def run() -> None:
        try:
            both_world.chase(at(on("18/3")))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [len(message.items) for message in both_world.messages()] == [5, 5]


def test_a_duty_that_appears_later_in_the_day_waits_for_tomorrows_digest(world: World) -> None:
    add_duty(world, "20/3")
    world.chase(at(on("18/3")))
    world.deliver(at(on("18/3")))
    late = add_duty(world, "20/3", "Rà soát danh mục thủ tục")
    summary = world.chase(at(on("18/3"), "14:00"))
    assert (summary.messages, summary.put_off) == (0, 1)
    assert world.occurrence(late).last_step is None
    world.chase(at(on("19/3")))
    assert told(world, "queued") == [("An", "zalo", [(late, "before-2")]), ("Bình", "zalo", [(late, "before-2")])]


def test_duties_of_two_plans_go_into_one_digest_the_latest_first(world: World) -> None:
    with world.transaction() as session:
        from tests.notifications.chase_world import plan

        plan(session, "KH2")
    near = add_duty(world, "20/3")
    late = add_duty(world, "17/3", "Báo cáo cải cách hành chính", plan_code="KH2", last_step="due-day")
    world.chase(at(on("18/3")))
    (leader,) = [m for m in world.messages() if m.person and m.person.name == "Bình"]
    assert [(i.occurrence_id, i.step) for i in leader.items] == [(late, "after-1"), (near, "before-2")]
    assert "Theo Kế hoạch số KH2/KH-UBND ngày 05/01/2026 của UBND xã Thử" in leader.text
    assert leader.subject == "[Đôn đốc] 02 việc, trong đó 01 việc quá hạn – ngày 18/3/2026"


def test_the_words_of_a_digest(world: World) -> None:
    number = add_duty(world, "20/3")
    world.chase(at(on("18/3")))
    message = world.messages()[0]
    assert message.text.startswith(
        "Kính gửi: Ông/Bà An (Phòng Kinh tế)\n\nCăn cứ Kế hoạch số KH1/KH-UBND ngày 05/01/2026"
    )
    assert "Còn 02 ngày làm việc (hạn 20/3/2026)." in message.text
    assert f"mã DD-{number}-" in message.text
    assert message.text.count("https://dondoc.xa.test/t/") == 1
    assert "\n\n\n" not in message.text
    assert message.html is None


def test_a_digest_of_forty_items_is_cut_at_an_item_for_zalo_but_whole_for_mail(world: World) -> None:
    for number in range(40):
        add_duty(world, "20/3", f"Nhiệm vụ thứ {number:02d}: " + "tổ chức rà soát, cập nhật, công khai kết quả " * 6)
    with world.transaction() as session:
        session.scalars(select(Person).where(Person.name == "Bình")).one().channels = ["email"]
    world.chase(at(on("18/3")))
    zalo, mail = world.messages()
    assert (zalo.channel, mail.channel) == ("zalo", "email")
    assert len(unicodedata.normalize("NFC", zalo.text)) <= 2000
    shown = zalo.text.count("Trả lời: https://")
    assert f"… còn {40 - shown} việc. Xem tất cả tại: https://dondoc.xa.test/t/" in zalo.text
    assert len(zalo.items) == 40
    assert mail.text.count("Trả lời: https://") == 40
    assert mail.html is not None
    assert mail.html.count("/t/") == 40


def test_the_limits_of_words_are_those_of_the_channels() -> None:
    measured = {"zalo": ZaloChannel.max_text, "email": MailChannel.max_text}
    assert {name: LIMITS[name] for name in measured} == measured


def test_words_from_a_plan_cannot_become_markup(world: World) -> None:
    add_duty(world, "20/3", "Báo cáo <b>nhanh</b> & {{ 7 * 7 }}")
    with world.transaction() as session:
        for person in session.scalars(select(Person)):
            person.channels = ["email"]
    world.chase(at(on("18/3")))
    html = world.messages()[0].html or ""
    assert "Báo cáo &lt;b&gt;nhanh&lt;/b&gt; &amp; {{ 7 * 7 }}" in html


def test_the_chairman_gets_the_history(world: World) -> None:
    number = add_duty(world, "20/3")
    for day in ("18/3", "20/3", "23/3", "25/3"):
        world.chase(at(on(day)))
        world.deliver(at(on(day), "08:10"))
    world.change(number, acknowledged_at=at(on("19/3")), acknowledged_by="An")
    with world.transaction() as session:
        session.scalars(select(Person).where(Person.role == "chair")).one().channels = ["email"]
    world.chase(at(on("27/3")))
    (message,) = world.messages("queued")
    assert message.kind == "escalation"
    assert "Phòng Kinh tế: Báo cáo kết quả chuyển đổi số" in message.text
    assert "Quá hạn 05 ngày làm việc (hạn 20/3/2026)." in message.text
    told_line = "Đã gửi 05 tin nhắc: An (18/3, 20/3), Bình (18/3, 20/3, 23/3); đã báo cáo Phó Chủ tịch Hà (25/3)."
    assert f"{told_line}\nĐơn vị: 19/3 báo đã nhận; chưa nộp báo cáo.\n" in message.text


def test_a_unit_without_anybody_falls_upward_and_is_a_finding_once(world: World) -> None:
    add_unit(world, "vh", "Phòng Văn hóa")
    add_duty(world, "20/3", unit="vh")
    first = world.chase(at(on("18/3")))
    assert [name for name, _, _ in told(world)] == ["Chuyên viên Vy"]
    assert first.findings == ["Đơn vị Phòng Văn hóa chưa có ai nhận được tin nhắc; tin được chuyển lên cấp trên."]
    world.chase(at(on("20/3")))
    with reading(world.url) as session:
        (finding,) = session.scalars(select(Finding))
        assert (finding.code, finding.severity) == ("unit-without-contact", "error")


def test_roles_stand_in_inside_the_unit_first(world: World) -> None:
    add_unit(world, "tp", "Tư pháp", [("Lan", "deputy")])
    add_duty(world, "20/3", unit="tp")
    world.chase(at(on("18/3")))
    assert [name for name, _, _ in told(world)] == ["Lan"]


def test_the_vice_chair_is_the_one_in_charge_or_else_the_chairman(world: World) -> None:
    with world.transaction() as session:
        other = Person(code="pct2", name="Phó Chủ tịch Khoa", role="vice_chair", zalo_user_id="42", channels=["zalo"])
        session.add(other)
    add_unit(world, "vp", "Văn phòng", [("Mai", "leader")], charge=None)
    mine = add_duty(world, "20/3", last_step="after-1")
    nobodys = add_duty(world, "20/3", unit="vp", last_step="after-1")
    world.chase(at(on("25/3")))
    assert sorted(told(world)) == [
        ("Chủ tịch Sơn", "zalo", [(nobodys, "after-3")]),
        ("Phó Chủ tịch Hà", "zalo", [(mine, "after-3")]),
    ]


def test_a_channel_that_is_not_set_up_is_not_used(world: World) -> None:
    add_duty(world, "20/3")
    world.settings = world.settings.model_copy(update={"zalo_app_id": ""})
    world.chase(at(on("18/3")))
    assert {message.channel for message in world.messages()} == {"email"}


SILENT = {
    "a draft plan": (Plan, {"state": "draft"}),
    "a closed unit": (Unit, {"active": False}),
    "a muted unit": (Unit, {"muted_until": on("31/12")}),
    "an occurrence on hold": (Occurrence, {"state": "on_hold"}),
}


@pytest.mark.parametrize(("model", "changes"), SILENT.values(), ids=SILENT)
def test_nothing_is_queued_for(world: World, model: type[Plan | Unit | Occurrence], changes: dict[str, object]) -> None:
    add_duty(world, "20/3")
    with world.transaction() as session:
        for row in session.scalars(select(model)):
            for name, value in changes.items():
                setattr(row, name, value)
    for day in ("18/3", "20/3", "27/3"):
        world.chase(at(on(day)))
    assert world.messages() == []


def test_editing_the_ladder_changes_no_running_chase(world: World) -> None:
    running = add_duty(world, "20/3")
    world.chase(at(on("18/3")))
    add_duty(world, "20/3", "Việc chưa nhắc")
    default = world.ladders["default"]
    world.ladders = {"default": type(default)("default", default.steps[-1:])}
    world.chase(at(on("20/3")))
    assert [item.occurrence_id for m in world.messages() for item in m.items if item.step == "due-day"] == [running] * 2


def test_an_unsent_digest_is_said_by_todays_in_todays_words(world: World) -> None:
    number = add_duty(world, "20/3")
    world.chase(at(on("18/3")))
    world.chase(at(on("19/3")))
    old, new = world.messages("suppressed"), world.messages("queued")
    assert [m.person_id for m in old] == [m.person_id for m in new]
    assert "Còn 01 ngày làm việc (hạn 20/3/2026)" in new[0].text
    assert world.occurrence(number).last_step_at == at(on("18/3"))
    world.change(number, state="submitted")
    world.chase(at(on("20/3")))
    assert world.messages("queued") == []


def test_the_statements_do_not_grow_with_the_cases(world: World) -> None:
    def statements(day: str) -> int:
        seen: list[str] = []
        engine = engine_for(world.url)

        def note(*args: object) -> None:
            if str(args[2]).startswith("SELECT") and "journal" not in str(args[2]):
                seen.append(str(args[2]))

        event.listen(engine, "before_cursor_execute", note)
        world.chase(at(on(day)))
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    add_duty(world, "20/3")
    few = statements("18/3")
    world.deliver(at(on("18/3")))
    for _ in range(30):
        add_duty(world, "24/3")
    assert statements("20/3") <= few + 1
    assert max(len(message.items) for message in world.messages()) == 31


def test_links_open_expire_and_can_be_revoked(world: World) -> None:
    number = add_duty(world, "20/3")
    world.chase(at(on("18/3")))
    world.chase(at(on("20/3")))
    token = world.messages()[0].text.split("/t/")[1].split()[0]
    with world.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Link)) == 2, "a link that lives is used again"
        link = open_link(session, token, at(on("20/3")), world.settings)
        assert link.occurrence_id == number
        assert link.last_used_at == at(on("20/3"))
        later = link.expires_at + timedelta(seconds=1)
        for wrong, moment, words in (
            (token[:-1], at(on("20/3")), "không đúng hoặc bị sao chép thiếu"),
            ("", at(on("20/3")), "không đúng"),
            (token, later, "đã hết hiệu lực từ ngày"),
        ):
            with pytest.raises(LinkRefused, match=words):
                open_link(session, wrong, moment, world.settings)
        assert revoke_links(session, link.person_id, at(on("20/3"))) == 1
        with pytest.raises(LinkRefused, match="thu hồi"):
            open_link(session, token, at(on("20/3")), world.settings)
        other = build_settings({"home": world.settings.home, "secret_key": "khóa khác"})
        with pytest.raises(LinkRefused, match="không đúng"):
            open_link(session, token, at(on("20/3")), other)


def test_a_link_leads_to_everything_else_that_waits_for_the_person(world: World) -> None:
    number, other, answered = (add_duty(world, due, due) for due in ("20/3", "25/3", "24/3"))
    world.chase(at(on("18/3")))
    world.change(answered, state="submitted")
    with reading(world.url) as session:
        link = session.scalars(select(Link).where(Link.occurrence_id == number).order_by(Link.person_id)).first()
        assert link is not None
        ((waiting, url),) = other_links(session, link, at(on("18/3")), world.settings)
        assert waiting.id == other
        assert open_link(session, url.rpartition("/")[2], at(on("18/3")), world.settings).occurrence_id == other


def test_a_naive_instant_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="aware"):
        world.chase(at(on("18/3")).replace(tzinfo=None))
    assert world.messages() == []
