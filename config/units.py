"""units.yaml: the office, its units, groups and people, with every fault told at once and its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from config.faults import ConfigFault, os_words
from config.unit_keys import Tail, fold_name

Role = Literal["contact", "deputy", "leader", "officer", "vice_chair", "chair"]
ChannelName = Literal["zalo", "zalo_template", "zbs", "zalo_bot", "email", "webhook"]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
# YAML reads 0912345678 as a number and loses the zero: numbers must be quoted, and are refused here when they are not.
Place = tuple[str | int, ...]


def _no_number(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("phải đặt trong dấu nháy, ví dụ '0912345678'")  # noqa: TRY004 - pydantic wants ValueError
    return value


# units -> unit -> people -> person -> channels: nothing of a register lies deeper.
DEEPEST = 6
Quoted = Annotated[str, BeforeValidator(_no_number)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class OfficeHead(_Strict):
    """The issuing office, as the heads of its documents need it."""

    name: str = Field(min_length=1, max_length=255)
    short_name: str = Field("", max_length=120)
    kind: str = Field("", max_length=32, description="phường, xã, đặc khu, tỉnh")
    place: str = Field(min_length=1, max_length=120)
    superior: str = Field("", max_length=255)
    symbol: str = Field("UBND", max_length=32)
    officer_unit: Code | None = None

    @property
    def tail(self) -> Tail:
        """What the names of its own units may leave out."""
        return Tail(self.kind, self.place)


class PersonEntry(_Strict):
    """Somebody who gets messages: work contact data only."""

    code: Code
    name: str = Field(min_length=1, max_length=120)
    title: str | None = Field(None, max_length=120)
    role: Role = "contact"
    email: str | None = Field(None, max_length=254, pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")
    zalo_user_id: Quoted | None = Field(None, max_length=64, pattern=r"^(group:)?[0-9A-Za-z]+$")
    phone: Quoted | None = Field(None, max_length=20, pattern=r"^[+0-9][0-9 .-]{5,18}$")
    channels: tuple[ChannelName, ...] = ("zalo", "email")


class UnitEntry(_Strict):
    """An organ with its other names, its people and the vice-chair in charge of it."""

    code: Code
    name: str = Field(min_length=1, max_length=255)
    short_name: str | None = Field(None, max_length=64)
    aliases: tuple[str, ...] = ()
    parent: Code | None = None
    in_charge: Code | None = None
    people: tuple[PersonEntry, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return (self.name, *((self.short_name,) if self.short_name else ()), *self.aliases)


class GroupEntry(_Strict):
    """A name that stands for several units ("các phòng chuyên môn")."""

    code: Code
    name: str = Field(min_length=1, max_length=255)
    aliases: tuple[str, ...] = ()
    members: tuple[Code, ...] = Field(min_length=1)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return (self.name, *self.aliases)


class UnitsFile(_Strict):
    """The whole register as written."""

    office: OfficeHead
    units: tuple[UnitEntry, ...] = Field(min_length=1)
    groups: tuple[GroupEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()

    def everybody(self) -> Iterator[tuple[str | None, PersonEntry]]:
        """Each person with the code of the unit they sit in (None: the leaders of the office)."""
        yield from ((None, person) for person in self.people)
        yield from ((unit.code, person) for unit in self.units for person in unit.people)


def load_units_file(path: Path) -> UnitsFile:
    """Read and check a register. Raises ConfigFault with every fault, each with file, line and unit."""
    content, lines = _parse(path)
    try:
        register = UnitsFile.model_validate(content)
    except ValidationError as error:
        faults = [(tuple(fault["loc"]), _vietnamese(fault["type"], fault["msg"])) for fault in error.errors()]
        raise ConfigFault(*(_say(path, lines, content, *fault) for fault in faults)) from None
    faults = [*_repeated_codes(register), *_repeated_names(register), *_dangling(register), *_circles(register)]
    if faults:
        raise ConfigFault(*(_say(path, lines, content, *fault) for fault in faults))
    return register


def _parse(path: Path) -> tuple[Any, dict[Place, int]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, yaml.SafeLoader)
        content = yaml.safe_load(text)
    except OSError as error:
        raise ConfigFault(f"{path}: không đọc được tệp ({os_words(error)}). Hãy kiểm tra đường dẫn.") from None
    except UnicodeDecodeError:
        raise ConfigFault(f"{path}: tệp không phải văn bản UTF-8. Hãy lưu lại với mã UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigFault(
            f"{path}, dòng {line}: sai cú pháp YAML. Hãy xem thụt dòng, dấu hai chấm và dấu nháy."
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigFault(f"{path}: không phải tệp YAML ({error}).") from None
    if not isinstance(content, dict) or node is None:
        raise ConfigFault(f"{path}: tệp trống hoặc không có mục office và units. Xem mẫu: config/units.example.yaml.")
    twice = [f"{path}, dòng {line}: mục «{key}» viết hai lần. Hãy giữ một." for line, key in _repeated_keys(node)]
    if twice:
        raise ConfigFault(*twice)
    return content, dict(_lines(node, ()))


def _lines(node: Node, place: Place, above: tuple[Node, ...] = ()) -> Iterator[tuple[Place, int]]:
    """The line of every place. An alias that leads back to itself is not followed."""
    yield place, node.start_mark.line + 1
    if node in above or len(above) > DEEPEST:
        return
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*place, str(key.value)), (*above, node))
    elif isinstance(node, SequenceNode):
        for number, value in enumerate(node.value):
            yield from _lines(value, (*place, number), (*above, node))


def _repeated_keys(node: Node, depth: int = 0) -> Iterator[tuple[int, str]]:
    """Keys that YAML would take the last of, in silence."""
    children = list(node.value) if isinstance(node, SequenceNode) and depth <= DEEPEST else []
    if isinstance(node, MappingNode) and depth <= DEEPEST:
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value in seen:
                yield key.start_mark.line + 1, key.value
            seen.add(str(key.value))
            children.append(value)
    for child in children:
        yield from _repeated_keys(child, depth + 1)


def _say(path: Path, lines: dict[Place, int], content: Any, place: Place, message: str) -> str:
    known = next((place[:n] for n in range(len(place), -1, -1) if place[:n] in lines), ())
    owner = _owner(content, place)
    field = ".".join(str(part) for part in place if isinstance(part, str)) or "units.yaml"
    return f"{path}, dòng {lines.get(known, 1)}{owner}, mục {field}: {message}"


def _owner(content: Any, place: Place) -> str:
    """The code that stands nearest above a place: "(đơn vị ttpvhcc)"."""
    found, here = "", content
    for part in place:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(here, dict) and isinstance(here.get("code"), str):
            found = f" ({here['code']})"
    return found


MESSAGES = {
    "missing": "còn thiếu. Hãy ghi mục này.",
    "extra_forbidden": "không có mục nào tên này. Hãy xem lại chính tả theo config/units.example.yaml.",
    "string_type": "phải là chữ (đặt trong dấu nháy nếu là số).",
    "string_too_short": "không được để trống.",
    "string_too_long": "quá dài.",
    "too_short": "phải có ít nhất một mục.",
    "tuple_type": "phải là danh sách, mỗi dòng bắt đầu bằng dấu gạch ngang.",
    "model_type": "phải gồm các mục con có tên (xem config/units.example.yaml).",
    "model_attributes_type": "phải gồm các mục con có tên (xem config/units.example.yaml).",
    "literal_error": "giá trị không dùng được",
    "string_pattern_mismatch": "viết không đúng dạng",
}


def _vietnamese(kind: str, message: str) -> str:
    known = MESSAGES.get(kind)
    if kind == "literal_error":
        choices = message.removeprefix("Input should be ").replace(" or ", ", ")
        return f"{known}; chỉ nhận {choices}."
    if kind == "string_pattern_mismatch":
        return f"{known} (mã: chữ thường không dấu, số, gạch nối; thư: ten@mien; điện thoại: chữ số)."
    return known or message.removeprefix("Value error, ") + "."


def _places_of_codes(register: UnitsFile) -> Iterator[tuple[Place, str]]:
    for number, unit in enumerate(register.units):
        yield ("units", number, "code"), unit.code
    for number, group in enumerate(register.groups):
        yield ("groups", number, "code"), group.code


def _places_of_people(register: UnitsFile) -> Iterator[tuple[Place, str]]:
    for number, person in enumerate(register.people):
        yield ("people", number, "code"), person.code
    for number, unit in enumerate(register.units):
        for seat, person in enumerate(unit.people):
            yield ("units", number, "people", seat, "code"), person.code


def _repeated_codes(register: UnitsFile) -> Iterator[tuple[Place, str]]:
    for places in (_places_of_codes(register), _places_of_people(register)):
        seen: set[str] = set()
        for place, code in places:
            if code in seen:
                yield place, f"mã «{code}» đã dùng ở trên. Mỗi đơn vị, mỗi người một mã."
            seen.add(code)


def _repeated_names(register: UnitsFile) -> Iterator[tuple[Place, str]]:
    """Two units that one printed name could mean: the plan's reader would have to guess."""
    owners: dict[str, str] = {}
    entries: list[tuple[str, int, UnitEntry | GroupEntry]] = [("units", *pair) for pair in enumerate(register.units)]
    entries += [("groups", *pair) for pair in enumerate(register.groups)]
    for top, number, entry in entries:
        for name in entry.names:
            owner = owners.setdefault(fold_name(name, register.office.tail), entry.code)
            if owner != entry.code:
                yield (top, number), f"tên «{name}» đã là tên của {owner}. Hãy bỏ ở một trong hai nơi."


def _dangling(register: UnitsFile) -> Iterator[tuple[Place, str]]:
    units, people = {unit.code for unit in register.units}, {person.code for _, person in register.everybody()}
    if register.office.officer_unit and register.office.officer_unit not in units:
        yield ("office", "officer_unit"), f"không có đơn vị nào mã «{register.office.officer_unit}»."
    for number, unit in enumerate(register.units):
        if unit.parent and unit.parent not in units:
            yield ("units", number, "parent"), f"không có đơn vị nào mã «{unit.parent}»."
        if unit.in_charge and unit.in_charge not in people:
            yield ("units", number, "in_charge"), f"không có người nào mã «{unit.in_charge}»."
    for number, group in enumerate(register.groups):
        for code in group.members:
            if code not in units:
                yield ("groups", number, "members"), f"không có đơn vị nào mã «{code}» (nhóm không chứa nhóm khác)."


def _circles(register: UnitsFile) -> Iterator[tuple[Place, str]]:
    parents = {unit.code: unit.parent for unit in register.units}
    for number, unit in enumerate(register.units):
        seen, above = {unit.code}, unit.parent
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == unit.code:
            yield ("units", number, "parent"), "đơn vị cấp trên đi vòng về chính nó."
