"""How near two words are, letter by letter."""

from __future__ import annotations


def near_letters(one: str, other: str) -> bool:
    """Whether one letter changed, added or left out turns one word into the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
