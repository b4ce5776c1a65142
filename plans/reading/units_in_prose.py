"""Which unit a sentence or a heading of the prose binds."""

from __future__ import annotations

import re

from plans.reading.text import flat, fold
from plans.reading.units_text import opens_as_unit, split_names

_GIVING = re.compile(r"^(?:(?:\d+\s*\.\s*)?(?:giao(?: cho)?|de nghi|yeu cau|phan cong))\s+")
_LEADING_TIME = re.compile(r"^(?:dinh ky|hang|moi|truoc|cham nhat|trong)\b[^,:]{0,80},\s*")
_DOES = re.compile(
    r"\s*,?\s+(?:co trach nhiem|chiu trach nhiem|chu tri|phoi hop|huong dan|thuc hien|tham muu|theo doi|dinh ky"
    r"|thuong xuyen|hang (?:ngay|tuan|thang|quy|nam)"
    r"|tong hop|bao cao|to chuc|trien khai|xay dung|can cu|chu dong|ra soat|gui|tap trung|kiem tra|bo tri"
    r"|truoc ngay|cham nhat|giup|cap nhat|hoan thanh"
    r"|lap|dam bao|bao dam|tang cuong|day manh|phan cong|tuyen truyen|don doc|quan triet|nghiem tuc|khan truong"
    r"|tiep tuc|lam dau moi|la dau moi|la co quan"
    r"|phai|can|nop|cung cap|xem xet|de xuat|cong khai|niem yet|thong ke|danh gia|so ket|tong ket|chi dao|trong"
    r"|giam sat|van dong|tham gia|ho tro|thong bao|thong tin|huy dong|nghien cuu|trinh|kien nghi|duy tri"
    r"|phat dong|nang cao|khac phuc"
    r"|tu danh gia|tu kiem tra|dang ky|thanh lap|phan bo|giao|su dung|quan ly|chuan bi|tiep thu|dang tai"
    r"|bien soan|tham dinh)\b"
)
_ORDER = re.compile(
    r"\b(?:yeu cau|giao|de nghi)\s+(?P<units>[^:.;]{4,160}?)\s+(?:tap trung|thuc hien|to chuc|trien khai"
    r"|nghiem tuc|khan truong)\b[^.;]*:\s*$"
)
_PARTNER = re.compile(r"\bphoi hop(?: chat che)?(?:\s+(?:voi|cung))*\s+")
NAME_LENGTH = 170


def bound_unit(sentence: str) -> tuple[str, ...]:
    """The units that open a sentence: "Giao X có trách nhiệm ...", "X: ...", "X định kỳ ...", "Hằng quý, X ..."."""
    start = 0
    for opening in (_LEADING_TIME, _GIVING):
        match = opening.match(fold(sentence[start:]))
        start += match.end() if match else 0
    rest = sentence[start:]
    end = _end_of_name(rest)
    if end is None or not opens_as_unit(rest):
        return ()
    return split_names(flat(rest[:end]).strip(" ,:"))


def _end_of_name(text: str) -> int | None:
    """Where the name of the unit ends: at a colon, or at the first word that says what it does."""
    folded = fold(text)
    colon = text.find(":")
    verbs = [match.start() for match in _DOES.finditer(folded) if match.start() > 2 and _lower_word(text, match)]
    ends = [at for at in (*verbs[:1], *([colon] if colon > 0 else [])) if at <= NAME_LENGTH]
    return min(ends) if ends else None


def _lower_word(text: str, match: re.Match[str]) -> bool:
    """A capital letter means the word belongs to the name; so does "tiếp nhận và trả kết quả" after "Bộ phận"."""
    word = re.search(r"\w", text[match.start() :])
    return bool(word) and text[match.start() + (word.start() if word else 0)].islower()


def heading_units(text: str) -> tuple[str, ...]:
    """The units a heading names: alone ("a) Phòng A; Công an."), or before a colon or a verb."""
    found = bound_unit(text)
    if found:
        return found
    giving = _GIVING.match(fold(text))
    text = text[giving.end() :] if giving else text
    alone = len(text) <= NAME_LENGTH and opens_as_unit(text) and _end_of_name(text) is None
    return split_names(text.strip(" .:")) if alone else ()


def ordered_units(text: str) -> tuple[str, ...]:
    """The units of an order that opens a list: "... yêu cầu các phòng thực hiện các nhiệm vụ sau:"."""
    match = _ORDER.search(fold(text))
    if not match:
        return ()
    units = text[match.start("units") : match.end("units")]
    return split_names(units) if opens_as_unit(units) else ()


def partners(sentence: str) -> tuple[str, ...]:
    """The units named after "phối hợp (với)"."""
    match = _PARTNER.search(fold(sentence))
    if not match or not opens_as_unit(sentence[match.end() :]):
        return ()
    rest = sentence[match.end() :]
    end = _end_of_name(rest)
    return split_names(rest[: end if end is not None else None][:NAME_LENGTH]) if end is not None else ()
