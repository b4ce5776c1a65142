"""Which unit a sentence or a heading of the prose binds."""

from __future__ import annotations

import re
from functools import lru_cache

from plans.reading.text import flat, fold
from plans.reading.unit_lists import BARE_NOUN, opens_as_unit
from plans.reading.units_text import split_names

_ORDERS = r"(?:giao(?: nhiem vu)?|de nghi|yeu cau|phan cong|uy quyen|chi dao)"
_GIVING = re.compile(
    rf"^(?:\d+\s*\.\s*)?(?:(?:dong thoi|nay)\s*,?\s*)?{_ORDERS}\s+(?:trach nhiem\s+)?(?:cho\s+)?(?:doi voi\s+)?"
)
# "UBND xã giao Phòng Kinh tế ...": who is bound stands after the order, not before it.
_ORDERED_BY = re.compile(
    r"^(?:ubnd|uy ban nhan dan|chu tich|lanh dao|ban chi dao|thuong truc)\b[^,.:;]{0,60}?\s"
    rf"(?<!duoc ){_ORDERS}\s+(?:trach nhiem\s+)?(?:cho\s+)?"
)
_RESPONSIBLE = re.compile(r"^(?:trach nhiem (?:cua|doi voi)|nhiem vu cua|doi voi|ve phia|phia|cac don vi gom)\s+")
# "Báo cáo của các thôn gửi về ...": those who send it are bound.
_SENT_BY = re.compile(r"^(?:bao cao|so lieu|danh sach|ho so)(?:\s+\w+){0,5}?\s+cua\s+(?=cac\b)")
# Clauses that stand before the unit: a time, a ground, a purpose.
_ADVERBIAL = re.compile(
    r"^(?:dinh ky|hang|moi|truoc|cham nhat|muon nhat|trong|can cu|tren co so|tren tinh than|theo|sau khi|ket thuc"
    r"|khi|neu"
    r"|doi voi|tu|de|nham|ngoai|ben canh|dong thoi|den|vao|quy|thang|ngay|nay|ngay sau khi|ngay tu|nhan duoc|hoan thanh"
    r"|phan dau)\b"
)
# A comma that ends a clause, and not one between "cơ quan" and "đơn vị" or before "đơn vị mình".
_CLAUSE_END = re.compile(
    r"(?<! co quan)(?<! so)(?<! ban)(?<! nganh)(?<! phong),\s+(?!(?:co quan|don vi|dia phuong) minh)"
)
ADVERBIAL_LENGTH = 260
_DOES = re.compile(
    r"\s*,?\s+(?:co trach nhiem|chiu trach nhiem|co nhiem vu|chu tri|phoi hop|huong dan|thuc hien|tham muu|theo doi"
    r"|dinh ky|thuong xuyen|hang (?:ngay|tuan|thang|quy|nam)"
    r"|tong hop|bao cao|to chuc(?!,| chinh tri| doan the| xa hoi| hoi\b(?! (?:thi|nghi|thao|cho|dien|trai|xuan))"
    r"| ca nhan)|trien khai|xay dung|can cu|chu dong"
    r"|ra soat|gui|tap trung|kiem tra|bo tri"
    r"|truoc ngay|cham nhat|giup|cap nhat|hoan thanh"
    r"|(?<!cong )lap|dam bao|bao dam|tang cuong|day manh|phan cong|tuyen truyen|don doc|quan triet|nghiem tuc"
    r"|khan truong|truc tiep(?! tiep nhan)"
    r"|tiep tuc|lam dau moi|la dau moi|la co quan|la don vi|la bo phan|duoc (?:giao|phan cong|uy quyen)"
    r"|phai|can(?! bo)|nop|cung cap|xem xet|de xuat|cong khai|niem yet|thong ke(?! (?:tinh|co so))|danh gia|so ket"
    r"|tong ket"
    r"|chi dao|trong"
    r"|giam sat|van dong|tham gia|ho tro|thong bao|thong tin(?! (?:dai chung|va truyen thong))|huy dong|nghien cuu"
    r"|trinh"
    r"|kien nghi|duy tri"
    r"|phat dong|nang cao|khac phuc"
    r"|tu danh gia|tu kiem tra|dang ky(?! dat)|thanh lap|phan bo|su dung"
    r"|quan ly(?! (?:thi truong|nha nuoc|du an|khu|di tich))|chuan bi|tiep thu"
    r"|dang tai|bien soan|tham dinh|kip thoi|tich cuc|khao sat|kiem ke|phan hoi|tra loi|xu ly|do dac|dieu tra|cong bo"
    r"|ban hanh|soan thao|phe duyet|van hanh|bo sung|sua chua|thu gom|ket noi|lay y kien|nhanh chong|duoc|khong|tu choi"
    r"|luu tru|ghi nhan|phan anh|gop y|cam ket|ky cam ket|chap hanh|tuan thu|phat huy|lua chon|giai quyet|bao ve"
    r"|kiem soat|rut kinh nghiem|tu ngay|tu thang|sau khi|truoc khi|neu|khi|theo (?:chuc nang|tham quyen|nhiem vu"
    r"|linh vuc))\b"
)
# Verbs that only their accents tell from words of names ("cấp phát" but "cấp xã", "mở" but "mỏ").
_DOES_EXACTLY = re.compile(
    r"\s(?:mở|cấp(?! (?:xã|huyện|tỉnh|ủy|trên|dưới|phường|cơ sở|thành|phòng|sở))|treo|cử|thu(?! (?:hút|hồi))"
    r"|phát(?! (?:thanh|triển))|mua|họp"
    r"|bàn giao|nhập|đưa|làm(?! chủ)|(?<!ăng )ký|vẽ|vay|dạy|in|dọn|(?<!cây )trồng|phun|tiêm|tuần tra|canh gác|sửa"
    r"|gắn|mời|nêu"
    r"|đăng(?! ký)|chọn|giữ|đề ra|lồng ghép|tiếp nhận(?! và trả)|nạo vét|đo|nắm|ưu tiên|xác minh|xác nhận"
    r"|giao(?! thông)|khẩn trương|(?<!và )trả(?! lời)|rút|nghiệm thu|gia hạn|lắp đặt|sơ kết|sắp xếp|vào|trước"
    r"|từ|để|nhằm)\b"
)
_ORDER = re.compile(
    r"\b(?:yeu cau|giao|de nghi)\s+(?:cho\s+)?(?P<units>[^:.;]{4,160}?)\s+(?:tap trung|thuc hien|to chuc|trien khai"
    r"|nghiem tuc|khan truong|chu tri|phoi hop)\b[^.;]*:\s*$"
)
_PARTNER = re.compile(r"\bphoi hop(?: chat che)?(?:\s+(?:voi|cung))*\s+")
_OFFICE_NOTE = re.compile(
    r"\s*\([^()]*\b(?:thường trực|đầu mối|chủ trì|cơ quan|đơn vị|bộ phận)\b[^()]*\)", re.IGNORECASE
)
# The receiver of what is sent, who compiles it: "gửi về Sở A", "(qua Sở A)".
_RECEIVER = re.compile(r"\b(?:ve|qua|cho|den|toi|gui)\s+(?=\w)")
_COMPILED = re.compile(r"\s*\)?,?\s+(?:de|nham)\s+(?:\w+\s+){0,2}tong hop\b")
# "Các sở: Tài chính, Y tế có trách nhiệm ...": this colon ends no name.
_SHARED_NOUN = re.compile(r"(?:cac|nhung)\s+(?:so|phong|ban|hoi)\s*:")
_RESPONSIBLE_FOR = re.compile(r"\s*,?\s*(?:co|chiu) trach nhiem[^:;.]{0,40}$")
NAME_LENGTH = 170


