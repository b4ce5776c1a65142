"""Figures as people type them on a telephone: one reading or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.figures import UnreadableFigure, format_figure, parse_figure

READ = {
    "plain": ("85", None, 85.0),
    "comma": ("85,5", "%", 85.5),
    "percent": ("85,5%", "%", 85.5),
    "percent apart": (" 85,5 % ", "%", 85.5),
    "percent of no unit": ("85%", None, 85.0),
    "thousands": ("1.234", "hồ sơ", 1234.0),
    "thousands and decimals": ("1.234,5", None, 1234.5),
    "millions": ("12.345.678", None, 12345678.0),
    "spaced": ("12 345,25", None, 12345.25),
    "hard space": ("12\u00a0345", None, 12345.0),
    "one digit after a dot": ("85.5", "%", 85.5),
    "two digits after a dot": ("85.55", None, 85.55),
    "full width": ("８５，５", None, 85.5),
    "negative": ("-3,2", "%", -3.2),
    "true minus": ("\u22123,2", "%", -3.2),
    "unit of the target": ("12 buổi", "buổi", 12.0),
    "unit in capitals": ("12 BUỔI", "buổi", 12.0),
    "zero": ("0", None, 0.0),
}


@pytest.mark.parametrize(("text", "unit", "value"), READ.values(), ids=READ)
def test_reads(text: str, unit: str | None, value: float) -> None:
    assert parse_figure(text, unit) == value


UNREADABLE = {
    "words": ("khoảng 85", None),
    "fraction": ("12/15", None),
    "range": ("80-85", None),
    "two numbers": ("85, 90", None),
    "broken groups": ("1.23.456", None),
    "english groups": ("1,234,567", None),
    "english both": ("1,234.5", None),
    "doubtful percent": ("85.500", "%"),
    "percent of a count": ("85%", "buổi"),
    "another unit": ("12 giờ", "buổi"),
    "two minuses inside": ("1-2", None),
    "exponent": ("1e9", None),
    "infinity": ("inf", None),
    "not a number": ("nan", None),
    "too long": ("9" * 40, None),
    "only a sign": ("-", None),
    "only a percent": ("%", "%"),
    "other digits": ("٨٥", None),
}


@pytest.mark.parametrize(("text", "unit"), UNREADABLE.values(), ids=UNREADABLE)
def test_refuses_what_has_no_single_reading(text: str, unit: str | None) -> None:
    with pytest.raises(UnreadableFigure) as refused:
        parse_figure(text, unit)
    assert "Hãy" in str(refused.value), "the cure is told"


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**4 - 1))
def test_what_is_written_is_read_back(whole: int, decimals: int) -> None:
    value = float(f"{whole}.{decimals:04d}")
    assert parse_figure(format_figure(value)) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("value", "words"), [(1234.5, "1.234,5"), (85.0, "85"), (-0.25, "-0,25"), (1e6, "1.000.000"), (0.0, "0")]
)
def test_writes_as_vietnamese_offices_do(value: float, words: str) -> None:
    assert format_figure(value) == words
