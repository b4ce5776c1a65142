"""units.yaml: every fault at once, in Vietnamese, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.faults import ConfigFault
from config.office import find_office, keep_register, load_office
from config.units import load_units_file
from tests.plan_services.readings import settings_of

ROOT = Path(__file__).parents[2]
HEAD = "office: {name: UBND phường Thử, kind: phường, place: Thử}\n"
ONE = "units:\n  - {code: a, name: Phòng A}\n"
FAULTS = {
    "empty file": ("", "tệp trống"),
    "no office": (ONE, "mục office"),
    "no units": (HEAD, "mục units"),
    "broken yaml": (HEAD + "units: [", "sai cú pháp YAML"),
    "tab for indent": (HEAD + "units:\n\t- {code: a}", "sai cú pháp YAML"),
    "unknown field": (HEAD + "units:\n  - {code: a, name: A, nmae: B}\n", "không có mục nào tên này"),
    "bad code": (HEAD + "units:\n  - {code: Phòng A, name: A}\n", "viết không đúng dạng"),
    "bad role": (HEAD + ONE + "people:\n  - {code: p, name: P, role: boss}\n", "chỉ nhận"),
    "phone unquoted": (HEAD + ONE + "people:\n  - {code: p, name: P, phone: 912345678}\n", "dấu nháy"),
    "bad mail": (HEAD + ONE + "people:\n  - {code: p, name: P, email: khong-phai-thu}\n", "đúng dạng"),
    "same code twice": (HEAD + "units:\n  - {code: a, name: A}\n  - {code: a, name: B}\n", "đã dùng ở trên"),
    "same name twice": (
        HEAD + "units:\n  - {code: a, name: UBND}\n  - {code: b, name: Uỷ ban nhân dân}\n",
        "đã là tên",
    ),
    "unknown parent": (HEAD + "units:\n  - {code: a, name: A, parent: z}\n", "không có đơn vị nào mã «z»"),
    "unknown vice-chair": (HEAD + "units:\n  - {code: a, name: A, in_charge: z}\n", "không có người nào mã «z»"),
    "unknown member": (HEAD + ONE + "groups:\n  - {code: g, name: G, members: [z]}\n", "không có đơn vị nào mã «z»"),
    "empty group": (HEAD + ONE + "groups:\n  - {code: g, name: G, members: []}\n", "ít nhất một"),
    "parents in a circle": (
        HEAD + "units:\n  - {code: a, name: A, parent: b}\n  - {code: b, name: B, parent: a}\n",
        "đi vòng",
    ),
    "an alias of itself": ("office: &a\n  name: *a\nunits: &b [*b]\n", "mục office.name"),
    "key written twice": (HEAD + HEAD + ONE, "viết hai lần"),
}


def write(folder: Path, text: str) -> Path:
    path = folder / "units.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_its_file(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigFault) as fault:
        load_units_file(write(tmp_path, text))
    assert said in str(fault.value)
    assert all("units.yaml" in message for message in fault.value.messages)
    assert "Input should" not in str(fault.value), "a fault is told in Vietnamese"


def test_all_faults_are_told_together_with_line_and_unit(tmp_path: Path) -> None:
    text = HEAD + "units:\n  - {code: a, name: A, parent: x}\n  - {code: b, name: B, in_charge: y}\n"
    with pytest.raises(ConfigFault) as fault:
        load_units_file(write(tmp_path, text))
    first, second = fault.value.messages
    assert "dòng 3 (a)" in first
    assert "dòng 4 (b)" in second


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.yaml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ConfigFault, match="UTF-8"):
        load_units_file(path)
    with pytest.raises(ConfigFault, match="không đọc được"):
        load_units_file(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", ["config/units.example.yaml", "dev/seed/units.yaml"])
def test_the_registers_we_ship_are_sound(name: str) -> None:
    register = load_units_file(ROOT / name)
    assert register.units


def test_the_register_in_use_gives_the_office(home: Path, tmp_path: Path) -> None:
    settings = settings_of(home)
    assert find_office(settings) is None
    with pytest.raises(ConfigFault, match="dondoc units load"):
        load_office(settings)
    kept = keep_register(settings, write(tmp_path, HEAD + ONE))
    assert keep_register(settings, kept) == kept, "loading the file in use again is harmless"
    office = load_office(settings)
    assert (office.place, office.symbol, office.short_name) == ("Thử", "UBND", "UBND phường Thử")