@lru_cache(maxsize=4096)
def bound_unit(sentence: str) -> tuple[str, ...]:
    """The units that open a sentence: "Giao X có trách nhiệm ...", "X: ...", "X định kỳ ...", "Hằng quý, X ..."."""
    return next((found for start in _starts(sentence) if (found := _named(sentence[start:]))), ())


def after_name(sentence: str) -> int:
    """Where the duty begins behind "X: " or "Giao X có trách nhiệm: "; 0 when the name stands in the sentence."""
    for start in _starts(sentence):
        rest = sentence[start:]
        end = _end_of_name(rest)
        if end is None or not _named(rest):
            continue
        colon = rest.find(":", end)
        told = colon >= end and (colon == end or _RESPONSIBLE_FOR.match(fold(rest[end:colon])))
        return start + colon + 1 if told else 0
    return 0


def _starts(sentence: str) -> list[int]:
    """Where the name may begin: at the head, behind the order, behind the clauses before it."""
    folded = fold(sentence)
    starts = [0]
    label = re.match(r"[^:;.]{3,60}:\s+", folded)
    if label:
        starts.append(label.end())
    if _ADVERBIAL.match(folded):
        starts += [match.end() for match in _CLAUSE_END.finditer(folded[:ADVERBIAL_LENGTH])]
    return [_past_the_order(folded, start) for start in starts]


