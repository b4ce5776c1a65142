"""A stretch of text to the names of the units it lists: what divides two units, and what stands inside one name."""

from __future__ import annotations

import re

from plans.reading.text import flat, fold, unbulleted

_GROUP_NOUN = (
    r"(?:so|ban|phong|co quan|don vi|bo phan|xa|phuong|huyen|dia phuong|to chuc|hoi|doan the|nganh|truong|thon"
    r"|to dan pho|cong chuc|can bo|ho (?:dan|gia dinh|kinh doanh|chan nuoi|san xuat)|chu (?:rung|dau tu|co so)"
    r"|doanh nghiep|dac khu|thanh vien|to|khu pho|ap|khoa|trung tam|chi cuc|tram)"
)
_COMPANIES = ("vnpt", "viettel", "mobifone", "agribank", "evn")
HEAD_NOUN = (
    r"(?:van phong|ubnd|uy ban|hdnd|hoi dong|trung tam|cong an|chi cuc|cuc|kho bac|bao hiem|dai|bao|hoi|doan|mat tran"
    r"|mttq|ubmttq|truong|tram|bo phan|bo|bch|vien|to|thanh tra|chi nhanh|ngan hang|toa an|lien doan|chu tich"
    r"|pho chu tich|dong chi|d/c|thu truong|giam doc|co quan|don vi|thon|khu pho|buu dien|dien luc|chanh|so|phong"
    r"|ban|cong chuc"
    r"|cong ty|quan su|bqlda|benh vien|de nghi|cac|nhung|mot so|dai dien|nguoi dung dau|can bo|lanh dao|to truong"
    r"|thuong truc"
    r"|khoa(?! hoc)|lien minh|doanh nghiep|tap doan|tong cong ty|hop tac xa|chu dau tu|ap|buon"
    r"|(?:thue|thong ke|hai quan) (?:tinh|thanh pho|huyen|co so|khu vuc)"
    rf"|khoi|cum|dang uy|hat|doi|vu(?! viec)|{'|'.join(_COMPANIES)})"
)
_STANDS_ALONE = (
    "ubnd", "uy ban", "van phong", "cong an", "hdnd", "trung tam", "bo phan", "mttq", "co quan", "quan su", *_COMPANIES
)  # fmt: skip
_PAIRED_BODIES = re.compile(
    r"(?:hdnd|hoi dong nhan dan|dbqh|quoc hoi|ubnd|uy ban nhan dan)(?:\s*,|\s+va|\s*[-–])\s+"
    r"(?:ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan|ubmttq)"
)
# Nouns that are no name alone: "Đoàn kiểm tra", "Tổ thẩm định" go on with what looks like a verb.
BARE_NOUN = re.compile(
    r"(?:cac\s+)?(?:doan|to|hoi dong|doi)|ban|cuc|chi cuc|trung tam|so|phong|tram|truong|uy ban|vien|quy|hat"
)
# "Các sở: Tài chính, Y tế": the noun stands once before the bare names.
_SHARED_NOUN = re.compile(
    r"^(?:các|những)\s+(?P<noun>sở|phòng|ban|hội)\s*(?::\s*|\s+(?=[A-ZĐÀ-Ỹ][^,;]*,\s*[A-ZĐÀ-Ỹ]))", re.I
)
# Names of departments that hold "và" or a comma (Nghị định 150/2025/NĐ-CP and the names before it).
_COMPOUND = re.compile(
    r"giao duc va dao tao|khoa hoc va cong nghe|nong nghiep va (?:moi truong|phat trien nong thon|ptnt)"
    r"|tai nguyen va moi truong|thong tin va truyen thong|ke hoach va dau tu|dan toc va ton giao"
    r"|van hoa(?:, (?:the thao|the duc, the thao|gia dinh|thong tin|khoa hoc))*,? va (?:du lich|the thao|thong tin"
    r"|xa hoi)"
    r"|thuong binh va xa hoi|kinh te, ha tang va do thi|ha tang va do thi|tuyen giao va dan van|quy hoach va kien truc"
)
# "Đồng chí A, Phó Chủ tịch": one person, whose post stands after a comma.
_PERSON = re.compile(r"\W*(?:dong chi|d/c|ong|ba)\s+(?!chu tich|pho|truong|bi thu|giam doc|chanh)[\w ]{4,40}$")
_POST = re.compile(r"(?:pho|chu tich|truong|bi thu|giam doc|uy vien|chanh|chi huy)\b")
_LOWER_HEAD = re.compile(r"(?:bi thu|truong (?:thon|ban|ap|khu|khoi)|dong chi|d/c)\b")
# Posts of commune civil servants whose names hold a dash (Nghị định 33/2023/NĐ-CP, điều 5).
_DASHED = re.compile(
    r"van phong\s*[-–]\s*thong ke|tu phap\s*[-–]\s*ho tich|tai chinh\s*[-–]\s*ke toan|van hoa\s*[-–]\s*xa hoi"
    r"|dia chinh\s*[-–]\s*(?:xay dung|nong nghiep)(?:\s*[-–]\s*(?:do thi|xay dung))?"
)
# Words that open a verb, or only look like the noun of a unit once accents are gone: Bảo đảm, Tổ chức, Số hóa, Đổi mới.
_NOT_A_UNIT = re.compile(
    r"(?:bao (?:dam|ve|cao|quan|tri)|to chuc (?!chinh tri|doan the|xa hoi|hoi\b(?! (?:thi|nghi|thao|cho|dien|trai"
    r"|xuan)))"
    r"|so (?:hoa|ket|lieu|luong|sanh|do)"
    r"|ban (?:hanh|giao|chat)|bo (?:tri|sung|chi so|tieu chi|cau hoi)|doi (?:moi|voi|thoai|chieu)"
    r"|hoi (?:nghi|thao|hop|dap|thi|cho|dien|trai|xuan)|truong hop|vien (?:chuc|dan)|phong\W*(?:chong|ngua|tranh)"
    r"|(?:cac|nhung|mot so) (?:so lieu|ban ke|to khai|giai phap|nhiem vu|noi dung|muc tieu|chi tieu|hoat dong"
    r"|cong viec|van ban|bien phap|yeu cau|quy dinh|dich vu|he thong|thu tuc|ho so|chinh sach|mo hinh|phong trao"
    r"|chuong trinh|du an|de an|bao cao|hinh thuc|tai lieu|tieu chi|ket qua)"
    r"|dai hoi|cong (?:khai|tac|bo)|co quan he|to trinh|chu tich nuoc)\b"
)
# A bracket that says what the unit does, or when, and is no part of its name.
_REMARK = re.compile(
    r"\s*\((?:có ý kiến|nếu có|chủ trì|phối hợp|theo |kiểm soát|hướng dẫn|tổng hợp|theo dõi|thực hiện|báo cáo|cung cấp"
    r"|đăng tải|thẩm định)[^()]*\)\s*\.?\s*$",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"[\s,;:.\-–(/]+$")
