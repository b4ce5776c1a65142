"""One sign that something is wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the cure. `channel` names the channel at fault, if one is; `also`: what is down with it.

    `grave`: the chase itself cannot be trusted, so the outside watcher hears no more that all is well.
    `event`: something that happened once; it is told once and never said to be over.
    """

    code: str
    message: str
    cure: str
    channel: str | None = None
    also: tuple[str, ...] = ()
    grave: bool = True
    event: bool = False

    @property
    def text(self) -> str:
        """The whole in one line."""
        return f"{self.message} {self.cure}"
