"""Whether a word can be a Vietnamese syllable: the judge between encodings that could all be meant."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_STOPS = ("c", "ch", "p", "t")
_SYLLABLE = re.compile(
    r"(?P<onset>ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    r"(?P<nucleus>iê|yê|ya|ia|uô|ua|ươ|ưa|oă|oa|oe|oo|uâ|uê|uy|uyê|uya|uơ|ơ|a|ă|â|e|ê|i|o|ô|u|ư|y)"
    r"(?P<coda>ch|ng|nh|[cmnptiyou])?"
)


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """Whether the letters and the tone fit the spelling of Vietnamese; capitals stand first or throughout."""
    parts = unicodedata.normalize("NFD", word)
    tones = [mark for mark in parts if mark in _TONES]
    plain = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    found = _SYLLABLE.fullmatch(plain.lower())
    if not found or len(tones) > 1 or not (plain[1:].islower() or plain.isupper() or len(plain) == 1):
        return False
    # A syllable that ends in a stop bears the sharp or the heavy tone only.
    return found["coda"] not in _STOPS or tones in (["\u0301"], ["\u0323"])
