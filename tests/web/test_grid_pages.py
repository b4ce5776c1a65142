"""The page of the grid: states by sign and words, one cell opens as a list, filters of plan, duty and year."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from tests.web.office_builders import Office
from web.grid_pages import SIGNS


def test_the_grid_tells_states_by_sign_and_words(officer: TestClient, office: Office) -> None:
    page = officer.get("/luoi?ke-hoach=kh-15").text
    row = page.split('href="/don-vi#kinh-te"')[1].split("</tr>")[0]
    assert "1 quá hạn, chưa nộp." in row
    assert f'href="/ky-han/{office.occurrences["late"]}"' in row
    assert "1 tạm dừng." in row
    sums = re.findall(r'grid-sum">([^<]*)<', page.split('href="/don-vi#hanh-chinh-cong"')[1].split("</tr>")[0])
    assert sums == ["2", "1", "1", "50%", "50%"]


def test_a_cell_of_several_opens_below(officer: TestClient, office: Office) -> None:
    page = officer.get("/luoi?chia=thang&o=kinh-te:20261101-20261130").text
    listed = page.split('id="o"')[1]
    assert all(f'/ky-han/{office.occurrences[name]}"' in listed for name in ("late", "held", "far"))
    assert f'/ky-han/{office.occurrences["today"]}"' not in listed


def test_odd_addresses_open(officer: TestClient, office: Office) -> None:
    for asked in ("nam=1999", "nam=x", "nam=0", "o=zz:1", "ke-hoach=khong-co", "nv=abc", "chia=tuan", "o=%3Cb%3E"):
        answer = officer.get(f"/luoi?{asked}")
        assert answer.status_code == 200, asked
        assert "<b>" not in answer.text, asked


def test_signs_differ_without_colours() -> None:
    assert len({sign for sign, _, _ in SIGNS.values()}) == len(SIGNS)


def test_a_duty_alone_has_its_own_grid(officer: TestClient, office: Office) -> None:
    page = officer.get("/luoi?ke-hoach=kh-15&nv=3").text
    assert "Tháng 10/2026" not in page
    assert "Tháng 11/2026" in page


def test_one_column_is_the_running_period_and_a_past_year_has_none(officer: TestClient, office: Office) -> None:
    page = officer.get("/luoi?chia=thang&nam=2026").text
    assert re.findall(r"data-now>([^<]*)<", page) == ["Tháng 11/2026"]
    assert "data-now" not in officer.get("/luoi?nam=2025").text
