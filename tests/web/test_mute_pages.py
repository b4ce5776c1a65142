"""A unit is muted until a day for a reason, shown wherever its work is shown; people with dead addresses stand out."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from db.models import JournalEntry, Person, Unit
from db.session import reading, transaction
from notifications.suppressions import suppress
from tests.web.builders import NOW, sign_in
from tests.web.office_builders import Office
from tests.web.test_web_actions import post

WORDS = "tạm dừng nhắc đến hết thứ Sáu 04/12/2026: Đơn vị đang sáp nhập"


def test_a_muted_unit_is_seen_everywhere_and_spoken_of_again(
    officer: TestClient, office: Office, accounts_url: str
) -> None:
    status, text = post(officer, "/don-vi/van-hoa/tam-dung", until="2026-12-04", reason="Đơn vị đang sáp nhập")
    assert status == 200
    assert WORDS in text
    places = {"/": "Đang tạm dừng nhắc 1 đơn vị", "/chu-tich": "Đơn vị đang sáp nhập", "/luoi": "tạm dừng nhắc</span>"}
    places |= {f"/ky-han/{office.occurrences['new_late']}": WORDS}
    for path, words in places.items():
        assert words in officer.get(path).text, path
    assert WORDS not in officer.get(f"/ky-han/{office.occurrences['late']}").text, "another unit's work"
    assert WORDS not in officer.get(f"/ky-han/{office.occurrences['recorded']}").text, "nobody chases it anyway"
    status, text = post(officer, "/don-vi/van-hoa/nhac-lai")
    assert status == 200
    assert WORDS not in text
    with reading(accounts_url) as session:
        assert session.scalars(select(Unit.muted_until).where(Unit.code == "van-hoa")).one() is None
        actions = session.scalars(select(JournalEntry.action).where(JournalEntry.subject_kind == "unit")).all()
        assert actions == ["unit.mute", "unit.unmute"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"until": "2026-11-19", "reason": "Vì thế"}, "phải từ hôm nay"),
        ({"until": "2028-01-01", "reason": "Vì thế"}, "phải từ hôm nay"),
        ({"until": "ngày mai", "reason": "Vì thế"}, "Không hiểu ngày"),
        ({"until": "2026-12-04", "reason": " "}, "ghi lý do"),
    ],
)
def test_a_refused_silence_keeps_what_was_typed(
    officer: TestClient, office: Office, accounts_url: str, fields: dict[str, str], words: str
) -> None:
    status, text = post(officer, "/don-vi/kinh-te/tam-dung", **fields)
    assert status == 409
    card = text.split('id="kinh-te"')[1].split("</section>")[0]
    assert words in card
    assert f'value="{fields["reason"]}"' in card
    with reading(accounts_url) as session:
        assert session.scalars(select(Unit.muted_until).where(Unit.code == "kinh-te")).one() is None


def test_unknown_units_and_leaders_change_nothing(officer: TestClient, office: Office, client: TestClient) -> None:
    assert post(officer, "/don-vi/khong-co/tam-dung", until="2026-12-04", reason="x")[0] == 404
    assert post(officer, "/don-vi/kinh-te/nhac-lai")[0] == 409
    leader = sign_in(client, "lanhdao")
    assert "Tạm dừng nhắc" not in leader.get("/don-vi").text
    assert leader.post("/don-vi/kinh-te/tam-dung", data={"until": "2026-12-04"}).status_code == 403


def test_dead_addresses_stand_out(officer: TestClient, office: Office, accounts_url: str) -> None:
    with transaction(accounts_url) as session:
        for channel, address in (("email", "DM1@xa.example"), ("zalo", "zalo-1"), ("email", "dm3@xa.example")):
            suppress(session, channel, address, source="bounce", reason="Hộp thư không tồn tại.", now=NOW)
        # dm3 keeps only his mail address, which is dead.
        session.scalars(select(Person).where(Person.code == "dm3")).one().zalo_user_id = None
    page = officer.get("/don-vi").text
    assert "Nguyễn Đầu Mối 3: không gửi được: Thư điện tử hộp thư không tồn tại." in page
    assert "Trần Thủ Trưởng 1: không gửi" not in page
    person = officer.get("/nguoi/dm1").text
    assert person.count("Địa chỉ chết từ") == 2, "what is kept folded is found whatever its case"
    assert "Không kênh nào tới được người này" in person
    assert "Không kênh nào" not in officer.get("/nguoi/tt1").text
    assert officer.get("/nguoi/khong-co").status_code == 404


def test_a_person_page_tells_the_order_and_the_last_message(officer: TestClient, office: Office) -> None:
    page = officer.get("/nguoi/dm1").text
    ways = page.split('class="ways"')[1].split("</ol>")[0]
    assert ways.index("Zalo") < ways.index("Thư điện tử")
    assert "zalo-1" not in page, "an id says nothing to a reader"
    assert "Nhắc việc ngày 18/11/2026" in page
