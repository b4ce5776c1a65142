"""`python -m dev.demo`: plays the demo, prints what to look at, and waits for Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

from dev.demo.play import PASSWORD, USER, Play
from dev.demo.stage import Stage, StepFailed

FOLDER = Path(".dondoc") / "demo"
Handler = Callable[[int, FrameType | None], object] | signal.Handlers
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def arguments() -> argparse.Namespace:
    """The options of the demo."""
    parser = argparse.ArgumentParser(prog="dev.demo")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="scratch folder, swept at each start")
    parser.add_argument("--no-wait", action="store_true", help="end as soon as everything was shown")
    return parser.parse_args()


def act(number: int, title: str, work: Callable[[], str]) -> None:
    """One progress line a step: what is done, what came of it, how long it took."""
    print(f"[{number}/7] {title} ... ", end="", flush=True)
    start = time.monotonic()
    print(f"{work()} ({time.monotonic() - start:.0f} s)", flush=True)


def show(play: Play) -> None:
    """What to look at."""
    web = play.stage.web
    print(f"""
Mời xem (mọi thứ chỉ chạy trên máy này; Ctrl-C để dừng tất cả):

  Chuyên viên      {web}   (tên: {USER}, mật khẩu: {PASSWORD})
  Kế hoạch         {web}/ke-hoach/{play.seen.plan}
  Một đơn vị       {play.seen.answer}   (trang trả lời, mở từ tin nhắn, không cần mật khẩu)
  Hộp tin Zalo     {play.seen.zalo}   (bản mô phỏng)
  Chủ tịch nhận    {play.chairman()}
  Hộp thư          {play.seen.mail}   (bản mô phỏng)
  Báo cáo          {play.seen.report}
  Prefect          http://127.0.0.1:{play.stage.environment["DONDOC_PREFECT_PORT"]}
""")


def perform(play: Play) -> None:
    """Every act in order."""
    act(1, "Chuẩn bị dữ liệu và danh bạ đơn vị (không có thật)", play.prepare)
    act(2, "Bật máy chủ thư và Zalo mô phỏng", play.start_doubles)
    act(3, "Đọc kế hoạch mẫu, trả lời câu hỏi, xác nhận", play.read_plan)
    act(4, "Chạy lại việc nhắc hằng ngày của mấy tuần qua", play.chase)
    act(5, "Mở trang theo dõi, máy chủ Prefect và lịch tự động", play.open_doors)
    act(6, "Trả lời thay các đơn vị qua liên kết trong tin nhắn", play.answer)
    act(7, "Dựng báo cáo tổng hợp của quý này", play.report)
    show(play)


def on_signals(handler: Handler) -> None:
    """Ctrl-C, `kill` and a terminal that is closed all end the demo in the same way, at any step."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def open_browser(address: str) -> None:
    """Open the view where there is a screen; without one, a text browser would take the terminal."""
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(address)


def main() -> int:
    """Play, wait, and end everything that was started."""
    options = arguments()
    on_signals(signal.default_int_handler)
    stage = Stage.set_up(options.folder.absolute())
    try:
        play = Play(stage, datetime.now(ZONE).date())
        perform(play)
        if not options.no_wait:
            open_browser(stage.web)
            threading.Event().wait()
    except StepFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    finally:
        # A second Ctrl-C, or the terminal that closes, must not leave half of it running.
        on_signals(signal.SIG_IGN)
        print("\nĐang dừng mọi tiến trình đã bật ...", flush=True)
        stage.strike()
    return 0


if __name__ == "__main__":
    sys.exit(main())
