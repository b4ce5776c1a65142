"""A real Chromium signs in and opens every page on a desk and on a telephone: nothing fails, nothing leaves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.web.browser_builders import chromium, sign_in_by_hand, watch
from tests.web.office_builders import Office

PATHS = (
    "/", "/?xem=tat-ca", "/lich", "/ke-hoach", "/ke-hoach/kh-15", "/ke-hoach/kh-88", "/cho-ngay",
    "/ke-hoach/kh-88/van-ban", "/ke-hoach/kh-15/nhap-lai", "/nhiem-vu/2",
    "/hop-gui/1", "/hop-gui/dia-chi-chet",
    "/ky-han/{late}", "/hop-gui", "/don-vi", "/bao-cao", "/chu-tich", "/suc-khoe", "/nop", "/gia-han",
    "/luoi", "/nguoi/dm1", "/thang-nhac", "/thang-nhac/chon?plan=kh-15&thang=default", "/mau-tin",
    "/ke-hoach/kh-15/don-doc",
    "/lich/thay-doi", "/lich/so-lieu", "/lich/tinh-han?han=2026-12-25&cap=x%C3%A3:2;t%E1%BB%89nh:3&chot=2026-12-21",
)  # fmt: skip
HIDDEN_CELLS = (
    "[...document.querySelectorAll('.table-responsive')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
)
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)], ids=["desk", "telephone"])
def test_every_page_opens_whole_in_a_browser(served: str, office: Office, width: int, height: int) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height}, locale="vi-VN")
        faults = watch(page, served)
        sign_in_by_hand(page, served)
        for path in PATHS:
            answer = page.goto(served + path.format(**office.occurrences), wait_until="networkidle")
            assert answer is not None
            assert answer.status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than the screen"
            assert page.evaluate(HIDDEN_CELLS) == 0, f"{path} hides part of a table beside the screen"
        look_at_a_mail(page, served, width)
        use_the_menu(page, served, narrow=width < 992)
        browser.close()
    assert faults == []


def look_at_a_mail(page: Page, home: str, width: int) -> None:
    """A mail is previewed in a frame with its own styles, in which nothing runs."""
    page.goto(home + "/mau-tin/digest.txt.j2", wait_until="networkidle")
    body = page.frame_locator("iframe.template-mail[sandbox='']").locator("body")
    assert body.evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(243, 245, 248)"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def use_the_menu(page: Page, home: str, narrow: bool) -> None:
    """The menu opens on a telephone too, and leads on; a filter is kept in the address; the way out works."""
    page.goto(home, wait_until="networkidle")
    page.get_by_label("Đơn vị", exact=True).select_option("kinh-te")
    page.wait_for_url("**don-vi=kinh-te**", wait_until="networkidle")
    if narrow:
        open_menu(page)
    page.get_by_role("link", name="Lịch tháng").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", name="Tháng 11/2026").is_visible()
    if narrow:
        open_menu(page)
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/dang-nhap**", wait_until="networkidle")
    assert page.get_by_role("button", name="Đăng nhập").is_visible()


def open_menu(page: Page) -> None:
    """Unfold the menu and wait until it stands still: a press on what still moves may miss it."""
    page.get_by_label("Mở danh mục").click()
    page.wait_for_selector("#thanh-ben.collapse.show")
