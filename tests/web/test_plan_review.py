"""The review page of a draft: the source beside the reading, every correction, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from db.models import Finding, JournalEntry, Plan
from db.session import reading, transaction
from plans import source_view
from plans.editing import DutyChanges, edit_duty
from tests.web.builders import NOW, sign_in
from tests.web.office_builders import Office
from tests.web.review_builders import HEAD, QUIET_ROWS, ROWS, Desk, draft, plan_text, rows_of


@pytest.fixture
def desk(officer: TestClient, office: Office, accounts_url: str, home: Path) -> Desk:
    """The officer before a draft."""
    return Desk(officer, draft(accounts_url, home, plan_text()))


def test_each_duty_links_to_its_row_of_the_source_and_back(desk: Desk, accounts_url: str) -> None:
    page = desk.page()
    for row, line in zip(rows_of(accounts_url, desk.code), ROWS, strict=True):
        part = page.split(f'id="nv-{row.id}"', 1)[1].split('data-part="', 1)[1].split('"', 1)[0]
        shown = page.split(f'id="n-{part}"', 1)[1].split("</tr>", 1)[0]
        assert f'href="#nv-{row.id}"' in shown
        assert line.split("\t")[2] in shown
        assert f'href="#n-{part}" data-source' in page


def test_the_page_counts_what_is_left_and_blocks(desk: Desk) -> None:
    page = desk.page()
    assert '<a href="#cau-hoi">2 câu hỏi</a>' in page
    assert "2 câu phải trả lời trước khi xác nhận" in page
    assert f'action="{desk.here}/xac-nhan"' not in page


def test_alike_questions_are_answered_at_once(desk: Desk, accounts_url: str) -> None:
    page = desk.page()
    number = int(page.split('name="several_', 1)[1].split('"', 1)[0])
    alike = [each.split('"', 1)[0] for each in page.split(f'name="alike_{number}" value="')[1:]]
    assert len(alike) == 2
    given = {f"several_{number}": "1", f"choice_{number}": "phrase", f"phrase_{number}": "Tháng 12"}
    status, text = desk.post("/cau-hoi", **given)
    assert (status, "Chưa đánh dấu nhiệm vụ nào" in text) == (409, True)
    status, text = desk.post("/cau-hoi", **given, **{f"alike_{number}": alike})
    assert (status, "Đã ghi 2 câu trả lời" in text) == (200, True)
    assert all(row.rules for row in rows_of(accounts_url, desk.code))


def test_a_refused_answer_to_several_says_so_once_and_keeps_what_was_typed(desk: Desk) -> None:
    page = desk.page()
    number = int(page.split('name="several_', 1)[1].split('"', 1)[0])
    alike = [each.split('"', 1)[0] for each in page.split(f'name="alike_{number}" value="')[1:]]
    given: dict[str, str | list[str]] = {f"choice_{number}": "phrase", f"phrase_{number}": "hôm nào đó"}
    status, text = desk.post("/cau-hoi", **given, **{f"alike_{number}": alike})
    assert status == 409
    assert text.count("Chưa hiểu thời hạn «hôm nào đó»") == 1
    assert 'value="hôm nào đó"' in text


def test_many_duties_without_a_lead_get_one_on_a_card_for_all(
    officer: TestClient, office: Office, accounts_url: str, home: Path
) -> None:
    rows = "\n".join(f"{n}\tViệc số {n} của kho\t\t\t\tQuý IV" for n in range(1, 31))
    desk = Desk(officer, draft(accounts_url, home, (HEAD + rows).encode()))
    page = desk.page()
    assert "30 câu phải trả lời" in page
    assert page.count('value="new"') == 26, "a card for each of the first ones, and one for all"
    alike = [each.split('"', 1)[0] for each in page.split('name="alike_0" value="')[1:]]
    chosen = {"several_0": "1", "choice_0": "other", "unit_0": "van-hoa"}
    assert desk.post("/cau-hoi", **chosen)[0] == 409, "nothing is ticked to begin with"
    status, text = desk.post("/cau-hoi", **chosen, alike_0=alike)
    assert (status, "Đã ghi 30 câu trả lời" in text) == (200, True)
    assert {row.leads for row in rows_of(accounts_url, desk.code)} == {("Phòng Văn hóa - Xã hội",)}


def test_the_button_says_what_confirming_does(
    officer: TestClient, office: Office, accounts_url: str, home: Path
) -> None:
    desk = Desk(officer, draft(accounts_url, home, plan_text(QUIET_ROWS)))
    page = desk.page()
    told = page.split("Xác nhận: lập ", 1)[1].split("<", 1)[0]
    assert "Chưa có đầu mối nhận tin: Văn phòng HĐND và UBND." in page
    status, text = desk.post("/xac-nhan")
    assert status == 200
    assert f"Đã xác nhận: {told} được theo dõi" in text, "what was told is what came"


def test_a_row_opens_into_a_form_and_is_saved(desk: Desk, accounts_url: str) -> None:
    first = rows_of(accounts_url, desk.code)[0]
    action = f"/nhiem-vu/{first.id}"
    status, text = desk.send(action, f"?sua={first.id}", content="Kiểm đếm toàn bộ hồ sơ", deadline_text="Tháng 11")
    assert (status, f'id="nv-{first.id}"' in text) == (200, True)
    row = rows_of(accounts_url, desk.code)[0]
    assert (row.content, row.deadline, row.rules) == ("Kiểm đếm toàn bộ hồ sơ", "Tháng 11", 1)
    with reading(accounts_url) as session:
        entry = session.query(JournalEntry).filter_by(action="plan.edit").one()
        assert (entry.actor, entry.data["before"]["content"]) == ("Phạm Thị Lan", first.content)


def test_saving_nothing_new_changes_nothing(desk: Desk, accounts_url: str) -> None:
    before = rows_of(accounts_url, desk.code)
    with reading(accounts_url) as session:
        written = session.query(JournalEntry).count()
    for row in before:
        assert desk.send(f"/nhiem-vu/{row.id}", f"?sua={row.id}")[0] == 200
    assert rows_of(accounts_url, desk.code) == before
    with reading(accounts_url) as session:
        assert session.query(JournalEntry).count() == written


def test_a_row_saved_by_another_meanwhile_is_refused_with_both_texts(desk: Desk, accounts_url: str) -> None:
    first = rows_of(accounts_url, desk.code)[0]
    fields = desk.fields(f"?sua={first.id}", f"/nhiem-vu/{first.id}")
    with transaction(accounts_url) as session:
        edit_duty(session, first.id, DutyChanges(content="Chữ của người khác"), NOW, "người khác")
    status, text = desk.post(f"/nhiem-vu/{first.id}", **(fields | {"content": "Chữ của tôi"}))
    assert status == 409
    assert ">\nChữ của tôi</textarea>" in text
    assert "Người khác vừa lưu:</span> <q>Chữ của người khác</q>" in text
    version = text.split('name="version" value="', 1)[1].split('"', 1)[0]
    again = fields | {"content": "Chữ của tôi", "version": version}
    assert desk.post(f"/nhiem-vu/{first.id}", **again)[0] == 200, "saving again writes over it knowingly"
    assert rows_of(accounts_url, desk.code)[0].content == "Chữ của tôi"


def test_a_form_that_is_refused_stays_open_with_what_was_typed(desk: Desk, accounts_url: str) -> None:
    first = rows_of(accounts_url, desk.code)[0]
    status, text = desk.send(f"/nhiem-vu/{first.id}", f"?sua={first.id}", content=" ", deliverable="Sổ theo dõi mới")
    assert status == 409
    assert "không được để trống" in text
    assert "Sổ theo dõi mới</textarea>" in text


def test_splitting_shares_or_divides_each_field(desk: Desk, accounts_url: str) -> None:
    first = rows_of(accounts_url, desk.code)[0]
    fields = desk.fields(f"?tach={first.id}", f"/nhiem-vu/{first.id}/tach")
    assert fields["content"].splitlines() == ["Kiểm đếm hồ sơ trong kho;", "lập danh mục hồ sơ cần quét"]
    times = "Tháng 11\nTháng 12"
    assert desk.post(f"/nhiem-vu/{first.id}/tach", **(fields | {"deadline_text": times}))[0] == 200
    one, other = rows_of(accounts_url, desk.code)[:2]
    assert (one.deadline, other.deadline) == ("Tháng 11", "Tháng 12")
    assert one.leads == other.leads == ("Phòng Văn hóa - Xã hội",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"content": "Chỉ một dòng"}, "Chưa có chỗ cắt nào"), ({"deliverable": "a\nb\nc"}, "Sản phẩm có 3 dòng")],
)
def test_a_split_that_cannot_be_says_why(desk: Desk, accounts_url: str, changes: dict[str, str], words: str) -> None:
    first = rows_of(accounts_url, desk.code)[0]
    status, text = desk.send(f"/nhiem-vu/{first.id}/tach", f"?tach={first.id}", **changes)
    assert (status, words in text) == (409, True)
    assert len(rows_of(accounts_url, desk.code)) == len(ROWS)


def test_ticked_rows_are_joined(desk: Desk, accounts_url: str) -> None:
    ticks = [each.split('"', 1)[0] for each in desk.page().split('name="chon" value="')[1:]]
    assert desk.post("/gop", chon=ticks[:1])[0] == 409
    assert desk.post("/gop", chon=[ticks[0], "x", "99999.1"])[0] == 409
    assert desk.post("/gop", chon=ticks[2:4])[0] == 200
    rows = rows_of(accounts_url, desk.code)
    assert len(rows) == len(ROWS) - 1
    assert "Tập huấn" in rows[2].content
    assert "Bố trí phòng" in rows[2].content
    assert desk.post("/gop", chon=ticks[2:4])[0] == 409, "the rows are not as they were ticked"


def test_a_duty_is_dropped_for_a_reason_brought_back_and_moved(desk: Desk, accounts_url: str) -> None:
    first, second = rows_of(accounts_url, desk.code)[:2]
    assert desk.send(f"/nhiem-vu/{first.id}/bo", f"?sua={first.id}")[0] == 409, "a reason is asked"
    status, text = desk.send(f"/nhiem-vu/{first.id}/bo", f"?sua={first.id}", reason="Trùng kế hoạch khác")
    assert (status, "Lý do: Trùng kế hoạch khác" in text) == (200, True)
    assert desk.post(f"/nhiem-vu/{first.id}/khoi-phuc")[0] == 200
    assert desk.post(f"/nhiem-vu/{first.id}/khoi-phuc")[0] == 409
    fields = desk.fields(f"?sua={first.id}", f"/nhiem-vu/{first.id}/chuyen")
    assert desk.post(f"/nhiem-vu/{first.id}/chuyen", **fields, after=str(second.id))[0] == 200
    assert [row.id for row in rows_of(accounts_url, desk.code)[:2]] == [second.id, first.id]


def test_a_duty_is_added_where_it_was_asked_for(desk: Desk, accounts_url: str) -> None:
    first = rows_of(accounts_url, desk.code)[0]
    given = {"content": "Lắp camera kho lưu trữ", "leads": "Văn phòng HĐND và UBND", "deadline_text": "Quý IV"}
    assert desk.send("/nhiem-vu", f"?them={first.id}", **(given | {"content": ""}))[0] == 409
    assert desk.send("/nhiem-vu", f"?them={first.id}", **given)[0] == 200
    row = rows_of(accounts_url, desk.code)[1]
    assert (row.content, row.leads, row.rules) == (given["content"], (given["leads"],), 1)


def test_targets_are_corrected_added_and_dropped(officer: TestClient, office: Office) -> None:
    desk = Desk(officer, "kh-88")
    number = desk.page().split('id="ct-', 1)[1].split('"', 1)[0]
    changes = {"value": "99,25", "comparator": "<="}
    status, text = desk.send(f"/chi-tieu/{number}", f"?chi-tieu={number}", **changes)
    assert (status, "không quá 99,25 %" in text) == (200, True)
    assert desk.send("/chi-tieu", "?them-chi-tieu=0", name=" ", comparator="=")[0] == 409
    assert desk.send("/chi-tieu", "?them-chi-tieu=0", name="Số kho đạt chuẩn", value="2", comparator="=")[0] == 200
    status, text = desk.send(f"/chi-tieu/{number}/bo", f"?chi-tieu={number}", reason="Nhập nhầm")
    assert (status, f'id="ct-{number}"' in text) == (200, False)


def test_the_head_is_corrected(desk: Desk, accounts_url: str) -> None:
    assert desk.send("/phan-dau", "?dau=1", year="hai nghìn")[0] == 409
    status, text = desk.send("/phan-dau", "?dau=1", number="32/KH-UBND", issued_on="2026-11-17")
    assert (status, "17/11/2026" in text) == (200, True)
    with reading(accounts_url) as session:
        assert session.query(Plan).filter_by(code=desk.code).one().number == "32/KH-UBND"


def test_a_finding_is_set_aside_for_a_reason_and_shown_again(desk: Desk, accounts_url: str) -> None:
    with transaction(accounts_url) as session:
        plan = session.query(Plan).filter_by(code=desk.code).one()
        made = Finding(plan_id=plan.id, code="x", severity="warning", place="dòng 8", message="Số 2 ghi hai lần.")
        session.add(made)
        session.flush()
        number = made.id
    page = desk.page()
    line = page.split(f'id="ph-{number}"', 1)[1].split("</li>", 1)[0]
    part = line.split('href="#n-', 1)[1].split('"', 1)[0]
    assert "Mua sắm máy quét" in page.split(f'id="n-{part}"', 1)[1].split("</tr>", 1)[0], "line 8 is the second row"
    assert desk.post(f"/phat-hien/{number}/bo-qua", reason=" ")[0] == 409
    status, text = desk.post(f"/phat-hien/{number}/bo-qua", reason="Đã hỏi nơi soạn thảo")
    assert (status, "Đã hỏi nơi soạn thảo" in text) == (200, True)
    assert desk.post(f"/phat-hien/{number}/mo-lai")[0] == 200
    assert desk.post("/phat-hien/99999/mo-lai")[0] == 409


def test_an_edit_is_taken_back_until_the_row_changes_again(desk: Desk, accounts_url: str) -> None:
    first = rows_of(accounts_url, desk.code)[0]
    desk.send(f"/nhiem-vu/{first.id}", f"?sua={first.id}", content="Chữ sai", leads="Tổ nào đó")
    undo = "/hoan-tac/" + desk.page().split(f"{desk.here}/hoan-tac/", 1)[1].split('"', 1)[0]
    desk.send(f"/nhiem-vu/{first.id}", f"?sua={first.id}", content="Chữ sửa tiếp")
    assert desk.post(undo)[0] == 409
    newer = "/hoan-tac/" + desk.page().split(f"{desk.here}/hoan-tac/", 1)[1].split('"', 1)[0]
    assert desk.post(newer)[0] == 200
    assert rows_of(accounts_url, desk.code)[0].content == "Chữ sai"
    assert desk.post("/hoan-tac/1")[0] == 409


def test_a_leader_reads_and_changes_nothing(desk: Desk, accounts_url: str) -> None:
    first = rows_of(accounts_url, desk.code)[0]
    actions = (f"/nhiem-vu/{first.id}", f"/nhiem-vu/{first.id}/bo", "/gop", "/phan-dau", "/nhiem-vu", "/xac-nhan")
    assert all(desk.client.post(desk.here + path).status_code == 403 for path in actions), "no token, no change"
    sign_in(desk.client, "lanhdao")
    page = desk.page(f"?sua={first.id}")
    assert "Kiểm đếm hồ sơ trong kho" in page
    assert "<textarea" not in page
    token = page.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    for path in actions:
        answer = desk.client.post(desk.here + path, data={"csrf": token})
        assert (answer.status_code, "Không có quyền" in answer.text) == (403, True), path
    assert desk.client.get(f"{desk.here}/bieu-mau/sua/{first.id}").status_code == 403


def test_a_row_of_another_plan_is_out_of_reach(desk: Desk, office: Office, accounts_url: str) -> None:
    stranger = rows_of(accounts_url, "kh-15")[0]
    for action in (f"/nhiem-vu/{stranger.id}/khoi-phuc", f"/nhiem-vu/{stranger.id}/chuyen"):
        assert desk.post(action)[0] == 409
    assert desk.client.get(f"{desk.here}/bieu-mau/sua/{stranger.id}").status_code == 404
    assert rows_of(accounts_url, "kh-15")[0] == stranger


def test_the_form_alone_is_sent_for_the_page_to_put_in_place(desk: Desk, accounts_url: str) -> None:
    first = rows_of(accounts_url, desk.code)[0]
    text = desk.client.get(f"{desk.here}/bieu-mau/sua/{first.id}").text
    assert "<html" not in text
    assert first.content in text
    assert f'action="{desk.here}/nhiem-vu/{first.id}"' in text


def test_the_file_is_shown_as_text_and_downloaded_as_it_came(
    officer: TestClient, office: Office, accounts_url: str, home: Path
) -> None:
    sly = plan_text() + "Ghi chú: <script>alert(1)</script>\n".encode()
    desk = Desk(officer, draft(accounts_url, home, sly))
    page = officer.get(f"{desk.here}/van-ban").text
    assert "alert(1)" in page
    assert "<script>alert" not in page
    last = rows_of(accounts_url, desk.code)[-1]
    led = officer.get(f"{desk.here}/van-ban?nv={last.id}", follow_redirects=False).headers["location"]
    part = led.partition("#")[2]
    assert last.content in page.split(f'id="{part}"', 1)[1].split("</tr>", 1)[0], "a duty's place leads to its row"
    answer = officer.get(f"{desk.here}/tep")
    assert answer.content == sly
    assert answer.headers["content-disposition"].startswith("attachment")
    assert officer.get("/ke-hoach/kh-15/van-ban").status_code == 200
    assert "không có văn bản gốc để đối chiếu" in officer.get("/ke-hoach/kh-15/van-ban").text
    assert officer.get("/ke-hoach/kh-15/tep").status_code == 409


def test_the_plan_goes_out_as_a_workbook_and_comes_back_unchanged(desk: Desk) -> None:
    answer = desk.client.get(f"{desk.here}/bang-tinh")
    assert (answer.status_code, answer.content[:4]) == (200, b"PK\x03\x04")
    assert f'filename="{desk.code}.xlsx"' in answer.headers["content-disposition"]
    token = desk.page().split('name="csrf" value="', 1)[1].split('"', 1)[0]
    files = {"file": (f"{desk.code}.xlsx", answer.content)}
    back = desk.client.post(f"{desk.here}/nhap-lai", data={"csrf": token}, files=files)
    assert (back.status_code, "Các nhiệm vụ không thay đổi" in back.text) == (200, True), back.text
    assert desk.client.get("/ke-hoach/khong-co/bang-tinh").status_code == 404


def test_a_long_plan_is_shown_in_pages_of_its_source(
    officer: TestClient, office: Office, accounts_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_view, "PAGE", 20)
    rows = "\n".join(f"{n}\tViệc số {n} của kho\t\tPhòng Văn hóa - Xã hội\t\tQuý IV" for n in range(1, 30))
    desk = Desk(officer, draft(accounts_url, home, (HEAD + rows).encode()))
    last = rows_of(accounts_url, desk.code)[-1]
    assert "Phần 1/2" in desk.page()
    assert f'href="{desk.here}?nguon=2#n-' in desk.page()
    page = desk.page(f"?nv={last.id}")
    assert "Phần 2/2" in page
    assert f'href="#nv-{last.id}"' in page
