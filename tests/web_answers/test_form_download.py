"""The form of the answer page: downloaded, filled in offline, and sent back through the same page."""

from __future__ import annotations

from pathlib import Path

from submissions.files import Upload
from tests.submissions.answer_builders import make_settings
from tests.submissions.form_builders import edited, figure, words
from tests.web_answers.answer_app import hidden, open_site


def test_the_form_is_downloaded_filled_and_sent_back(sqlite_url: str, home: Path) -> None:
    with open_site(make_settings(sqlite_url, home)) as site:
        link, ground = site.link(), site.ground
        page = site.client.get(link).text
        assert f"{link}/bieu-mau".removeprefix("http://testserver") in page
        answer = site.client.get(f"{link}/bieu-mau")
        assert answer.status_code == 200
        assert f"DD-{ground.occurrence}-" in answer.headers["content-disposition"]
        name, mark = "bản của tôi.xlsx", {"dau": hidden(page, "dau", "/nop")}
        filled = edited(Upload(name, answer.content), figure(ground.percent, 91.5), words("Làm xong"))
        sent = site.client.post(f"{link}/nop", data=mark, files={"files": (name, filled.data)})
        assert sent.status_code == 200
        assert "91,5" in sent.text
        assert "Làm xong" in sent.text
        wrong = edited(Upload(name, answer.content), figure(ground.percent, "chín mươi"))
        again = site.client.post(f"{link}/nop", data=mark, files={"files": (name, wrong.data)})
        assert again.status_code == 422
        assert "ô F11: «chín mươi» không phải là một con số" in again.text
        assert site.client.get("/t/khong-co/bieu-mau").status_code == 404
