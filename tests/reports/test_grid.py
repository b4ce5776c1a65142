"""The grid of units by periods: every state has its mark, and the totals are the cells counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.clock import ZONE
from db.models import Obligation, Occurrence, Plan, Unit
from reports.grid import ORDER, Mark, build_grid, column_of, mark_of
from web.grid_pages import say_share

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
UNITS = [Unit(id=number, code=f"dv{number}", name=f"Đơn vị {number}") for number in range(1, 4)]
STATES = ("open", "returned", "submitted", "accepted", "waived", "on_hold", "recorded")


def one(state: str, due: date, answered: int | None = None, **more: Any) -> Occurrence:
    """An occurrence due on a day, answered so many days after it."""
    moment = datetime(due.year, due.month, due.day, 15, tzinfo=ZONE)
    plan = Plan(state=more.pop("plan", "confirmed"))
    values: dict[str, Any] = {"id": 1, "unit_id": 1, "unit": UNITS[0], "kind": "report", "period_label": "Kỳ"}
    values |= {"period_start": due.replace(day=1), "period_end": due, "due_legal": due, "state": state}
    values |= {"answered_at": None if answered is None else moment + timedelta(days=answered)}
    return Occurrence(obligation=Obligation(plan=plan), **(values | more))


YESTERDAY, TODAY = date(2026, 11, 19), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("occurrence", "mark"),
    [
        (one("open", YESTERDAY), Mark.OVERDUE),
        (one("returned", YESTERDAY, 0), Mark.OVERDUE),
        (one("open", TODAY), Mark.PENDING),
        (one("open", YESTERDAY, extended_due=date(2026, 11, 25)), Mark.PENDING),
        (one("open", YESTERDAY, kind="progress_check"), Mark.UNREPORTED),
        (one("accepted", YESTERDAY, 9, kind="progress_check"), Mark.ON_TIME),
        (one("submitted", YESTERDAY, 0), Mark.ON_TIME),
        (one("submitted", YESTERDAY, 1), Mark.LATE),
        (one("accepted", date(2026, 12, 31), -40), Mark.ON_TIME),
        (one("open", YESTERDAY, plan="closed"), Mark.LEFT),
        (one("open", date(2026, 12, 31), plan="closed"), Mark.LEFT),
        (one("accepted", YESTERDAY, 0, plan="closed"), Mark.ON_TIME),
        (one("waived", YESTERDAY), Mark.WAIVED),
        (one("on_hold", YESTERDAY), Mark.HELD),
        (one("recorded", YESTERDAY), Mark.RECORDED),
    ],
)
def test_each_state_has_its_mark(occurrence: Occurrence, mark: Mark) -> None:
    assert mark_of(occurrence, NOW) is mark


@pytest.mark.parametrize(
    ("scale", "end", "label"),
    [("thang", date(2026, 2, 14), "Tháng 2/2026"), ("thang", date(2026, 12, 31), "Tháng 12/2026"),
     ("quy", date(2026, 10, 1), "Quý IV/2026"), ("quy", date(2026, 3, 31), "Quý I/2026"), ("ky", TODAY, "Kỳ")],
)  # fmt: skip
def test_columns_hold_the_end_of_the_period(scale: Any, end: date, label: str) -> None:
    column = column_of(one("open", end), scale)
    assert column.label == label
    assert column.start <= end <= column.end


ROWS = st.lists(
    st.builds(
        lambda number, state, day, answered, kind: one(
            state,
            date(2026, 1, 1) + timedelta(days=day),
            answered if state in ("submitted", "accepted") else None,
            kind=kind,
            id=number,
            unit_id=number % 3 + 1,
            unit=UNITS[number % 3],
        ),
        st.integers(1, 10**6),
        st.sampled_from(STATES),
        st.integers(0, 364),
        st.integers(-20, 20),
        st.sampled_from(("report", "duty", "progress_check")),
    ),
    max_size=30,
    unique_by=lambda each: each.id,
)


@given(ROWS, st.sampled_from(("ky", "thang", "quy", None)))
def test_nothing_is_lost_and_the_totals_add_up(rows: list[Occurrence], scale: Any) -> None:
    grid = build_grid(rows, NOW, scale)
    shown = [number for row in grid.rows for cell in row.cells.values() for number in cell.all_ids]
    assert sorted(shown) == sorted(each.id for each in rows)
    for name in ("expected", "received", "on_time", "pending"):
        whole = getattr(grid.totals, name)
        assert whole == sum(getattr(row.totals, name) for row in grid.rows)
        assert whole == sum(getattr(foot, name) for foot in grid.feet.values())
    assert grid.totals.on_time <= grid.totals.received <= grid.totals.expected
    ends = [column.end for column in grid.columns]
    assert ends == sorted(ends)


def test_a_daily_year_is_shown_by_months() -> None:
    rows = [one("open", date(2026, 1, 1) + timedelta(days=day), id=day) for day in range(200)]
    assert build_grid(rows, NOW).scale == "thang"
    assert build_grid(rows[:20], NOW).scale == "ky"


@pytest.mark.parametrize(("share", "words"), [(None, "–"), (0.0, "0%"), (0.857, "86%"), (0.9999, "99%"), (1.0, "100%")])
def test_nearly_all_is_not_all(share: float | None, words: str) -> None:
    assert say_share(share) == words


def test_every_mark_is_ordered() -> None:
    assert set(ORDER) == set(Mark)
