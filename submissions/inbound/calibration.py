"""Which form of Zalo's signature holds here, noted from the first verified event on; and, until there is one, a few
samples of what did not hold, so that an administrator can see why.

Nobody has published a captured event, so the first real one decides. Nothing unverified is ever acted on.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from db.file_store import write_whole

# A stranger can fill no disk with what he sends unsigned.
MOST_SAMPLES, MOST_BYTES = 3, 16_384


@dataclass(frozen=True)
class Calibration:
    """What is known: the form that held last and when; how many samples of unverified events lie beside it."""

    variant: str = ""
    at: str = ""
    samples: int = 0


def _folder(home: Path) -> Path:
    return home / "hooks"


def _verified(home: Path) -> Path:
    return _folder(home) / "zalo-signature.json"


def note_verified(home: Path, variant: str, now: datetime) -> None:
    """Note the form that held, when it is another than before; the samples have served."""
    if known(home).variant == variant:
        return
    _folder(home).mkdir(parents=True, exist_ok=True)
    write_whole(_verified(home), json.dumps({"variant": variant, "at": now.isoformat()}).encode())
    for sample in _samples(home):
        sample.unlink(missing_ok=True)


def note_rejected(home: Path, raw: bytes, headers: Mapping[str, str], now: datetime) -> None:
    """Keep a sample of an event that no form of the signature fits, until one event was verified."""
    if _verified(home).exists() or len(samples := _samples(home)) >= MOST_SAMPLES or len(raw) > MOST_BYTES:
        return
    _folder(home).mkdir(parents=True, exist_ok=True)
    told = {name: value[:300] for name, value in headers.items() if name.startswith("x-zevent") or name == "num_retry"}
    content = {"at": now.isoformat(), "headers": told, "body": base64.b64encode(raw).decode()}
    write_whole(_folder(home) / f"zalo-unverified-{len(samples) + 1}.json", json.dumps(content).encode())


def _samples(home: Path) -> list[Path]:
    return sorted(_folder(home).glob("zalo-unverified-*.json"))


def known(home: Path) -> Calibration:
    """What was noted so far."""
    samples = len(_samples(home))
    try:
        found = json.loads(_verified(home).read_bytes())
    except FileNotFoundError:
        return Calibration(samples=samples)
    return Calibration(str(found["variant"]), str(found["at"]), samples)


def words(settings: Settings) -> str:
    """The state of Zalo's webhook in one Vietnamese sentence; empty when no secret is set."""
    if not settings.zalo_oa_secret.get_secret_value():
        return ""
    state = known(settings.home)
    if state.variant:
        day = datetime.fromisoformat(state.at)
        return f"Webhook Zalo: chữ ký khớp theo dạng «{state.variant}» (từ {day:%H:%M %d/%m/%Y})."
    if state.samples:
        return (
            f"Webhook Zalo: đã có sự kiện gửi tới nhưng chữ ký chưa khớp dạng nào ({state.samples} mẫu giữ trong "
            f"{_folder(settings.home)}). Hãy kiểm tra DONDOC_ZALO_APP_ID và DONDOC_ZALO_OA_SECRET."
        )
    return "Webhook Zalo: chưa nhận sự kiện nào. Hãy khai địa chỉ /hooks/zalo trên trang quản lý ứng dụng Zalo."
