"""What the officer does on the pages: import, answer, confirm, date, resend, report; and what is refused."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from starlette.testclient import TestClient

from db.models import JournalEntry, Message, Obligation, ObligationUnit, Occurrence, Plan, Question, Unit
from db.session import reading, transaction
from tests.web.builders import make_app, sign_in
from tests.web.office_builders import Office
from web.plan_files import MEGABYTE

OFFICE_YAML = """
office:
  name: Ủy ban nhân dân xã Bình An
  short_name: UBND xã Bình An
  kind: xã
  place: Bình An
  superior: Ủy ban nhân dân tỉnh Tân Lập
  symbol: UBND
units:
  - code: van-hoa
    name: Phòng Văn hóa - Xã hội
  - code: kinh-te
    name: Phòng Kinh tế
people: []
"""

PAST_PLAN = """ỦY BAN NHÂN DÂN XÃ BÌNH AN
Số: 22/KH-UBND
Bình An, ngày 12 tháng 01 năm 2026
KẾ HOẠCH
Chỉnh trang bộ phận một cửa năm 2026
TT\tNội dung nhiệm vụ\tĐơn vị chủ trì\tĐơn vị phối hợp\tThời gian thực hiện
1\tLắp đặt quầy hướng dẫn cho người cao tuổi\tPhòng Văn hóa - Xã hội\t\tQuý I
2\tThay bảng niêm yết thủ tục bằng màn hình\tPhòng Văn hóa - Xã hội\t\tQuý IV
"""


def csrf_of(client: TestClient) -> str:
    """The token that this session's forms carry."""
    page: str = client.get("/ke-hoach").text
    return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def post(client: TestClient, path: str, **fields: str) -> tuple[int, str]:
    """Send a form; the status and the page that follows."""
    answer = client.post(path, data={"csrf": csrf_of(client), **fields})
    return answer.status_code, answer.text


def reply(client: TestClient, code: str, number: int, **fields: str) -> tuple[int, str]:
    """Answer one question of a plan."""
    return post(client, f"/ke-hoach/{code}/cau-hoi", **{f"{name}_{number}": value for name, value in fields.items()})


