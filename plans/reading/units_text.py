"""One cell of units, split into who leads and who coordinates.

The words decide: "chủ trì", "phối hợp", "thực hiện", in any order, with bullets, semicolons or in one sentence. Names
are given as printed. What is a list of units and what is one name with a comma inside ("Các cơ quan, đơn vị có liên
quan") is told by the noun a unit's name opens with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from plans.reading.text import composed, flat, fold, is_bulleted, unbulleted
from plans.reading.unit_lists import BARE_NOUN, HEAD_NOUN, cut, divided_by_dash, names_in, opens_as_unit

__all__ = ["Units", "opens_as_unit", "split_names", "split_units"]

_ROLE_PREFIX = re.compile(
    r"^(?:(?:co quan|don vi|bo phan|phong)\s*)?(?P<role>chu tri|phoi hop|thuc hien|tham muu)"
    r"(?:\s+(?:thuc hien|chinh|voi))?\s*:\s*"
)
# "Chủ trì: A Phối hợp: B" on one line: the second role opens an item of its own, with or without a dash.
_ROLE_OPENS = re.compile(
    r"(?<!quan)(?<!vị)(?<!phận)\s+(?:[-–+•*]\s*)?"
    r"(?=(?:(?:cơ quan|đơn vị|bộ phận)\s+)?(?:chủ trì|phối hợp)(?:\s+(?:thực hiện|chính))?\s*:)",
    re.IGNORECASE,
)
_ROLE_NOTE = re.compile(r"\((?:chủ trì|phối hợp)(?: thực hiện)?\)(?=\s*[,\w])", re.IGNORECASE)
_SHORT_LEAD = re.compile(r"(?<=\()CT(?=\))|\bCT(?=\s*:)")
_SHORT_PARTNER = re.compile(r"(?<=\()PH(?=\))|\bPH(?=\s*:)")
_GIVEN_TO = re.compile(r"^(?:giao(?: cho)?|phan cong|de nghi|yeu cau)\s+(?=\w)")
_LEAD_WORD = re.compile(r"chu tr[iy]\b|chiu trach nhiem chinh|dau moi\b")
_JOIN_WORD = re.compile(r"(?:\bva\s+)?\bphoi hop\b(?:\s+(?:voi|cung))*")
_GIVEN_WORK = re.compile(r"duoc (?:giao|phan cong) chu tri\s+(?=soan thao|xay dung|tham muu|giai quyet|bien soan)")
_VERB = re.compile(
    r"\s*[,;]?\s+(?:thuc hien|tong hop|theo doi|dang tai|huong dan|don doc|tham dinh|tham muu|bao cao|to chuc"
    r"|trien khai|co kien nghi|co y kien|tiep nhan, phan loai|chiu trach nhiem|niem yet|cung cap|kiem tra"
    r"|ra soat|de xuat|chu dong|chi dao"
    r"|va thuc hien|cung thuc hien|(?<!nhiem vu )duoc giao$|giup\b)"
)
_COMPILER = re.compile(r"\s+(?:tong hop|tham muu)\b")


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one cell; `unroled` when the cell names several and says of none what it does."""

    leads: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    unroled: bool = False


@dataclass(slots=True)
class _Entry:
    leads: list[str] = field(default_factory=list)
    coordinators: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    compiles: bool = False
    acts: bool = False
    joiner: bool = False


@lru_cache(maxsize=4096)
def split_units(text: str) -> Units:
    """Leads and coordinators of a cell that holds both."""
    entries = _roled_entries(text)
    if len(entries) == 1 and entries[0].joiner:
        # "A phối hợp với B", and nobody else: A does it.
        return Units(_unique(entries[0].coordinators[:1]), _unique(entries[0].coordinators[1:]))
    leads = [name for entry in entries for name in entry.leads]
    coordinators = [name for entry in entries for name in entry.coordinators]
    plain = [entry for entry in entries if entry.plain]
    if leads:
        coordinators = [name for entry in entries for name in (*entry.coordinators, *entry.plain)]
    elif any(entry.compiles for entry in plain) and len(plain) > 1 and not coordinators:
        leads = [name for entry in plain if entry.compiles for name in entry.plain]
        coordinators = [name for entry in plain if not entry.compiles for name in entry.plain]
    else:
        leads = [name for entry in plain for name in entry.plain]
    unroled = not coordinators and len(leads) > 1 and not any(entry.leads for entry in entries)
    return Units(_unique(leads), _unique(coordinators, leads), unroled)


@lru_cache(maxsize=4096)
def split_names(text: str) -> tuple[str, ...]:
    """The names of a cell whose column already says their role."""
    names = [name for entry in _entries(text) for name in names_in(_without_note_of_role(entry))]
    return _unique(names)


def _without_note_of_role(entry: str) -> str:
    prefixed = _ROLE_PREFIX.match(fold(entry))
    entry = entry[prefixed.end() :] if prefixed else entry
    folded = fold(entry)
    match = re.search(r"\s*\(?(?:chu tri|phoi hop)(?: thuc hien)?\)?\W*$", folded)
    return entry[: match.start()] if match and match.start() else entry


def _unique(names: list[str], without: list[str] | tuple[str, ...] = ()) -> tuple[str, ...]:
    seen = {fold(name) for name in without}
    kept = []
    for name in names:
        if name and fold(name) not in seen:
            seen.add(fold(name))
            kept.append(name)
    return tuple(kept)


def _bullets(text: str) -> list[str]:
    """The items of a cell as its bullets and paragraphs divide it."""
    items: list[str] = []
    for line in _lines(_roles_in_full(composed(text))):
        pieces = [
            part for whole in _ROLE_OPENS.split(line) for part in re.split(r"(?<=[.;:,])\s+[-–+•]\s+(?=\S)", whole)
        ]
        for piece in pieces:
            bare = unbulleted(piece).strip()
            items.extend(divided_by_dash(bare) if len(pieces) == 1 else [bare])
    return items


