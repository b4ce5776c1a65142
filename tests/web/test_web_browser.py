"""A real Chromium signs in and opens every page on a desk and on a telephone: nothing fails, nothing leaves."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, sync_playwright

from tests.web.builders import PASSWORD, make_app
from tests.web.office_builders import Office

PATHS = (
    "/", "/?xem=tat-ca", "/lich", "/ke-hoach", "/ke-hoach/kh-15", "/ke-hoach/kh-88", "/cho-ngay",
    "/ke-hoach/kh-88/van-ban", "/ke-hoach/kh-15/nhap-lai", "/nhiem-vu/2",
    "/ky-han/{late}", "/hop-gui", "/don-vi", "/bao-cao", "/chu-tich", "/suc-khoe", "/nop", "/gia-han",
)  # fmt: skip
HIDDEN_CELLS = (
    "[...document.querySelectorAll('.table-responsive')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
)
pytestmark = pytest.mark.browser


def chromium() -> str:
    """Where the browser is; without one the test is skipped, except in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("no Chromium on this machine")
    assert found is not None, "CI needs a Chromium"
    return found


@pytest.fixture
def served(accounts_url: str, home: Path, office: Office) -> Iterator[str]:
    """The application on a free port, as the server runs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(make_app(accounts_url, home), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


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
        use_the_menu(page, served, narrow=width < 992)
        browser.close()
    assert faults == []


def watch(page: Page, home: str) -> list[str]:
    """Console errors, failed requests and requests that leave this server, as they come."""
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
    page.on("request", lambda request: None if local(request.url, home) else faults.append(f"outside: {request.url}"))
    return faults


def local(address: str, home: str) -> bool:
    """Whether a request stays on this server."""
    return address.startswith((home, "data:"))


def sign_in_by_hand(page: Page, home: str) -> None:
    """As a person does it."""
    page.goto(home, wait_until="networkidle")
    page.get_by_label("Tên đăng nhập").fill("chuyenvien")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", name="Việc cần theo dõi").is_visible()


def use_the_menu(page: Page, home: str, narrow: bool) -> None:
    """The menu opens on a telephone too, and leads on; a filter is kept in the address; the way out works."""
    page.goto(home, wait_until="networkidle")
    page.get_by_label("Đơn vị", exact=True).select_option("kinh-te")
    page.wait_for_url("**don-vi=kinh-te**", wait_until="networkidle")
    if narrow:
        page.get_by_label("Mở danh mục").click()
    page.get_by_role("link", name="Lịch tháng").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("heading", name="Tháng 11/2026").is_visible()
    if narrow:
        page.get_by_label("Mở danh mục").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/dang-nhap**", wait_until="networkidle")
    assert page.get_by_role("button", name="Đăng nhập").is_visible()
