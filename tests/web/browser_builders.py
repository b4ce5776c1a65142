"""A real Chromium before the application as a server runs it."""

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
from playwright.sync_api import Page

from tests.web.builders import PASSWORD, make_app


def chromium() -> str:
    """Where the browser is; without one the test is skipped, except in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("no Chromium on this machine")
    assert found is not None, "CI needs a Chromium"
    return found


@contextmanager
def serving(url: str, home: Path) -> Iterator[str]:
    """The application on a free port, as the server runs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(make_app(url, home), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


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
