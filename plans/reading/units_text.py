"""One cell of units, split into who leads and who coordinates.

The words decide: "chủ trì", "phối hợp", "thực hiện", in any order, with bullets, semicolons or in one sentence. Names
are given as printed. What is a list of units and what is one name with a comma inside ("Các cơ quan, đơn vị có liên
quan") is told by the noun a unit's name opens with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from plans.reading.text import composed, flat, fold, is_bulleted, unbulleted

_GROUP_NOUN = (
    r"(?:so|ban|phong|co quan|don vi|bo phan|xa|phuong|huyen|dia phuong|to chuc|hoi|doan the|nganh|truong|thon"
    r"|to dan pho|cong chuc|can bo|doanh nghiep|dac khu|thanh vien|to|khu pho|ap|khoa|trung tam|chi cuc|tram)"
)
_COMPANIES = ("vnpt", "viettel", "mobifone", "agribank", "evn")
_HEAD_NOUN = (
    r"(?:van phong|ubnd|uy ban|hdnd|hoi dong|trung tam|cong an|chi cuc|cuc|kho bac|bao hiem|dai|bao|hoi|doan|mat tran"
    r"|mttq|ubmttq|truong|tram|bo phan|bo|bch|vien|to|thanh tra|chi nhanh|ngan hang|toa an|lien doan|chu tich"
    r"|pho chu tich|dong chi|d/c|thu truong|giam doc|co quan|don vi|thon|khu pho|buu dien|dien luc|chanh|so|phong"
    r"|ban|cong chuc"
    r"|cong ty|quan su|bqlda|benh vien|de nghi|cac|nhung|mot so|dai dien|nguoi dung dau|lanh dao|to truong|thuong truc"
    r"|khoa(?! hoc)|lien minh|doanh nghiep|tap doan|tong cong ty|hop tac xa|chu dau tu|ap|buon"
    r"|(?:thue|thong ke|hai quan) (?:tinh|thanh pho|huyen|co so|khu vuc)"
    rf"|khoi|cum|dang uy|hat|doi|{'|'.join(_COMPANIES)})"
)
_STANDS_ALONE = (
    "ubnd", "uy ban", "van phong", "cong an", "hdnd", "trung tam", "bo phan", "mttq", "co quan", "quan su", *_COMPANIES
)  # fmt: skip
_PAIRED_BODIES = re.compile(
    r"(?:hdnd|hoi dong nhan dan|dbqh|quoc hoi|ubnd|uy ban nhan dan)(?:\s*,|\s+va)\s+"
    r"(?:ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan|ubmttq)"
)
# Posts of commune civil servants whose names hold a dash (Nghị định 33/2023/NĐ-CP, điều 5).
_DASHED = re.compile(
    r"van phong\s*[-–]\s*thong ke|tu phap\s*[-–]\s*ho tich|tai chinh\s*[-–]\s*ke toan|van hoa\s*[-–]\s*xa hoi"
    r"|dia chinh\s*[-–]\s*(?:xay dung|nong nghiep)(?:\s*[-–]\s*(?:do thi|xay dung))?"
)
_ROLE_PREFIX = re.compile(
    r"^(?:(?:co quan|don vi|bo phan|phong)\s*)?(?P<role>chu tri|phoi hop|thuc hien|tham muu)"
    r"(?:\s+(?:thuc hien|chinh|voi))?\s*:\s*"
)
# "Chủ trì: A Phối hợp: B" on one line: the second role opens an item of its own, with or without a dash.
_ROLE_OPENS = re.compile(
    r"(?<!quan)(?<!vị)(?<!phận)\s+(?:[-–+•*]\s*)?"
    r"(?=(?:(?:cơ quan|đơn vị|bộ phận)\s+)?(?:chủ trì|phối hợp)(?:\s+(?:thực hiện|chính))?\s*:)",
    re.IGNORECASE,
)
_ROLE_NOTE = re.compile(r"\((?:chủ trì|phối hợp)(?: thực hiện)?\)(?=\s*[,\w])", re.IGNORECASE)
_LEAD_WORD = re.compile(r"chu tr[iy]\b|chiu trach nhiem chinh|dau moi\b")
_JOIN_WORD = re.compile(r"(?:\bva\s+)?\bphoi hop\b(?:\s+(?:voi|cung))*")
_GIVEN_WORK = re.compile(r"duoc (?:giao|phan cong) chu tri\s+(?=soan thao|xay dung|tham muu|giai quyet|bien soan)")
_VERB = re.compile(
    r"\s*[,;]?\s+(?:thuc hien|tong hop|theo doi|dang tai|huong dan|don doc|tham dinh|tham muu|bao cao|to chuc"
    r"|trien khai|co kien nghi|co y kien|tiep nhan, phan loai|chiu trach nhiem|niem yet|cung cap|kiem tra"
    r"|ra soat|de xuat|chu dong"
    r"|va thuc hien|cung thuc hien|duoc giao$|giup\b)"
)
_COMPILER = re.compile(r"\s+(?:tong hop|tham muu)\b")
# Words that open a verb, or only look like the noun of a unit once accents are gone: Bảo đảm, Tổ chức, Số hóa, Đổi mới.
_NOT_A_UNIT = re.compile(
    r"(?:bao (?:dam|ve|cao|quan|tri)|to chuc (?!chinh tri|doan the|xa hoi|hoi\b(?! (?:thi|nghi|thao|cho|dien|trai"
    r"|xuan)))"
    r"|so (?:hoa|ket|lieu|luong|sanh|do)"
    r"|ban (?:hanh|giao|chat)|bo (?:tri|sung|chi so|tieu chi|cau hoi)|doi (?:moi|voi|thoai|chieu)"
    r"|hoi (?:nghi|thao|hop|dap|thi|cho|dien|trai|xuan)|truong hop|vien (?:chuc|dan)|phong\W*(?:chong|ngua|tranh)"
    r"|cac (?:so lieu|ban ke|to khai)|dai hoi|cong (?:khai|tac|bo)|co quan he|to trinh|chu tich nuoc)\b"
)
# A bracket that says what the unit does, or when, and is no part of its name.
_REMARK = re.compile(
    r"\s*\((?:có ý kiến|nếu có|chủ trì|phối hợp|theo |kiểm soát|hướng dẫn|tổng hợp|theo dõi|thực hiện|báo cáo|cung cấp"
    r"|đăng tải|thẩm định)[^()]*\)\s*\.?\s*$",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"[\s,;:.\-–(/]+$")


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one cell; `unroled` when the cell names several and says of none what it does."""

    leads: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    unroled: bool = False


