"""The review page in a real Chromium: a row opens in place, Enter saves, both columns light up; and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.web.browser_builders import chromium, sign_in_by_hand, watch
from tests.web.review_builders import draft, plan_text, rows_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of this file."""
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])


@pytest.fixture
def code(accounts_url: str, home: Path) -> str:
    """A draft."""
    return draft(accounts_url, home, plan_text())


def test_a_row_is_corrected_in_place_by_keyboard(served: str, browser: Browser, code: str, accounts_url: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 700}, locale="vi-VN")
    faults = watch(page, served)
    sign_in_by_hand(page, served)
    page.goto(f"{served}/ke-hoach/{code}")
    last = rows_of(accounts_url, code)[-1]
    row = page.locator(f"#nv-{last.id}")
    row.get_by_role("link", name="Sửa").click()
    field = row.get_by_label("Nội dung nhiệm vụ")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(row.get_by_role("link", name="Sửa")).to_be_focused()
    row.get_by_role("link", name="Sửa").press("Enter")
    field.fill("Báo cáo kết quả số hóa")
    field.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã lưu nhiệm vụ 5")
    expect(page.locator(f"#nv-{last.id}")).to_be_focused()
    part = page.locator(f"#nv-{last.id}").get_attribute("data-part")
    assert "on" in (page.locator(f"#n-{part}").get_attribute("class") or "").split()
    expect(page.locator(f"#n-{part}")).to_be_in_viewport()
    assert rows_of(accounts_url, code)[-1].content == "Báo cáo kết quả số hóa"
    page.close()
    assert faults == []


def test_the_two_columns_lead_to_each_other(served: str, browser: Browser, code: str, accounts_url: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 500}, locale="vi-VN")
    sign_in_by_hand(page, served)
    page.goto(f"{served}/ke-hoach/{code}")
    first = rows_of(accounts_url, code)[0]
    part = page.locator(f"#nv-{first.id}").get_attribute("data-part")
    page.locator(f"#nv-{first.id} [data-source]").click()
    expect(page.locator(f"#n-{part}")).to_be_in_viewport()
    page.locator(f"#n-{part}").get_by_role("link", name="Nhiệm vụ 1").click()
    expect(page.locator(f"#nv-{first.id}")).to_be_focused()
    left, right = page.locator("#van-ban").bounding_box(), page.locator(".reading").bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"], "side by side"
    page.close()


def test_without_scripts_on_a_telephone(served: str, browser: Browser, code: str, accounts_url: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in_by_hand(page, served)
    page.goto(f"{served}/ke-hoach/{code}")
    page.get_by_role("link", name="Văn bản gốc").click()
    expect(page.locator("#van-ban h2")).to_be_in_viewport()
    first = rows_of(accounts_url, code)[0]
    page.get_by_role("link", name="Sửa nhiệm vụ 1").click()
    expect(page.locator(f"#nv-{first.id}")).to_be_in_viewport()
    page.get_by_label("Sản phẩm, kết quả").fill("Sổ kiểm đếm")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(f"#nv-{first.id}")).to_contain_text("Sổ kiểm đếm")
    expect(page.locator(f"#nv-{first.id}")).to_be_in_viewport()
    context.close()
