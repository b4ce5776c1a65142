"""Whether lower-case letters can be a Vietnamese syllable: what no syllable allows was mistyped."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ONSETS = "ngh|ng|nh|kh|ph|th|tr|ch|gh|gi|qu|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"
_NUCLEI = (
    "oai|oay|oeo|uây|uôi|ươi|ươu|iêu|yêu|uyê|uya|uyu|uêu|oao|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|iê|ya|yê|oa|oă|oe|oi|oo|ôi"
    "|ơi|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|ôô|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_CODAS = "ng|nh|ch|c|m|n|p|t|"
_SYLLABLE = rf"(?:{_ONSETS})(?:{_NUCLEI})(?:{_CODAS})"
_ONE_OR_MORE = re.compile(rf"(?:{_SYLLABLE}){{1,4}}")
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_MARKED = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]")
_WORD = re.compile(r"(?<![\w'’@./-])[^\W\d_]{2,12}(?![\w'’@/-])")
# Vietnamese has some seven thousand syllables; a plan says a few hundred of them over and over.
_KNOWN = 10_000


def toneless(word: str) -> str:
    """The word without its tone marks; the letters ă â ê ô ơ ư đ stay."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_TONES))


def is_speakable(word: str) -> bool:
    """Whether a lower-case word is made of one to four Vietnamese syllables (loan words written together are)."""
    return _ONE_OR_MORE.fullmatch(toneless(word)) is not None


def garbled_words(text: str) -> list[re.Match[str]]:
    """Lower-case words with Vietnamese letters that no Vietnamese syllables make up."""
    return [match for match in _WORD.finditer(text) if _is_garbled(match.group())]


@lru_cache(_KNOWN)
def _is_garbled(word: str) -> bool:
    return word.isalpha() and word.islower() and bool(_MARKED.search(word)) and not is_speakable(word)
