"""The door to the reader: a phrase in, rules or a question out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from deadlines.atoms import Atom, Point, Range, Weekday, Window
from deadlines.convention import DEFAULT, Convention
from deadlines.meaning import mean
from deadlines.outcome import Outcome
from deadlines.parser import parse, pieces_at
from deadlines.rules import IMPLIED, Json, Recurring, Rule
from deadlines.say import say
from deadlines.source import Source, source_of
from deadlines.spans import Way
from deadlines.vocabulary import BEFORE
from deadlines.words import MAX_CHARS, clean

FIRST_YEAR, LAST_YEAR = 1900, 9990
REMEMBERED_CHARS = 300


@dataclass(frozen=True)
class PhraseReading:
    """What a phrase means in a plan year, or why a person must decide.

    ``rules`` is empty when ``status`` is "ask": what the words may mean then stands in ``candidates``, and none of it
    may be dated before a person has chosen. Each candidate is a whole answer: a set of rules.
    """

    text: str
    status: Literal["read", "ask"]
    rules: tuple[Rule, ...] = ()
    question: str | None = None
    candidates: tuple[Way, ...] = ()
    why: Callable[[], Iterable[str]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def explanation(self) -> tuple[str, ...]:
        """How the words were understood, step by step in Vietnamese; put together only when somebody asks."""
        return tuple(self.why())

    def to_json(self) -> Json:
        """The object of design 5; ``candidates`` stands only in a question."""
        out: Json = {
            "text": self.text,
            "status": self.status,
            "rules": [rule.to_json() for rule in self.rules],
            "question": self.question,
            "explanation": list(self.explanation),
        }
        if self.status == "ask":
            out["candidates"] = [[rule.to_json() for rule in way] for way in self.candidates]
        return out


def read_phrase(text: str, year: int, convention: Convention = DEFAULT) -> PhraseReading:
    """Reads a deadline phrase of a plan of a year. Every string gives a reading or a question; none raises.

    The whole phrase must be understood, to its last word; otherwise the answer is a question. ``convention`` is how the
    office reads words on which officials differ. The same words stand in many rows of a plan: the answers to the last
    few thousand short phrases are remembered.
    """
    return remembered(text, year, convention) if len(text) <= REMEMBERED_CHARS else read_anew(text, year, convention)


def read_anew(text: str, year: int, convention: Convention = DEFAULT) -> PhraseReading:
    """`read_phrase` without its memory."""
    cleaned = clean(text)
    if not cleaned.text:
        return PhraseReading(text, "ask", question="Ô thời hạn để trống.")
    if len(text) > MAX_CHARS:
        return PhraseReading(text, "ask", question=f"Đoạn chữ dài quá {MAX_CHARS} ký tự, không phải một ô thời hạn.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return PhraseReading(text, "ask", question=f"Năm kế hoạch {year} không hợp lệ.")
    reading = _try(Asked(text, cleaned.text, year, convention, cleaned.notes))
    if reading.status == "ask" and "\n" in cleaned.text:
        # A line break inside a narrow cell may be a wrap and no separator.
        joined = _try(Asked(text, cleaned.text.replace("\n", " "), year, convention, cleaned.notes))
        return joined if joined.status == "read" else reading
    return reading


remembered = lru_cache(maxsize=4096)(read_anew)


class Asked(NamedTuple):
    """What was asked: the words as given and clean, the plan year, the office's convention, the slips mended."""

    text: str
    cleaned: str
    year: int
    convention: Convention
    slips: tuple[str, ...]

    def mended(self) -> tuple[str, ...]:
        """The slips that were mended, as steps of an explanation."""
        return self.slips

    def explain(self) -> tuple[str, ...]:
        """The steps of a phrase that was read: it is read again, so that a reading keeps none of its pieces."""
        source = source_of(self.cleaned)
        pieces = self.convention.apply(parse(source) or [])
        return (*self.slips, *_explain(self, source, pieces, mean(pieces, self.year)))


