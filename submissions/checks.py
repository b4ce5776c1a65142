"""What an answer must be before it is kept. All faults of a form are told at once, each with its field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from config.faults import Refusal
from db.models import Target
from submissions.figures import UnreadableFigure, parse_figure
from submissions.files import MAX_FILES, CheckedFile, FileRefused, Upload, check_upload

MAX_TEXT = 20_000
MAX_REASON = 2_000
AnswerKind = Literal["report", "nil"]


@dataclass(frozen=True)
class Answer:
    """What a unit sends: a report with text, figures (as typed, by target id) and files, or a nil return.

    `keep` names files of the version before that stand again in this one, so that a small correction made on a
    telephone needs no second upload.
    """

    kind: AnswerKind
    text: str = ""
    figures: Mapping[int, str] = field(default_factory=dict)
    files: Sequence[Upload] = ()
    keep: Collection[int] = ()


@dataclass(frozen=True)
class FieldFault:
    """A fault and the field of the form it stands beside ("files", "text", "figure-12", "reason", "wanted_due")."""

    field: str
    message: str


class AnswerRefused(Refusal):
    """An answer that cannot be taken as it is; `faults` has each field's fault, `str()` gives one a line."""

    def __init__(self, *faults: FieldFault) -> None:
        super().__init__("\n".join(fault.message for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class CheckedAnswer:
    """An answer fit to be kept: figures are numbers, files are of the type they claim."""

    kind: AnswerKind
    text: str
    figures: Mapping[int, float]
    files: Sequence[CheckedFile]


def check_answer(answer: Answer, targets: Iterable[Target], limit_mb: int, kept: int = 0) -> CheckedAnswer:
    """The answer, read against the targets that the unit answers for. `kept` counts the files kept from before.

    Raises AnswerRefused with every fault of the form.
    """
    faults: list[FieldFault] = []
    text = _check_text(answer.text, faults)
    figures = _check_figures(answer.figures, {target.id: target for target in targets}, faults)
    files = _check_files(answer.files, limit_mb, kept, faults)
    if answer.kind == "nil" and (figures or files or kept):
        faults.append(FieldFault("text", "Đã báo không phát sinh thì không kèm tệp hay số liệu. Hãy chọn Nộp báo cáo."))
    if answer.kind == "report" and not (text or figures or files or kept or faults):
        message = "Báo cáo chưa có nội dung. Hãy gửi ít nhất một tệp, một số liệu hoặc vài dòng kết quả."
        faults.append(FieldFault("text", message))
    if faults:
        raise AnswerRefused(*faults)
    return CheckedAnswer(answer.kind, text, figures, files)


def _check_text(text: str, faults: list[FieldFault]) -> str:
    kept = clean_text(text)
    if len(kept) > MAX_TEXT:
        message = f"Nội dung dài {len(kept)} ký tự, tối đa là {MAX_TEXT}. Hãy gửi phần chi tiết bằng tệp."
        faults.append(FieldFault("text", message))
    return kept


def _check_figures(
    typed: Mapping[int, str], targets: Mapping[int, Target], faults: list[FieldFault]
) -> dict[int, float]:
    figures: dict[int, float] = {}
    for target_id, text in typed.items():
        if not text.strip():
            continue
        target = targets.get(target_id)
        if target is None:
            message = "Đơn vị không được giao chỉ tiêu này. Hãy mở lại trang và ghi lại."
            faults.append(FieldFault(f"figure-{target_id}", message))
            continue
        try:
            figures[target_id] = parse_figure(text, target.unit)
        except UnreadableFigure as error:
            faults.append(FieldFault(f"figure-{target_id}", f"Chỉ tiêu «{target.name}»: {error}"))
    return figures


def _check_files(uploads: Sequence[Upload], limit_mb: int, kept: int, faults: list[FieldFault]) -> list[CheckedFile]:
    if len(uploads) + kept > MAX_FILES:
        faults.append(FieldFault("files", f"Một lần gửi tối đa {MAX_FILES} tệp. Hãy nén lại hoặc gửi bớt."))
        return []
    files: list[CheckedFile] = []
    for upload in uploads:
        try:
            files.append(check_upload(upload, limit_mb))
        except FileRefused as error:
            faults.append(FieldFault("files", str(error)))
    return files


def check_files(uploads: Sequence[Upload], limit_mb: int, kept: int) -> list[CheckedFile]:
    """Files that stand beside an answer, held to the same rules. Raises AnswerRefused with every fault."""
    faults: list[FieldFault] = []
    files = _check_files(uploads, limit_mb, kept, faults)
    if faults:
        raise AnswerRefused(*faults)
    return files


def clean_text(text: str) -> str:
    """What a person typed, without control signs (PostgreSQL refuses NUL) and with plain line ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char in "\n\t" or char.isprintable() or char.isspace()).strip()


def require_reason(text: str, words: str) -> str:
    """The reason that was typed.

    Raises AnswerRefused, with `words` naming what needs it, when there is none or it is too long to be read.
    """
    reason = clean_text(text)
    if not reason:
        raise AnswerRefused(FieldFault("reason", f"Chưa có lý do {words}. Hãy ghi một câu lý do."))
    if len(reason) > MAX_REASON:
        raise AnswerRefused(FieldFault("reason", f"Lý do {words} dài quá {MAX_REASON} ký tự. Hãy viết ngắn lại."))
    return reason
