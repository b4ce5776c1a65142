"""Put first on PYTHONPATH: every Python process of the test notes each host it looks up."""

from __future__ import annotations

import os
import socket
from typing import Any

_real = socket.getaddrinfo


def _noting(host: Any, *args: Any, **kwargs: Any) -> Any:
    with open(os.environ["LOOKUPS_FILE"], "a", encoding="utf-8") as file:  # noqa: PTH123 - kept to the barest needs
        file.write(f"{host}\n")
    return _real(host, *args, **kwargs)


socket.getaddrinfo = _noting
