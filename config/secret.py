"""The installation's own secret: made once, kept in HOME/secret.key with mode 0600."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def ensure_secret(home: Path) -> bool:
    """Make the secret if there is none; True when it was made now."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(home / "secret.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return True