def _try(asked: Asked) -> PhraseReading:
    try:
        return _read(asked, source_of(asked.cleaned))
    except (OverflowError, ValueError) as error:
        return PhraseReading(asked.text, "ask", question=f"Không tính được ngày từ «{asked.cleaned}»: {error}.")


def _read(asked: Asked, source: Source) -> PhraseReading:
    pieces = parse(source)
    if pieces is None:
        question = _unread(source)
        return PhraseReading(asked.text, "ask", (), question, _guesses(asked, source), asked.mended)
    pieces = asked.convention.apply(pieces)
    outcome = mean(pieces, asked.year)
    if outcome.questions or source_doubts(source, pieces):
        questions = " ".join(dict.fromkeys(outcome.questions or source.complaints))
        return PhraseReading(asked.text, "ask", (), questions, outcome.ways(), asked.mended)
    return PhraseReading(asked.text, "read", outcome.rules, why=asked.explain)


def source_doubts(source: Source, pieces: list[Atom]) -> bool:
    """Whether a number that contradicts its own words was read past."""
    return bool(pieces) and any("không khớp" in sentence for sentence in source.complaints)


def _unread(source: Source) -> str:
    if source.complaints:
        return source.complaints[0]
    place = min(source.furthest, len(source.tokens) - 1)
    return f"Không hiểu chữ «{source.token(place).text}» trong «{source.text}»."


def _guesses(asked: Asked, source: Source) -> tuple[Way, ...]:
    """What the readable parts may mean, words that fit nowhere left out."""
    pieces: list[Atom] = []
    at = 0
    while at < len(source.tokens):
        found = pieces_at(source, at)
        if found:
            atom, end = found[0]
            pieces.append(atom.at(at, end))
            at = end
        else:
            at += 1
    return mean(asked.convention.apply(pieces), asked.year).ways()


def _explain(asked: Asked, source: Source, pieces: list[Atom], outcome: Outcome) -> list[str]:
    steps = []
    for reading in outcome.readings:
        steps.append(f"«{source.slice(reading.start, reading.end)}» nghĩa là: {say(reading.rule)}.")
        if isinstance(reading.rule, Recurring) and reading.rule.anchor == IMPLIED:
            steps.append("Không ghi ngày nên lấy ngày cuối của từng kỳ.")
    if _says_before(source, pieces):
        steps.append(BEFORE_INCLUDED if asked.convention.before_includes_day else BEFORE_EXCLUDED)
    if any(_runs_until(piece) for piece in pieces):
        steps.append("«Đến» một tháng, quý, năm được hiểu là đến hết kỳ đó.")
    return [*dict.fromkeys(steps), *outcome.notes]


BEFORE_EXCLUDED = (
    "«Trước ngày» không tính chính ngày đó: hạn là hết ngày liền trước. "
    "Nơi ban hành có khi hiểu khác; cơ quan đổi được cách hiểu này trong thiết lập."
)
BEFORE_INCLUDED = "«Trước ngày» tính cả chính ngày đó, theo thiết lập của cơ quan: hạn là hết ngày đã ghi."


def _says_before(source: Source, pieces: list[Atom]) -> bool:
    """Whether "trước" stands before a day (a whole day: "trước 15 giờ ngày" is read alike by all)."""
    dated = (piece for piece in pieces if isinstance(piece, (Point, Weekday)) and piece.time is None)
    return any(piece.cue == "before" or (piece.cue == "latest" and _before_in(source, piece)) for piece in dated)


def _before_in(source: Source, piece: Atom) -> bool:
    return any(BEFORE.match(source, place) for place in range(piece.start, min(piece.start + 4, piece.end)))


def _runs_until(piece: Atom) -> bool:
    if isinstance(piece, Window):
        return piece.cue == "until"
    return isinstance(piece, Range) and piece.right is not None and piece.right.unit != "day"
