"""Bytes by content hash under DONDOC_HOME/files. Nothing in an uploaded name reaches the file system."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

HASH = re.compile(r"[0-9a-f]{64}")


def store_bytes(home: Path, data: bytes) -> str:
    """Keep `data` and return its SHA-256 (hex). Keeping the same bytes twice keeps one file."""
    digest = hashlib.sha256(data).hexdigest()
    path = stored_path(home, digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    return digest


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    # Written aside and renamed, so that a power cut never leaves half a file under a true name.
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def stored_path(home: Path, digest: str) -> Path:
    """Where the bytes of a hash lie. Raises ValueError for anything that is not a SHA-256 in hex."""
    if not HASH.fullmatch(digest):
        raise ValueError(f"not a SHA-256: {digest!r}")
    return home / "files" / digest[:2] / digest


def read_stored(home: Path, digest: str) -> bytes:
    """The bytes of a hash. Raises FileNotFoundError when they were never kept."""
    return stored_path(home, digest).read_bytes()
