"""Vietnamese written before Unicode: TCVN3 (ABC fonts, .VnTime), VNI (VNI-Times), UTF-8 that was read as Windows-1252.

Sources of the tables: TCVN 5712:1993, character set VN3; the Windows code page of VNI Software. A letter of TCVN3 is
one sign; capitals with a tone are the small sign printed in a font whose name ends in H. A letter of VNI is a base
letter followed by a sign for its accents.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from plans.reading.syllables import is_syllable


class Encoding(StrEnum):
    """How a text is written; the name is what a person knows it by."""

    UNICODE = "Unicode"
    TCVN3 = "TCVN3 (ABC)"
    TCVN3_CAPITALS = "TCVN3 (ABC), chữ hoa"
    VNI = "VNI"
    TWICE = "UTF-8 bị đọc sai bảng mã"


_TCVN3_SIGNS = (
    "¡Ă¢Â£Ê¤Ô¥Ơ¦Ư§Đ¨ă©âªê«ô¬ơ\u00adư®đµà¶ả·ã¸á¹ạ»ằ¼ẳ½ẵ¾ắÆặÇầÈẩÉẫÊấËậÌèÎẻÏẽÐéÑẹÒềÓểÔễÕếÖệ"
    "×ìØỉÜĩÝíÞịßòáỏâõãóäọåồæổçỗèốéộêờëởìỡíớîợïùñủòũóúôụõừöửøứ÷ữùựúỳûỷüỹýýþỵ\u03bcà"
)
TCVN3 = {ord(sign): letter for sign, letter in zip(_TCVN3_SIGNS[::2], _TCVN3_SIGNS[1::2], strict=True)}
# Sign of VNI after a base letter: the accents that it stands for.
_TONES = {"ø": "\u0300", "ù": "\u0301", "õ": "\u0303", "û": "\u0309", "ï": "\u0323"}
_HATS = {"â": "", "à": "\u0300", "á": "\u0301", "ã": "\u0303", "å": "\u0309", "ä": "\u0323"}
_BREVES = {"ê": "", "è": "\u0300", "é": "\u0301", "ü": "\u0303", "ú": "\u0309", "ë": "\u0323"}
_VNI_ALONE = {"æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}


def _vni() -> dict[str, str]:
    table = dict(_VNI_ALONE)
    for sign, tone in _TONES.items():
        for base, letter in zip("aeouyôö", "aeouyơư", strict=True):
            table[base + sign] = unicodedata.normalize("NFC", letter + tone)
    for sign, tone in _HATS.items():
        for base in "aeo":
            table[base + sign] = unicodedata.normalize("NFC", base + "\u0302" + tone)
    for sign, tone in _BREVES.items():
        table["a" + sign] = unicodedata.normalize("NFC", "a\u0306" + tone)
    capitals = {}
    for written, letter in table.items():
        capitals[written.upper()] = letter.upper()
        if len(written) == 2:
            capitals[written[0].upper() + written[1]] = letter.upper()
    return table | capitals


VNI = _vni()
_VNI_PIECE = re.compile("|".join(re.escape(written) for written in sorted(VNI, key=len, reverse=True)))
_WORD = re.compile(r"(?:[^\W\d_]|[\u00a1-\u00bf\u00d7\u00f7\u03bc])+")
_OWN_LETTERS = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9\u0300-\u0323]"
)
# Bytes that Windows-1252 leaves free come through as control signs.
_WINDOWS = {bytes([code]).decode("cp1252", "ignore") or chr(code): code for code in range(256)}
_TWICE = re.compile("[\u00c2-\u00c6\u00e1\u00e2][\u0080-\u024f\u02c6-\u02dc\u2013-\u2122][^\n]*")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of the words with signs beyond ASCII: how many there are, and how many are Vietnamese syllables."""

    words: int = 0
    syllables: int = 0

    @property
    def share(self) -> float:
        """The part that is Vietnamese; none of no words."""
        return self.syllables / self.words if self.words else 0.0


