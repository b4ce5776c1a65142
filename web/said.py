"""What a refusal says to somebody before a page: where it names a command, the button or page that does the same.

Services are called by both edges and name the cure that is exact, a command; whoever sits before a browser has none.
"""

from __future__ import annotations

import re

# The first that fits a place is taken; the last ones are for commands that no page stands for.
_CODE = r"[\w.-]+"
_CURES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(found), words)
    for found, words in (
        (rf"Hãy xem: dondoc plan show {_CODE}", "Hãy mở kế hoạch đó ở trang Kế hoạch."),
        (r"Hãy xem: dondoc plan list", "Hãy mở lại trang Kế hoạch."),
        (rf"Hãy chạy: dondoc plan confirm {_CODE}", "Hãy xác nhận kế hoạch trước."),
        (rf"xác nhận bằng lệnh: dondoc plan confirm {_CODE}", "xác nhận ở trang của kế hoạch."),
        (rf" \(dondoc plan questions {_CODE}\)", ""),
        (rf"Hãy xem(?: danh sách)?: dondoc plan questions {_CODE}", "Hãy tải lại trang rồi chọn lại."),
        (r"Hãy nhập ngày: dondoc plan answer \d+ --event NGÀY", "Hãy nhập ngày ở mục Việc chờ ngày."),
        (rf"\(dondoc plan export {_CODE}\)", "(nút «Xuất bảng tính»)"),
        (rf"\(dondoc plan reimport {_CODE} TỆP\)", "(nút «Nhập bản đã sửa»)"),
        (rf"hãy dùng: dondoc plan reimport {_CODE} TỆP", "hãy mở kế hoạch ấy rồi bấm «Nhập bản đã sửa»."),
        (r"rồi nạp lại: dondoc units load units\.yaml", "rồi nạp lại; việc này do quản trị làm trên máy chủ."),
        (r"Hãy xem: dondoc units list, hoặc", "Hãy chọn lại trong danh sách, hoặc"),
        (r"Hãy xem mã bằng: dondoc [^.]*", "Hãy chọn lại trong danh sách."),
        (r"Hãy nhập lại kèm năm, ví dụ: --year \d+", "Hãy ghi năm vào ô «Năm» rồi gửi lại tệp."),
        (r"Đọc lại kèm --year NĂM, ví dụ --year \d+\.", "Hãy sửa năm ở mục Phần đầu kế hoạch."),
        (r"Đọc lại kèm --year nếu", "Sửa năm ở mục Phần đầu kế hoạch nếu"),
        (r"; đọc lại với --year NĂM", "; hãy sửa năm ở mục Phần đầu kế hoạch"),
        (r", ví dụ --year (\d+)", r", ví dụ \1"),
        (r"Hãy bỏ --year hoặc dùng --year (\d+)", r"Hãy để trống ô «Năm» hoặc ghi \1"),
        (
            r"Nếu chỉ muốn ghi nhận: dondoc plan chase-from MÃ NGÀY",
            "Nếu chỉ muốn ghi nhận, hãy đổi ngày bắt đầu đôn đốc ở trang Đôn đốc của kế hoạch.",
        ),
        (r"\(dondoc outbox list\)", "(trang Hộp gửi đi)"),
        (r"Hãy xem danh sách: dondoc outbox list", "Hãy mở lại trang Hộp gửi đi"),
        (r"(?:Hãy (?:xem|chạy|dùng)|[Xx]em)[^.:]*: dondoc [^.;]+", "Hãy nhờ quản trị"),
    )
)


def said(words: object) -> str:
    """The words of a refusal or a finding for a page."""
    text = str(words)
    if "dondoc " not in text and "--" not in text:
        return text
    for found, cure in _CURES:
        text = found.sub(cure, text)
    return text
