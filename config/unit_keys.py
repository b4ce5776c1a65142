"""The key of a unit's name: equal for every way of writing the same name.

Offices write one organ in a dozen ways ("Văn phòng HĐND và UBND", "VP HĐND&UBND", "Uỷ ban"/"Ủy ban"). The key folds
case, accents, y/i, signs and the usual abbreviations, and drops the office's own tail ("... phường An Hòa").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Folded (no accents, y as i). Compounds stand before their parts: the longest is tried first.
ABBREVIATIONS = {
    "bchqs": "ban chi hui quan su",
    "bhxh": "bao hiem xa hoi",
    "bp": "bo phan",
    "ccb": "cuu chien binh",
    "chqs": "chi hui quan su",
    "hcc": "hanh chinh cong",
    "hdnd": "hoi dong nhan dan",
    "kbnn": "kho bac nha nuoc",
    "kthtdt": "kinh te ha tang do thi",
    "lhpn": "lien hiep phu nu",
    "mttq": "mat tran to quoc",
    "mttqvn": "mat tran to quoc viet nam",
    "pkt": "phong kinh te",
    "pkthtdt": "phong kinh te ha tang do thi",
    "pvhcc": "phuc vu hanh chinh cong",
    "pvhxh": "phong van hoa xa hoi",
    "qlda": "quan li du an",
    "qltt": "quan li thi truong",
    "tncs": "thanh nien cong san",
    "tncshcm": "thanh nien cong san ho chi minh",
    "tt": "trung tam",
    "tthc": "thu tuc hanh chinh",
    "ttpvhcc": "trung tam phuc vu hanh chinh cong",
    "tit": "tram i te",
    "ubmttq": "ui ban mat tran to quoc",
    "ubmttqvn": "ui ban mat tran to quoc viet nam",
    "ubnd": "ui ban nhan dan",
    "vhxh": "van hoa xa hoi",
    "vp": "van phong",
    "vpub": "van phong ui ban nhan dan",
    "vpubnd": "van phong ui ban nhan dan",
}
_OFFICE = r"(?<=\bso )|(?<=\bphong )|(?<=^p )"
# Read only in their company: "TN" alone may be tài nguyên, "KT" kiểm tra, "CA" is công an only before its place.
PAIRS = (
    (r"^(?:(?:dong chi|d c) )+(?=\w)", ""),
    (r"\bvh xh\b", "van hoa xa hoi"),
    (r"\btn tkq\b", "tiep nhan tra ket qua"),
    (r"\bkt ?ht ?dt\b", "kinh te ha tang do thi"),
    (rf"(?:{_OFFICE})(?:gd ?dt)\b", "giao duc dao tao"),
    (rf"(?:{_OFFICE})(?:kh ?cn)\b", "khoa hoc cong nghe"),
    (rf"(?:{_OFFICE})(?:nn ?mt)\b", "nong nghiep moi truong"),
    (rf"(?:{_OFFICE})(?:nn ?ptnt)\b", "nong nghiep phat trien nong thon"),
    (rf"(?:{_OFFICE})(?:tn ?mt)\b", "tai nguien moi truong"),
    (rf"(?:{_OFFICE})(?:vh ?tt ?dl)\b", "van hoa the thao du lich"),
    (rf"(?:{_OFFICE})(?:tc ?kh)\b", "tai chinh ke hoach"),
    (rf"(?:{_OFFICE})(?:ld ?tb ?xh)\b", "lao dong thuong binh xa hoi"),
    (r"(?<=\bcong chuc )tp ht\b", "tu phap ho tich"),
    (r"^p (?=\w)", "phong "),
    (r"^ca(?= (?:xa|phuong|tinh|dac khu)\b|$)", "cong an"),
    (r"\bbch (?=qs\b|quan su\b)", "ban chi hui "),
    (r"(?<=\bhui )qs\b", "quan su"),
    (r"\bub (?=mttq|mat tran)", "ui ban "),
    (r"(?<=\bmttq )vn\b|(?<=\bto quoc )vn\b", "viet nam"),
    (r"(?<=\btncs )hcm\b|(?<=\bcong san )hcm\b", "ho chi minh"),
    (r"(?<=\bhoi )nd\b", "nong dan"),
    (r"(?<=\bkho bac )nn\b", "nha nuoc"),
    (r"\bpv (?=hcc\b|hanh chinh\b)", "phuc vu "),
    (r"\b1 cua\b", "mot cua"),
)
KINDS = {"phuong": "phuong", "p": "phuong", "xa": "xa", "x": "xa", "dac khu": "dac khu", "tinh": "tinh"}


@dataclass(frozen=True)
class Tail:
    """Kind and place of the office ("phường", "An Hòa"), which its own units need not repeat."""

    kind: str
    place: str


def fold_name(name: str, tail: Tail | None = None) -> str:
    """The key of a name. Two names of one organ of the office that `tail` tells of have one key; "" for no letters."""
    words = _plain(name)
    if tail is not None:
        words = _without_tail(words, tail)
    for pattern, full in PAIRS:
        words = re.sub(pattern, full, words)
    expanded = " ".join(ABBREVIATIONS.get(word, word) for word in words.split())
    return " ".join(word for word in expanded.split() if word != "va")


def _plain(name: str) -> str:
    """Lower case without accents, y as i, every sign a space."""
    bare = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D").casefold())
    letters = "".join(each for each in bare if not unicodedata.combining(each)).replace("y", "i")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def _without_tail(words: str, tail: Tail) -> str:
    kind, place = _plain(tail.kind), _plain(tail.place)
    kinds = "|".join(sorted((short for short, full in KINDS.items() if full == kind), key=len, reverse=True)) or kind
    named = re.sub(rf"(?<=\w) (?:tren dia ban |thuoc |cua )?(?:{kinds}) {place}$", "", words) if place else words
    bare = re.sub(rf"(?<=\w) (?:tren dia ban |thuoc |cua )?{kind}$", "", named) if kind else named
    return re.sub(r"(?<=\w) thuoc (?:ubnd|ui ban nhan dan)$", "", bare)
