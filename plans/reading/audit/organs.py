"""Who does it: roles left unsaid, a lone coordinator, one organ's name in several spellings."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator

from plans.reading.audit.flaws import NOTE, WARNING, Flaw, Spot, quoted
from plans.reading.audit.letters import near_letters
from plans.reading.audit.subject import Subject, Zone
from plans.reading.columns import Role
from plans.reading.text import flat, fold, unbulleted

_ROLE = re.compile(r"\bchu tri\b|\bphoi hop\b|\bdau moi\b")
_LEADS = re.compile(r"\bchu tri\b|\bdau moi\b")
_ENTRY = re.compile(r"\n|;\s+|(?<=[.;])\s+[-–+•]\s+|^\s*[-–+•]\s+")
_SYLLABLE = re.compile(r"[^\W\d_]+|&")
_ONLY_JOINS = re.compile(r"\bphoi hop(?: thuc hien)?\W*$")
_BLANK_SHARE, _FEW_ROWS = 0.7, 5
_RARE, _OFTEN, _LONG = 2, 3, 4
_GROUP = re.compile(r"(?:cac|nhung|moi|toan the|thu truong)\b")


def organ_flaws(subject: Subject) -> Iterator[Flaw]:
    """Every flaw of the units, beyond a lead that is simply missing."""
    yield from _unsaid_roles(subject)
    yield from _only_coordinators(subject)
    yield from _blank_coordinators(subject)
    yield from _spellings(subject)


def _entries(cell: str) -> list[str]:
    parts = (unbulleted(part).strip(" .;-") for part in _ENTRY.split(cell))
    return [part for part in parts if re.search(r"\w{2}", part)]


def _unsaid_roles(subject: Subject) -> Iterator[Flaw]:
    """A cell for both roles in which some unit has no role word: beside others that have, or with none at all."""
    message = "Có đơn vị không ghi rõ chủ trì hay phối hợp."
    cure = "Ghi “chủ trì” hoặc “phối hợp” sau tên từng đơn vị."
    unroled = {key for table in subject.duty_tables for key in table.unroled}
    told: set[str] = set()
    for passage in subject.passages:
        if passage.role is Role.PERFORMER and passage.zone is Zone.ROW and _is_partly_roled(passage.text):
            told.add(passage.spot.name)
            yield Flaw("role_unclear", NOTE, passage.spot, message, cure)
    for row in subject.rows:
        spot = subject.row_spot(row)
        if row.key in unroled and spot.name not in told:
            yield Flaw("role_unclear", NOTE, spot, message, cure)
    for target in subject.targets:
        spot = subject.target_spot(target)
        if (
            spot.name not in told
            and len(target.responsible) > 1
            and not target.coordinators
            and _roleless(subject, spot)
        ):
            yield Flaw("role_unclear", NOTE, spot, message, cure)


def _is_partly_roled(cell: str) -> bool:
    """Someone leads and another has no role; or nobody leads and two have none (a lone one beside partners leads)."""
    entries = [fold(entry) for entry in _entries(cell)]
    leads = any(_LEADS.search(entry) for entry in entries)
    unsaid = sum(not _ROLE.search(entry) for entry in entries)
    return len(entries) > 1 and unsaid >= (1 if leads else 2)


def _roleless(subject: Subject, spot: Spot) -> bool:
    cells = [one.text for one in subject.passages if one.spot == spot and one.role is Role.PERFORMER]
    return bool(cells) and not _ROLE.search(fold(" ".join(cells)))


def _only_coordinators(subject: Subject) -> Iterator[Flaw]:
    for passage in subject.passages:
        entries = _entries(passage.text) if passage.role is Role.PERFORMER and passage.zone is Zone.ROW else []
        if len(entries) == 1 and _ONLY_JOINS.search(fold(entries[0])) and "chu tri" not in fold(entries[0]):
            message = f"Chỉ ghi đơn vị phối hợp, chưa ghi đơn vị chủ trì: {quoted(flat(passage.text))}."
            yield Flaw("lead_missing", WARNING, passage.spot, message, "Xác định một đơn vị chủ trì.")


def _blank_coordinators(subject: Subject) -> Iterator[Flaw]:
    """A column of coordinators that is filled nearly everywhere, and blank in a few rows."""
    for table in subject.duty_tables:
        if not table.columns.has(Role.COORDINATOR) or len(table.rows) < _FEW_ROWS:
            continue
        blank = [
            row
            for placed, row in zip(table.placed, table.rows, strict=True)
            if row.leads and not row.coordinators and not placed.row.get(Role.COORDINATOR)
        ]
        if blank and len(blank) <= (1 - _BLANK_SHARE) * len(table.rows):
            message = "Ô đơn vị phối hợp để trống."
            for row in blank:
                yield Flaw(
                    "coordinator_blank",
                    NOTE,
                    subject.row_spot(row),
                    message,
                    "Ghi đơn vị phối hợp, hoặc gạch ngang nếu không có.",
                )


def _names(subject: Subject) -> Iterator[tuple[str, Spot]]:
    for row in subject.rows:
        yield from ((name, subject.row_spot(row)) for name in (*row.leads, *row.coordinators))
    for duty in subject.standing:
        yield from ((name, subject.spot(duty.row.place)) for name in (*duty.row.leads, *duty.row.coordinators))
    for target in subject.targets:
        spot = subject.target_spot(target)
        yield from ((name, spot) for name in (*target.responsible, *target.coordinators))


def _spellings(subject: Subject) -> Iterator[Flaw]:
    """Names that differ from a frequent one by a letter's case or accent, or by one syllable typed twice or wrong."""
    spots: dict[str, list[Spot]] = defaultdict(list)
    for name, spot in _names(subject):
        if not _GROUP.match(fold(name)):
            spots[flat(name)].append(spot)
    counts = Counter({name: len(where) for name, where in spots.items()})
    _spoken(subject, counts, spots)
    pairs: dict[str, str] = {}
    for name, count in counts.items():
        usual = next(
            (other for other, often in counts.most_common() if often > count and _variant(name, other, count, often)),
            None,
        )
        if usual:
            pairs[name] = usual
    if pairs:
        said = "; ".join(f"{quoted(name)} (nơi khác: {quoted(usual)})" for name, usual in list(pairs.items())[:4])
        message = f"Tên một đơn vị viết không thống nhất: {said}."
        for name in pairs:
            yield from (
                Flaw("unit_spelling", NOTE, spot, message, "Viết tên đơn vị theo một cách.") for spot in spots[name]
            )


