"""The part of the grammar for words that are understood and still name no day."""

from __future__ import annotations

from deadlines import vocabulary as v
from deadlines.atoms import Atom, Doubt
from deadlines.figures import year_number
from deadlines.grammar_clauses import cue, point
from deadlines.grammar_days import year_after
from deadlines.grammar_spans import stamp
from deadlines.source import Source, Words

Read = tuple[Atom, int]

_VAGUE_PART = Words(
    "cuối tháng", "cuối quý", "đầu tháng", "đầu quý", "đầu năm", "giữa tháng", "giữa quý", "giữa năm",
    "trong tháng", "trong quý", "trong tuần", "cuối tuần", "đầu tuần", "cuối kỳ", "các năm tiếp theo",
    "những năm tiếp theo", "các năm sau", "các năm tiếp", "đầu kỳ", "cả năm", "ngày làm việc cuối cùng",
    "ngày làm việc đầu tiên", "vào cuối tháng", "vào cuối quý", "vào đầu năm", "vào đầu tháng", "vào đầu quý",
)  # fmt: skip
_TET = Words(
    "tết nguyên đán", "tết âm lịch", "tết", "dịp tết", "dịp tết nguyên đán", "rằm trung thu", "tết trung thu",
)  # fmt: skip
_VAGUE_WEEK = Words(
    "tuần đầu", "tuần cuối", "tuần thứ nhất", "tuần thứ hai", "tuần thứ ba", "tuần thứ tư", "tuần 1", "tuần 2",
    "tuần 3", "tuần 4",
)  # fmt: skip


def vague(source: Source, at: int) -> Read | None:
    """Words that are understood and still name no day: Tết, the first week, a school year."""
    same = v.CONFIRMING.match(source, at)
    again = point(source, same) if same else None
    if again:
        return Doubt("Ngày in kèm chữ «tức» phải được đối chiếu với cách tính đứng trước.", (again[0],)), again[1]
    _, start = cue(source, at)
    end = _TET.match(source, start)
    if end:
        year = year_after(source, end)
        return Doubt("Ngày Tết theo âm lịch: cần người xác định ngày dương lịch cụ thể."), year[1] if year else end
    loose = _VAGUE_WEEK.match(source, start) or _VAGUE_PART.match(source, at)
    if loose:
        month = stamp(source, loose)
        end = month[1] if month else loose
        return Doubt(f"«{source.slice(at, end)}» không chỉ ra ngày nào; cần ghi ngày cụ thể."), end
    return _school_year(source, start)


def _school_year(source: Source, at: int) -> Read | None:
    after = v.SCHOOL_YEAR.match(source, at)
    first = year_number(source, after) if after else None
    if not after:
        return None
    end = first[1] if first else after
    last = year_number(source, end + 1) if source.is_punct(end, "-–") else None
    return Doubt("Năm học bắt đầu và kết thúc theo quyết định từng năm của UBND tỉnh; cần ghi ngày cụ thể."), last[
        1
    ] if last else end
