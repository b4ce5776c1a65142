"""mẫu tin: the templates of messages as an officer lists, edits, previews and checks them.

An own template is a file in `DONDOC_HOME/config/templates` under the name of the packaged one; taking it away brings
the packaged one back. A preview is made of invented duties, so it shows the words, not the office's data.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from chasing import ZONE, cut
from config.faults import Refusal, os_words
from config.settings import Settings
from notifications import replies
from notifications.composing import LIMITS, Composed, Item, write_alert, write_chase, write_notice
from notifications.notices import LABELS
from notifications.templating import (
    TEMPLATES,
    BrokenTemplate,
    WordsOnly,
    fault_words,
    own_folder,
    render,
    tidy,
    with_text,
)

TITLES = MappingProxyType(
    {
        "digest.txt.j2": "Tin tổng hợp nhắc việc (chữ: Zalo, phần chữ của thư)",
        "digest.html.j2": "Tin tổng hợp nhắc việc (thư điện tử)",
        "escalation.txt.j2": "Báo cáo việc quá hạn cho lãnh đạo (chữ: Zalo, phần chữ của thư)",
        "escalation.html.j2": "Báo cáo việc quá hạn cho lãnh đạo (thư điện tử)",
        "dates.txt.j2": "Báo đổi thời hạn (chữ: Zalo, phần chữ của thư)",
        "dates.html.j2": "Báo đổi thời hạn (thư điện tử)",
        "notice.html.j2": "Khung của các thông báo (thư điện tử)",
        "alert.txt.j2": "Báo sự cố của hệ thống cho quản trị",
        "cards.html.j2": "Khung của một việc (thư điện tử)",
        "layout.html.j2": "Khung chung của thư điện tử",
    }
)
NOTICE, REPLY = "notice_", "reply_"
LONGEST = 20_000
MANY = 40
NOW = datetime(2026, 3, 25, 8, tzinfo=ZONE)
SAMPLE_TO = "Ông/Bà Lê Thị Mẫu (Trưởng phòng, Phòng Thí dụ)"


@dataclass(frozen=True)
class Template:
    """One template: its name, what it is for, the packaged text, and the office's own where there is one.

    `faults`: what is wrong with the own text; while there is anything, the packaged one writes the messages.
    """

    name: str
    title: str
    packaged: str
    own: str | None = None
    faults: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text in use, or to be mended."""
        return self.packaged if self.own is None else self.own


def list_templates(settings: Settings) -> list[Template]:
    """Every template, those that write a message first."""
    names = sorted(file.name for file in TEMPLATES.glob("*.j2"))
    order = {name: place for place, name in enumerate(TITLES)}
    return [get_template(name, settings) for name in sorted(names, key=lambda name: order.get(name, 6.5))]


def get_template(name: str, settings: Settings) -> Template:
    """One template. Raises Refusal for a name that no packaged template has, and for a file that cannot be read."""
    packaged, own = _packaged(name), None
    file = own_folder(settings) / name
    if file.exists():
        try:
            own = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            words = os_words(error) if isinstance(error, OSError) else "tệp không phải UTF-8"
            return Template(name, title_of(name), packaged, "", (f"Không đọc được tệp mẫu riêng: {words}.",))
    return Template(name, title_of(name), packaged, own, tuple(check_template(name, own)) if own is not None else ())


def title_of(name: str) -> str:
    """What a template is for, in Vietnamese."""
    kind = name.removeprefix(NOTICE).removesuffix(".txt.j2")
    if name.startswith(REPLY):
        kind = name.removeprefix(REPLY).removesuffix(".txt.j2")
        return f"Trả lời tin đến: {replies.LABELS.get(kind, kind)}"
    return TITLES.get(name) or f"Thông báo: {LABELS.get(kind, kind)}"


def own_faults(settings: Settings) -> list[str]:
    """What is wrong with the office's own templates, each with the name of its file; for `dondoc doctor`."""
    if not own_folder(settings).is_dir():
        return []
    found = [f"{each.name}: {fault}" for each in list_templates(settings) for fault in each.faults]
    known = {file.name for file in TEMPLATES.glob("*.j2")}
    strange = sorted(file.name for file in own_folder(settings).glob("*.j2") if file.name not in known)
    return found + [f"{name}: không có mẫu tin nào tên này, nên tệp không được dùng." for name in strange]


