"""The door to the reader: a phrase in, rules or a question out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from deadlines.atoms import Atom, Point, Range, Window
from deadlines.meaning import Outcome, mean
from deadlines.parser import READERS, parse
from deadlines.rules import IMPLIED, Json, Recurring, Rule
from deadlines.say import say
from deadlines.source import Source, source_of
from deadlines.words import MAX_CHARS, clean

FIRST_YEAR, LAST_YEAR = 1900, 9990


@dataclass(frozen=True)
class PhraseReading:
    """What a phrase means in a plan year, or why a person must decide.

    ``rules`` is empty when ``status`` is "ask": what the words may mean then stands in ``candidates``, and none of it
    may be dated before a person has chosen.
    """

    text: str
    status: Literal["read", "ask"]
    rules: tuple[Rule, ...] = ()
    question: str | None = None
    explanation: tuple[str, ...] = ()
    candidates: tuple[Rule, ...] = ()

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
            out["candidates"] = [rule.to_json() for rule in self.candidates]
        return out


def read_phrase(text: str, year: int) -> PhraseReading:
    """Reads a deadline phrase of a plan of a year. Every string gives a reading or a question; none raises.

    The whole phrase must be understood, to its last word; otherwise the answer is a question.
    """
    cleaned = clean(text)
    if not cleaned.text:
        return PhraseReading(text, "ask", question="Ô thời hạn để trống.")
    if len(text) > MAX_CHARS:
        return PhraseReading(text, "ask", question=f"Đoạn chữ dài quá {MAX_CHARS} ký tự, không phải một ô thời hạn.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return PhraseReading(text, "ask", question=f"Năm kế hoạch {year} không hợp lệ.")
    reading = _try(text, cleaned.text, year, cleaned.notes)
    if reading.status == "ask" and "\n" in cleaned.text:
        # A line break inside a narrow cell may be a wrap and no separator.
        joined = _try(text, cleaned.text.replace("\n", " "), year, cleaned.notes)
        return joined if joined.status == "read" else reading
    return reading


def _try(text: str, cleaned: str, year: int, slips: tuple[str, ...]) -> PhraseReading:
    try:
        return _read(text, source_of(cleaned), year, slips)
    except (OverflowError, ValueError) as error:
        return PhraseReading(text, "ask", question=f"Không tính được ngày từ «{cleaned}»: {error}.")


def _read(text: str, source: Source, year: int, slips: tuple[str, ...]) -> PhraseReading:
    pieces = parse(source)
    if pieces is None:
        question = _unread(source)
        return PhraseReading(text, "ask", (), question, slips, _guesses(source, year))
    outcome = mean(pieces, year)
    rules = tuple(dict.fromkeys(reading.rule for reading in outcome.readings))
    if outcome.questions or source_doubts(source, pieces):
        questions = " ".join(dict.fromkeys(outcome.questions or source.complaints))
        candidates = tuple(dict.fromkeys((*outcome.candidates, *rules)))
        return PhraseReading(text, "ask", (), questions, slips, candidates)
    return PhraseReading(text, "read", rules, None, (*slips, *_explain(source, pieces, outcome)))


def source_doubts(source: Source, pieces: list[Atom]) -> bool:
    """Whether a number that contradicts its own words was read past."""
    return any("không khớp" in sentence for sentence in source.complaints) and bool(pieces)


def _unread(source: Source) -> str:
    if source.complaints:
        return source.complaints[0]
    place = min(source.furthest, len(source.tokens) - 1)
    return f"Không hiểu chữ «{source.token(place).text}» trong «{source.text}»."


def _guesses(source: Source, year: int) -> tuple[Rule, ...]:
    """What the readable parts may mean, words that fit nowhere left out."""
    pieces: list[Atom] = []
    at = 0
    while at < len(source.tokens):
        found = [each for read in READERS for each in [read(source, at)] if each and each[1] > at]
        if found:
            atom, end = max(found, key=lambda pair: pair[1])
            pieces.append(atom.at(at, end))
            at = end
        else:
            at += 1
    outcome = mean(pieces, year)
    return tuple(dict.fromkeys((*(reading.rule for reading in outcome.readings), *outcome.candidates)))


def _explain(source: Source, pieces: list[Atom], outcome: Outcome) -> list[str]:
    steps = []
    for reading in outcome.readings:
        steps.append(f"«{source.slice(reading.start, reading.end)}» nghĩa là: {say(reading.rule)}.")
        if isinstance(reading.rule, Recurring) and reading.rule.anchor == IMPLIED:
            steps.append("Không ghi ngày nên lấy ngày cuối của từng kỳ.")
    if any(isinstance(piece, Point) and piece.cue == "before" and not piece.time for piece in pieces):
        steps.append("«Trước ngày» không tính chính ngày đó: hạn là hết ngày liền trước.")
    if any(_runs_until(piece) for piece in pieces):
        steps.append("«Đến» một tháng, quý, năm được hiểu là đến hết kỳ đó.")
    return [*dict.fromkeys(steps), *outcome.notes]


def _runs_until(piece: Atom) -> bool:
    if isinstance(piece, Window):
        return piece.cue == "until"
    return isinstance(piece, Range) and piece.right is not None and piece.right.unit != "day"
