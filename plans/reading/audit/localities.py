"""Names and wording that belong to another place or another level, left over from the text this plan was made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from plans.reading.audit.captions import CAPTION
from plans.reading.audit.cited import cites_before
from plans.reading.audit.flaws import NOTE, WARNING, Flaw, quoted
from plans.reading.audit.subject import Passage, Subject, Zone
from plans.reading.columns import Role
from plans.reading.text import fold, squash

_CAPITAL = "A-ZĐÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_NAME = rf"(?P<name>[{_CAPITAL}][\w'’-]*(?: [{_CAPITAL}\d][\w'’-]*){{0,3}})"
_AREA = r"(?:[Đđ]ịa bàn|UBND|[UỦ][yỷ] ban nhân dân|HĐND|Hội đồng nhân dân)"
_COMMUNE = re.compile(rf"{_AREA}\s+(?P<kind>xã|phường|đặc khu|thị trấn)\s+{_NAME}")
_PROVINCE = re.compile(rf"(?P<area>{_AREA}\s+)?(?P<kind>tỉnh|thành phố)\s+{_NAME}")
# Words with a capital that open what follows "UBND xã", and are no place's name.
_NO_NAMES = re.compile(
    r"(?:giao|các|về|theo|trong|phòng|số|khi|nếu|năm|quý|rà soát|tổ chức|thực hiện|triển khai|chỉ đạo|xây dựng"
    r"|tăng cường|tiếp tục|đẩy mạnh|công an|công chức|công tác|văn phòng|trung tâm|phối hợp|báo cáo|kế hoạch"
    r"|quyết định|căn cứ|chủ tịch|hội đồng|hội|đảng ủy|ủy ban|uỷ ban|ban hành|mặt trận|định kỳ|phân công|chủ trì"
    r"|đề nghị|yêu cầu|kinh phí|thời gian|ngày|người|đối với|trạm|trường|thôn|tổ|cán bộ|thường xuyên|tham mưu)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:cu|truoc day|sap nhap|hop nhat|thanh lap tren co so|truoc khi sap xep|giap ranh|tiep giap)\b")
# Another place that the plan works with, visits or learns from is named by right.
_PARTNER = re.compile(
    r"\b(?:lien ket|hop tac|hoc tap|giao luu|tham quan|ket nghia|kinh nghiem|lien vung|khao sat|hoi cho)\b"
)
_SUPERIOR_AREA = re.compile(
    r"(?:tren|toan) dia ban (?P<area>(?:toan )?(?:tinh|thanh pho|huyen|quan|thi xa))(?! ca nuoc)\b"
)
_OF_SUPERIOR = re.compile(
    r"(?:ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan|chu tich|cua|so|van phong) (?:toan )?"
    r"(?:tinh|thanh pho|huyen|quan|thi xa)\b"
    r"|-(?:ubnd|hdnd)\b"
)
_OTHERS_THERE = re.compile(
    r"(?:\bcac\b[^,.;]{0,60}"
    r"|\b(?:dong|khac|chung|doanh nghiep|hoc sinh|nguoi dan|so voi|trong so|gop phan|chi so|xep hang|ho tro)\b"
    r"[^,.;]{0,40})$"
)
_SERVE_SUPERIOR = re.compile(
    r"tham muu (?:cho )?(?P<who>(?:chu tich )?(?:ubnd|uy ban nhan dan) (?:tinh|thanh pho|huyen|quan|thi xa))\b"
)
_WIDE = re.compile(r"(?:cua|doi voi) (?:cac )?(?:so|bo|cap)\b[\w, -]{0,30}\b(?:nganh)\b[,\w ]{0,8}\bdia phuong\b")
_GARBLED = re.compile(
    r"địa bàn (?:thành (?:phường|xã)|(?:phường|xã) (?:thành phố|tỉnh)|tỉnh (?:phường|xã))\b[^,.;()]{0,20}"
)
_ABOVE_UNIT = re.compile(r"^(?:Sở [A-ZĐYGKLNTVXC]|(?:Văn phòng )?(?:UBND|[UỦ][yỷ] ban nhân dân) (?:tỉnh|thành phố)\b)")
_WORK = (Zone.BODY, Zone.ROW)


def locality_flaws(subject: Subject) -> Iterator[Flaw]:
    """Other places' names, and in the plan of a commune the wording and the organs of the levels above it."""
    yield from _other_communes(subject)
    yield from _other_provinces(subject)
    for passage in subject.in_zones(Zone.HEAD, Zone.BASIS, Zone.HEADING, *_WORK):
        match = _GARBLED.search(passage.flat)
        if match:
            message = f"Tên địa bàn ghép sai: {quoted(match.group().strip())}."
            yield Flaw("locality_garbled", NOTE, passage.spot, message, "Sửa lại tên địa bàn.")
    if subject.is_local:
        yield from _superior_wording(subject)
        yield from _superior_leads(subject)


def _own_name(subject: Subject, kinds: str) -> str:
    area = subject.headed.plan.issuer or ""
    match = re.search(rf"(?:{kinds})\s+(.+)$", area, re.IGNORECASE)
    return _same(match[1]) if match else ""


def _same(name: str) -> str:
    return squash(name)


