"""Faults of the mail double: by the recipient's local part, or pushed through the control address.

Local parts (RFC 5321 for the codes; every drop is a closed connection without an answer):

    fault-550  fault-451  fault-452     refused at RCPT with that code
    fault-554-data  fault-451-data      refused after the content
    fault-drop-rcpt                     closed at RCPT
    fault-drop-data                     closed after the content, nothing kept
    fault-drop-kept                     closed after the content, the mail is kept
    fault-slow                          answers the content after 3 s
    later-511  later-522  later-422     taken with 250, then a notice of failure (5.1.1, 5.2.2) or delay (4.2.2)

A fault of stage "after" with such a status as its code does the same for any recipient.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any, Literal

Stage = Literal["mail", "rcpt", "data", "after"]
Action = Literal["reply", "drop", "drop_kept", "slow"]
_REFUSED = re.compile(r"fault-([45]\d\d)(-data)?")
_LATER = re.compile(r"later-([45])(\d)(\d{1,2})")
_WORDS = {
    "421": "4.3.2 Service shutting down",
    "451": "4.3.0 Try again later",
    "452": "4.2.2 Mailbox full",
    "550": "5.1.1 User unknown",
    "552": "5.3.4 Message too big",
    "554": "5.7.1 Content refused",
}


@dataclass
class Fault:
    """What goes wrong at one stage; ``times`` below zero is for ever, ``recipient`` empty is everybody."""

    stage: Stage
    action: Action = "reply"
    code: str = "451"
    recipient: str = ""
    seconds: float = 3.0
    times: int = 1

    def reply(self) -> str:
        """The line that the server answers."""
        return f"{self.code} {_WORDS.get(self.code, 'Refused')}"


class Faults:
    """The faults that are armed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[Fault] = []

    def arm(self, wanted: dict[str, Any]) -> None:
        """Add one. Raises TypeError for a field that does not exist."""
        with self._lock:
            self._armed.append(Fault(**wanted))

    def clear(self) -> None:
        """Disarm all."""
        with self._lock:
            self._armed.clear()

    def take(self, stage: Stage, recipient: str) -> Fault | None:
        """The fault that strikes now, if any; counts it down."""
        with self._lock:
            for fault in self._armed:
                if fault.stage == stage and fault.times != 0 and fault.recipient in ("", recipient):
                    fault.times -= 1
                    return fault
        return _by_name(stage, recipient.partition("@")[0])


def _by_name(stage: Stage, local: str) -> Fault | None:
    if stage == "after":
        later = _LATER.fullmatch(local)
        return Fault("after", "reply", ".".join(later.groups())) if later else None
    refused = _REFUSED.fullmatch(local)
    if refused and stage == ("data" if refused[2] else "rcpt"):
        return Fault(stage, "reply", refused[1])
    named: dict[tuple[str, Stage], Action] = {
        ("fault-drop-rcpt", "rcpt"): "drop",
        ("fault-drop-data", "data"): "drop",
        ("fault-drop-kept", "data"): "drop_kept",
        ("fault-slow", "data"): "slow",
    }
    action = named.get((local, stage))
    return Fault(stage, action) if action else None
