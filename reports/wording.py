"""Vietnamese words of the report: numbers, dates, periods, titles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from db.models import Plan
from deadlines.periods import Period

# What no XML or spreadsheet may hold: control characters, surrogates, the two non-characters of the BMP.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without what XML cannot hold; line ends are kept as newlines."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The printable text with all white space folded."""
    return " ".join(printable(text).split())


def number(value: float) -> str:
    """A number as written in Vietnamese (1.234,5): points between thousands, a comma before decimals."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def share(part: int, whole: int) -> str:
    """A share in per cent with at most one decimal; a dash when there is nothing to share."""
    return f"{number(round(100 * part / whole, 1))}%" if whole else "-"


def short_date(day: date | None) -> str:
    """05/02/2026, or nothing."""
    return day.strftime("%d/%m/%Y") if day else ""


def long_date(day: date) -> str:
    """ngày 05 tháng 02 năm 2026: a nought before days under ten and before the months 1 and 2 (Nghị định 30/2020)."""
    return f"ngày {day.day:02d} {month_and_year(day)}"


def month_and_year(day: date) -> str:
    """tháng 02 năm 2026, tháng 3 năm 2026."""
    return f"tháng {day.month:02d} năm {day.year}" if day.month < 3 else f"tháng {day.month} năm {day.year}"


def period_phrase(period: Period) -> str:
    """The period's name inside a sentence: "quý I năm 2026"."""
    label = re.sub(r"^(Tháng \S+|Quý \S+)/(\d{4})$", r"\1 năm \2", period.label)
    return label[:1].lower() + label[1:]


def lowered(title: str) -> str:
    """A title inside a sentence: its first letter small, unless the words look like a name or an abbreviation."""
    words = title.split(" ", 2)
    if len(words) > 1 and words[0].istitle() and words[1][:1].islower():
        return title[0].lower() + title[1:]
    return title


def plan_name(plan: Plan) -> str:
    """The plan's kind and title as one phrase: "Kế hoạch kiểm soát thủ tục hành chính năm 2026"."""
    kind = one_line(plan.kind or "Kế hoạch").capitalize()
    title = one_line(plan.title).strip(" .")
    return title if title.casefold().startswith(kind.casefold()) else f"{kind} {lowered(title)}".strip()


def plan_reference(plan: Plan) -> str:
    """The plan with number, day and issuer, as far as they are known."""
    kind = one_line(plan.kind or "Kế hoạch").capitalize()
    title = one_line(plan.title).strip(" .")
    if title.casefold().startswith(kind.casefold()):
        title = title[len(kind) :].strip()
    parts = [kind]
    if plan.number:
        parts.append(f"số {one_line(plan.number)}")
    if plan.issued_on:
        parts.append(long_date(plan.issued_on))
    if plan.issuer:
        parts.append(f"của {one_line(plan.issuer)}")
    if title and len(parts) > 1 and not re.match(r"(?i)về\b", title):
        parts.append("về")
    return " ".join([*parts, lowered(title)]).strip()


def join_names(names: Iterable[str]) -> str:
    """Names in order, each once, parted by semicolons (names themselves hold commas)."""
    return "; ".join(dict.fromkeys(one_line(name) for name in names if name))


def shortened(text: str, length: int = 160) -> str:
    """The text folded to one line, cut at a word with an ellipsis when longer than `length` characters."""
    folded = one_line(text)
    if len(folded) <= length:
        return folded
    return folded[:length].rsplit(" ", 1)[0].rstrip(" ,;.") + "…"
