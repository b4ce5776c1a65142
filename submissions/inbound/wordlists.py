"""What officials write back from a telephone, folded (no accents, small letters), by what it means.

A word that stands in none of these lists makes a message uncertain, so that nothing is done on a guess. The lists are
our own, made from the ways people answer reminders; nothing outside says what is complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

POLITE = """
r|roi|vua|vua moi|hom qua|sang qua|chieu qua|hom truoc|da|vang|vag|vg|uh|um|u|a|ah|nhe|nha|nhen|ha|em|e|anh|chi|c
chu|co|bac|ong|ba|sep|lanh dao|thu truong|toi|t|minh|chung em|chung toi|ben em|ben toi|ben minh|don vi|don vi em
don vi toi|phong em|phong toi|co quan|ubnd xa|ubnd phuong|xa em|thua|kinh gui|kinh thua|kinh chao|kinh bao|kinh|xin
xin chao|chao|xin cam on|cam on|cam on nhieu|cam on rat nhieu|camon|tks|thanks|thank|thank you|thank u|ty|tran trong
tran trong cam on|cam on anh chi|bao cao anh|bao cao chi|bao cao sep|bao cao lanh dao|bao cao dong chi|dong chi|dc
d c|anh chi|ac|cac anh chi|quy|bo phan tong hop|chuyen vien|van phong|tong hop|voi|oi|nhi|de|biet|nhieu|rat|duoc a
vang a|da vang|da a|p s|hi|hello|alo|chao buoi sang|chuc ngay tot lanh|chuc buoi sang tot lanh|toi la|em la|day la
thay mat|phong|xa|phuong
"""
ACKNOWLEDGE = """
da nhan|da nhan duoc|da nhan dc|da nhan dk|nhan roi|nhan r|nhan duoc roi|nhan duoc|nhan dc|da nhan roi|da nhan du
da nhan day du|da nhan thong tin|da tiep nhan|tiep nhan|xin tiep nhan|da tiep thu|tiep thu|xin tiep thu|ok|oke|okie
okay|oki|okey|okla|o ke|k e|ro|ro roi|da ro|ro a|nghe ro|nam ro|da nam|da nam duoc|nam duoc roi|da biet|biet roi
da nam thong tin|nam thong tin|da doc|da xem|da nhan va doc|da nhan va xem|ghi nhan|da ghi nhan|nhan viec
da nhan viec|da nhan nhiem vu|nhan lenh|ro y|roger|nhan|da hieu|hieu roi|da nhan duoc roi|da duoc nhan|da thong
nhan thong tin|nhat tri|da quan triet|xac nhan da nhan|xac nhan da nhan duoc|da nhan tin
"""
DONE = """
xong|xog|xong roi|xong r|da xong|da xong roi|xong het|da xong het|xong het roi|xong ca|da xong ca|xong viec|lam xong
da lam xong|lam xong roi|da lam|lam roi|da lam roi|thuc hien xong|da thuc hien xong|da thuc hien|trien khai xong
da trien khai xong|da hoan thanh|hoan thanh|hoan thanh roi|da hoan thanh roi|da hoan thanh xong|hoan thanh xong
hoan tat|da hoan tat|da hoan thien|da hoan thanh day du|hoan thanh 100|da hoan thanh 100|da xu ly xong|xu ly xong
da giai quyet xong|giai quyet xong|da bao cao|bao cao roi|da bao cao roi|da nop|nop roi|da nop roi|da gui|gui roi
da gui roi|da nop xong|done|finished|complete|completed|da ket thuc|da thuc hien day du|da thuc hien xong roi
da xong 100
"""
NIL = """
khong phat sinh|khong co phat sinh|ko phat sinh|k phat sinh|kg phat sinh|khg phat sinh|hong phat sinh
ko co phat sinh|k co phat sinh|khong phat sinh gi|khong co gi phat sinh|khong co noi dung phat sinh
khong co so lieu phat sinh|khong phat sinh so lieu|khong phat sinh noi dung|khong phat sinh vu viec
khong co vu viec phat sinh|khong phat sinh moi|khong co phat sinh moi|khong phat sinh ho so|khong co ho so phat sinh
khong co phat sinh gi|chua phat sinh truong hop nao|khong phat sinh truong hop nao|khong co truong hop phat sinh
khong co truong hop nao phat sinh|bao cao khong phat sinh
"""
# Promises beside an acknowledgement change nothing of it; alone they are no answer.
PROMISE = """
se thuc hien|se trien khai|se trien khai ngay|se thuc hien ngay|se lam|se lam ngay|se bao cao|se bao cao sau|se nop
se nop dung han|se bao cao dung han|se hoan thanh|se hoan thanh dung han|se thuc hien dung han|se gui|se gui sau
se gui bao cao|se gui bao cao sau|se co gang|se xu ly|se phan cong|se chi dao|se chi dao thuc hien|dang lam
dang thuc hien|dang trien khai|dang xu ly|dang tong hop|de em lam|de em thuc hien|de em xu ly|em lam ngay
thuc hien ngay|trien khai ngay|lam ngay|trien khai thuc hien|to chuc thuc hien|se nghien cuu|se nghien cuu thuc hien
se theo doi|se bao cao lai|se trien khai thuc hien|se to chuc thuc hien|se tham muu|dung han|dung thoi han
theo dung han|se nop bao cao|se nop bao cao dung han|se gui bao cao dung han|theo quy dinh|theo yeu cau|theo chi dao
"""
# Things that are received or done.
OBJECT = """
van ban|cong van|thong bao|tin|tin nhan|noi dung|thong tin|nhac viec|nhac nho|ke hoach|nhiem vu|viec|viec nay
viec tren|yeu cau|chi dao|email|mail|thu|bao cao|bc|bao cao nay|cac viec|cac nhiem vu|tat ca|toan bo|day du|nay|tren
va|cua|roi|tat ca cac viec|lich|lich bao cao|kh|cv|theo|ve viec|ve|giao|duoc giao|viec duoc giao|nhiem vu duoc giao
theo yeu cau|theo ke hoach|theo chi dao|dung han|100|so lieu|cac noi dung|y kien|y kien chi dao
"""
STOP = """
stop|dung nhan tin|ngung nhan tin|dung nhac|ngung nhac|dung nhac nua|thoi nhac|huy dang ky|huy nhan tin
tu choi nhan tin|unsubscribe|dung gui nua|dung gui tin nua|khong muon nhan tin|khong nhan tin nua|dung gui tin
"""
EXTENSION = """
xin gia han|de nghi gia han|cho gia han|xin duoc gia han|xin phep gia han|mong gia han|mong duoc gia han
de nghi duoc gia han|xin lui|xin lui han|cho lui|cho lui han|de nghi lui|xin phep lui|xin duoc lui|cho em lui
cho toi lui|cho don vi lui|lui den|xin them|cho them|xin them thoi gian|cho xin them|de nghi them|xin cham
xin nop cham|xin phep nop cham|cho nop cham|xin bao cao cham|xin hoan|cho hoan|xin keo dai|cho keo dai
de nghi keo dai|xin khat|xin duoc nop cham|gia han den|gia han toi|gia han them|xin nop muon|xin tre han
xin duoc nop muon|xin duoc lui han|cho em gia han|cho don vi gia han|cho toi gia han|xin duoc them|xin gian han
lui han den|xin doi|xin phep duoc gia han|xin phep duoc lui|cho phep gia han|cho phep lui|xin nop vao
cho em nop cham|cho toi nop cham|cho don vi nop cham|cho em nop muon|cho em them|xin nop sau|xin nop bao cao cham
xin nop cham bao cao
"""
ASKERS = (
    "em",
    "toi",
    "don vi",
    "don vi em",
    "don vi toi",
    "phong",
    "phong em",
    "chung em",
    "chung toi",
    "xa",
    "ben em",
)
# What may stand behind "cho em", "cho đơn vị".
BEHIND_CHO = """
lui|lui han|lui lai|gia han|xin gia han|xin them|them|nop cham|nop muon|nop tre|cham|xin cham|xin lui|hoan|xin hoan
khat|xin khat|xin duoc gia han|xin nop cham|keo dai|xin phep gia han|bao cao cham|xin phep nop cham
"""
# Phrases of known words that together say something else: work demanded, or told to one's own superior.
OTHERWISE = """
yeu cau hoan thanh|yeu cau lam xong|yeu cau thuc hien xong|yeu cau xong|hoan thanh nhe|hoan thanh nha|hoan thanh nhen
hoan thanh di|lam xong di|da bao cao lanh dao|da bao cao sep|da bao cao thu truong|bao cao lanh dao roi
bao cao sep roi|bao cao thu truong roi|da gui lanh dao|da gui sep|da gui thu truong|gui lanh dao roi|gui sep roi
gui thu truong roi|da nop lanh dao|da nop sep|da nop thu truong
"""
EVERYTHING = ("tat ca", "ca hai", "ca ba", "tat ca cac viec", "toan bo", "het")

KINDS = {
    "polite": POLITE,
    "acknowledge": ACKNOWLEDGE,
    "done": DONE,
    "nil": NIL,
    "promise": PROMISE,
    "object": OBJECT,
    "stop": STOP,
    "extension": EXTENSION,
    "unknown": OTHERWISE,
}
# The same phrase in two lists means the first of these.
ORDER = ("extension", "stop", "nil", "done", "acknowledge", "promise", "object", "polite", "unknown")


def _phrases(text: str) -> Iterator[tuple[str, ...]]:
    for phrase in text.replace("\n", "|").split("|"):
        if phrase.strip():
            yield tuple(phrase.split())


def _table() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for kind in reversed(ORDER):
        found |= dict.fromkeys(_phrases(KINDS[kind]), kind)
    for start, who, what in product(("cho", "xin cho", "mong cho"), ASKERS, _phrases(BEHIND_CHO)):
        found[*start.split(), *who.split(), *what] = "extension"
    # "em da nhan", "da em nhan": who speaks may stand inside.
    for who, (verb, kind) in product(("em", "toi", "minh"), (("nhan", "acknowledge"), ("xong", "done"))):
        found["da", who, verb] = kind
    return found


PHRASES = _table()
LONGEST = max(map(len, PHRASES))
KNOWN = frozenset(word for phrase in PHRASES for word in phrase)
