"""The papers of a chase from the pages: each button leads to a file that opens."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import pytest
from starlette.testclient import TestClient

from tests.web.builders import sign_in
from tests.web.office_builders import Office

SEED = Path(__file__).parents[2] / "dev" / "seed" / "units.yaml"


@pytest.fixture
def register(home: Path) -> None:
    """The register in use."""
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "units.yaml").write_bytes(SEED.read_bytes())


PAGES = {
    "/ky-han/{late}": "/ky-han/{late}/phieu-theo-doi.docx",
    "/don-vi": "/cong-van-don-doc.docx",
    "/don-vi#unit": "/don-vi/kinh-te/cong-van-don-doc.docx",
    "/don-vi#sheet": "/don-vi/kinh-te/phieu-theo-doi.docx",
}


def test_each_paper_is_one_press_away(client: TestClient, office: Office, register: None) -> None:
    sign_in(client, "lanhdao")
    for page, paper in PAGES.items():
        address = paper.format(**office.occurrences)
        assert f'href="{address}"' in client.get(page.format(**office.occurrences)).text, address
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert docx.Document(BytesIO(answer.content)).paragraphs


def test_papers_are_for_people_who_signed_in(client: TestClient, office: Office, register: None) -> None:
    for paper in PAGES.values():
        assert client.get(paper.format(**office.occurrences), follow_redirects=False).status_code in (303, 401)


def test_what_cannot_be_written_says_why(officer: TestClient, office: Office, register: None) -> None:
    for address in ("/ky-han/999/phieu-theo-doi.docx", "/don-vi/khong-co/phieu-theo-doi.docx"):
        answer = officer.get(address)
        assert (answer.status_code, "Không có" in answer.text) == (409, True)


def test_an_office_without_a_register_is_told_so(officer: TestClient, office: Office) -> None:
    answer = officer.get("/cong-van-don-doc.docx")
    assert answer.status_code >= 400
    assert "danh bạ" in answer.text