def _other_communes(subject: Subject) -> Iterator[Flaw]:
    own = _own_name(subject, "xã|phường|đặc khu|thị trấn")
    if not own:
        return
    for passage in subject.in_zones(Zone.HEAD, Zone.BASIS, Zone.HEADING, *_WORK):
        text = passage.flat
        found = list(_COMMUNE.finditer(text))
        for match in () if found and _PARTNER.search(passage.folded) else found:
            other = _same(match["name"])
            near = fold(text[max(0, match.start() - 60) : match.end() + 25])
            if (
                _NO_NAMES.match(match["name"])
                or other.startswith(own)
                or own.startswith(other)
                or own in squash(near)
                or _PAST.search(near)
            ):
                continue
            own_caption = CAPTION.match(passage.folded)
            if own_caption or not _of_that_place(text, match.start(), other):
                yield _left_over(
                    subject, passage, f"{match['kind']} {match['name']}", text[match.start() : match.end()]
                )


def _of_that_place(text: str, end: int, other: str) -> bool:
    """A document cited as issued by that very place is that place's, not a name left over."""
    before = text[:end]
    issued = cites_before(text, end)
    return issued and (other in squash(before) or re.search(r"cua\W*$|cua \w[\w ]{0,20}$", fold(before)) is not None)


def _left_over(subject: Subject, passage: Passage, name: str, words: str) -> Flaw:
    own = (subject.headed.plan.issuer or "").removeprefix("UBND ")
    message = f"Còn tên địa phương khác, {name}, trong kế hoạch của {own}: {quoted(words)}."
    return Flaw("other_locality", WARNING, passage.spot, message, f"Sửa thành {own} hoặc bỏ tên này.")


def _other_provinces(subject: Subject) -> Iterator[Flaw]:
    """A province's name said once or twice where the plan's own is said all the time."""
    seen = [
        (passage, match, _same(match["name"]))
        for passage in subject.in_zones(Zone.HEAD, Zone.BASIS, Zone.HEADING, *_WORK)
        for match in _PROVINCE.finditer(passage.flat)
    ]
    counts = Counter(name for _, _, name in seen)
    own = _own_name(subject, "tỉnh|thành phố") or next((name for name, _ in counts.most_common(1)), "")
    superiors = squash(subject.headed.plan.locality or "")
    for passage, match, name in seen:
        text = passage.flat
        known = name in superiors or name.startswith(own) or own.startswith(name)
        if (
            known
            or _PARTNER.search(passage.folded)
            or counts[own] < 2
            or counts[name] * 2 > counts[own]
            or not match["area"]
        ):
            continue
        near = fold(text[max(0, match.start() - 60) : match.end() + 25])
        if not cites_before(text, match.start()) and not _PAST.search(near) and own not in squash(near):
            yield _left_over(subject, passage, f"{match['kind']} {match['name']}", match.group())


def _superior_wording(subject: Subject) -> Iterator[Flaw]:
    for passage in subject.in_zones(*_WORK):
        if passage.role not in (None, Role.CONTENT, Role.PRODUCT):
            continue
        for line in passage.lines:
            yield from _superior_line(subject, passage, line)


def _superior_line(subject: Subject, passage: Passage, text: str) -> Iterator[Flaw]:
    folded = fold(text)
    level = subject.level or "xã"
    for match in _SUPERIOR_AREA.finditer(folded):
        before = folded[: match.start()]
        sentence = before[max(before.rfind(". "), before.rfind("; ")) + 1 :]
        if _OF_SUPERIOR.search(sentence) or _OTHERS_THERE.search(sentence):
            continue
        words = text[match.start() : match.end()]
        message = f"Cách ghi của cấp trên còn sót trong kế hoạch của {level}: {quoted(words)}."
        yield Flaw(
            "superior_wording",
            WARNING,
            passage.spot,
            message,
            f"Sửa thành “trên địa bàn {level}” nếu đúng là việc của {level}.",
        )
    for match in _SERVE_SUPERIOR.finditer(folded):
        words = text[match.start() : match.end()]
        message = f"Cách ghi của cấp trên còn sót trong kế hoạch của {level}: {quoted(words)}."
        yield Flaw("superior_wording", WARNING, passage.spot, message, f"Sửa thành tham mưu UBND {level}.")
    wide = _WIDE.search(folded) if passage.zone is Zone.ROW else None
    if wide and not cites_before(text, wide.start()):
        message = f"Phạm vi rộng hơn {level}, có thể chép từ văn bản cấp trên: “… của sở, bộ, ngành, địa phương”."
        yield Flaw("superior_scope", NOTE, passage.spot, message, f"Ghi đúng phạm vi của {level}.")


def _superior_leads(subject: Subject) -> Iterator[Flaw]:
    level = subject.level or "xã"
    named = [(subject.row_spot(row), row.leads) for row in subject.rows]
    named += [(subject.target_spot(target), target.responsible) for target in subject.targets]
    for spot, leads in named:
        for lead in leads:
            if _ABOVE_UNIT.match(lead):
                message = f"Cơ quan cấp trên {quoted(lead)} được giao chủ trì trong kế hoạch của {level}."
                yield Flaw("superior_lead", WARNING, spot, message, f"Giao cho một đơn vị của {level}.")
