"""Figures as Vietnamese offices write them: "1.234,5" and "85,5%"."""

from __future__ import annotations

import re
import unicodedata

# A dot groups thousands and a comma opens the decimals (the custom of Nghị định 30/2020 texts and of the plans read).
_PLAIN = re.compile(r"[0-9]{1,15}(?:,[0-9]{1,9})?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){1,4}(?:,[0-9]{1,9})?")
_SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3}){1,4}(?:,[0-9]{1,9})?")
# A telephone keyboard may offer the dot only; one or two digits after it cannot be a group of thousands.
_DOTTED = re.compile(r"[0-9]{1,15}\.[0-9]{1,2}")
# "85.500" under a percentage is 85,5 to one reader and 85 500 to another: a person must say.
_DOUBTFUL_PERCENT = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_MINUS = "-−–"
PERCENT = "%"


class UnreadableFigure(ValueError):
    """Words that are no figure; `str()` says in Vietnamese what to write instead."""


def parse_figure(text: str, unit: str | None = None) -> float:
    """The number that was typed, in the unit of its target ("85,5%" is 85.5).

    Raises UnreadableFigure when the text is no number, has two readings, or names another unit than the target's.
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    negative = folded[:1] in tuple(_MINUS)
    digits = _without_unit(folded.lstrip(_MINUS).strip(), unit)
    if _is_percent(unit) and _DOUBTFUL_PERCENT.fullmatch(digits):
        raise UnreadableFigure(
            f"«{_short(text)}» có thể hiểu hai cách. Hãy dùng dấu phẩy cho phần thập phân, ví dụ 85,5."
        )
    value = _number(digits)
    if value is None:
        raise UnreadableFigure(f"«{_short(text)}» không phải là một con số. Hãy viết như 85,5 hoặc 1.234.")
    return -value if negative else value


def _number(digits: str) -> float | None:
    if _DOTTED.fullmatch(digits):
        return float(digits)
    if any(form.fullmatch(digits) for form in (_PLAIN, _GROUPED, _SPACED)):
        return float(digits.replace(".", "").replace(" ", "").replace(",", "."))
    return None


def _without_unit(text: str, unit: str | None) -> str:
    if text.endswith(PERCENT):
        if unit and not _is_percent(unit):
            raise UnreadableFigure(
                f"«{_short(text)}» là phần trăm, còn chỉ tiêu này tính bằng {unit}. Hãy ghi số {unit}."
            )
        return text.removesuffix(PERCENT).strip()
    return re.sub(rf"\s*{re.escape(unit)}$", "", text, flags=re.IGNORECASE) if unit else text


def _is_percent(unit: str | None) -> bool:
    return unit is not None and PERCENT in unit


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def format_figure(value: float) -> str:
    """A figure as it is read aloud in Vietnamese: 1234.5 -> "1.234,5"; no trailing zeros."""
    whole, _, decimals = f"{abs(value):,.6f}".partition(".")
    decimals = decimals.rstrip("0")
    sign = "-" if value < 0 else ""
    return sign + whole.replace(",", ".") + ("," + decimals if decimals else "")
