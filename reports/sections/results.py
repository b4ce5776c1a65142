"""Section I: the overview, the table of obligations, what the units wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from docx.document import Document

from db.models import Obligation, Submission
from reports.figures import UNDATED, buckets, totals, units_named
from reports.ledger import Ledger, Line
from reports.timeliness import Bucket, local_date
from reports.word.page import body
from reports.word.tables import Column, grid
from reports.wording import join_names, one_line, period_phrase, printable, share, short_date

OBLIGATION_COLUMNS = (
    Column("TT", 640, True),
    Column("Nhiệm vụ", 3054),
    Column("Đơn vị thực hiện", 2100),
    Column("Thời hạn", 1360, True),
    Column("Tình trạng", 2200),
)
# More due dates than this are told as first and last.
SHOWN_DATES = 4


def by_obligation(lines: Iterable[Line]) -> list[tuple[Obligation, list[Line]]]:
    """Lines grouped by obligation, in the order of the plan."""
    grouped = groupby(lines, key=lambda line: line.occurrence.obligation)
    return [(obligation, list(group)) for obligation, group in grouped]


def overview(document: Document, ledger: Ledger) -> None:
    """How much was expected and how it stands, in the four official counts."""
    counts, found = totals(ledger.expected), buckets(ledger.expected)
    obligations = len(by_obligation(ledger.expected))
    body(
        document,
        f"Kế hoạch có {len(ledger.obligations)} nhiệm vụ. Trong {period_phrase(ledger.period)} có {obligations} nhiệm "
        f"vụ phải thực hiện hoặc báo cáo, gồm {counts['expected']} lượt đơn vị phải nộp kết quả.",
    )
    done = found[Bucket.DONE_ON_TIME] + found[Bucket.DONE_LATE]
    not_done = found[Bucket.OPEN_IN_TERM] + found[Bucket.OPEN_OVERDUE]
    body(
        document,
        f"- Đã hoàn thành: {done} lượt ({share(done, counts['expected'])}), trong đó đúng hạn "
        f"{found[Bucket.DONE_ON_TIME]}, quá hạn {found[Bucket.DONE_LATE]}{_reviewing(counts['reviewing'])}.",
    )
    body(
        document,
        f"- Chưa hoàn thành: {not_done} lượt ({share(not_done, counts['expected'])}), trong đó trong hạn "
        f"{found[Bucket.OPEN_IN_TERM]}, quá hạn {found[Bucket.OPEN_OVERDUE]}.",
    )
    _outside(document, ledger)
    if ledger.undated:
        body(
            document,
            f"- Chưa xác định ngày: {len(ledger.undated)} nhiệm vụ thực hiện khi có phát sinh, theo yêu cầu hoặc theo "
            "văn bản khác (nêu ở cuối bảng dưới đây).",
        )


def _reviewing(count: int) -> str:
    return f"; có {count} lượt đã nộp, đang chờ xem xét" if count else ""


def _outside(document: Document, ledger: Ledger) -> None:
    words = (
        ("waived", "được miễn"),
        ("on_hold", "tạm dừng"),
        ("recorded", "chỉ ghi nhận vì đến hạn trước khi theo dõi"),
    )
    states = [line.occurrence.state for line in ledger.lines]
    parts = [f"{states.count(state)} lượt {word}" for state, word in words if state in states]
    if parts:
        body(document, f"- Không tính vào số phải nộp: {'; '.join(parts)}.")


def obligations_table(document: Document, ledger: Ledger) -> None:
    """One row an obligation: who owes it, when, how it stands."""
    rows = [_row(number, *each) for number, each in enumerate(by_obligation(ledger.lines), 1)]
    rows += [_undated_row(number, each) for number, each in enumerate(ledger.undated, len(rows) + 1)]
    grid(document, OBLIGATION_COLUMNS, rows)


def _row(number: int, obligation: Obligation, lines: list[Line]) -> list[str]:
    names = join_names(line.unit_name for line in lines)
    return [str(number), one_line(obligation.content), names, due_text(lines), state_text(lines)]


def _undated_row(number: int, obligation: Obligation) -> list[str]:
    deadline = one_line(obligation.deadline_text)
    return [str(number), one_line(obligation.content), units_named(obligation, "lead"), deadline, UNDATED]


def due_text(lines: Sequence[Line]) -> str:
    """The due dates of some lines: each of them when they are few, else how many and between which."""
    days = sorted({line.standing.due for line in lines})
    if len(days) <= SHOWN_DATES:
        return "\n".join(map(short_date, days))
    return f"{len(days)} kỳ, từ {short_date(days[0])} đến {short_date(days[-1])}"


def state_text(lines: Sequence[Line]) -> str:
    """The state of one line in words, of several in counts."""
    if len(lines) == 1:
        return lines[0].standing.text
    counts = totals(lines)
    parts = [f"Đã nộp {counts['received']}/{counts['expected']}"] if counts["expected"] else []
    told = (("late", "nộp quá hạn"), ("missing", "quá hạn chưa nộp"), ("pending", "trong hạn chưa nộp"))
    parts += [f"{word}: {counts[name]}" for name, word in told if counts[name]]
    states = [line.occurrence.state for line in lines]
    outside = (("waived", "miễn"), ("on_hold", "tạm dừng"), ("recorded", "không theo dõi"))
    parts += [f"{word}: {states.count(state)}" for state, word in outside if state in states]
    return "\n".join(part[:1].upper() + part[1:] for part in parts)


def narratives(document: Document, ledger: Ledger) -> None:
    """What each unit wrote, under its duty and with its name; nothing is added."""
    answered = [line for line in ledger.lines if line.standing.received and line.submission is not None]
    if not answered:
        body(document, "Chưa có đơn vị nào nộp kết quả trong kỳ.")
    for number, (obligation, lines) in enumerate(by_obligation(answered), 1):
        paragraph = body(document, f"5.{number}. {one_line(obligation.content)}", bold=True)
        paragraph.paragraph_format.keep_with_next = True
        for line in lines:
            _narrative(document, line)


def _narrative(document: Document, line: Line) -> None:
    submission = line.submission
    assert submission is not None  # noqa: S101 - the caller keeps only answered lines
    first, *rest = _told(submission)
    received = short_date(local_date(submission.received_at))
    review = ", chờ xem xét" if line.standing.reviewing else ""
    period = one_line(line.occurrence.period_label)
    body(document, f"- {one_line(line.unit_name)} ({period}; nộp ngày {received}{review}): {first}")
    for text in rest:
        body(document, text)


def _told(submission: Submission) -> list[str]:
    """The paragraphs of a submission as the unit wrote them, or what else it sent."""
    written = [one_line(part) for part in printable(submission.text).split("\n") if one_line(part)]
    if written:
        return written
    if submission.kind == "nil":
        return ["không phát sinh."]
    sent = [f"{len(submission.figures)} số liệu chỉ tiêu"] if submission.figures else []
    if submission.files:
        sent.append(f"tệp {join_names(file.name for file in submission.files)}")
    return [f"nộp {' và '.join(sent)}, không kèm lời."] if sent else ["đã nộp, không kèm nội dung."]
