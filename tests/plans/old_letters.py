"""Vietnamese in the encodings of before Unicode, for tests: the tables of plans.reading.legacy, turned round."""

from __future__ import annotations

import unicodedata

from plans.reading.legacy import TCVN3, VNI

_BASES = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
SMALL = [unicodedata.normalize("NFC", base + tone) for base in _BASES for tone in _TONES] + ["đ"]
LETTERS = [*SMALL, *(letter.upper() for letter in SMALL)]

_TO_TCVN3 = {letter: chr(sign) for sign, letter in reversed(TCVN3.items())}
_TO_VNI = {letter: sign for sign, letter in reversed(VNI.items())}


def as_tcvn3(text: str) -> str:
    """As typed in .VnTime; a capital with a tone is the small sign, which only .VnTimeH prints as a capital."""
    return "".join(_TO_TCVN3.get(letter, _TO_TCVN3.get(letter.lower(), letter)) for letter in text)


def as_vni(text: str) -> str:
    """As typed in VNI-Times."""
    return "".join(_TO_VNI.get(letter, letter) for letter in text)


def as_windows_1258(text: str) -> bytes:
    """The Windows code page of Vietnam: tones are signs after their letter."""
    out = bytearray()
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            base, marks = parts[0], parts[1:]
            hats = [mark for mark in marks if mark in "\u0302\u0306\u031b"]
            tones = [mark for mark in marks if mark not in hats]
            out += unicodedata.normalize("NFC", base + "".join(hats)).encode("cp1258") + "".join(tones).encode("cp1258")
    return bytes(out)


def read_twice(text: str) -> str:
    """UTF-8 that a program took for Windows-1252."""
    return "".join(bytes([code]).decode("cp1252", "ignore") or chr(code) for code in text.encode())