@dataclass(slots=True)
class _Entry:
    leads: list[str] = field(default_factory=list)
    coordinators: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    compiles: bool = False
    acts: bool = False


@lru_cache(maxsize=4096)
def split_units(text: str) -> Units:
    """Leads and coordinators of a cell that holds both."""
    entries = _roled_entries(text)
    leads = [name for entry in entries for name in entry.leads]
    coordinators = [name for entry in entries for name in entry.coordinators]
    plain = [entry for entry in entries if entry.plain]
    if leads:
        coordinators = [name for entry in entries for name in (*entry.coordinators, *entry.plain)]
    elif any(entry.compiles for entry in plain) and len(plain) > 1 and not coordinators:
        leads = [name for entry in plain if entry.compiles for name in entry.plain]
        coordinators = [name for entry in plain if not entry.compiles for name in entry.plain]
    else:
        leads = [name for entry in plain for name in entry.plain]
    unroled = not coordinators and len(leads) > 1 and not any(entry.leads for entry in entries)
    return Units(_unique(leads), _unique(coordinators, leads), unroled)


@lru_cache(maxsize=4096)
def split_names(text: str) -> tuple[str, ...]:
    """The names of a cell whose column already says their role."""
    names = [name for entry in _entries(text) for name in _names(_without_note_of_role(entry))]
    return _unique(names)


def _without_note_of_role(entry: str) -> str:
    prefixed = _ROLE_PREFIX.match(fold(entry))
    entry = entry[prefixed.end() :] if prefixed else entry
    folded = fold(entry)
    match = re.search(r"\s*\(?(?:chu tri|phoi hop)(?: thuc hien)?\)?\W*$", folded)
    return entry[: match.start()] if match and match.start() else entry


