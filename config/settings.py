"""Settings by environment: DONDOC_<NAME>, or DONDOC_<NAME>_FILE naming a file that holds the value (for secrets).

An unset setting has the default below. An empty value counts as unset. Faults are reported all together.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from config.faults import ConfigFault, os_words

PREFIX = "DONDOC_"
DEFAULT_HOME = Path.home() / ".dondoc"


def _http_url(value: str) -> str:
    if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc:
        raise ValueError("phải là địa chỉ http:// hoặc https:// đầy đủ")
    return value.rstrip("/")


def _smtp_url(value: SecretStr) -> SecretStr:
    if urlsplit(value.get_secret_value()).scheme not in ("smtp", "smtps"):
        raise ValueError("phải có dạng smtp://tên:mật-khẩu@máy-chủ:587 hoặc smtps://…:465")
    return value


def _imap_url(value: SecretStr) -> SecretStr:
    if urlsplit(value.get_secret_value()).scheme not in ("imap", "imaps"):
        raise ValueError("phải có dạng imaps://tên:mật-khẩu@máy-chủ:993/INBOX hoặc imap://…:143/INBOX")
    return value


def _database_url(value: str) -> str:
    if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("phải có dạng postgresql://tên:mật-khẩu@máy-chủ/tên-cơ-sở-dữ-liệu hoặc sqlite:///đường-dẫn")
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]


class Settings(BaseModel):
    """What the administrator can set. Field names are the variable names in lower case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(DEFAULT_HOME, description="Thư mục dữ liệu: cơ sở dữ liệu, tệp đã nộp, khóa bí mật")
    config_dir: Path | None = Field(None, description="Thư mục YAML riêng của cơ quan (mặc định: HOME/config)")
    database_url: DatabaseUrl = Field("", description="Cơ sở dữ liệu (mặc định: SQLite trong HOME)")
    secret_key: SecretStr = Field(SecretStr(""), description="Khóa ký liên kết và mã hóa mã truy cập Zalo")
    base_url: HttpUrl = Field("http://127.0.0.1:8000", description="Địa chỉ mà người nhận bấm vào được")
    web_host: str = Field("127.0.0.1", description="Địa chỉ lắng nghe của trang theo dõi")
    web_port: int = Field(8000, ge=1, le=65535, description="Cổng của trang theo dõi")
    prefect_port: int = Field(4200, ge=1, le=65535, description="Cổng của máy chủ Prefect nội bộ")
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp_url)] | None = Field(None, description="Máy chủ gửi thư")
    mail_from: str = Field("dondoc@localhost", description="Địa chỉ gửi thư đi")
    mail_reply_to: str = Field("", description="Hộp thư nhận trả lời, có dấu + (nop@…); để trống: không nhận qua thư")
    mail_bounce: str = Field("", description="Hộp thư nhận thư báo không tới, có dấu + (bounce@…)")
    mail_per_minute: int = Field(0, ge=0, description="Số thư tối đa mỗi phút (0: không giới hạn)")
    dkim_selector: str = Field("", description="Bộ chọn (selector) của khóa DKIM; để trống: máy chủ thư tự ký")
    dkim_key: SecretStr = Field(SecretStr(""), description="Khóa riêng DKIM dạng PEM (nên dùng DONDOC_DKIM_KEY_FILE)")
    imap_url: Annotated[SecretStr, AfterValidator(_imap_url)] | None = Field(
        None, description="Hộp thư để thu trả lời và thư báo không tới"
    )
    imap_done_folder: str = Field("Da-xu-ly", description="Thư mục chuyển thư đã xử lý tới; để trống: để nguyên chỗ")
    zalo_app_id: str = Field("", description="Mã ứng dụng Zalo")
    zalo_app_secret: SecretStr = Field(SecretStr(""), description="Khóa bí mật của ứng dụng Zalo")
    zalo_oa_secret: SecretStr = Field(SecretStr(""), description="Khóa OA để kiểm chữ ký webhook")
    zalo_api_url: HttpUrl = Field("https://openapi.zalo.me", description="Địa chỉ API Zalo OA")
    zalo_business_url: HttpUrl = Field("https://business.openapi.zalo.me", description="Địa chỉ API mẫu tin ZBS")
    zalo_per_minute: int = Field(
        100, ge=0, description="Số tin OA tối đa mỗi phút theo gói dịch vụ (0: không giới hạn)"
    )
    zalo_proof: bool = Field(False, description="Kèm chữ ký appsecret_proof khi gọi API Zalo")
    zalo_bot_token: SecretStr = Field(SecretStr(""), description="Mã của Zalo Bot; để trống: không dùng")
    zalo_bot_secret: SecretStr = Field(SecretStr(""), description="Khóa bí mật của webhook Zalo Bot (8 đến 256 ký tự)")
    zalo_bot_url: HttpUrl = Field("https://bot-api.zaloplatforms.com", description="Địa chỉ API Zalo Bot")
    zalo_oauth_url: HttpUrl = Field("https://oauth.zaloapp.com", description="Địa chỉ cấp mã truy cập Zalo")
    webhook_url: HttpUrl | None = Field(None, description="Cổng tin nhắn riêng của cơ quan (Standard Webhooks)")
    webhook_secret: SecretStr = Field(SecretStr(""), description="Khóa ký tin gửi sang cổng riêng (whsec_…)")
    webhook_in_secret: SecretStr = Field(
        SecretStr(""), description="Khóa kiểm chữ ký báo cáo nộp qua webhook (whsec_…)"
    )
    allow_private_hosts: bool = Field(False, description="Cho phép gọi ra địa chỉ nội bộ (chỉ để thử trên một máy)")
    person_per_hour: int = Field(10, ge=0, description="Số tin tối đa một người nhận mỗi giờ (0: không giới hạn)")
    ping_url: HttpUrl | None = Field(None, description="Địa chỉ bên ngoài được báo 'còn sống' sau mỗi lượt nhắc việc")
    link_days: int = Field(45, ge=1, le=400, description="Số ngày một liên kết trả lời còn hiệu lực")
    before_includes_day: bool = Field(False, description="«Trước ngày 18» tính cả ngày 18 (mặc định: hết ngày 17)")
    upload_mb: int = Field(20, ge=1, le=500, description="Dung lượng tối đa một tệp nộp (MB)")

    @property
    def yaml_dir(self) -> Path:
        """Where the office's own YAML files lie."""
        return self.config_dir or self.home / "config"


