"""A unit leader answers on a 390-pixel screen in a real Chromium, by tapping."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from config.settings import Settings
from db.session import reading, transaction
from notifications.links import make_link
from tests.submissions.answer_builders import NOW, PDF, Ground, actions, get_occurrence, lay_ground, make_settings
from tests.web_answers.answer_app import Clock
from web.app import create_app

pytestmark = pytest.mark.browser
WIDTH = 390
# A fingertip; WCAG 2.2 asks for 24 CSS pixels (2.5.8), a telephone in the rain for more.
FINGER = 44


@contextmanager
def serving(settings: Settings, port: int) -> Iterator[None]:
    """The application on a real socket."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, Clock()), host="127.0.0.1", port=port, log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    limit = time.monotonic() + 20
    while not server.started and time.monotonic() < limit:
        time.sleep(0.05)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def settings(sqlite_url: str, home: Path) -> Iterator[Settings]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = make_settings(sqlite_url, home).model_copy(update={"base_url": f"http://127.0.0.1:{port}"})
    with serving(made, port):
        yield made


@pytest.fixture
def ground(settings: Settings) -> Ground:
    with transaction(settings.database_url) as session:
        return lay_ground(session)


@pytest.fixture
def link(settings: Settings, ground: Ground) -> str:
    with transaction(settings.database_url) as session:
        return make_link(session, ground.occurrence, ground.person, NOW, settings)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        message = "no chromium on the PATH"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A telephone; faults in its console fail the test."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": 844}, is_mobile=True, has_touch=True, java_script_enabled=request.param
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda failed: faults.append(failed.url))
    yield page
    context.close()
    assert faults == []


def small_targets(page: Page) -> list[str]:
    """Buttons and openers that are shown and lower than a fingertip."""
    shown = [one for one in page.locator("button, summary.btn, a.btn").all() if one.is_visible()]
    return [one.inner_text() for one in shown if (one.bounding_box() or {"height": 0})["height"] < FINGER]


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen, and every target can be hit."""
    body = page.locator("body").bounding_box()
    assert body is not None
    assert body["width"] <= WIDTH
    assert small_targets(page) == []


def test_a_leader_receives_then_reports(
    phone: Page, link: str, settings: Settings, ground: Ground, tmp_path: Path
) -> None:
    report = tmp_path / "Báo cáo quý I.pdf"
    report.write_bytes(PDF)
    phone.goto(link)
    assert_fits(phone)
    phone.get_by_role("button", name="Đã nhận việc này").tap()
    phone.get_by_role("heading", name="Đã ghi nhận").wait_for()
    assert_fits(phone)
    phone.get_by_role("link", name="Trở lại trang việc").tap()

    phone.get_by_text("Nộp báo cáo", exact=True).tap()
    phone.get_by_label("Tệp báo cáo hoặc ảnh chụp").set_input_files(report)
    phone.get_by_label("Tỷ lệ hồ sơ giải quyết đúng hạn").fill("khoảng 80")
    phone.get_by_label("Kết quả, khó khăn, kiến nghị").fill("Đã niêm yết đủ.")
    phone.get_by_role("button", name="Gửi báo cáo").tap()
    phone.get_by_text("Chưa ghi nhận.").wait_for()
    assert_fits(phone)

    phone.get_by_label("Tệp báo cáo hoặc ảnh chụp").set_input_files(report)
    phone.get_by_label("Tỷ lệ hồ sơ giải quyết đúng hạn").fill("87,5")
    phone.get_by_role("button", name="Gửi báo cáo").tap()
    phone.get_by_role("heading", name="Đã nhận báo cáo").wait_for()
    assert_fits(phone)
    assert "87,5 %" in phone.locator("main").inner_text()
    phone.reload()
    with reading(settings.database_url) as session:
        assert actions(session) == ["occurrence.acknowledge", "submission.receive"]
        submission = get_occurrence(session, ground.occurrence).submissions[0]
        assert [file.name for file in submission.files] == ["Báo cáo quý I.pdf"]
        assert [figure.value for figure in submission.figures] == [87.5]
        assert submission.text == "Đã niêm yết đủ."