def _unique(names: list[str], without: list[str] | tuple[str, ...] = ()) -> tuple[str, ...]:
    seen = {fold(name) for name in without}
    kept = []
    for name in names:
        if name and fold(name) not in seen:
            seen.add(fold(name))
            kept.append(name)
    return tuple(kept)


def _bullets(text: str) -> list[str]:
    """The items of a cell as its bullets and paragraphs divide it."""
    items: list[str] = []
    for line in _lines(composed(text)):
        pieces = [
            part for whole in _ROLE_OPENS.split(line) for part in re.split(r"(?<=[.;:,])\s+[-–+•]\s+(?=\S)", whole)
        ]
        for piece in pieces:
            bare = unbulleted(piece).strip()
            items.extend(_divided_by_dash(bare) if is_bulleted(piece) and len(pieces) == 1 else [bare])
    return items


def _entries(text: str) -> list[str]:
    """Bulleted or semicolon-divided items; inside brackets nothing divides."""
    divided = [
        part.strip()
        for item in _bullets(_ROLE_NOTE.sub(lambda note: note.group() + ";", text))
        for part in _outside_brackets(item, r";|(?<=\w{2})\.\s+(?=\w)")
    ]
    return [part for part in divided if re.search(r"\w", part)]


def _lines(text: str) -> list[str]:
    """Paragraphs of the cell; a wrapped line goes back to the one before it."""
    lines: list[str] = []
    for line in text.split("\n"):
        bare = flat(line)
        wrapped = lines and not is_bulleted(bare) and not lines[-1].endswith((".", ";", ":"))
        if wrapped and (bare[:1].islower() or lines[-1].endswith((",", " và", " của", " thuộc"))):
            lines[-1] = f"{lines[-1]} {bare}"
        elif bare:
            lines.append(bare)
    return lines


def _divided_by_dash(item: str) -> list[str]:
    """ "A - B" after a bullet is two items when B opens as a unit does and A - B is not one post."""
    folded = fold(item)
    posts = [match.span() for match in _DASHED.finditer(folded)]
    cuts = [
        match
        for match in re.finditer(r"\s[-–]\s", folded)
        if not any(start <= match.start() < end for start, end in posts)
        and (_DASHED.match(folded, match.end()) or re.match(_HEAD_NOUN + r"\b", folded[match.end() :]))
        and item[match.end()].isupper()
    ]
    return _cut(item, cuts)


