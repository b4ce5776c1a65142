"""Deadline phrases, read as this office reads them."""

from __future__ import annotations

from config.settings import load_settings
from deadlines import Convention, PhraseReading
from deadlines import read_phrase as read_by_convention


def read_phrase(text: str, year: int) -> PhraseReading:
    """`deadlines.read_phrase` with the office's own reading of the words on which officials differ.

    Raises ConfigFault when the settings cannot be read.
    """
    return read_by_convention(text, year, Convention(load_settings().before_includes_day))