def plan_file() -> bytes:
    """A small plan in Word, with one deadline that nobody can date and one unit that nobody knows."""
    document = Document()
    document.add_paragraph("ỦY BAN NHÂN DÂN XÃ BÌNH AN")
    document.add_paragraph("Số: 21/KH-UBND")
    document.add_paragraph("Bình An, ngày 12 tháng 01 năm 2026")
    document.add_paragraph("KẾ HOẠCH")
    document.add_paragraph("Nâng cao chất lượng phục vụ người dân năm 2026")
    table = document.add_table(rows=1, cols=5)
    rows = [
        ("TT", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian thực hiện"),
        ("1", "Khảo sát mức độ hài lòng của người dân", "Phòng Văn hóa - Xã hội", "", "Trước ngày 20/12/2026"),
        ("2", "Nâng cấp bảng hiển thị số thứ tự", "Tổ giúp việc số hóa", "", "Quý IV"),
        (
            "3",
            "Trang bị thêm quầy hướng dẫn",
            "Phòng Kinh tế, Hạ tầng và Đô thị",
            "",
            "khoảng cuối mùa mưa",
        ),
    ]
    for number, row in enumerate(rows):
        cells = table.rows[0].cells if number == 0 else table.add_row().cells
        for cell, words in zip(cells, row, strict=True):
            cell.text = words
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def upload(client: TestClient, name: str, data: bytes, year: str = "") -> tuple[int, str]:
    """Import a file; the status and the page that follows."""
    answer = client.post("/ke-hoach", data={"csrf": csrf_of(client), "year": year}, files={"file": (name, data)})
    return answer.status_code, answer.text


def test_a_plan_goes_from_file_to_occurrences(officer: TestClient, office: Office, accounts_url: str) -> None:
    status, text = upload(officer, "kế hoạch.docx", plan_file())
    assert status == 200, text
    assert "Đã đọc tệp thành bản nháp" in text
    with reading(accounts_url) as session:
        plan = session.query(Plan).filter_by(number="21/KH-UBND").one()
        code, kinds = plan.code, {each.kind: each.id for each in plan.questions}
    assert {"deadline", "unit"} <= set(kinds)
    assert post(officer, f"/ke-hoach/{code}/xac-nhan")[0] == 409, "nothing is confirmed over open questions"
    assert reply(officer, code, kinds["unit"], choice="new", new_unit="Tổ giúp việc số hóa")[0] == 200
    status, text = reply(officer, code, kinds["deadline"], choice="phrase", phrase="lúc nào rảnh thì làm")
    assert status == 409
    assert "lúc nào rảnh thì làm" in text, "what was typed stays in its field"
    assert reply(officer, code, kinds["deadline"], choice="due", due="2026-12-15")[0] == 200
    status, text = post(officer, f"/ke-hoach/{code}/xac-nhan")
    assert status == 200, text
    assert "Đã xác nhận: 3 kỳ hạn được theo dõi" in text
    with reading(accounts_url) as session:
        plan = session.query(Plan).filter_by(code=code).one()
        assert (plan.state, plan.confirmed_by) == ("confirmed", "Phạm Thị Lan")
        dues = [
            each.nominal.isoformat()
            for each in session.query(Occurrence).join(Occurrence.obligation)
            if each.obligation.plan_id == plan.id
        ]
    assert sorted(dues) == ["2026-12-15", "2026-12-19", "2026-12-31"]
    assert "Khảo sát mức độ hài lòng" in officer.get(f"/?xem=tat-ca&ke-hoach={code}").text


@pytest.mark.parametrize(
    ("name", "data", "year", "words"),
    [
        ("trống.docx", b"", "", "trống"),
        ("ảnh.jpg", b"\xff\xd8\xff\xe0" + b"x" * 200, "", "ảnh"),
        ("hỏng.docx", b"PK\x03\x04" + b"x" * 200, "", "hỏng"),
        ("thư.txt", "Kính gửi các đồng chí, mời họp.".encode(), "2026", "không"),
        ("kế hoạch.docx", plan_file(), "hai nghìn", "bốn chữ số"),
    ],
    ids=["empty", "photo", "broken", "no-table", "wrong-year"],
)
def test_a_file_that_is_no_plan_gets_one_sentence_and_changes_nothing(
    officer: TestClient, office: Office, accounts_url: str, name: str, data: bytes, year: str, words: str
) -> None:
    status, text = upload(officer, name, data, year)
    assert status == 409
    alert = text.split('alert-danger prose" role="alert">', 1)[1].split("</div>", 1)[0]
    assert words in alert
    with reading(accounts_url) as session:
        assert session.query(Plan).count() == 2


def test_a_file_above_the_limit_is_refused_before_it_is_read(officer: TestClient, office: Office) -> None:
    status, text = upload(officer, "to.pdf", b"%PDF-" + b"0" * (20 * MEGABYTE + 1))
    assert (status, "lớn hơn 20 MB" in text) == (409, True)


@pytest.mark.parametrize("told", [True, False], ids=["length told", "length untold"])
def test_a_request_above_the_ceiling_is_thrown_away(officer: TestClient, office: Office, told: bool) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"0" * (102 * MEGABYTE)
    content = body if told else iter([body[:MEGABYTE], body[MEGABYTE:]])
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = officer.post("/ke-hoach", content=content, headers=headers)
    assert answer.status_code == 413
    assert "tối đa 20 MB" in answer.text


def test_several_questions_are_answered_at_once_and_a_refused_one_stops_no_other(
    officer: TestClient, office: Office, accounts_url: str
) -> None:
    deadline, unit = office.questions["deadline"], office.questions["unit"]
    fields = {f"choice_{deadline}": "phrase", f"phrase_{deadline}": "hôm nào đó", f"choice_{unit}": "unit:van-hoa"}
    status, text = post(officer, "/ke-hoach/kh-88/cau-hoi", **fields)
    assert status == 409
    assert "Chưa hiểu thời hạn «hôm nào đó»" in text.split(f'id="cau-{deadline}"', 1)[1]
    with reading(accounts_url) as session:
        done = {each.id: each.answered_by for each in session.query(Question)}
    assert (done[deadline], done[unit]) == (None, "Phạm Thị Lan")


def test_nothing_chosen_is_said(officer: TestClient, office: Office) -> None:
    status, text = reply(officer, "kh-88", office.questions["unit"], new_unit="Tổ công tác")
    assert (status, "Chưa chọn câu trả lời nào" in text) == (409, True)


def test_a_question_of_another_kind_of_answer_is_refused_whole(officer: TestClient, office: Office) -> None:
    assert reply(officer, "kh-88", office.questions["unit"], choice="candidate:0")[0] == 409
    assert reply(officer, "kh-88", 9999, choice="ignore")[0] == 409
    assert reply(officer, "khong-co", office.questions["unit"], choice="ignore")[0] == 404


@pytest.mark.parametrize(
    ("choice", "fields"),
    [("unit:van-hoa", {}), ("other", {"unit": "van-hoa"}), ("new", {"new_unit": "Tổ công tác số"}), ("ignore", {})],
)
def test_a_unit_question_takes_each_answer(
    officer: TestClient, office: Office, accounts_url: str, choice: str, fields: dict[str, str]
) -> None:
    assert reply(officer, "kh-88", office.questions["unit"], choice=choice, **fields)[0] == 200
    with reading(accounts_url) as session:
        question = session.get(Question, office.questions["unit"])
        assert question is not None
        assert question.answered_by == "Phạm Thị Lan"


def test_what_is_past_is_only_recorded_when_the_officer_says_so(
    officer: TestClient, office: Office, accounts_url: str
) -> None:
    """A plan of January confirmed in November: the box stands ticked, and nobody is chased for what is past."""
    upload(officer, "kế hoạch.txt", PAST_PLAN.encode())
    with reading(accounts_url) as session:
        code = session.query(Plan).filter_by(number="22/KH-UBND").one().code
    page = officer.get(f"/ke-hoach/{code}").text
    assert "Chỉ ghi nhận các kỳ hạn đã qua trước hôm nay" in page
    assert 'name="tu-hom-nay" value="1" checked' in page
    status, text = post(officer, f"/ke-hoach/{code}/xac-nhan", **{"tu-hom-nay": "1"})
    assert status == 200, text
    assert "Đã xác nhận: 1 kỳ hạn được theo dõi, 1 chỉ ghi nhận" in text
    assert ("không theo dõi" in text, "0/1 xong" in text, "0/0" in text) == (True, True, False)
    assert states_of(accounts_url, code) == {"2026-03-31": "recorded", "2026-12-31": "open"}


def test_without_the_tick_what_is_past_is_chased_too(officer: TestClient, office: Office, accounts_url: str) -> None:
    upload(officer, "kế hoạch.txt", PAST_PLAN.encode())
    with reading(accounts_url) as session:
        code = session.query(Plan).filter_by(number="22/KH-UBND").one().code
    assert "Đã xác nhận: 2 kỳ hạn được theo dõi, 0 chỉ ghi nhận" in post(officer, f"/ke-hoach/{code}/xac-nhan")[1]
    assert set(states_of(accounts_url, code).values()) == {"open"}


def states_of(url: str, code: str) -> dict[str, str]:
    """The state of each occurrence of a plan, by its nominal day."""
    with reading(url) as session:
        rows = session.query(Occurrence).join(Occurrence.obligation).join(Plan).filter(Plan.code == code)
        return {each.nominal.isoformat(): each.state for each in rows}


def test_an_answer_in_a_followed_plan_dates_its_duty_at_once(
    officer: TestClient, office: Office, accounts_url: str
) -> None:
    """A corrected file asks anew in a plan that is followed; the page does what `dondoc plan answer` does."""
    with transaction(accounts_url) as session:
        plan = session.query(Plan).filter_by(code="kh-15").one()
        unit = session.query(Unit).filter_by(code="van-phong").one()
        duty = Obligation(position=9, key="t1-9", content="Sơ kết đợt cao điểm", deadline_text="dịp cuối năm")
        duty.units.append(ObligationUnit(role="lead", printed_name="Văn phòng", unit=unit))
        plan.obligations.append(duty)
        asked = Question(plan=plan, obligation=duty, kind="deadline", subject="dịp cuối năm", text="Khi nào?")
        session.add_all([duty, asked])
        session.flush()
        number, duty_id = asked.id, duty.id
    assert reply(officer, "kh-15", number, choice="due", due="2026-12-28")[0] == 200
    with reading(accounts_url) as session:
        made = session.query(Occurrence).filter_by(obligation_id=duty_id).all()
        assert [(each.nominal.isoformat(), each.state) for each in made] == [("2026-12-28", "open")]


def test_a_waiting_duty_gets_its_date(officer: TestClient, office: Office, accounts_url: str) -> None:
    number = office.questions["date"]
    assert post(officer, f"/cho-ngay/{number}", due="2026-13-45")[0] == 409
    status, text = post(officer, f"/cho-ngay/{number}", due="2026-12-08", note="Công văn 77/UBND-VP")
    assert status == 200
    assert "Đã ghi 1 kỳ hạn, nên xong ngày 08/12/2026" in text
    with reading(accounts_url) as session:
        made = session.query(Occurrence).filter(Occurrence.period_key.startswith("event-")).all()
        assert [each.due_target.isoformat() for each in made] == ["2026-12-08"]
    assert post(officer, f"/cho-ngay/{number}", due="2026-12-08", note="Công văn 77/UBND-VP")[0] == 409


def test_the_two_buttons_of_an_unknown_message(officer: TestClient, office: Office, accounts_url: str) -> None:
    unknown, failed = office.message_ids["unknown"], office.message_ids["failed"]
    status, text = post(officer, f"/hop-gui/{unknown}/da-gui")
    assert (status, "là đã gửi" in text) == (200, True)
    assert post(officer, f"/hop-gui/{unknown}/gui-lai")[0] == 409, "a sent message is not sent again"
    assert post(officer, f"/hop-gui/{failed}/gui-lai")[0] == 200
    assert post(officer, f"/hop-gui/{failed}/gui-lai")[0] == 409
    with reading(accounts_url) as session:
        assert session.query(Message).filter_by(state="queued").count() == 2
        done = {each.action: each.actor for each in session.query(JournalEntry)}
    assert done["message.mark_sent"] == done["message.resend"] == "Phạm Thị Lan"


def test_a_report_is_built_listed_and_fetched(officer: TestClient, office: Office, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "units.yaml").write_text(OFFICE_YAML, encoding="utf-8")
    status, text = post(officer, "/bao-cao", plan="kh-15", period="Quý IV/2026")
    assert status == 200, text
    assert "Đã lập báo cáo Quý IV/2026" in text
    for kind, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
        answer = officer.get(f"/bao-cao/1.{kind}")
        assert answer.status_code == 200
        assert "filename*=utf-8''B%C3%A1o" in answer.headers["content-disposition"]
        assert part in ZipFile(BytesIO(answer.content)).namelist()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"plan": "kh-15", "period": "Quý V/2026"}, "Không hiểu kỳ"),
        ({"plan": "kh-15", "period": "Quý I/2024"}, "không có nhiệm vụ nào"),
        ({"plan": "", "period": "Quý IV/2026"}, "Chưa chọn kế hoạch"),
        ({"plan": "kh-88", "period": "Quý IV/2026"}, "bản nháp"),
    ],
)
def test_a_report_that_cannot_be_built_says_why(
    officer: TestClient, office: Office, home: Path, fields: dict[str, str], words: str
) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "units.yaml").write_text(OFFICE_YAML, encoding="utf-8")
    status, text = post(officer, "/bao-cao", **fields)
    assert (status, words in text) == (409, True)