def _cut(text: str, cuts: list[re.Match[str]]) -> list[str]:
    ends = [*(match.start() for match in cuts), len(text)]
    starts = [0, *(match.end() for match in cuts)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _outside_brackets(text: str, pattern: str) -> list[str]:
    masked = re.sub(r"\([^()]*\)", lambda match: "\x01" * len(match.group()), text)
    return _cut(text, list(re.finditer(pattern, masked)))


def _roled_entries(text: str) -> list[_Entry]:
    """Entries with their role; a heading such as "Phối hợp:" gives its role to the items after it."""
    entries: list[_Entry] = []
    current = ""
    for bullet in _bullets(text):
        group: list[_Entry] = []
        for item in _entries(bullet):
            prefixed = _ROLE_PREFIX.match(fold(item))
            if prefixed:
                current, item = prefixed["role"], item[prefixed.end() :]
            if item.strip():
                group.append(_entry(item) if not current or _has_role(item) else _given(current, item))
        entries.extend(_role_shared(group))
    return entries


def _role_shared(group: list[_Entry]) -> list[_Entry]:
    """ "A; B; C phối hợp": the role that closes a list of one bullet is the role of all its names."""
    after: _Entry | None = None
    for entry in reversed(group):
        if not entry.plain:
            after = entry
        elif after is not None and not entry.acts:
            names, entry.plain = entry.plain, []
            (entry.leads if after.leads else entry.coordinators).extend(names)
    return group


def _has_role(item: str) -> bool:
    return bool(_LEAD_WORD.search(fold(item)) or _JOIN_WORD.search(fold(item)))


def _given(role: str, item: str) -> _Entry:
    names = _names(item)
    return _Entry(coordinators=names) if role == "phoi hop" else _Entry(leads=names)


def _entry(item: str) -> _Entry:
    folded = _GIVEN_WORK.sub(lambda match: "\x01" * len(match.group()), fold(item))
    lead, join = _LEAD_WORD.search(folded), _JOIN_WORD.search(folded)
    if lead and join and join.start() < lead.start():
        return _Entry(leads=[*_names(item[: join.start()]), *_names(item[join.end() : lead.start()])])
    if lead:
        partners = [*_between(item, lead, join), *_names(_before_verb(item[join.end() :]))] if join else []
        return _Entry(leads=_names(_before_verb(_without_giving(item[: lead.start()]))), coordinators=partners)
    if join:
        return _Entry(coordinators=[*_names(_before_verb(item[: join.start()])), *_partners(item[join.end() :])])
    name = _before_verb(item)
    return _Entry(plain=_names(name), compiles=_compiles(item), acts=len(name) < len(item))


def _between(item: str, lead: re.Match[str], join: re.Match[str]) -> list[str]:
    """ "A chủ trì, B và C phối hợp": the partners named before the word."""
    between = re.sub(r"^[\s,;)]+(?:và\s+)?", "", item[lead.end() : join.start()])
    return _names(between) if opens_as_unit(between) else []


def _without_giving(text: str) -> str:
    return re.sub(r"\s+(?:được giao|được phân công|là đơn vị|là cơ quan|là)\s*$", "", text)


def _partners(text: str) -> list[str]:
    """Units named after "phối hợp (với)": only when a unit's noun stands there, not a further verb."""
    opens_unit = re.match(r"\W*" + _HEAD_NOUN + r"\b", fold(text))
    return _names(_before_verb(text)) if opens_unit else []


def _compiles(item: str) -> bool:
    verb = _VERB.search(fold(item))
    return bool(verb and _COMPILER.match(verb.group()))


def _before_verb(text: str) -> str:
    """The name without what the unit does; a capital letter means the word belongs to the name ("Sở Xây dựng")."""
    folded = fold(re.sub(r"\([^()]*\)|\([^()]*$", lambda match: "\x01" * len(match.group()), text))
    for match in _VERB.finditer(folded):
        word = re.search(r"\w", text[match.start() + 1 :])
        at = match.start() + 1 + (word.start() if word else 0)
        if match.start() > 2 and text[at].islower():
            return text[: match.start()]
    return text


def _names(text: str) -> list[str]:
    """The list of units that a stretch of text names."""
    text = flat(_without_remark(text))
    names = [part for piece in _listed(text) for part in _levels(piece)]
    return [
        re.sub(r"\s+(?:và|cùng)$", "", _TRAILING.sub("", unbulleted(name)).strip())
        for name in names
        if re.search(r"\w{2}", name)
    ]


def _without_remark(text: str) -> str:
    return _REMARK.sub("", text)


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
    return _cut(text, cuts)


def _opens_name(rest: str, folded: str, before: str) -> bool:
    """Whether a new unit opens here, and not a further noun of the one before."""
    if re.match(r"cac\s+" + _GROUP_NOUN + r"\b", folded):
        return True
    in_group = re.match(r"\W*(?:cac|nhung|mot so)\b", fold(before)) is not None
    if not in_group and re.match(r"(?:co quan|don vi|dia phuong|to chuc|ca nhan)[\w\s,]{0,30}lien quan", folded):
        return True
    head = re.match(_HEAD_NOUN + r"\b", folded)
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


def opens_as_unit(text: str) -> bool:
    """Whether a stretch of prose opens with the noun of a unit, an officer, or a group of units."""
    folded = fold(text).lstrip(" \"“'-")
    if _NOT_A_UNIT.match(folded):
        return False
    return bool(re.match(rf"(?:(?:cac|nhung|mot so|tung)\s+{_GROUP_NOUN}|{_HEAD_NOUN})\b", folded)) and bool(
        re.match(r"\W*[^\W\d_]", text)
    )
