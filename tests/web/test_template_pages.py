"""Templates of messages on a page: listed in words, previewed before they are saved, faults told, nothing lost."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from db.models import JournalEntry
from db.session import reading
from notifications.templates_store import list_templates
from notifications.templating import TEMPLATES
from tests.web.builders import make_settings, sign_in
from tests.web.office_builders import Office
from tests.web.test_web_actions import post
from web.template_words import ITEM_WORDS, WORDS, audience_of, words_of

OWN = "Kính gửi: {{ to }}\nXin nhắc:\n{% for item in items %}\n- {{ item.content }}: {{ item.url }}\n{% endfor %}\n"
NAMES = sorted(file.name for file in TEMPLATES.glob("*.j2"))


def seen_of(client: TestClient, name: str) -> str:
    """The mark of the text that a page shows."""
    page: str = client.get(f"/mau-tin/{name}").text
    return page.split('name="seen" value="')[1].split('"')[0]


def text_in(page: str) -> str:
    """What stands in the field."""
    return unescape(re.split(r'<textarea[^>]*id="mau"[^>]*>\n', page)[1].split("</textarea>")[0])


def test_every_template_is_listed_with_its_readers_and_opens(officer: TestClient, accounts_url: str) -> None:
    page = officer.get("/mau-tin").text
    for name in NAMES:
        assert f'href="/mau-tin/{name}"' in page
        assert audience_of(name), name
    # `notifications.templates_store` is tried with every one of them.
    for name in ("digest.txt.j2", "notice.html.j2", "reply_which.txt.j2", "alert.txt.j2"):
        one = officer.get(f"/mau-tin/{name}")
        assert one.status_code == 200, name
        assert text_in(one.text) == (TEMPLATES / name).read_text(encoding="utf-8"), name
        assert "Mẫu chưa dùng được" not in one.text, name
        assert ('<iframe class="template-mail" sandbox title' in one.text) == (
            name in ("digest.txt.j2", "notice.html.j2")
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_a_packaged_template_is_explained(name: str, home: Path, sqlite_url: str) -> None:
    template = next(each for each in list_templates(make_settings(sqlite_url, home)) if each.name == name)
    explained = {word for word, _ in words_of(template)}
    used = set(re.findall(r"\bitem\.(\w+)", template.packaged)) if "macro" not in template.packaged else set()
    assert {f"item.{word}" for word in used} <= explained
    assert all(WORDS.values())
    assert all(ITEM_WORDS.values())


def test_a_text_is_looked_at_saved_and_taken_back(officer: TestClient, accounts_url: str, home: Path) -> None:
    name, file = "digest.txt.j2", home / "config" / "templates" / "digest.txt.j2"
    seen = seen_of(officer, name)
    status, page = post(officer, f"/mau-tin/{name}", text=OWN, act="xem", seen=seen)
    assert status == 200
    assert "Xin nhắc:" in page.split("Zalo</h2>")[1]
    assert not file.exists(), "looking saves nothing"
    status, page = post(officer, f"/mau-tin/{name}", text=OWN.replace("\n", "\r\n"), act="luu", seen=seen)
    assert status == 200
    assert file.read_text(encoding="utf-8") == OWN
    assert "Mẫu riêng của cơ quan" in officer.get("/mau-tin").text
    assert "Căn cứ" in text_in(officer.get(f"/mau-tin/{name}?goc=1").text)
    assert post(officer, f"/mau-tin/{name}", act="goc")[0] == 200
    assert not file.exists()
    assert post(officer, f"/mau-tin/{name}", act="goc")[0] == 409, "nothing of one's own to take back"
    with reading(accounts_url) as session:
        done = session.query(JournalEntry).filter_by(subject_kind="template").order_by(JournalEntry.seq).all()
        assert [(each.action, each.data["name"]) for each in done] == [
            ("template.save", name),
            ("template.restore", name),
        ]
    assert "Dùng lại mẫu tin có sẵn" in officer.get("/mau-tin").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kính gửi\n{{ ten_don_vi }}", "dòng 2: dùng một chỗ điền không có («ten_don_vi»)"),
        ("{% for item in items %}", "dòng 1: sai cú pháp"),
        ("Kính gửi: {{ to }}", "không ghi liên kết"),
        ("a\nb\n{{ to.__class__ }}", "dòng 3: dùng phép tính, hàm hoặc thuộc tính không được phép"),
        ("", "không để lại chỗ"),
    ],
)
def test_a_faulty_text_is_not_saved_and_stays_in_its_field(
    officer: TestClient, accounts_url: str, home: Path, text: str, said: str
) -> None:
    name = "digest.txt.j2"
    status, page = post(officer, f"/mau-tin/{name}", text=text, act="luu", seen=seen_of(officer, name))
    assert status == 409
    assert said in unescape(page)
    assert text_in(page) == text
    assert not (home / "config" / "templates" / name).exists()


def test_what_a_colleague_saved_is_not_overwritten(officer: TestClient, accounts_url: str, home: Path) -> None:
    name = "digest.txt.j2"
    seen = seen_of(officer, name)
    assert post(officer, f"/mau-tin/{name}", text=OWN, act="luu", seen=seen)[0] == 200
    status, page = post(officer, f"/mau-tin/{name}", text=OWN + "Thêm\n", act="luu", seen=seen)
    assert status == 409
    assert "vừa được người khác sửa" in page
    assert (home / "config" / "templates" / name).read_text(encoding="utf-8") == OWN


def test_a_file_broken_by_hand_is_told(officer: TestClient, accounts_url: str, home: Path) -> None:
    folder = home / "config" / "templates"
    folder.mkdir(parents=True)
    (folder / "digest.txt.j2").write_text("{{ sai }}", encoding="utf-8")
    assert "Mẫu riêng có lỗi, đang dùng bản có sẵn" in officer.get("/mau-tin").text
    assert "tin đang được viết bằng bản có sẵn" in officer.get("/mau-tin/digest.txt.j2").text


def test_only_who_runs_the_work_edits(client: TestClient, office: Office) -> None:
    leader = sign_in(client, "lanhdao")
    assert leader.get("/mau-tin").status_code == 403
    officer = sign_in(client, "chuyenvien")
    assert officer.get("/mau-tin/khong-co.txt.j2").status_code == 404
    assert officer.get("/mau-tin/..%2Fcomposing.py").status_code == 404
    assert officer.post("/mau-tin/digest.txt.j2", data={"text": OWN, "act": "luu"}).status_code == 403