def preview(name: str, text: str, settings: Settings, channel: str = "email") -> Composed:
    """A message of invented duties, one template of it being `text`; nothing is saved.

    `channel` sets the measure. Raises Refusal with what is wrong with the text.
    """
    faults = check_template(name, text)
    if faults:
        raise Refusal("Mẫu tin chưa dùng được. " + " ".join(faults))
    return sample(name, text, settings, channel)


def sample(name: str, text: str, settings: Settings, channel: str) -> Composed:
    """The same of a text that was checked. Raises what a broken template raises."""
    return _writer(name, settings.base_url, channel)(with_text(name, text), _items(settings.base_url, 5))


def check_template(name: str, text: str) -> list[str]:
    """What is wrong with a text for a template, in whole Vietnamese sentences; empty when it may be used.

    It is tried on one duty and on many, late and in time, from one plan and from two. Raises Refusal for an unknown
    name.
    """
    _packaged(name)
    if len(text) > LONGEST:
        return [f"Mẫu dài {len(text)} ký tự; tối đa là {LONGEST}."]
    faults: list[str] = []
    templates = with_text(name, text)
    for channel in ("zalo", "email"):
        for items in _samples():
            try:
                made = _writer(name, "https://example.org", channel)(templates, items)
            except Exception as error:
                # Jinja runs what a person typed: anything may come of it.
                return [*faults, f"Mẫu không ghép được thành tin: {fault_words(error)}."]
            faults += _lost(name, made, items, channel)
    return list(dict.fromkeys(faults))


def _lost(name: str, made: Composed, items: list[Item], channel: str) -> list[str]:
    """What a message that can be written leaves out."""
    answers = name.startswith(("digest", "escalation", NOTICE)) and name.endswith(".txt.j2")
    shown = made.text if answers else made.html if name.endswith(".html.j2") and channel == "email" else None
    # The last one of many may be cut off; the first never is.
    if shown is not None and items[0].url not in shown:
        return ["Mẫu không ghi liên kết ({{ item.url }}), nên người nhận không trả lời được."]
    return []


def save_template(settings: Settings, name: str, text: str) -> Template:
    """Put a text in place of a packaged template, whole or not at all. Raises Refusal with what is wrong with it."""
    kept = text.replace("\r\n", "\n")
    faults = check_template(name, kept)
    if faults:
        raise Refusal("Mẫu tin chưa được lưu. " + " ".join(faults))
    folder = own_folder(settings)
    try:
        _write(folder, name, kept)
    except OSError as error:
        raise Refusal(f"Không ghi được mẫu tin vào {folder}: {os_words(error)}.") from error
    return get_template(name, settings)


def restore_template(settings: Settings, name: str) -> Template:
    """Bring the packaged template back; the own text is gone. Raises Refusal when the file cannot be taken away."""
    _packaged(name)
    try:
        (own_folder(settings) / name).unlink(missing_ok=True)
    except OSError as error:
        raise Refusal(f"Không bỏ được mẫu riêng {name}: {os_words(error)}.") from error
    return get_template(name, settings)


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    number, path = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(path).replace(folder / name)
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise


def _packaged(name: str) -> str:
    file = TEMPLATES / name
    if Path(name).name != name or not file.is_file() or not name.endswith(".j2"):
        raise Refusal(f"Không có mẫu tin tên «{name}».")
    return file.read_text(encoding="utf-8")


Writer = Callable[[WordsOnly, list[Item]], Composed]


def _writer(name: str, base_url: str, channel: str) -> Writer:
    """What writes the sample message that shows a template."""
    kind = name.removesuffix(".j2").rpartition(".")[0]
    if name == "alert.txt.j2":
        faults = [{"message": "Lượt nhắc việc hằng ngày chưa chạy.", "cure": "Hãy chạy: dondoc up"}]
        return lambda templates, items: write_alert(templates, faults, NOW, base_url)
    if kind.startswith(REPLY):
        return lambda templates, items: _reply(templates, name, items)
    if kind.startswith(NOTICE) or kind == "notice":
        notice = kind.removeprefix(NOTICE) if kind != "notice" else "returned"
        return lambda templates, items: write_notice(templates, notice, SAMPLE_TO, items[0], _notice_words(notice))
    chase = kind if kind in ("escalation", "dates") else "digest"
    return lambda templates, items: write_chase(templates, chase, SAMPLE_TO, _for(chase, items), channel, NOW)


