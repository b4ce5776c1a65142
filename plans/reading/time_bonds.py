"""Whether a time that a sentence names binds anybody: an order does, history, goals and names of things do not."""

from __future__ import annotations

import re

from plans.reading.text import fold

_REPORTING = re.compile(
    r"bao cao|tong hop|\bgui\b|so ket|tong ket|\bhop\b|kiem tra|cong khai|cap nhat|ra soat|thong ke|giao ban"
    r"|danh gia|to chuc"
)
_MAKING = re.compile(
    r"\b(?:xay dung|lap|tham muu|ban hanh|dang ky|trinh|tap huan|kiem ke|khao sat|binh xet|rut kinh nghiem)\b"
)
_DOING = re.compile(
    r"^\W*(?:[a-z]\)\s*)?(?:hoan thanh|trien khai|thuc hien|phat dong|phan bo|thanh toan|nghiem thu|ban giao)\b"
    r"|\bphai (?:hoan thanh|thuc hien|xong)\b"
)
# What is done over and over, and is no report: "hằng tuần tuyên truyền trên loa".
_RECURRING = re.compile(
    r"\s*(?:truc tiep )?(?:tuyen truyen|phat thanh|(?:tong )?ve sinh|van dong|tiep|ra quan|thu gom|truc|tuan tra"
    r"|sinh hoat|doi thoai|boi duong|dien tap|luyen tap|nhac nho|don doc|theo doi|cung cap|nop)\b"
)
_NOT_A_DUTY = re.compile(
    r"(?:ngan sach|kinh phi|du toan|thi dua|xep loai|ke hoach|chuong trinh|thong ke)\s+(?:\w+\s+){0,2}$"
)
_RHYTHM_OF = re.compile(r"\b(?:bao cao|tong hop|so ket|tong ket|giao ban|cong khai|cap nhat|kiem tra|hop|ra soat)\b")
# "tại cuộc họp giao ban hằng tuần", "căn cứ đánh giá hằng năm": the interval belongs to a thing, not to an order.
_OF_A_THING = re.compile(
    r"\b(?:can cu|co so de|tieu chi|mot trong)\b"
    r"|\b(?:tai|trong|vao|cua|theo|cuoc|phien|ky|buoi|che do|noi dung|mau|bieu|da|cac|nhung|chi tieu)\s+(?:\w+\s+){0,2}"
    r"(?:bao cao|hop|giao ban|kiem tra|danh gia|so ket|tong ket|cong khai|tong hop)\b[\w\s,]*$"
)
# "Công an xã hằng tháng rà soát ...": the interval stands right before what is done.
_DIRECTLY = re.compile(r"\s+(?:ra soat|kiem tra|to chuc|cap nhat|tham muu|thong ke|danh gia|giao ban|hop)\s")
_AFTER_RHYTHM = re.compile(r"\s*(?:$|[.,;)]|(?:va\b|vao\b|theo\b|ve\b|gui\b|cho\b|tren\b|de\b|voi\b))")
# What came into being at a time, and is only described by it.
_BEING = re.compile(
    r"(?:(?:duoc|da|van ban|quyet dinh|quy dinh|ho so|don)\s+(?:\w+\s+){0,2}"
    r"(?:ban hanh|tiep nhan|nop|cap|ky|gui|thu ly)"
    r"|co hieu luc(?: thi hanh)?|phat sinh|(?:nguoi|tre em|cong dan|duoc|tre) sinh|thanh lap"
    r"|(?:luy ke|duoc|thoi gian)\s+tinh|^\W*tinh|luy ke|ton tai|het han)\s*$"
)
# "áp dụng từ ngày", "số liệu đến ngày"; but "đưa vào áp dụng trước ngày", "gửi số liệu trước ngày" are orders.
_BEING_FROM = re.compile(r"(?:hieu luc|ap dung|dien ra|keo dai|ke|so lieu(?: bao cao)?(?: (?:duoc )?tinh)?)\s*$")
_WINDOW = re.compile(r"\bchot so lieu\b|\bso lieu\b[^.;]{0,60}\btinh tu\b")
# What was done or is usual: "Đến nay, các thôn đã gửi ...", "Trong những năm qua, hằng năm ...".
_PAST = re.compile(
    r"\W*(?:den nay|thoi gian qua|trong (?:nhung|cac) nam qua|nhung nam (?:qua|gan day)|trong thoi gian qua"
    r"|nam truoc)\b"
    r"|(?:[^,;:]{0,80},\s*)?(?!sau khi|khi |neu |truong hop)(?:(?!\b(?:nhiem vu|noi dung|viec|ho so)\b)[^,;:]){0,60}"
    r"\bda (?:gui|bao cao|hoan thanh|to chuc|trien khai|thuc hien|xay dung)\b"
)
_GOAL_AFTER = re.compile(
    r"[\s,:]*(?:[^.;]{0,40}?\bco (?:\w+ ){0,2}\d|phan dau|co |dat |tren |toi thieu|it nhat|[^.;]{0,80}?\d\s*%"
    r"|[^.;]{0,60}?\bdat\b)"
)
_PERIOD_OF_PLAN = re.compile(r"\W*thoi gian (?:thuc hien|trien khai)(?: ke hoach)?\s*:")
_STRIVES = re.compile(r"\b(?:phan dau|muc tieu|chi tieu)\b")
_FULL_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