def _spoken(subject: Subject, counts: Counter[str], spots: dict[str, list[Spot]]) -> None:
    """Frequent names written in another case within contents, products and prose, added to the names of the cells."""
    frequent = [name for name, often in counts.items() if often >= _OFTEN and len(_SYLLABLE.findall(name)) >= _LONG]
    for name in frequent:
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
        for passage in subject.in_zones(Zone.BODY, Zone.ROW):
            written = passage.role not in (Role.LEAD, Role.COORDINATOR, Role.PERFORMER)
            for match in pattern.finditer(passage.text) if written else ():
                if not match.group().isupper() and match.group() not in counts:
                    spots[match.group()].append(passage.spot)
    counts.update({name: len(where) for name, where in spots.items() if name not in counts})


def _variant(name: str, usual: str, count: int, often: int) -> bool:
    one, other = _SYLLABLE.findall(name), _SYLLABLE.findall(usual)
    if [fold(word) for word in one] == [fold(word) for word in other]:
        return _inner(one) != _inner(other)
    if min(len(one), len(other)) < 4 or count > _RARE or often < _OFTEN:
        return False
    return _doubled(one, other) or _mistyped(one, other)


def _inner(words: list[str]) -> list[str]:
    """The words as written, but for the first letter, whose case depends on its place in the sentence; Hoà is Hòa."""
    first = [words[0].lower(), *words[1:]] if words else words
    return [_toned(word) for word in first]


def _toned(word: str) -> str:
    """The two ways to set the tone on oa, oe, uy are one spelling: hoà, hòa."""
    apart = unicodedata.normalize("NFD", word)
    tones = "".join(sign for sign in apart if sign in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if sign not in tones)) + tones


def _doubled(one: list[str], other: list[str]) -> bool:
    """One syllable more, and it repeats its neighbour: "Phục vụ vụ"."""
    if len(one) != len(other) + 1:
        return False
    return any(one[at] == one[at + 1] and one[:at] + one[at + 1 :] == other for at in range(len(one) - 1))


def _mistyped(one: list[str], other: list[str]) -> bool:
    """One syllable that differs in one letter, and opens neither a place's nor a person's name."""
    if len(one) != len(other):
        return False
    unlike = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(unlike) == 1 and near_letters(*unlike[0]) and not unlike[0][0][0].isupper()