def read_environment(environ: dict[str, str]) -> dict[str, str]:
    """The values of every DONDOC_ variable, `_FILE` variables read. Raises ConfigFault naming each that cannot be."""
    values: dict[str, str] = {}
    faults: list[str] = []
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        file = environ.get(variable + "_FILE")
        if file and environ.get(variable):
            faults.append(f"{variable} và {variable}_FILE cùng được đặt. Hãy bỏ một trong hai.")
        elif file:
            try:
                values[name] = Path(file).read_text(encoding="utf-8").strip()
            except OSError as error:
                faults.append(f"{variable}_FILE: không đọc được tệp {file} ({os_words(error)}).")
        elif environ.get(variable):
            values[name] = environ[variable]
    faults += [f"{name}: không có thiết lập nào tên này. {_nearest(name)}" for name in _unknown(environ)]
    if faults:
        raise ConfigFault(*faults)
    return values


def _unknown(environ: dict[str, str]) -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {name + "_FILE" for name in known}
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in known)


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    known = [PREFIX + field.upper() for field in Settings.model_fields]
    close = get_close_matches(name, known, 1)
    return f"Ý bạn là {close[0]}?" if close else "Xem danh sách: dondoc doctor --settings."


def build_settings(values: dict[str, Any]) -> Settings:
    """Settings from plain values. Raises ConfigFault with every fault."""
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigFault(*(_say(fault) for fault in error.errors())) from None
    update: dict[str, Any] = {"home": settings.home.expanduser().absolute()}
    if not settings.database_url:
        update["database_url"] = f"sqlite:///{update['home'] / 'dondoc.db'}"
    elif settings.database_url.startswith("postgresql://"):
        update["database_url"] = settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    if "base_url" not in settings.model_fields_set:
        # On another port the links of messages lead there, too.
        update["base_url"] = f"http://127.0.0.1:{settings.web_port}"
    if not settings.secret_key.get_secret_value():
        update["secret_key"] = SecretStr(_kept_secret(update["home"]))
    return settings.model_copy(update=update)


# pydantic's own words are English; these are the faults that a setting can have.
WORDS = {
    "int_parsing": "phải là số nguyên",
    "bool_parsing": "phải là true hoặc false",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "không được quá {le}",
}


def _say(fault: ErrorDetails) -> str:
    name = PREFIX + "".join(str(part).upper() for part in fault["loc"][:1])
    words = WORDS.get(fault["type"], fault["msg"].removeprefix("Value error, ")).format(**fault.get("ctx", {}))
    return f"{name}: giá trị không dùng được ({words})."


def _kept_secret(home: Path) -> str:
    path = home / "secret.key"
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """The settings of this process, read once. Raises ConfigFault with every fault."""
    return build_settings(dict(read_environment(dict(os.environ))))
