"""phiếu theo dõi and công văn đôn đốc: what stands in the ledger stands in them, and nothing else."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from cli.paper_commands import report_app
from config.faults import Refusal
from db import journal
from db.journal import read_anchor
from db.models import Message, MessageItem, Occurrence, Person
from db.session import transaction
from reports.chase_letter import letter_signing, load_owing, write_letter
from reports.tracking import load_course, load_unit_year
from reports.tracking_sheet import sheet_signing, write_course, write_unit_year
from tests.reports.report_builders import CENTRE, ECONOMY, NOW, POLICE, TestOffice, World, at, fill_sample, make_world

OFFICE = TestOffice()
CONTENT = "Rà soát, cập nhật danh mục thủ tục hành chính niêm yết"


def words(data: bytes) -> str:
    """All that the document says, tables too, in the order of its body."""
    document = docx.Document(BytesIO(data))
    parts = []
    for element in document.element.body.iterchildren():
        texts = [node.text or "" for node in element.iter() if node.tag.endswith("}t")]
        parts.append("".join(texts) if element.tag.endswith("}p") else " | ".join(texts))
    return "\n".join(parts)


@pytest.fixture
def chased(sample: World) -> Occurrence:
    """A duty that was told of three times, failed once, acknowledged, extended in vain, answered and sent back."""
    duty = sample.obligation(CONTENT, coordinators=["Công an xã"])
    one = sample.occurrence(duty, ECONOMY, date(2026, 3, 10))
    one.explanation = ["Hạn theo chữ: hết ngày 10/03/2026."]
    person = Person(code="a", name="Trần Văn Bình", role="contact", unit=one.unit)
    sample.session.add(person)
    sample.session.flush()
    told = (("sent", "digest", 5), ("sent", "digest", 9), ("failed", "digest", 13), ("sent", "escalation", 17))
    for state, kind, day in (*told, ("sent", "notice", 18), ("queued", "digest", 19)):
        moment = at(date(2026, 3, day))
        message = Message(
            dedupe_key=f"{kind}{day}", person=person, channel="zalo", address="x", kind=kind, subject="", text="",
            state=state, not_before=moment, created_at=moment, sent_at=moment if state == "sent" else None,
        )  # fmt: skip
        sample.session.add(message)
        sample.session.flush()
        item = MessageItem(message_id=message.id, occurrence_id=one.id, step="x", position=0, reason=f"Lý do {day}")
        sample.session.add(item)
    sample.ask_time(one, "Chờ số liệu của cấp trên", date(2026, 3, 20))
    answer = sample.submit(one, date(2026, 3, 18), state="returned")
    answer.return_reason, answer.reviewed_at = "Thiếu biểu số 2", at(date(2026, 3, 19))
    deed = {"action": "occurrence.acknowledge", "subject_kind": "occurrence", "subject_id": one.id}
    journal.record(sample.session, at=at(date(2026, 3, 6)), actor="Trần Văn Bình", **deed)  # type: ignore[arg-type]
    sample.plan.state = "confirmed"
    sample.session.flush()
    sample.session.expire_all()
    return one


def test_the_sheet_tells_the_whole_course_in_order(sample: World, chased: Occurrence) -> None:
    course = load_course(sample.session, chased.id, NOW)
    told = words(write_course(course, OFFICE, sheet_signing(OFFICE), "Lê Thị Lập"))
    assert course.told == 3, "two reminders and an escalation; not the failed one, the notice, the queued one"
    expected = [
        *("PHIẾU THEO DÕI, ĐÔN ĐỐC", "07/KH-UBND", CONTENT, ECONOMY, "Công an xã", "hạn pháp lý 10/03/2026"),
        *("Chưa hoàn thành, quá hạn 15 ngày", "03", "Hạn theo chữ: hết ngày 10/03/2026."),
        *("09:00 05/03/2026", "Trần Văn Bình", "Zalo", "Lý do 5", "đã gửi", "Lý do 13", "không gửi được"),
        *("Lý do 19", "chờ gửi", "09:00 06/03/2026: Đơn vị báo đã nhận (Trần Văn Bình)."),
        *("Chờ số liệu của cấp trên", "20/03/2026", "Chưa quyết định"),
        *("Trả lại lúc 09:00 19/03/2026: Thiếu biểu số 2", "NGƯỜI LẬP PHIẾU", "CHÁNH VĂN PHÒNG"),
    ]
    place = 0
    for part in expected:
        place = told.find(part, place)
        assert place >= 0, part


def test_the_sheet_bears_the_anchor_of_the_journal(sample: World, chased: Occurrence) -> None:
    course = load_course(sample.session, chased.id, NOW)
    told = words(write_course(course, OFFICE, sheet_signing(OFFICE), "x"))
    printed = told.split("mã kiểm tra ")[1].split(".)")[0]
    assert read_anchor(printed) == course.anchor
    assert list(journal.verify(sample.session, course.anchor)) == []


def test_the_same_sheet_of_the_same_instant_is_the_same_file(sample: World, chased: Occurrence) -> None:
    course = load_course(sample.session, chased.id, NOW)
    first, second = (write_course(course, OFFICE, sheet_signing(OFFICE), "x") for _ in range(2))
    assert first == second


def test_the_sheet_of_a_unit_counts_its_year(sample: World, chased: Occurrence) -> None:
    year = load_unit_year(sample.session, chased.unit.code, NOW)
    told = words(write_unit_year(year, OFFICE, sheet_signing(OFFICE), "x"))
    assert "Tổng số 05 kỳ hạn: đã hoàn thành đúng hạn: 03; đã hoàn thành quá hạn: 01" in told
    assert "chưa hoàn thành, quá hạn: 01. Đã nhắc 03 lượt việc." in told


def test_an_occurrence_that_is_none_is_refused(sample: World) -> None:
    with pytest.raises(Refusal):
        load_course(sample.session, 10_000, NOW)
    with pytest.raises(Refusal):
        load_unit_year(sample.session, "khong-co", NOW)


def test_the_letter_names_every_late_unit_and_no_other(sample: World, chased: Occurrence) -> None:
    owing = load_owing(sample.session, (), NOW)
    told = words(write_letter(owing, OFFICE, letter_signing(OFFICE), "x"))
    assert "/UBND-VP" in told
    assert "V/v đôn đốc thực hiện nhiệm vụ" in told
    assert "03 đơn vị còn 05 nhiệm vụ đã quá hạn chưa hoàn thành (có danh mục kèm theo)." in told
    assert "[ngày phải hoàn thành]" in told
    assert "[tên đơn vị theo dõi]" in told
    address = told.split("Kính gửi:")[1].split("Thực hiện")[0]
    assert POLICE in address
    assert CENTRE not in address
    assert "DANH MỤC NHIỆM VỤ CHƯA HOÀN THÀNH" in told
    assert f"{ECONOMY} | Công an xã | 10/03/2026 | Chưa hoàn thành | 15 | 3" in told


def test_the_letter_to_one_unit_asks_for_a_day(sample: World, chased: Occurrence) -> None:
    owing = load_owing(sample.session, [chased.unit.code], NOW)
    told = words(
        write_letter(owing, OFFICE, letter_signing(OFFICE), "x", finish_by=date(2026, 4, 3), follower="Văn phòng")
    )
    assert f"Kính gửi: {ECONOMY}." in told
    assert "chậm nhất ngày 03 tháng 4 năm 2026." in told
    assert "Giao Văn phòng theo dõi" in told
    assert "[" not in told.replace("[Họ và tên]", "")
    assert POLICE not in told.split("DANH MỤC")[0]


def test_nothing_owed_is_no_letter(world: World) -> None:
    world.unit(CENTRE)
    world.plan.state = "confirmed"
    world.session.flush()
    for codes in ((), (world.units[CENTRE].code,), ("khong-co",)):
        with pytest.raises(Refusal):
            load_owing(world.session, codes, NOW)


def test_both_papers_come_from_the_command_line(
    sqlite_url: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", sqlite_url)
    (home / "config").mkdir(parents=True)
    source = Path(__file__).parents[2] / "dev" / "seed" / "units.yaml"
    (home / "config" / "units.yaml").write_bytes(source.read_bytes())
    with transaction(sqlite_url) as session:
        world = make_world(session)
        fill_sample(world)
        world.plan.state = "confirmed"
    runner, when = CliRunner(), ["--out", str(tmp_path), "--now", NOW.isoformat()]
    for words_typed, file in (
        (["tracking", "1"], "phieu-theo-doi-ky-han-1.docx"),
        (["tracking", "u0", "--unit"], "phieu-theo-doi-don-vi-u0.docx"),
        (["letter", "--finish-by", "2026-04-03"], "cong-van-don-doc-2026-03-25.docx"),
    ):
        done = runner.invoke(report_app, [*words_typed, *when])
        assert done.exit_code == 0, done.exception
        assert docx.Document(str(tmp_path / file)).paragraphs
