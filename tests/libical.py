"""Reads a calendar with libical, the C library inside Evolution and KOrganizer: a reader that is no Python."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from datetime import date
from functools import lru_cache

import pytest

VEVENT, VALARM = 4, 10  # icalcomponent_kind of libical 3


class _Time(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "daylight")),
        ("zone", ctypes.c_void_p),
    )


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    found = ctypes.util.find_library("ical")
    if found is None:
        message = "no libical (apt-get install libical3)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    library = ctypes.CDLL(found)
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for name, result, given in (
        ("icalparser_parse_string", pointer, [text]),
        ("icalcomponent_get_first_component", pointer, [pointer, ctypes.c_int]),
        ("icalcomponent_get_next_component", pointer, [pointer, ctypes.c_int]),
        ("icalcomponent_count_components", ctypes.c_int, [pointer, ctypes.c_int]),
        ("icalcomponent_count_errors", ctypes.c_int, [pointer]),
        ("icalcomponent_get_uid", text, [pointer]),
        ("icalcomponent_get_summary", text, [pointer]),
        ("icalcomponent_get_description", text, [pointer]),
        ("icalcomponent_get_sequence", ctypes.c_int, [pointer]),
        ("icalcomponent_get_dtstart", _Time, [pointer]),
        ("icalcomponent_get_dtend", _Time, [pointer]),
        ("icalcomponent_free", None, [pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, given
    return library


Read = tuple[str, date, date, str, str, int, int]


def read_by_libical(data: bytes) -> list[Read]:
    """Each event: uid, first day, day after the last, summary, description, sequence, alarms. No errors are allowed."""
    library = _library()
    calendar = library.icalparser_parse_string(data)
    assert calendar
    assert library.icalcomponent_count_errors(calendar) == 0
    events: list[Read] = []
    event = library.icalcomponent_get_first_component(calendar, VEVENT)
    while event:
        events.append(_read(library, event))
        event = library.icalcomponent_get_next_component(calendar, VEVENT)
    library.icalcomponent_free(calendar)
    return events


def _read(library: ctypes.CDLL, event: int) -> Read:
    start, end = library.icalcomponent_get_dtstart(event), library.icalcomponent_get_dtend(event)
    assert (start.is_date, end.is_date) == (1, 1)
    return (
        library.icalcomponent_get_uid(event).decode(),
        date(start.year, start.month, start.day),
        date(end.year, end.month, end.day),
        library.icalcomponent_get_summary(event).decode(),
        library.icalcomponent_get_description(event).decode(),
        library.icalcomponent_get_sequence(event),
        library.icalcomponent_count_components(event, VALARM),
    )