def _roles_in_full(text: str) -> str:
    """ "(CT)", "PH:" as words; CT alone may be "chủ tịch", so both marks must be there."""
    if not _SHORT_PARTNER.search(text):
        return text
    return _SHORT_PARTNER.sub("phối hợp", _SHORT_LEAD.sub("chủ trì", text))


def _entries(text: str) -> list[str]:
    """Bulleted or semicolon-divided items; inside brackets nothing divides."""
    divided = [
        part.strip()
        for item in _bullets(_ROLE_NOTE.sub(lambda note: note.group() + ";", text))
        for part in _outside_brackets(item, r";|(?<=\w{2})\.\s+(?=\w)")
    ]
    return [part for part in divided if re.search(r"\w", part)]


def _lines(text: str) -> list[str]:
    """Paragraphs of the cell; a wrapped line goes back to the one before it."""
    lines: list[str] = []
    for line in text.split("\n"):
        bare = flat(line)
        wrapped = lines and not is_bulleted(bare) and not lines[-1].endswith((".", ";", ":"))
        if wrapped and (bare[:1].islower() or lines[-1].endswith((",", " và", " của", " thuộc"))):
            lines[-1] = f"{lines[-1]} {bare}"
        elif bare:
            lines.append(bare)
    return lines


def _outside_brackets(text: str, pattern: str) -> list[str]:
    masked = re.sub(r"\([^()]*\)", lambda match: "\x01" * len(match.group()), text)
    return cut(text, list(re.finditer(pattern, masked)))


def _roled_entries(text: str) -> list[_Entry]:
    """Entries with their role; a heading such as "Phối hợp:" gives its role to the items after it."""
    entries: list[_Entry] = []
    current = ""
    for bullet in _bullets(text):
        group: list[_Entry] = []
        for item in _entries(bullet):
            prefixed = _ROLE_PREFIX.match(fold(item))
            if prefixed:
                current, item = prefixed["role"], item[prefixed.end() :]
            if item.strip():
                group.append(_entry(item) if not current or _has_role(item) else _given(current, item))
        entries.extend(_role_shared(group))
    return entries


def _role_shared(group: list[_Entry]) -> list[_Entry]:
    """ "A; B; C phối hợp": the role that closes a list of one bullet is the role of all its names."""
    after: _Entry | None = None
    for entry in reversed(group):
        if not entry.plain:
            after = entry
        elif after is not None and not entry.acts:
            names, entry.plain = entry.plain, []
            (entry.leads if after.leads else entry.coordinators).extend(names)
    return group


def _has_role(item: str) -> bool:
    return bool(_LEAD_WORD.search(fold(item)) or _JOIN_WORD.search(fold(item)))


def _given(role: str, item: str) -> _Entry:
    names = names_in(item)
    return _Entry(coordinators=names) if role == "phoi hop" else _Entry(leads=names)


def _entry(item: str) -> _Entry:
    given = _GIVEN_TO.match(fold(item))
    item = item[given.end() :] if given and opens_as_unit(item[given.end() :]) else item
    folded = _GIVEN_WORK.sub(lambda match: "\x01" * len(match.group()), fold(item))
    lead, join = _LEAD_WORD.search(folded), _JOIN_WORD.search(folded)
    if lead and join and join.start() < lead.start():
        return _Entry(leads=[*names_in(item[: join.start()]), *names_in(item[join.end() : lead.start()])])
    if lead:
        partners = [*_between(item, lead, join), *names_in(_before_verb(item[join.end() :]))] if join else []
        return _Entry(leads=names_in(_before_verb(_without_giving(item[: lead.start()]))), coordinators=partners)
    if join:
        named = names_in(_before_verb(_without_giving(item[: join.start()])))
        partners = _partners(item[join.end() :])
        return _Entry(coordinators=[*named, *partners], joiner=bool(named and partners))
    name = _before_verb(item)
    return _Entry(plain=names_in(name), compiles=_compiles(item), acts=len(name) < len(item))


def _between(item: str, lead: re.Match[str], join: re.Match[str]) -> list[str]:
    """ "A chủ trì, B và C phối hợp": the partners named before the word."""
    between = re.sub(r"^[\s,;)]+(?:và\s+)?", "", item[lead.end() : join.start()])
    return names_in(between) if opens_as_unit(between) else []


def _without_giving(text: str) -> str:
    return re.sub(r"\s+(?:được giao|được phân công|là đơn vị|là cơ quan|là)\s*$", "", text)


def _partners(text: str) -> list[str]:
    """Units named after "phối hợp (với)": only when a unit's noun stands there, not a further verb."""
    opens_unit = re.match(r"\W*" + HEAD_NOUN + r"\b", fold(text))
    return names_in(_before_verb(text)) if opens_unit else []


def _compiles(item: str) -> bool:
    verb = _VERB.search(fold(item))
    return bool(verb and _COMPILER.match(verb.group()))


def _before_verb(text: str) -> str:
    """The name without what the unit does; a capital letter means the word belongs to the name ("Sở Xây dựng")."""
    folded = fold(re.sub(r"\([^()]*\)|\([^()]*$", lambda match: "\x01" * len(match.group()), text))
    for match in _VERB.finditer(folded):
        word = re.search(r"\w", text[match.start() + 1 :])
        at = match.start() + 1 + (word.start() if word else 0)
        if match.start() > 2 and text[at].islower() and not BARE_NOUN.fullmatch(folded[: match.start()].strip(" ,;-")):
            return text[: match.start()]
    return text
