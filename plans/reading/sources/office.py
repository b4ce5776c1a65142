"""Files of older or other office programs (.doc, .rtf, .odt, .xls, .ods): LibreOffice turns them into .docx or .xlsx.

LibreOffice runs without a window, with a settings folder of its own that is thrown away, without macros, without
links to the network, and is killed with all its children when its time is over.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from plans.reading.document import Document
from plans.reading.errors import PlanFileError

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEETS = ("xls", "ods")
# Seconds that LibreOffice may take for one file, the most that it may write, and the address space that it may claim.
TIME_LIMIT, SIZE_LIMIT, MEMORY_LIMIT = 90, 100 * 1024 * 1024, 6 * 1024**3
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>"""
_SETTING = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_SAFE = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def old_kind(name: str, data: bytes) -> str | None:
    """The kind of an older office file by its bytes, None for what is none. Raises PlanFileError for a locked one."""
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if b'progid="Word.Document"' in data[:1000]:
        # Word of 2003 writes its document as one XML file.
        return "xml"
    if not data.startswith(_OLD_OFFICE):
        return None
    if _named(data, "EncryptedPackage"):
        raise PlanFileError(name, "đang đặt mật khẩu", "Hãy mở bằng Word hoặc Excel, bỏ mật khẩu, lưu lại rồi nộp lại.")
    if _named(data, "WordDocument"):
        return "doc"
    if _named(data, "Workbook") or _named(data, "Book"):
        return "xls"
    raise PlanFileError(
        name, "ở định dạng cũ không phải Word hay Excel", "Hãy mở tệp, lưu lại thành .docx hoặc .xlsx rồi nộp lại."
    )


def _named(data: bytes, stream: str) -> bool:
    """Whether a stream of the compound file bears a name (MS-CFB 2.6.1: UTF-16, ended by zero)."""
    return f"{stream}\x00".encode("utf-16-le") in data


def office_program() -> str | None:
    """Where LibreOffice is, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def read_old(name: str, data: bytes, kind: str) -> Document:
    """The document of an older file, by the readers of .docx and .xlsx. Raises PlanFileError."""
    if office_program() is None:
        cure = f"Hãy mở tệp, lưu lại thành .{'xlsx' if kind in _SHEETS else 'docx'} rồi nộp lại (hoặc cài LibreOffice)."
        raise PlanFileError(name, f"ở định dạng .{kind}, máy này chưa có LibreOffice để đọc", cure)
    new = convert({f"plan.{kind}": data}).get(f"plan.{kind}")
    if not new:
        cure = "Hãy bỏ mật khẩu nếu có, mở bằng Word hoặc Excel, lưu lại thành .docx hoặc .xlsx rồi nộp lại."
        raise PlanFileError(name, f"ở định dạng .{kind} nhưng LibreOffice không mở được", cure)
    return _read_new(name, new, kind)


def _read_new(name: str, data: bytes, kind: str) -> Document:
    from plans.reading.sources.archive import kind_of

    kind_of(name, data)
    if kind in _SHEETS:
        from plans.reading.sources.sheets import read_workbook

        return read_workbook(name, data)
    from plans.reading.sources.word import read_word

    return read_word(name, data)


def convert(files: Mapping[str, bytes], to: str | None = None) -> dict[str, bytes]:
    """Each file (by a plain name with its extension) as .docx or .xlsx, or all `to` one format; failed ones missing.

    One start of LibreOffice takes 3 to 5 seconds, so files that go to the same format are converted together.
    """
    wanted: dict[str, list[str]] = {}
    for file in files:
        wanted.setdefault(to or ("xlsx" if file.rpartition(".")[2] in _SHEETS else "docx"), []).append(file)
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="dondoc-", ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        _write_settings(room / "profile")
        for format_name, names in wanted.items():
            for at, file in enumerate(names):
                (room / f"{format_name}{at}.{file.rpartition('.')[2]}").write_bytes(files[file])
            sources = [room / f"{format_name}{at}.{file.rpartition('.')[2]}" for at, file in enumerate(names)]
            _run(room, format_name, sources)
            for file, source in zip(names, sources, strict=True):
                made = room / "out" / f"{source.stem}.{format_name}"
                if made.exists() and 0 < made.stat().st_size <= SIZE_LIMIT:
                    found[file] = made.read_bytes()
    return found


def _write_settings(profile: Path) -> None:
    (profile / "user").mkdir(parents=True)
    items = "".join(_SETTING.format(path=path, name=name, value=value) for path, name, value in _SAFE)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS.format(items=items), encoding="utf-8")


def _run(room: Path, format_name: str, sources: list[Path]) -> None:
    command = [
        office_program() or "soffice", f"-env:UserInstallation={(room / 'profile').as_uri()}", "--headless",
        "--invisible", "--norestore", "--nologo", "--nolockcheck", "--nodefault", "--convert-to", format_name,
        "--outdir", str(room / "out"), *map(str, sources),
    ]  # fmt: skip
    run_limited(command, room, TIME_LIMIT)


def _surroundings(room: Path) -> dict[str, str]:
    """The environment without what leads Python programs of the system to this one's libraries."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return {**kept, "HOME": str(room), "TMPDIR": str(room)}


def run_limited(command: list[str], room: Path, seconds: float) -> int | None:
    """The exit code of a program that runs in a folder of its own; None when it was killed, children and all."""
    guard = shutil.which("prlimit")
    limits = [guard, f"--as={MEMORY_LIMIT}", f"--fsize={SIZE_LIMIT * 3}"] if guard else []
    with tempfile.TemporaryFile() as sink:
        process = subprocess.Popen(
            [*limits, *command], cwd=room, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True,
            env=_surroundings(room),
        )  # fmt: skip
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            # The launcher of LibreOffice may end before its child does; the whole session goes.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