# In a narrow cell of a PDF names stand one under the other with nothing between them: a name ends at its level
# ("Công an phường Văn phòng ..."), or the same noun opens the next ("Phòng Kinh tế Phòng Văn hóa"). Else the second
# may be what the first belongs to ("Phòng PC07 Công an tỉnh"), and stays.
_RUN_TOGETHER = re.compile(
    r"(?:(?<=\bphường)|(?<=\btỉnh)|(?<=\bxã)|(?<=\bphố))\s+(?={0})".replace(
        "{0}",
        r"Phòng [A-ZĐ]|Văn phòng|Công an|Ban Chỉ huy|Trạm Y|Trung tâm (?:Phục|Văn|Cung|Y|Hành)|Các [a-zđ]"
        r"|Hội (?:Nông|Liên|Cựu|Chữ)|Trường (?:Tiểu|Trung|Mầm)",
    )
)
_SAME_NOUN = re.compile(r"(?<=[a-zà-ỹđ])\s+(?=Phòng [A-ZĐ])")


def opens_as_unit(text: str) -> bool:
    """Whether a stretch of prose opens with the noun of a unit, an officer, or a group of units."""
    folded = fold(text).lstrip(" \"“'-")
    if _NOT_A_UNIT.match(folded):
        return False
    return bool(re.match(rf"(?:(?:cac|nhung|mot so|tung)\s+{_GROUP_NOUN}|{HEAD_NOUN})\b", folded)) and bool(
        re.match(r"\W*[^\W\d_]", text)
    )


