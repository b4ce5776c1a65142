"""Settings: from the environment, secrets from files, all faults together."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.faults import ConfigFault
from config.secret import ensure_secret
from config.settings import build_settings, read_environment


def test_links_follow_the_port_unless_an_address_is_given(tmp_path: Path) -> None:
    assert build_settings({"home": str(tmp_path)}).base_url == "http://127.0.0.1:8000"
    assert build_settings({"home": str(tmp_path), "web_port": 8080}).base_url == "http://127.0.0.1:8080"
    given = build_settings({"home": str(tmp_path), "web_port": 8080, "base_url": "https://dondoc.example"})
    assert given.base_url == "https://dondoc.example"


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = build_settings({"home": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'dondoc.db'}"
    assert settings.yaml_dir == tmp_path / "config"


def test_postgresql_addresses_get_our_driver(tmp_path: Path) -> None:
    settings = build_settings({"home": str(tmp_path), "database_url": "postgresql://u@h/d"})
    assert settings.database_url == "postgresql+psycopg://u@h/d"


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n")
    assert read_environment({"DONDOC_SECRET_KEY_FILE": str(tmp_path / "key")}) == {"secret_key": "s3cret"}


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    assert ensure_secret(tmp_path)
    first = (tmp_path / "secret.key").read_text()
    assert not ensure_secret(tmp_path)
    assert (tmp_path / "secret.key").read_text() == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert build_settings({"home": str(tmp_path)}).secret_key.get_secret_value() == first


def test_secrets_are_never_printed(tmp_path: Path) -> None:
    settings = build_settings({"home": str(tmp_path), "secret_key": "s3cret", "smtp_url": "smtp://a:s3cret@mail"})
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DONDOC_WEB_PORT": "tám nghìn"}, ["DONDOC_WEB_PORT", "phải là số nguyên"]),
        ({"DONDOC_WEB_PORT": "0"}, ["DONDOC_WEB_PORT", "từ 1 trở lên"]),
        ({"DONDOC_BASE_URL": "dondoc.example"}, ["DONDOC_BASE_URL", "http://"]),
        ({"DONDOC_SMTP_URL": "mail.example"}, ["DONDOC_SMTP_URL", "smtp://"]),
        ({"DONDOC_DATABASE_URL": "mysql://u@h/d"}, ["DONDOC_DATABASE_URL", "postgresql://", "sqlite:///"]),
        ({"DONDOC_DATABASE_URL": "dondoc.db"}, ["DONDOC_DATABASE_URL", "sqlite:///"]),
        ({"DONDOC_BASEURL": "x"}, ["DONDOC_BASEURL", "Ý bạn là DONDOC_BASE_URL?"]),
        ({"DONDOC_SECRET_KEY_FILE": "/nowhere/key"}, ["DONDOC_SECRET_KEY_FILE", "/nowhere/key", "không có tệp"]),
        ({"DONDOC_SECRET_KEY": "a", "DONDOC_SECRET_KEY_FILE": "b"}, ["cùng được đặt", "bỏ một trong hai"]),
    ],
    ids=[
        "no number",
        "too small",
        "no address",
        "no mail server",
        "other database",
        "no database",
        "misspelt",
        "no such file",
        "twice",
    ],
)
def test_a_fault_names_the_setting_and_the_cure(environment: dict[str, str], words: list[str]) -> None:
    with pytest.raises(ConfigFault) as fault:
        build_settings(dict(read_environment(environment)))
    assert all(word in str(fault.value) for word in words)


def test_all_faults_are_told_together() -> None:
    with pytest.raises(ConfigFault) as fault:
        build_settings({"web_port": "x", "link_days": 0, "base_url": "?"})
    assert len(fault.value.messages) == 3
