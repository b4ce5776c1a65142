"""Who issued a plan and for which place: from the letterhead, else from what the text says of itself."""

from __future__ import annotations

import re
from collections import Counter

from plans.reading.text import flat, fold

_CAPITALS = "A-ZĐÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_PLACE = rf"[{_CAPITALS}][\w'’-]*(?:\s+[{_CAPITALS}\d][\w'’-]*){{0,3}}"
_LEVELS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "xã", "phường", "thị trấn", "đặc khu")
_LEVEL = rf"(?:{'|'.join(_LEVELS)}|TP\.?)"
_ORGAN = (
    r"(?:Sở|Bộ|Ban Chỉ đạo|Ban Quản lý|Đảng ủy|Đảng uỷ|Tỉnh ủy|Thành ủy|Phòng|Văn phòng|Trung tâm|Trường|Chi cục|Cục"
    r"|Thanh tra|Công an|Trạm|Hội đồng nhân dân|HĐND)"
)
_ISSUING = re.compile(
    rf"(?:UBND|[UỦ][yỷ] ban nhân dân|Ủy ban Nhân dân)\s+({_LEVEL}\s+{_PLACE})\s+(?:xây dựng|ban hành|triển khai)"
)
_ORGAN_ISSUING = re.compile(rf"(?:^|[,;.]\s+)({_ORGAN}\b[^,;:.]{{2,70}}?)\s+(?:xây dựng|ban hành) [Kk]ế hoạch")
_AREA = re.compile(rf"địa bàn (?:\w+ )?((?:tỉnh|thành phố|xã|phường|thị trấn|đặc khu)\s+{_PLACE})")
_PROVINCE = re.compile(rf"\b(?:tỉnh|thành phố)\s+{_PLACE}")
_OPENS_AREA = re.compile(_LEVEL, re.IGNORECASE)
_MOTTO = re.compile(r"cong hoa xa\b|^(?:hoi )?chu nghia viet nam|doc lap\s*[-–]|dang cong san")
_DATED = re.compile(rf"(?:^|\s)({_PLACE}),\s*ngày\b")
_COMMITTEE = re.compile(r"^(Tỉnh|Thành|Huyện|Quận|Thị|Đảng) (?:ủy|uỷ)\b")
_OPENS_ORGAN = re.compile(
    r"^(?:ubnd|hdnd|uy ban|hoi dong|so|bo|ban|dang (?:uy|bo)|tinh uy|thanh uy|huyen uy|quan uy|van phong|phong"
    r"|trung tam|chi cuc|cuc|truong|benh vien|cong an|thanh tra|vien|hoi|tong cuc|chi bo|doan|to cong tac|lien doan"
    r"|kho bac|bao hiem|mat tran|tram)\b"
)
_NO_NAME = re.compile(r"^(?:so\s*:|\d|ngay |[^a-z]*$)|, ngay |^(?:chu tich|bo truong|giam doc)\b")
# Fields of ministries and departments as their names are written (Nghị định 150/2025/NĐ-CP and those before it).
_FIELDS = (
    "Giáo dục và Đào tạo", "Khoa học và Công nghệ", "Nông nghiệp và Môi trường", "Văn hóa, Thể thao và Du lịch",
    "Nội vụ", "Tài chính", "Công Thương", "Xây dựng", "Tư pháp", "Y tế", "Dân tộc và Tôn giáo", "Ngoại vụ",
    "Thông tin và Truyền thông", "Lao động - Thương binh và Xã hội", "Kế hoạch và Đầu tư",
    "Tài nguyên và Môi trường", "Nông nghiệp và Phát triển nông thôn", "Văn hóa - Xã hội",
)  # fmt: skip
_COUNCILS = {"uy ban nhan dan": "UBND", "hoi dong nhan dan": "HĐND"}
LETTERHEAD = 14


def issuer_of(front: list[str], heading: int, texts: list[str]) -> str | None:
    """From the letterhead above the heading; else who "xây dựng kế hoạch"; else the area the title speaks of."""
    names = _organs([without_motto(text) for text in front[: min(heading, LETTERHEAD)]])
    if names:
        name = _named(names, texts)
        return f"{name} {_area_of_date(front, texts)}".strip() if name in _COUNCILS.values() else name
    for pattern, opening in ((_ISSUING, "UBND "), (_ORGAN_ISSUING, ""), (_AREA, "UBND ")):
        for text in front:
            match = None if _MOTTO.match(fold(text)) else pattern.search(text)
            if match:
                return f"{opening}{flat(match[1])}"
    return None


def without_motto(text: str) -> str:
    """The left column of a letterhead whose two columns were printed on one line."""
    match = _MOTTO.search(fold(text))
    return (text[: match.start()] if match else text).strip(" |")


def _area_of_date(front: list[str], texts: list[str]) -> str:
    """The area whose name the date line gives ("Hà Lâm, ngày ..."), with the level that the text gives it."""
    place = next((match[1] for text in front[:30] if (match := _DATED.search(text))), None)
    if not place:
        return ""
    level = rf"\b({fold(_LEVEL)})\s+{re.escape(fold(place))}\b"
    found = (match[1] for text in texts if (match := re.search(level, fold(text))))
    written = {fold(one): one for one in _LEVELS}
    return next((f"{written[one]} {place}" for one in found if one in written), "")