def evidence(text: str) -> Evidence:
    """What the words beyond ASCII say about the encoding of a text."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return Evidence(len(words), sum(1 for word in words if is_syllable(word)))


def has_own_letters(text: str) -> bool:
    """Whether letters stand in the text that only Unicode Vietnamese has: such a text is never converted."""
    return bool(_OWN_LETTERS.search(text))


def from_tcvn3(text: str, *, capitals: bool = False) -> str:
    """TCVN3 to Unicode; `capitals` for a font whose name ends in H, which prints small signs as capitals."""
    letters = text.translate(TCVN3)
    return letters.upper() if capitals else "\n".join(map(_in_capitals, letters.split("\n")))


def _in_capitals(line: str) -> str:
    """A line of capitals whose letters with a tone came out small, because the name of its font is not known."""
    words = line.split(" ")
    sizes = [_size(word) for word in words]
    for at, size in enumerate(sizes):
        beside = {*filter(None, sizes[:at][-1:] + sizes[at + 1 :][:1])}
        if size == "large" or (size == "either" and "large" in beside and "small" not in beside):
            words[at] = words[at].upper()
    return " ".join(words)


def _size(word: str) -> str:
    """ "large" for a word of capitals, "small" for one with small letters, "either" where the tone hides it."""
    if not any(sign.isalpha() for sign in word):
        return ""
    if any(sign.isascii() and sign.islower() for sign in word):
        return "small"
    return "large" if sum(1 for sign in word if sign.isupper()) >= 2 else "either"


def from_vni(text: str) -> str:
    """VNI to Unicode."""
    return _VNI_PIECE.sub(lambda found: VNI[found[0]], text)


def converted(text: str, encoding: Encoding) -> str:
    """The text in Unicode."""
    if encoding is Encoding.VNI:
        return from_vni(text)
    if encoding is Encoding.TWICE:
        return read_once(text)
    if encoding is Encoding.UNICODE:
        return text
    return from_tcvn3(text, capitals=encoding is Encoding.TCVN3_CAPITALS)


def encoding_of_font(font: str) -> Encoding:
    """What a font is for: .VnTime and its family for TCVN3 (those ending in H print capitals), VNI-... for VNI."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        # Only a capital H at the end of the name marks the font of capitals (.VnTimeH, not .VnArabia).
        bare = re.sub(r"(?i)\s*(?:bold|italic|regular)\s*$", "", font.strip())
        return Encoding.TCVN3_CAPITALS if bare.endswith("H") else Encoding.TCVN3
    return Encoding.VNI if name.startswith("vni-") or name == "vni" else Encoding.UNICODE


def encoding_of_text(text: str) -> Encoding:
    """The old encoding that turns nearly all of the words beyond ASCII into Vietnamese, or Unicode when none does.

    A text in which a good part already is Vietnamese stays as it is.
    """
    now = evidence(text)
    if not now.words or now.share >= 0.6 or (has_own_letters(text) and not _TWICE.search(text)):
        return Encoding.UNICODE
    found, best = Encoding.UNICODE, max(now.share + 0.25, 0.75)
    for encoding in (Encoding.TWICE, Encoding.TCVN3, Encoding.VNI):
        other = converted(text, encoding)
        share = evidence(other).share if other != text and has_own_letters(other) else 0.0
        if share > best:
            found, best = encoding, share
    return found


def read_once(text: str) -> str:
    """Text whose UTF-8 was read as Windows-1252 (once or twice), read as UTF-8."""
    for _ in range(2):
        again = _TWICE.sub(lambda found: _once(found[0]), text)
        if again == text:
            break
        text = again
    return text


def _once(text: str) -> str:
    """One line; what is no UTF-8 stays as it is, piece by piece."""
    data = bytearray()
    for letter in text:
        code = _WINDOWS.get(letter, ord(letter) if ord(letter) < 256 else None)
        if code is None:
            return text
        data.append(code)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return text