def divided_by_dash(item: str) -> list[str]:
    """ "A - B" after a bullet is two items when B opens as a unit does and A - B is not one post."""
    folded = fold(item)
    posts = [match.span() for pattern in (_DASHED, _PAIRED_BODIES) for match in pattern.finditer(folded)]
    cuts = [
        match
        for match in re.finditer(r"\s[-–]\s", folded)
        if not any(start <= match.start() < end for start, end in posts)
        and (_DASHED.match(folded, match.end()) or re.match(HEAD_NOUN + r"\b", folded[match.end() :]))
        and item[match.end()].isupper()
        and not (_PERSON.match(folded[: match.start()]) and _POST.match(folded[match.end() :]))
    ]
    return cut(item, cuts)


def cut(text: str, cuts: list[re.Match[str]]) -> list[str]:
    ends = [*(match.start() for match in cuts), len(text)]
    starts = [0, *(match.end() for match in cuts)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def names_in(text: str) -> list[str]:
    """The list of units that a stretch of text names."""
    text = flat(_without_remark(text))
    shared = _with_noun(text)
    names = shared or [part for piece in _listed(text) for one in _run_together(piece) for part in _levels(one)]
    return [
        re.sub(r"\s+(?:và|cùng)$", "", _TRAILING.sub("", unbulleted(name)).strip())
        for name in names
        if re.search(r"\w{2}", name)
    ]


def _run_together(name: str) -> list[str]:
    """Names with nothing between them but the end of a line that was full."""
    parts = _RUN_TOGETHER.split(name)
    return [one for part in parts for one in (_SAME_NOUN.split(part) if part.startswith("Phòng ") else [part])]


def _without_remark(text: str) -> str:
    return _REMARK.sub("", text)


def _with_noun(text: str) -> list[str]:
    """ "Các sở: Tài chính, Y tế" as "Sở Tài chính", "Sở Y tế"; a comma or "và" inside a known name divides nothing."""
    match = _SHARED_NOUN.match(text)
    if not match:
        return []
    rest = text[match.end() :]
    folded = _COMPOUND.sub(lambda name: "\x01" * len(name.group()), fold(rest))
    parts = cut(rest, list(re.finditer(r"\s*,\s*(?:va\s+)?|\s+va\s+", folded)))
    whole = len(parts) > 1 and all(part[:1].isupper() for part in parts)
    noun = match["noun"].capitalize()
    return [part if opens_as_unit(part) else f"{noun} {part}" for part in parts] if whole else []


def _listed(text: str) -> list[str]:
    folded = fold(re.sub(r"\([^()]*\)", lambda match: "\x01" * len(match.group()), text))
    paired = [match.span() for match in _PAIRED_BODIES.finditer(folded)]
    cuts: list[re.Match[str]] = []
    for match in re.finditer(r"\s*,\s*(?:va\s+)?|\s+va\s+|\s*/\s*(?=ubnd|so |phong )", folded):
        inside = any(start < match.end() <= end for start, end in paired)
        if not inside and _opens_name(
            text[match.end() :], folded[match.end() :], text[cuts[-1].end() if cuts else 0 : match.start()]
        ):
            cuts.append(match)
    return cut(text, cuts)


def _opens_name(rest: str, folded: str, before: str) -> bool:
    """Whether a new unit opens here, and not a further noun of the one before."""
    if re.match(r"cac\s+" + _GROUP_NOUN + r"\b", folded):
        return True
    if _PERSON.match(fold(before)) and _POST.match(folded):
        return False
    if _LOWER_HEAD.match(folded) or re.match(r"công chức [A-ZĐ]", rest):
        return True
    in_group = re.match(r"\W*(?:cac|nhung|mot so)\b", fold(before)) is not None
    if not in_group and re.match(r"(?:co quan|don vi|dia phuong|to chuc|ca nhan)[\w\s,]{0,30}lien quan", folded):
        return True
    head = re.match(HEAD_NOUN + r"\b", folded)
    if not head or not rest[0].isupper():
        return False
    following = rest[head.end() :].lstrip()
    whole_alone = head.group() in _STANDS_ALONE
    if _NOT_A_UNIT.match(folded):
        return False
    return whole_alone or following[:1].isupper() or (not in_group and len(following) > 3)


def _levels(name: str) -> list[str]:
    """ "UBND cấp huyện, cấp xã" is two bodies."""
    parts = re.split(r"\s*(?:,|\bvà\b)\s*(?=cấp\s+\w+)", name)
    if len(parts) == 1 or "cấp " not in parts[0]:
        return [name]
    stem = parts[0][: parts[0].index("cấp ")]
    return [parts[0], *(f"{stem}{part}" for part in parts[1:])]