def _organs(lines: list[str]) -> list[str]:
    """The names in capitals of a letterhead, the highest organ first, each joined over its lines."""
    names: list[str] = []
    open_name = False
    for text in lines:
        folded = fold(text).strip(" .*")
        if not text.isupper() or _NO_NAME.search(folded):
            open_name = open_name and not folded
            continue
        if _OPENS_ORGAN.match(folded):
            names.append(flat(text))
            open_name = True
        elif names and open_name and _is_area_below(folded, names[-1]):
            # "UBND THÀNH PHỐ A" above, "PHƯỜNG B" below: the committee of the ward, its word said once.
            names.append(f"UBND {flat(text)}")
        elif names and open_name and not _area_in(names[-1].lower()):
            names[-1] = f"{names[-1]} {flat(text)}"
    return names


def _is_area_below(folded: str, above: str) -> bool:
    """Whether a line names a commune, under a committee that already has the name of its province."""
    council = fold(above).startswith(("ubnd", "uy ban nhan dan"))
    return (
        council and bool(_area_in(above.lower())) and re.match(r"(?:xa|phuong|dac khu|thi tran) \S", folded) is not None
    )


def _named(names: list[str], texts: list[str]) -> str:
    """The lowest organ, with the area of the one above it where its own name has none."""
    name = proper(names[-1].strip(" .*-_|"), texts)
    uppers = [proper(one.strip(" .*-_|"), texts) for one in names[-2::-1]]
    above = next((words for one in uppers if (words := _belonging(one))), "")
    if not above or _area_in(name) or name.startswith("Bộ ") or _COMMITTEE.match(name):
        return name
    level = above.split(" ", 1)[0]
    return f"{name.removesuffix(level).strip()} {above}"


def _belonging(name: str) -> str:
    """What an organ adds to the name of one below it: its area, or itself where it is a committee of the Party."""
    area = _area_in(name)
    return name if _COMMITTEE.match(name) else area[0] if area else ""


def _area_in(name: str) -> list[str]:
    return re.findall(rf"\b{_LEVEL}\s+.+$", name)


def proper(text: str, texts: list[str]) -> str:
    """A name in capitals as it is written in a sentence: "UBND tỉnh Quảng Ngãi", "Sở Khoa học và Công nghệ"."""
    words = flat(text)
    if not text.isupper():
        return words
    folded = fold(words)
    council = next((one for one in _COUNCILS if folded.startswith(one)), "")
    if council:
        return f"{_COUNCILS[council]} {_area(words[len(council) :].strip())}".strip()
    if folded.startswith(("ubnd", "hdnd")):
        return f"{words[:4]} {_area(words[4:].strip())}".strip()
    return _as_written(words, texts) or _sentence_case(words)


def _as_written(name: str, texts: list[str]) -> str | None:
    """The same name where the text writes it in small letters."""
    folded = fold(name)
    for text in texts:
        at = fold(text).find(folded)
        if at >= 0 and not text[at : at + len(name)].isupper() and text[at : at + 1].isupper():
            return text[at : at + len(name)]
    return None


def _sentence_case(name: str) -> str:
    """ "BAN CHỈ ĐẠO TỈNH HÀ LÂM": the organ with one capital and that of its field, a place with all of them."""
    match = re.search(rf"\s{_LEVEL}\s", name, re.IGNORECASE)
    organ, area = (name[: match.start()], name[match.start() :].strip()) if match else (name, "")
    words = organ.lower().split()
    if re.match(r"(?:tinh|thanh|huyen|quan|thi) uy\b", fold(organ)):
        return " ".join(word if at == 1 else word.capitalize() for at, word in enumerate(words))
    capitals = {0, 1} if fold(organ).startswith(("so ", "bo ", "ban chi dao", "phong ")) else {0}
    written = " ".join(word.capitalize() if at in capitals else word for at, word in enumerate(words))
    for field in _FIELDS:
        at = fold(written).find(f" {fold(field)}")
        written = f"{written[: at + 1]}{field}{written[at + 1 + len(field) :]}" if at > 0 else written
    return f"{written} {_area(area)}".strip()


def _area(text: str) -> str:
    """ "TỈNH QUẢNG NGÃI" as a name is written: "tỉnh Quảng Ngãi"."""
    words = flat(text).strip(" .").split()
    level = _OPENS_AREA.match(text.strip())
    count = len(level.group().split()) if level else 0
    if not text.isupper():
        return " ".join(words)
    return " ".join(word.lower() if at < count else word.capitalize() for at, word in enumerate(words))


def locality_of(issuer: str | None, texts: list[str]) -> str | None:
    """The issuer's area and the province it lies in, as far as the text names it."""
    found = _area_in(issuer or "")
    committee = re.search(r"\b(Tỉnh|Thành) (?:ủy|uỷ) (.+)$", issuer or "")
    named = f"{'tỉnh' if committee[1] == 'Tỉnh' else 'thành phố'} {committee[2]}" if committee else None
    area = found[0] if found else named
    if area and area.startswith("tỉnh"):
        return area
    provinces = Counter(flat(match.group()) for text in texts for match in _PROVINCE.finditer(text))
    province = next((name for name, _ in provinces.most_common(3) if name != area), None)
    return ", ".join(part for part in (area, province) if part) or None
