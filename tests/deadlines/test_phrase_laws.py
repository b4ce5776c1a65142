"""Laws of the reader that hold for any text: it never raises, it leaves no word out, it can say what it read."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines import (
    ByReference,
    Continuous,
    Freq,
    Offset,
    Once,
    OnDemand,
    OnEvent,
    Recurring,
    Rule,
    RuleError,
    read_phrase,
    recurring,
    rule_from_json,
    say,
)
from deadlines.patterns import slot
from tests.deadlines.test_phrase_corpus import CORPUS

READABLE = [
    "Thường xuyên",
    "Quý III/2026",
    "Trước ngày 15/3/2026",
    "trước ngày 18 hằng tháng",
    "Hằng quý",
    "định kỳ 6 tháng (trước ngày 15/6) và hằng năm (trước ngày 15/11)",
    "chậm nhất ngày 20 của tháng đầu quý sau",
    "Từ tháng 3 đến tháng 7/2026",
    "trước 15:00 thứ Sáu hằng tuần",
    "đột xuất khi có yêu cầu",
    "Định kỳ 06 tháng và cuối năm",
    "Tháng 8 - 9/2026",
    "chậm nhất trong quý II/2026",
    "Trong 05 ngày làm việc kể từ ngày nhận đủ hồ sơ",
    "Theo hướng dẫn của Sở Nội vụ",
    "Tháng 02 (ban hành Kế hoạch), tháng 11 (báo cáo)",
    "Thường xuyên, từ năm 2026",
    "Từ tháng 10 đến tháng 3 năm sau",
    "Hằng năm hoặc khi có yêu cầu",
    "Trước ngày 20 hằng tháng, riêng tháng 12 trước ngày 10",
    "Quý I: trước ngày 10/3; năm: trước ngày 10/12",
    "Trong 10 ngày sau khi kết thúc quý",
    "no later than 20 May 2026",
    "quarterly",
]
UNKNOWN = ["xyzzy", "zzz", "khoaiw", "blorq", "¤", "٣", "w3w", "𝔮"]
PIECES = [
    *(
        "trước",
        "ngày",
        "15",
        "tháng",
        "6",
        "hằng",
        "năm",
        "quý",
        "II",
        "/2026",
        "2026",
        ",",
        "và",
        ";",
        "(",
        ")",
        "lần",
    ),
    *("chậm nhất", "cuối", "đầu", "6 tháng", "kể từ", "khi", "theo", "đến", "từ", "31/02", "15/6", "thứ Sáu", "tuần"),
    *(
        "báo cáo",
        "sau",
        "\n",
        "-",
        ".",
        "đột xuất",
        "thường xuyên",
        "trong",
        "hết",
        "của",
        "làm việc",
        "0",
        "99",
        "15:00",
    ),
    *("định kỳ", "mỗi", "một", "giai đoạn", "trở đi", "nếu có", "ít nhất"),
]

dates = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
years = st.integers(min_value=2000, max_value=2100)
triggers = st.sampled_from(["có phát sinh", "nhận đủ hồ sơ", "kết thúc hội nghị", "ngày ban hành Quyết định"])
days_of_month = st.integers(min_value=1, max_value=28) | st.just(-1)


@st.composite
def monthly(draw: st.DrawFn) -> Recurring:
    later, day = draw(st.sampled_from([0, 1])), draw(days_of_month)
    return recurring("monthly", 2026, tuple(slot(f"M{m}", m + later, day) for m in range(1, 13)))


@st.composite
def quarterly(draw: st.DrawFn) -> Recurring:
    position, day = draw(st.integers(min_value=1, max_value=6)), draw(days_of_month)
    return recurring("quarterly", 2026, tuple(slot(f"Q{q}", q * 3 - 3 + position, day) for q in range(1, 5)))


@st.composite
def annual(draw: st.DrawFn) -> Recurring:
    return recurring("annual", 2026, (slot("Y", draw(st.integers(min_value=1, max_value=15)), draw(days_of_month)),))


@st.composite
def some_quarters(draw: st.DrawFn) -> Recurring:
    """One day of the first, second or third month of two or three quarters."""
    named = draw(st.sampled_from([(1, 2), (1, 3), (2, 3), (2, 4), (2, 3, 4), (1, 2, 3)]))
    position, day = draw(st.integers(min_value=1, max_value=3)), draw(days_of_month)
    return recurring("quarterly", 2026, tuple(slot(f"Q{q}", q * 3 - 3 + position, day) for q in named))


@st.composite
def uneven_months(draw: st.DrawFn) -> Recurring:
    """One day of every month, but for one month that is left out and one with its own day."""
    day, (left_out, apart) = draw(st.integers(2, 28)), draw(st.sampled_from([(12, 6), (1, 12), (0, 12), (7, 0)]))
    months = [month for month in range(1, 13) if month != left_out]
    return recurring("monthly", 2026, tuple(slot(f"M{m}", m, day - (m == apart)) for m in months))


@st.composite
def halves(draw: st.DrawFn) -> Recurring:
    first = slot("H1", draw(st.integers(min_value=5, max_value=8)), draw(days_of_month))
    second = slot("H2", draw(st.integers(min_value=11, max_value=13)), draw(days_of_month))
    return recurring("semiannual", 2026, draw(st.sampled_from([(first,), (second,), (first, second)])))


@st.composite
def pairs_of_months(draw: st.DrawFn) -> Recurring:
    day = draw(days_of_month)
    return recurring("bimonthly", 2026, tuple(slot(f"B{pair}", pair * 2, day) for pair in range(1, 7)))


@st.composite
def odd_days(draw: st.DrawFn) -> Recurring:
    """Every month or quarter with a day of its own, as the days of the first Mondays are."""
    kinds: list[tuple[int, Freq, str]] = [(12, "monthly", "M"), (4, "quarterly", "Q")]
    months, freq, code = draw(st.sampled_from(kinds))
    own = [draw(st.integers(min_value=1, max_value=28)) for _ in range(months)]
    slots = tuple(slot(f"{code}{at}", at * (12 // months), day) for at, day in enumerate(own, 1))
    return recurring(freq, 2026, slots)


def with_hour(pair: tuple[Recurring | Once, str]) -> Recurring | Once:
    """The same rule due at an hour of its day; a frequency without a day has no hour."""
    rule, time = pair
    return rule if getattr(rule, "anchor", None) else replace(rule, time=time)


# A stretch from a 15th to a 14th is asked about: it is the window of a report's figures.
windows = (
    st.tuples(dates, dates)
    .filter(lambda pair: (min(pair).day, max(pair).day) != (15, 14))
    .map(lambda pair: Once(min(pair), max(pair)))
)
offsets = st.builds(
    Offset,
    st.integers(min_value=1, max_value=99) | st.integers(min_value=-99, max_value=-1),
    st.sampled_from(["working_day", "day", "month", "hour"]),
)
nine_months = st.tuples(st.sampled_from([9, 10]), days_of_month).map(
    lambda pair: recurring("nine_month", 2026, (slot("9M", *pair),))
)
dated = st.one_of(
    monthly(), quarterly(), annual(), some_quarters(), uneven_months(), halves(), pairs_of_months(),
    odd_days(), nine_months,
    dates.map(lambda day: Once(None, day)), windows,
)  # fmt: skip
rules: st.SearchStrategy[Rule] = st.one_of(
    dated,
    st.tuples(dated, st.sampled_from(["08:00", "15:30", "17:00"])).map(with_hour),
    st.sampled_from(["monthly", "bimonthly", "quarterly", "semiannual", "nine_month", "annual", "daily"]).map(
        lambda freq: recurring(freq, 2026)  # type: ignore[arg-type]
    ),
    st.integers(min_value=1, max_value=7).map(lambda day: recurring("weekly", 2026, weekday=day)),
    st.integers(min_value=1, max_value=7).map(lambda day: recurring("weekly", 2026, weekday=day, time="15:30")),
    dates.map(Continuous),
    st.just(Continuous()),
    st.just(OnDemand()),
    st.builds(OnEvent, triggers, st.none() | offsets),
    st.sampled_from(["Kế hoạch", "quy định", "hướng dẫn của Sở Nội vụ"]).map(ByReference),
)


@given(st.text(max_size=200), years)
@settings(max_examples=150, deadline=None)
def test_any_text_reads_or_asks(text: str, year: int) -> None:
    _is_sound(text, year)


@given(st.lists(st.sampled_from(PIECES), max_size=14), years)
@settings(max_examples=300, deadline=None)
def test_any_heap_of_deadline_words_reads_or_asks(pieces: list[str], year: int) -> None:
    _is_sound(" ".join(pieces), year)


def _is_sound(text: str, year: int) -> None:
    reading = read_phrase(text, year)
    assert reading.status in ("read", "ask")
    assert bool(reading.rules) == (reading.status == "read")
    assert bool(reading.question) == (reading.status == "ask")
    json.dumps(reading.to_json(), ensure_ascii=False)


@given(st.sampled_from(READABLE), st.sampled_from(UNKNOWN), st.integers(min_value=0, max_value=20))
@settings(max_examples=200, deadline=None)
def test_an_unknown_word_anywhere_gives_a_question(phrase: str, unknown: str, place: int) -> None:
    words = phrase.split(" ")
    place = min(place, len(words))
    assert read_phrase(" ".join([*words[:place], unknown, *words[place:]]), 2026).status == "ask"


@given(st.sampled_from(READABLE), st.sampled_from(READABLE))
@settings(deadline=None)
def test_two_phrases_joined_give_the_union(first: str, second: str) -> None:
    joined = read_phrase(f"{first}; {second}", 2026)
    assert joined.status == "read"
    assert set(joined.rules) == {*read_phrase(first, 2026).rules, *read_phrase(second, 2026).rules}


@given(rules)
@settings(max_examples=300, deadline=None)
def test_a_rule_said_in_vietnamese_reads_back_equal(rule: Rule) -> None:
    assert read_phrase(say(rule), 2026).rules == (rule,)


@given(rules)
@settings(max_examples=300, deadline=None)
def test_a_rule_said_in_english_reads_back_equal(rule: Rule) -> None:
    assert read_phrase(say(rule, "en"), 2026).rules == (rule,)


@pytest.mark.parametrize("phrase", sorted({phrase for phrases in CORPUS.values() for phrase in phrases}))
def test_what_the_corpus_says_can_be_said_again(phrase: str) -> None:
    for rule in read_phrase(phrase, 2026).rules:
        english_words = isinstance(rule, (OnEvent, ByReference)) and phrase.isascii()
        for said in [say(rule, "en")] if english_words else [say(rule), say(rule, "en")]:
            assert read_phrase(said, 2026).rules == (rule,), said


@given(rules)
@settings(max_examples=200, deadline=None)
def test_json_reads_back_equal(rule: Rule) -> None:
    assert rule_from_json(json.loads(json.dumps(rule.to_json()))) == rule


@pytest.mark.parametrize("phrase", READABLE)
def test_composed_and_decomposed_text_mean_the_same(phrase: str) -> None:
    assert read_phrase(unicodedata.normalize("NFD", phrase), 2026).rules == read_phrase(phrase, 2026).rules


@pytest.mark.parametrize("phrase", [each for each in READABLE if "kể từ" not in each and "hướng dẫn" not in each])
def test_case_does_not_matter(phrase: str) -> None:
    assert read_phrase(phrase.upper(), 2026).rules == read_phrase(phrase, 2026).rules


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Hằng tháng", "Hàng tháng"),
        ("Quý I/2026", "Quí I/2026"),
        ("trước ngày 05 hằng tháng", "trước ngày 5 hằng tháng"),
        ("Định kì hằng quý", "Định kỳ hằng quý"),
        ("Định kǶ hằng quý", "Định kỳ hằng quý"),
        ("Đợt xuất", "Đột xuất"),
        ("ngày mồng 1 hằng tháng", "ngày 01 hằng tháng"),
        ("trước ngày 15 (mười lăm) tháng 12", "trước ngày 15 tháng 12"),
        ("Quý lV/2026", "Quý IV/2026"),
        ("Thường\nxuyên", "Thường xuyên"),
        ("Quý IV\nnăm 2026", "Quý IV năm 2026"),
        ("trước ngày 18\nhằng tháng", "trước ngày 18 hằng tháng"),
    ],
)
def test_spellings_mean_the_same(first: str, second: str) -> None:
    assert read_phrase(first, 2026).rules == read_phrase(second, 2026).rules != ()


@pytest.mark.parametrize("slip", ["Đợt xuất", "Định kǶ hằng quý", "thuờng xuyên"])
def test_a_mended_slip_is_named(slip: str) -> None:
    assert any("lỗi gõ hoặc lỗi quét" in step for step in read_phrase(slip, 2026).explanation)


def test_an_end_named_by_its_period_is_explained() -> None:
    assert any("đến hết kỳ đó" in step for step in read_phrase("đến năm 2030", 2026).explanation)


def test_excluded_day_is_explained() -> None:
    assert any("không tính chính ngày đó" in step for step in read_phrase("trước ngày 18 hằng tháng", 2026).explanation)


@pytest.mark.parametrize(
    ("phrase", "rrule"),
    [
        ("trước ngày 18 hằng tháng", "FREQ=MONTHLY;BYMONTHDAY=17"),
        ("hằng tháng", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("chậm nhất ngày 20 của tháng đầu quý sau", "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=20"),
        ("thứ Sáu hằng tuần", "FREQ=WEEKLY;BYDAY=FR"),
        ("hằng ngày", "FREQ=DAILY"),
        ("trước ngày 01/3 hằng năm", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
        ("trước ngày 10/6 và ngày 15/12 hằng năm", None),
        ("trước ngày 31 hằng tháng", None),
    ],
)
def test_rrule(phrase: str, rrule: str | None) -> None:
    (rule,) = read_phrase(phrase, 2026).rules
    assert isinstance(rule, Recurring)
    assert rule.rrule == rrule
    assert rule.to_json().get("rrule") == rrule


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"kind": "sometimes"},
        {"kind": "once"},
        {"kind": "once", "start": None, "due": "31/12/2026"},
        {"kind": "recurring", "freq": "hourly"},
        {"kind": "on_event", "trigger": "x", "offset": {"n": 1, "unit": "blink"}},
    ],
)
def test_broken_rule_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(RuleError):
        rule_from_json(broken)


def test_rule_written_by_hand_can_be_dated_in_another_year() -> None:
    rule = rule_from_json(
        {
            "kind": "recurring",
            "freq": "quarterly",
            "due_dates": ["2026-04-20", "2026-07-20", "2026-10-20", "2027-01-20"],
        }
    )
    assert isinstance(rule, Recurring)
    assert [day.isoformat() for _, day in rule.in_year(2027)] == [
        "2027-04-20",
        "2027-07-20",
        "2027-10-20",
        "2028-01-20",
    ]
