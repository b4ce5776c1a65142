"""Scanned pages and pictures of a plan: ocrmypdf and tesseract turn them into a PDF with text, where installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from plans.reading.document import Document
from plans.reading.errors import PlanFileError
from plans.reading.sources.office import run_limited

# The most pages that are recognized in one file, and the seconds that this may take: to begin with, and for each page.
MAX_PAGES, SECONDS, SECONDS_A_PAGE = 40, 60.0, 15.0
LONG_SIDE_OF_A4 = 11.69
_JPEG_SIZE = re.compile(b"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(..)(..)", re.DOTALL)
_ANOTHER = "Hãy dùng bản Word hoặc PDF có chữ của kế hoạch"
_CURE = f"{_ANOTHER}, hoặc nhận dạng chữ (OCR tiếng Việt) trước khi nộp."


@lru_cache(maxsize=1)
def recognizer() -> str | None:
    """Where ocrmypdf is, or None when it or tesseract with Vietnamese is not installed."""
    program, tesseract = shutil.which("ocrmypdf"), shutil.which("tesseract")
    if program is None or tesseract is None:
        return None
    try:
        told = subprocess.run([tesseract, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    return program if "vie" in told.stdout.split() else None


def told(pages: Sequence[int]) -> str:
    """What is said of recognized pages."""
    return f"Trang {_span(pages, ', ')} là bản chụp; chữ do máy nhận dạng (OCR) nên có thể sai, phải đối chiếu bản gốc."


def left_out(pages: Sequence[int]) -> str:
    """What is said of scanned pages among others when they cannot be recognized."""
    return f"Trang {_span(pages, ', ')} là bản chụp, không có chữ nên chưa đọc được."


def scanned(name: str) -> PlanFileError:
    """The refusal of a PDF that holds nothing but scanned pages."""
    return PlanFileError(name, "là bản chụp (scan), không có chữ để đọc", _CURE)


def recognized(name: str, data: bytes, pages: Sequence[int]) -> bytes | None:
    """The PDF with text on the pages named (from 1); None when the programs are missing or cannot read it.

    Raises PlanFileError when there are more pages than may be recognized, or it takes too long.
    """
    if recognizer() is None:
        return None
    if len(pages) > MAX_PAGES:
        cure = f"Hãy tách riêng phần kế hoạch (không quá {MAX_PAGES} trang chụp), hoặc dùng bản Word."
        raise PlanFileError(name, f"có {len(pages)} trang là bản chụp, quá nhiều để nhận dạng chữ", cure)
    return _run(name, data, "pdf", ["--force-ocr", "--deskew", "--pages", _span(pages, ",")], len(pages))


def read_picture(name: str, data: bytes) -> Document:
    """The plan in a photograph or scan of one page. Raises PlanFileError when it cannot be recognized."""
    refusal = PlanFileError(name, "là ảnh chụp, không có chữ để đọc", _CURE)
    if recognizer() is None:
        raise refusal
    kind = "png" if data.startswith(b"\x89PNG") else "jpg" if data.startswith(b"\xff\xd8") else "tif"
    resolution = max(72, round(_long_side(data) / LONG_SIDE_OF_A4))
    pdf = _run(name, data, kind, ["--deskew", "--image-dpi", str(resolution)], 1)
    if pdf is None:
        raise refusal
    from plans.reading.sources.pdf import read_pdf

    document = read_pdf(name, pdf)
    return replace(document, remarks=(told([1]), *document.remarks))


def _run(name: str, data: bytes, kind: str, options: list[str], pages: int) -> bytes | None:
    with tempfile.TemporaryDirectory(prefix="dondoc-ocr-", ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        source, target = room / f"scan.{kind}", room / "text.pdf"
        source.write_bytes(data)
        command = [
            recognizer() or "ocrmypdf", "--language", "vie", "--output-type", "pdf", "--optimize", "0", "--jobs", "2",
            "--rotate-pages", "--tesseract-timeout", str(SECONDS), "--quiet", *options, str(source), str(target),
        ]  # fmt: skip
        if run_limited(command, room, SECONDS + SECONDS_A_PAGE * pages) is None:
            raise PlanFileError(
                name, "là bản chụp, nhận dạng chữ quá lâu nên đã dừng", f"{_ANOTHER}, hoặc tách nhỏ tệp."
            )
        return target.read_bytes() if target.exists() else None


def _span(pages: Sequence[int], divider: str) -> str:
    """Page numbers as people and ocrmypdf write them: 1-3, 7."""
    spans: list[list[int]] = []
    for page in sorted(pages):
        if spans and page == spans[-1][-1] + 1:
            spans[-1].append(page)
        else:
            spans.append([page])
    return divider.join(str(one[0]) if len(one) == 1 else f"{one[0]}-{one[-1]}" for one in spans)


def _long_side(data: bytes) -> int:
    """The pixels of the longer side of a PNG or JPEG; those of A4 at 200 dots an inch for others."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return max(int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"))
    found = _JPEG_SIZE.search(data)
    return max(int.from_bytes(found[1], "big"), int.from_bytes(found[2], "big")) if found else 2339