NEAR = 300


def asks_for_work(clause: str) -> bool:
    """Whether a clause holds a verb of its own, and is not only a second time of the clause before it."""
    folded = fold(clause)
    return bool(_REPORTING.search(folded) or _MAKING.search(folded) or _DOING.search(folded))


def interval_binds(folded: str, start: int, end: int) -> bool:
    """Whether an interval orders something to be done, and is not the name of a yearly budget or plan."""
    before, after = folded[max(start - NEAR, 0) : start], folded[end : end + 60]
    if _PAST.match(folded):
        return False
    if re.match(r"\s*\(\s*(?:truoc|cham nhat|vao|ngay)\b", after):
        return True
    if _NOT_A_DUTY.search(before):
        return False
    if folded[start:end].startswith("dinh ky"):
        return True
    opens = not before.strip() or before.rstrip().endswith((";", ":", ",", "-", "."))
    if opens and (_REPORTING.search(after) or _MAKING.search(after) or _RECURRING.match(after)):
        return True
    if folded[start:end].startswith(("hang", "moi")) and _DIRECTLY.match(after):
        return True
    if re.match(r"\W*(?:\w+\s+){0,2}(?:bao cao|tong hop|gui|cong khai|so ket)", after):
        return True
    return folded[start:end].startswith(("hang", "moi")) and _closes_an_order(before, after)


def _closes_an_order(before: str, after: str) -> bool:
    """ "... báo cáo tiến độ hằng tuần.": the interval at the end of what is to be reported."""
    clause = re.split(r"[;:.]", before)[-1]
    return bool(_RHYTHM_OF.search(clause) and not _OF_A_THING.search(clause) and _AFTER_RHYTHM.match(after))


def is_reference(folded: str, start: int, end: int, year: int | None) -> bool:
    """Whether the time only describes something: a document, figures, what was done, or a goal."""
    clause_start = max(folded.rfind(sign, 0, start) for sign in ";.:") + 1
    before = folded[clause_start:start]
    if _PAST.match(folded):
        return True
    spans = folded.startswith(("tu ", "den"), start)
    if _BEING.search(before) or (spans and _BEING_FROM.search(before)) or _WINDOW.search(folded[clause_start:end]):
        return True
    if _is_goal(folded, start, end, before) or (folded.startswith("tu ", start) and _PERIOD_OF_PLAN.match(folded)):
        return True
    named = _FULL_YEAR.search(folded[start:end])
    if year is None or named is None:
        return False
    past = int(named[0]) - year
    told = folded.startswith("den", start) or re.search(r"\bda\b|\bnam \d{4},", before)
    return past < -1 or (past == -1 and bool(told))


def _is_goal(folded: str, start: int, end: int, before: str) -> bool:
    if folded[start:end].startswith("den") and _GOAL_AFTER.match(folded[end : end + 120]):
        return True
    clause = before + re.split(r"[;.](?!\d)", folded[start:])[0]
    return bool(_STRIVES.search(before) and re.search(r"\d\s*%|\bdat\b", clause))