def _past_the_order(folded: str, start: int) -> int:
    for opening in (_ORDERED_BY, _GIVING, _RESPONSIBLE, _SENT_BY):
        match = opening.match(folded[start:])
        if match and opens_as_unit(folded[start + match.end() :]):
            return start + match.end()
    return start


def _named(text: str) -> tuple[str, ...]:
    end = _end_of_name(text)
    if end is None or not opens_as_unit(text):
        return ()
    return split_names(flat(_OFFICE_NOTE.sub("", text[:end])).strip(" ,:"))


def _end_of_name(text: str) -> int | None:
    """Where the name of the unit ends: at a colon, or at the first word that says what it does."""
    masked = re.sub(r"\([^()]*\)", lambda match: "\x01" * len(match.group()), text[: NAME_LENGTH * 2])
    folded = fold(masked)
    shared = _SHARED_NOUN.match(folded)
    colon = masked.find(":", shared.end() if shared else 0)
    ends = [at.start() for at in _DOES.finditer(folded) if _ends_name(folded, at) and _lower_word(text, at)][:1]
    ends += [at.start() for at in _DOES_EXACTLY.finditer(masked) if _ends_name(folded, at)][:1]
    ends = [at for at in (*ends, *([colon] if colon > 0 else [])) if at <= NAME_LENGTH]
    return min(ends) if ends else None


def _ends_name(folded: str, match: re.Match[str]) -> bool:
    """Not where only the noun of a unit stands before it: "Đoàn kiểm tra", "Tổ thẩm định"."""
    return match.start() > 2 and not BARE_NOUN.fullmatch(folded[: match.start()].strip())


def _lower_word(text: str, match: re.Match[str]) -> bool:
    """A capital letter means the word belongs to the name; so does "tiếp nhận và trả kết quả" after "Bộ phận"."""
    word = re.search(r"\w", text[match.start() :])
    return bool(word) and text[match.start() + (word.start() if word else 0)].islower()


def is_order(text: str) -> bool:
    """Whether a paragraph opens by giving work to a unit: "Giao X ...", "Đề nghị X ...", "UBND xã yêu cầu X ..."."""
    folded = fold(text)
    return bool((_GIVING.match(folded) or _ORDERED_BY.match(folded)) and bound_unit(text))


def heading_units(text: str) -> tuple[str, ...]:
    """The units a heading names: alone ("a) Phòng A; Công an."), or before a colon or a verb."""
    found = bound_unit(text)
    if found:
        return found
    text = _OFFICE_NOTE.sub("", text[_past_the_order(fold(text), 0) :])
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


def compilers(sentence: str) -> tuple[str, ...]:
    """The unit to which something is sent "để tổng hợp": it has a part in the duty."""
    match = _COMPILED.search(fold(sentence))
    return receiver(sentence[: match.start()]) if match else ()


def receiver(text: str) -> tuple[str, ...]:
    """The unit that what a sentence asks for is sent to or through, the one named last."""
    folded = fold(text)
    for match in reversed(list(_RECEIVER.finditer(folded))):
        rest = text[match.end() :]
        if opens_as_unit(rest):
            end = re.search(r"[,;()]|\s(?=trước\b|chậm\b|để\b|theo\b|trong\b|định\b|hằng\b|hàng\b|vào\b)", rest)
            names = split_names(flat(rest[: end.start() if end else NAME_LENGTH]))
            return names[:1]
    return ()