def test_without_an_office_head_the_report_page_names_the_cure(officer: TestClient, office: Office) -> None:
    status, text = post(officer, "/bao-cao", plan="kh-15", period="Quý IV/2026")
    assert status == 500
    assert "dondoc units load units.yaml" in text


@pytest.mark.parametrize(
    "path", ["/bao-cao/1.docx", "/bao-cao/1.exe", "/ke-hoach/khong-co", "/nhiem-vu/99", "/ky-han/0"]
)
def test_what_is_not_there_is_a_page_that_says_so(officer: TestClient, office: Office, path: str) -> None:
    answer = officer.get(path)
    assert answer.status_code == 404
    assert "Không tìm thấy trang" in answer.text


def test_holding_an_occurrence_from_its_page(officer: TestClient, office: Office, accounts_url: str) -> None:
    number = office.occurrences["far"]
    here = f"/ky-han/{number}"
    status, text = post(officer, f"{here}/tam-dung", reason="Chờ hướng dẫn của tỉnh.", tiep=here)
    assert status == 200
    assert "Tiếp tục theo dõi" in text
    assert "Chờ hướng dẫn của tỉnh." in text, "the journal on the page tells the reason"


def test_a_crash_is_a_page_without_details(accounts_url: str, office: Office, home: Path) -> None:
    app = make_app(accounts_url, home)

    def crash() -> None:
        raise RuntimeError("mật khẩu cơ sở dữ liệu")

    app.add_api_route("/hong", crash)
    with TestClient(app, raise_server_exceptions=False) as client:
        sign_in(client, "chuyenvien")
        answer = client.get("/hong")
    assert answer.status_code == 500
    assert "Máy chủ gặp lỗi" in answer.text
    assert "mật khẩu" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