def _reply(templates: WordsOnly, name: str, items: list[Item]) -> Composed:
    """What is said back to somebody who wrote in. Raises BrokenTemplate for one that says nothing."""
    shown = items[: replies.MOST_LISTED]
    words = {"items": shown, "item": shown[0], "hidden": len(items) - len(shown), **REPLY_WORDS}
    text = replies.cut_text(tidy(render(templates, name, words)))
    if not text:
        raise BrokenTemplate(f"{name}: không còn chữ nào")
    return Composed(f"[{title_of(name).partition(': ')[2]}] {shown[0].content}", text, None)


REPLY_WORDS = MappingProxyType(
    {
        "by": "Lê Thị Mẫu (Phòng Thí dụ)",
        "name": "Lê Thị Mẫu",
        "wanted": "10/4/2026",
        "example": "10/4/2026",
        "old_due": "27/3/2026",
        "reason": "Chờ số liệu của các thôn",
        "files": ("Báo cáo quý I.docx",),
        "missing": (),
        "version": 2,
        "hint": "",
        "all": True,
    }
)


def _notice_words(notice: str) -> dict[str, str]:
    return {
        "label": LABELS.get(notice, "Thông báo"),
        "reason": "Báo cáo còn thiếu phụ lục số liệu",
        "note": "Nhất trí với lý do của đơn vị",
        "due": "10/4/2026",
        "old_due": "20/3/2026",
        "today": "25/3/2026",
    }


def _for(kind: str, items: list[Item]) -> list[Item]:
    if kind == "digest":
        return items
    owed = [replace(item, number=number) for number, item in enumerate((i for i in items if i.part == "lead"), 1)]
    if kind == "dates":
        return [replace(item, reason=MOVED, overdue=False) for item in owed]
    return [replace(item, history=HISTORY) for item in owed] if kind == "escalation" else owed


MOVED = "Hạn cũ 26/3/2026, hạn mới 27/3/2026: nghỉ tránh bão (Công văn số 12/UBND-VP)"
HISTORY = (
    "Đã gửi 04 tin nhắc: Trần Văn Ví (18/3, 20/3), Lê Thị Mẫu (20/3, 23/3); đã báo cáo Phó Chủ tịch Lê Văn Thí (25/3).",
    "Đơn vị: 19/3 báo đã nhận; chưa nộp báo cáo.",
)


def _samples() -> list[list[Item]]:
    """One duty, some, and more than a telephone shows."""
    base = "https://example.org"
    return [_items(base, 1), [replace(_items(base, 1)[0], overdue=False)], _items(base, 5), _items(base, MANY)]


def _items(base_url: str, count: int) -> list[Item]:
    owed = [_item(number, base_url) for number in range(1, max(count - 1, 1) + 1)]
    if count == 1:
        return owed
    part = replace(owed[0], number=count, part="coordinator", url="", overdue=False, reason=TAKES_PART)
    return [*owed, part]


TAKES_PART = "Đơn vị tham gia phối hợp; hạn của đơn vị chủ trì là 30/3/2026 (còn 03 ngày làm việc)"


def _item(number: int, base_url: str) -> Item:
    late = number == 1
    plan = "Kế hoạch số 01/KH-UBND ngày 05/01/2026 của UBND xã Mẫu"
    return Item(
        number=number,
        code=f"DD-{number}-ABCD",
        content=cut(f"Báo cáo thí dụ số {number}: rà soát, công khai kết quả thực hiện trong kỳ", LIMITS["zalo"]),
        period="Quý I/2026",
        unit="Phòng Thí dụ",
        basis=plan if number < 4 else "Kế hoạch số 02/KH-UBND ngày 06/01/2026 của UBND xã Mẫu",
        reason="Quá hạn 03 ngày làm việc (hạn 20/3/2026)" if late else "Còn 02 ngày làm việc (hạn 27/3/2026)",
        url=f"{base_url}/t/mau-{number}",
        overdue=late,
        due="20/3/2026" if late else "27/3/2026",
        office="UBND xã Mẫu",
    )
