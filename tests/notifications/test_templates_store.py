"""Templates that an office edits: checked, previewed, kept whole, and never able to stop the chase."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.faults import Refusal
from config.settings import Settings
from notifications.templates_store import (
    check_template,
    get_template,
    list_templates,
    own_faults,
    preview,
    restore_template,
    save_template,
)
from notifications.templating import TEMPLATES
from tests.notifications.chase_world import World, add_duty, at, new_world, on, settings_for

NAMES = sorted(file.name for file in TEMPLATES.glob("*.j2"))
OWN = "Kính gửi: {{ to }}\n{% for item in items %}\nViệc: {{ item.content }}. {{ item.url }}\n{% endfor %}\n"


@pytest.fixture
def settings(home: Path) -> Settings:
    """The settings of an office; nothing here asks its database."""
    return settings_for(home, "sqlite:///not-opened.db")


@pytest.fixture
def world(home: Path, sqlite_url: str) -> World:
    """A commune with one duty due on Friday 20/3/2026."""
    made = new_world(home, sqlite_url)
    add_duty(made, "20/3")
    return made


@pytest.mark.parametrize("name", NAMES)
def test_every_packaged_template_is_named_passes_its_own_check_and_can_be_seen(name: str, settings: Settings) -> None:
    each = get_template(name, settings)
    assert not each.title.endswith(".j2")
    assert check_template(name, each.packaged) == []
    shown = preview(name, each.packaged, settings)
    assert shown.text
    assert "{{" not in shown.text


def test_the_list_begins_with_what_an_office_edits_first(settings: Settings) -> None:
    assert list_templates(settings)[0].name == "digest.txt.j2"


BROKEN = {
    "syntax": ("{% for item in items %}", "dòng 1: sai cú pháp"),
    "an unknown filter": ("{{ to|safe }}{{ items[0].url }}", "bộ lọc không có"),
    "an unknown word": ("{{ ten }} {{ items[0].url }}", "chỗ điền không có («ten»)"),
    "no link": ("Kính gửi: {{ to }}", "không ghi liên kết"),
    "nothing at all": ("", "không để lại chỗ"),
    "a reach into Python": ("{{ to.__class__.__mro__ }}", "không được phép"),
    "a bomb of letters": ("{{ 'x' * 999999999 }}", "được phép («*»)"),
    "a bomb of blanks": ("{{ 'x'.ljust(999999999) }}", "không được phép"),
    "a bomb of signs": ("{{ '%999999999d' % 1 }}", "được phép («%»)"),
    "a name that doubles": ("{% set x = 'xx' %}" + "{% set x = x ~ x %}" * 40, "«set», «dòng 1»"),
    "words that double": ("{{ to ~ to }}", "được phép («~»"),
    "a macro that doubles": (
        "{% macro d(s) %}{{ s }}{{ s }}{% endmacro %}{{ " + "d(" * 40 + "'x'" + ")" * 40 + " }}",
        "được phép",
    ),
    "a list that doubles": ("{{ [items, items]|length }}", "được phép («[…]»"),
    "a long separator": ("{{ to|list|join('" + "x" * 101 + "') }}", "được phép («join»)"),
    "loops within loops": ("{% for a in items %}" * 4 + "{% endfor %}" * 4, "được phép («for»"),
    "a loop within itself": ("{% for a in items recursive %}{{ loop(items) }}{% endfor %}", "được phép («for»"),
    "an end of escaping": ("{% autoescape false %}{{ to }}{% endautoescape %}", "được phép («autoescape»"),
    "a bomb of numbers": ("{% for n in range(999999999) %}{% endfor %}", "hàm hoặc"),
    "too long for a telephone": ("{{ items[0].url }}" + "dài " * 600, "không ghép được"),
    "longer than a file may be": ("x" * 20_001, "tối đa"),
    "an endless circle": ("{% include 'digest.txt.j2' %}", "không ghép được"),
}


@pytest.mark.parametrize(("text", "words"), BROKEN.values(), ids=BROKEN)
def test_a_text_that_cannot_be_used_is_told_and_not_saved(settings: Settings, text: str, words: str) -> None:
    assert words in " ".join(check_template("digest.txt.j2", text))
    with pytest.raises(Refusal, match="chưa được lưu"):
        save_template(settings, "digest.txt.j2", text)
    with pytest.raises(Refusal, match="chưa dùng được"):
        preview("digest.txt.j2", text, settings)
    assert get_template("digest.txt.j2", settings).own is None


@pytest.mark.parametrize("name", ["../settings.j2", "nothing.txt.j2", "digest.txt", ""])
def test_only_the_names_of_packaged_templates_exist(settings: Settings, name: str) -> None:
    for work in (get_template, restore_template):
        with pytest.raises(Refusal, match="Không có mẫu tin"):
            work(*((name, settings) if work is get_template else (settings, name)))
    with pytest.raises(Refusal, match="Không có mẫu tin"):
        save_template(settings, name, OWN)


def test_a_saved_template_writes_the_next_message_and_a_restored_one_no_more(world: World) -> None:
    world.chase(at(on("06/3")))
    assert save_template(world.settings, "digest.txt.j2", OWN.replace("\n", "\r\n")).own == OWN
    world.chase(at(on("13/3")))
    restore_template(world.settings, "digest.txt.j2")
    world.chase(at(on("18/3")))
    assert ["Việc: Báo cáo" in message.text for message in world.messages()] == [False, True, False, False]
    assert list((world.settings.yaml_dir / "templates").iterdir()) == []


def test_a_template_broken_by_hand_stops_no_message_and_is_told(world: World) -> None:
    folder = world.settings.yaml_dir / "templates"
    folder.mkdir(parents=True)
    (folder / "digest.txt.j2").write_text("{{ khong_co }}", encoding="utf-8")
    (folder / "la.txt.j2").write_text("x", encoding="utf-8")
    done = world.chase(at(on("18/3")))
    assert [message.text.startswith("Kính gửi: Ông/Bà") for message in world.messages()] == [True, True]
    (finding,) = done.findings
    assert "Mẫu tin riêng của cơ quan có lỗi: dòng 1: dùng một chỗ điền không có («khong_co»)" in finding
    told = "\n".join(own_faults(world.settings))
    assert "digest.txt.j2: Mẫu không ghép được" in told
    assert "la.txt.j2: không có mẫu tin nào tên này" in told


def test_a_file_that_is_no_text_is_told(world: World) -> None:
    folder = world.settings.yaml_dir / "templates"
    folder.mkdir(parents=True)
    (folder / "digest.txt.j2").write_bytes(b"\xff\xfe")
    assert "không phải UTF-8" in get_template("digest.txt.j2", world.settings).faults[0]
    assert world.chase(at(on("18/3"))).messages == 2


def test_no_folder_no_fault(settings: Settings) -> None:
    assert own_faults(settings) == []


def test_words_of_an_own_html_template_stay_escaped(settings: Settings) -> None:
    text = '{% extends "layout.html.j2" %}{% block body %}{{ subject }}<a href="{{ items[0].url }}">x</a>{% endblock %}'
    save_template(settings, "digest.html.j2", text)
    assert "<a href=" in (preview("digest.html.j2", text, settings).html or "")


def test_numbers_are_added_and_words_joined(settings: Settings) -> None:
    text = "{{ items|length + 1 }}: {{ items|map(attribute='code')|join(', ') }} {{ items[0].url }}"
    assert "DD-1-ABCD, DD-2-ABCD" in preview("digest.txt.j2", text, settings).text
