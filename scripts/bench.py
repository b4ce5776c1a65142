"""`make bench`: speed as ratios against a named peer in the same run.

Nothing here is a test: machines differ, ratios less so. Each line names what was measured and the peer.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import dateparser
from dateutil.rrule import MONTHLY, rrule
from sqlalchemy import insert

from config.days_off import load_calendar
from config.settings import load_settings
from db.migrate import upgrade
from db.models import Person
from db.session import engine_for, transaction
from deadlines import Once, Recurring, binding, expand, expansion, patterns, read_phrase, rules
from deadlines.phrases import read_anew
from scripts.bench_chase import bench_chase
from scripts.bench_delivery import bench_delivery
from scripts.bench_reading import bench_reading
from scripts.bench_scale import bench_scale
from tests.deadlines.test_blind_phrases import sections

# Phrases of a plan of 2026, no two alike, each with its first due day by hand; an empty day has none to find.
PHRASES = {
    "Trước ngày 18 hằng tháng": "2026-01-17",
    "Quý IV năm 2026": "2026-12-31",
    "Định kỳ 6 tháng (trước ngày 15/6) và hằng năm (trước ngày 15/11)": "2026-06-14",
    "Chậm nhất ngày 20 của tháng đầu quý sau": "2026-04-20",
    "Trong 05 ngày làm việc kể từ ngày nhận đủ hồ sơ": "",
    "Thường xuyên": "",
    "trước ngày 30/11/2026": "2026-11-29",
    "Từ tháng 3 đến tháng 8/2026": "2026-08-31",
    "trước 15:00 thứ Sáu hằng tuần": "2026-01-02",
    "ngày 20 tháng 5 năm 2026": "2026-05-20",
    "chậm nhất ngày 05/9/2026": "2026-09-05",
    "hết quý II/2026": "2026-06-30",
    "Tháng 7/2026": "2026-07-31",
    "trước ngày 25 của tháng cuối quý": "2026-03-24",
    "Theo hướng dẫn của Sở Nội vụ": "",
    "Hằng quý": "2026-03-31",
    "từ ngày 10/10 đến ngày 10/11 hằng năm": "2026-11-10",
    "15/8/2026": "2026-08-15",
    "đột xuất khi có yêu cầu": "",
    "trước 16 giờ 30 ngày 02/6/2026": "2026-06-02",
}


def rate(work: Callable[[], int], seconds: float = 1.0) -> float:
    """How many units of work a second, over at least `seconds`; the first call warms up."""
    work()
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        done += work()
    return done / (time.perf_counter() - start)


def report(what: str, ours: float, peer_name: str, peer: float, unit: str) -> None:
    """One line: our rate, the peer's, the ratio."""
    print(f"{what:<44} {ours:>12,.0f} {unit}   {peer_name} {peer:>12,.0f}   ratio {ours / peer:.2f}")


def read_all(read: Callable[[str], object], phrases: Sequence[str]) -> int:
    """Read each phrase once; gives how many."""
    for phrase in phrases:
        read(phrase)
    return len(phrases)


def bench_phrases() -> None:
    """Distinct phrases a second against dateparser, and how many first due days each finds.

    The first two lines read every phrase as if for the first time; the last one is a plan that is read again, whose
    words are remembered.
    """
    phrases = list(PHRASES)
    many = [phrase for section in sections().values() for phrase, _ in section]
    peer = _bench_distinct("phrases read, no two alike", phrases)
    _bench_distinct(f"the same, {len(many):,} phrases of every kind", many)
    again = rate(lambda: read_all(lambda phrase: read_phrase(phrase, 2026), phrases))
    report("phrases read again", again, "dateparser", peer, "/s")
    right = sum(_our_first_day(phrase) == day for phrase, day in PHRASES.items())
    theirs = sum(_their_day(phrase) == day for phrase, day in PHRASES.items())
    print(f"{'first due days right':<44} {right:>12} of {len(PHRASES)}   dateparser {theirs:>9} of {len(PHRASES)}")


def _bench_distinct(what: str, phrases: Sequence[str]) -> float:
    """One line for phrases of which nothing is remembered, neither words nor rules; gives the peer's rate."""

    def ours() -> int:
        for memory in (rules._recurring, binding._slots, patterns.weekly_dates):
            memory.cache_clear()
        return read_all(lambda phrase: read_anew(phrase, 2026), phrases)

    peer = rate(lambda: read_all(lambda phrase: dateparser.parse(phrase, languages=["vi"]), phrases))
    report(what, rate(ours), "dateparser", peer, "/s")
    return peer


def _our_first_day(phrase: str) -> str:
    """The first due day of a reading, empty when it has none; a question counts as wrong."""
    reading = read_phrase(phrase, 2026)
    if reading.status == "ask":
        return "asked"
    days = [rule.due for rule in reading.rules if isinstance(rule, Once)]
    days += [day for rule in reading.rules if isinstance(rule, Recurring) for day in rule.due_dates[:1]]
    return min(days).isoformat() if days else ""


def _their_day(phrase: str) -> str:
    settings = {"RELATIVE_BASE": datetime(2026, 1, 1, tzinfo=UTC), "DATE_ORDER": "DMY"}
    found = dateparser.parse(phrase, languages=["vi"], settings=settings)
    return found.date().isoformat() if found else ""


def bench_expansion() -> None:
    """Occurrences with periods, windows and both dates, against dateutil's plain dates."""
    calendar = load_calendar(load_settings())
    rule = read_phrase("trước ngày 18 hằng tháng", 2026).rules[0]
    start = datetime(2026, 1, 17, tzinfo=UTC)
    ours = rate(lambda: len(list(expand(rule, plan_year=2026, calendar=calendar))))
    peer = rate(lambda: len(list(rrule(MONTHLY, dtstart=start, count=12))))
    report("occurrences expanded", ours, "dateutil.rrule", peer, "/s")
    patterned = [read_phrase(f"trước ngày {day} hằng tháng", 2026).rules[0] for day in range(2, 29)]

    def first_time() -> int:
        # Communes whose plans have no day in common: what repetition saves does not count.
        expansion._periods_of.cache_clear()
        return sum(len(list(expand(rule, plan_year=2026, calendar=calendar))) for rule in patterned)

    report("the same, no two patterns alike", rate(first_time), "dateutil.rrule", peer, "/s")


def bench_database() -> None:
    """Rows through the models in one transaction against a bare insert of the same rows on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        number = iter(range(10**9))

        def a_person() -> Person:
            return Person(code=f"p{next(number)}", name="An", role="contact")

        def ours() -> int:
            with transaction(url) as session:
                session.add_all(a_person() for _ in range(500))
            return 500

        def bare() -> int:
            rows = [
                {"code": f"b{next(number)}", "name": "An", "role": "contact", "channels": [], "active": True}
                for _ in range(500)
            ]
            with engine_for(url).begin() as connection:
                connection.execute(insert(Person), rows)
            return 500

        report("rows written through the models", rate(ours), "bare insert", rate(bare), "/s")


def main() -> int:
    """Run every benchmark."""
    bench_phrases()
    bench_expansion()
    bench_database()
    bench_delivery()
    bench_chase()
    bench_scale()
    bench_reading()
    return 0


if __name__ == "__main__":
    sys.exit(main())
