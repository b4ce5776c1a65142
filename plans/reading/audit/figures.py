"""Targets: figures that cannot be, that contradict one another, or that the body says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plans.reading.audit.flaws import NOTE, WARNING, Flaw, Spot, quoted
from plans.reading.audit.likeness import words_of
from plans.reading.audit.subject import Passage, Subject, Zone
from plans.reading.columns import Role
from plans.reading.items import opened
from plans.reading.model import TargetRow
from plans.reading.ordinals import RANK
from plans.reading.text import flat, fold, squash

# Figures that measure growth or performance of a budget may pass 100 %.
_MAY_PASS = re.compile(r"tang|so voi|toc do|thu ngan sach|du toan|vuot|\bkh\b|ke hoach (?:giao|nam)|phan dau")
_OWN_REMARK = re.compile(
    r"(?:phai dat|dat|toi thieu|it nhat)\s+(?:toi thieu |it nhat |tu )?(?P<figure>\d{1,3}(?:,\d+)?)\s*%"
)
_CLAIM = re.compile(
    r"(?P<figure>\d{1,3}(?:,\d+)?)\s?%\s+(?:(?:tong )?so )?(?P<what>[a-z][^,.;:()%\d]{14,130}?)(?=[,.;:(]|$|\d)"
)
_OTHER_TIME = re.compile(r"nam (?P<year>20\d{2})|giai doan")
# Words that set two like indicators apart: places, levels, groups of people, manners.
_APART = {
    "tinh", "huyen", "xa", "phuong", "thon", "moi", "cu", "nam", "nu", "tre", "em", "so", "mot", "phan", "khong",
    "tiep", "nhan", "dung", "han", "truoc", "sau", "trung", "cap", "cong", "khai", "thanh",
    "toan", "quy", "ngheo", "can",
}  # fmt: skip
_AT_LEAST_SHARE = 2
HEADING_LENGTH = 120


@dataclass(frozen=True, slots=True)
class _Claim:
    """One share that the plan promises: the figure and the words it is of."""

    figure: float
    what: str
    words: tuple[str, ...]
    printed: str
    spot: Spot


def figure_flaws(subject: Subject) -> Iterator[Flaw]:
    """Every flaw of the targets and of the shares promised in the prose."""
    for target in subject.targets:
        yield from _own(subject, target)
    yield from _repeated(subject)
    yield from _mixed_bounds(subject)
    yield from _measure_header(subject)
    yield from _contradictions(subject)


def _number(target: TargetRow) -> float | None:
    return float(target.value) if isinstance(target.value, (int, float)) else None


def _is_share(target: TargetRow) -> bool:
    return "%" in (target.unit or "") or fold(target.name).startswith("ty le")


def _own(subject: Subject, target: TargetRow) -> Iterator[Flaw]:
    value, spot = _number(target), subject.target_spot(target)
    if value is None:
        return
    name = fold(target.name)
    if value > 100 and "%" in (target.unit or "") and not _MAY_PASS.search(name):
        message = f"Chỉ tiêu tỷ lệ vượt 100 %: {_plain(value)} %."
        yield Flaw("target_beyond_hundred", WARNING, spot, message, "Kiểm tra lại con số.")
    match = _OWN_REMARK.search(name)
    if match and _is_share(target) and float(match["figure"].replace(",", ".")) != value:
        said = quoted(target.name[match.start() : match.end()])
        message = f"Ô chỉ tiêu ghi {_plain(value)} nhưng lời kèm theo ghi {match['figure']} %: {said}."
        yield Flaw("target_contradicts", WARNING, spot, message, "Thống nhất một mức.")


def _plain(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _repeated(subject: Subject) -> Iterator[Flaw]:
    seen: dict[tuple[str, str], TargetRow] = {}
    for target in subject.targets:
        mark = (squash(target.name), squash(target.group or ""))
        first = seen.setdefault(mark, target)
        if first is target or not mark[0] or (first.ordinal and first.ordinal == target.ordinal):
            continue
        if first.value != target.value:
            message = f"Một chỉ tiêu có hai mức khác nhau, {first.value} và {target.value}: {quoted(target.name, 60)}."
            for one in (first, target):
                yield Flaw("target_two_values", WARNING, subject.target_spot(one), message, "Thống nhất một mức.")
        else:
            message = f"Chỉ tiêu ghi hai lần: {quoted(target.name, 60)}."
            yield Flaw("target_repeated", NOTE, subject.target_spot(target), message, "Bỏ dòng trùng.")


def _mixed_bounds(subject: Subject) -> Iterator[Flaw]:
    """Some shares say "tối thiểu" and others are bare: only where a bare one could be passed at all."""
    shares = [target for target in subject.targets if _is_share(target) and _number(target) is not None]
    bare = [target for target in shares if target.comparator == "=" and (_number(target) or 0) < 100]
    if bare and len(bare) >= _AT_LEAST_SHARE and any(target.comparator == ">=" for target in shares):
        message = "Có chỉ tiêu ghi “tối thiểu”, có chỉ tiêu chỉ ghi con số; chưa rõ là mức tối thiểu hay đúng mức đó."
        for target in bare:
            yield Flaw(
                "target_bound_mixed", NOTE, subject.target_spot(target), message, "Ghi “tối thiểu” cho thống nhất."
            )


def _measure_header(subject: Subject) -> Iterator[Flaw]:
    """A column that holds only the sign % under a header that does not say it is the unit of measure."""
    for one in subject.found:
        if one.columns is None or not one.columns.holds_targets:
            continue
        for at, header in enumerate(one.columns.headers):
            below = {flat(row.texts()[at]) for row in one.table.rows[one.columns.header_rows :] if at < len(row.cells)}
            if below - {""} == {"%"} and re.fullmatch(r"ty le|chi tieu|ket qua|muc", fold(header).strip(" .:")):
                message = f"Cột ghi đơn vị tính “%” lại có tiêu đề “{header}”."
                place = one.table.rows[0].place
                yield Flaw("measure_header", NOTE, subject.spot(place), message, "Sửa tiêu đề thành “Đơn vị tính”.")


def _contradictions(subject: Subject) -> Iterator[Flaw]:
    """The same indicator with several figures, in the body or in body and table: told once for all its figures."""
    year = subject.headed.plan.year
    claims = [claim for passage in _of_the_year(subject) for claim in _claims(passage, year)]
    told: set[int] = set()
    for at, one in enumerate(claims):
        others = [other for other in claims[at + 1 :] if _same_indicator(one.words, other.words)]
        same = [one, *others]
        targets = [target for target in subject.targets if any(_narrower(target, claim) for claim in same)]
        figures = {claim.figure for claim in same} | {_number(target) for target in targets}
        if at not in told and len(figures) > 1:
            yield from _contradiction(subject, same, targets)
        told |= {claims.index(other) for other in others}


def _contradiction(subject: Subject, claims: list[_Claim], targets: list[TargetRow]) -> Iterator[Flaw]:
    said = [f"lời văn {quoted(claim.printed, 90)}" for claim in claims]
    said += [f"bảng {quoted(target.name, 60)} {_plain(_number(target) or 0)} %" for target in targets]
    message = f"Cùng một chỉ tiêu có các mức khác nhau: {'; '.join(said)}."
    for spot in (*(claim.spot for claim in claims), *map(subject.target_spot, targets)):
        yield Flaw("target_contradicts", WARNING, spot, message, "Thống nhất một mức.")


def _of_the_year(subject: Subject) -> Iterator[Passage]:
    """The prose that stands under no heading of another year ("Mục tiêu đến năm 2030")."""
    stack: list[tuple[int, bool]] = []
    for passage in subject.in_zones(Zone.BODY):
        item = opened(passage.text)
        if item:
            rank = RANK[item.style]
            stack = [(above, other) for above, other in stack if above < rank]
            stack.append((rank, _speaks_of_another_year(item.body, subject.headed.plan.year)))
        if not any(other for _, other in stack):
            yield passage


def _speaks_of_another_year(words: str, year: int | None) -> bool:
    years = {int(match["year"] or 0) for match in _OTHER_TIME.finditer(fold(words[:HEADING_LENGTH]))}
    return bool(years) and year not in years


def _claims(passage: Passage, year: int | None) -> Iterator[_Claim]:
    if passage.role not in (None, Role.CONTENT) or "%" not in passage.text:
        return
    for sentence in re.split(r"(?<=[.;])\s", passage.flat):
        folded = fold(sentence)
        years = {int(match["year"] or 0) for match in _OTHER_TIME.finditer(folded)}
        if years - {year}:
            continue
        for match in _CLAIM.finditer(folded):
            figure = float(match["figure"].replace(",", "."))
            what = sentence[match.start("what") : match.end("what")]
            printed = sentence[match.start() : match.end()].strip()
            yield _Claim(figure, what, words_of(what), printed, passage.spot)


def _same_indicator(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Nearly the same words, and none of those that set two indicators apart."""
    first, second = set(one), set(other)
    apart = first ^ second
    return min(len(one), len(other)) >= 6 and len(first & second) >= 0.8 * len(first | second) and not apart & _APART


def _narrower(target: TargetRow, claim: _Claim) -> bool:
    """The head of the target's name ("hồ sơ trực tuyến", before "trên tổng số ...") is said in order in the claim."""
    head = re.split(r"\s+(?:tren tong|so voi|\(|trong nam)\b", fold(target.name).strip(" ."))[0]
    words = words_of(re.sub(r"^(?:ty le|so luong|muc do)\s+", "", head))
    if _number(target) is None or not _is_share(target) or len(words) < 4 or claim.words[:2] != words[:2]:
        return False
    rest = iter(claim.words)
    left = [word for word in claim.words if word not in words]
    return all(word in rest for word in words) and len(left) <= 7 and not set(left) & _APART - {"toan", "cap", "phan"}
