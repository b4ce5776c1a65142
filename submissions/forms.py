"""Forms among the files of an answer: their figures and words become the answer's own, by whatever way they came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from config.settings import Settings
from db.models import Occurrence, Submission, Target
from db.queries import submission_queries as queries
from notifications.codes import occurrence_code
from submissions.checks import Answer, AnswerRefused, FieldFault, clean_text
from submissions.figures import UnreadableFigure, format_figure, parse_figure
from submissions.files import Upload, clean_name
from submissions.form_reading import OLD, FilledForm, all_faults, read_form
from submissions.form_workbook import form_name, write_form


def form_for(session: Session, occurrence: Occurrence, settings: Settings) -> tuple[str, bytes]:
    """The name and the bytes of the form of an occurrence, filled with what its newest version says."""
    code = occurrence_code(occurrence.id, settings.secret_key.get_secret_value())
    targets = queries.targets_of_unit(session, occurrence.obligation.plan_id, occurrence.unit_id)
    last = queries.newest_submission(session, occurrence.id)
    figures = {figure.target_id: figure.value for figure in last.figures} if last else {}
    data = write_form(occurrence, targets, code, figures, last.text if last else "")
    return form_name(occurrence, code), data


@dataclass(frozen=True)
class Unfolded:
    """An answer with its forms read into it. `forms`: those files, kept beside it; `places`: the cell of a figure."""

    answer: Answer
    forms: Sequence[Upload] = ()
    places: Mapping[int, str] = field(default_factory=dict)


def unfold_forms(
    answer: Answer, occurrence_id: int, targets: Iterable[Target], last: Submission | None, secret: str
) -> Unfolded:
    """The answer with what its forms say.

    What was typed on the page stands with it; a figure of the version before, which the page fills in by itself, gives
    way. Raises AnswerRefused when a form is of another occurrence, is empty, has faults, or contradicts the page.
    """
    known = {target.id: target for target in targets}
    read = [(upload, read_form(upload, known, secret)) for upload in answer.files]
    forms = [(upload, form) for upload, form in read if form is not None]
    if not forms:
        return Unfolded(answer)
    faults: list[FieldFault] = []
    places: dict[int, str] = {}
    merged = replace(answer, files=[upload for upload, form in read if form is None])
    for upload, form in forms:
        found = list(_refusals(clean_name(upload.name), form, occurrence_id))
        faults += [FieldFault("files", words) for words in found]
        if not found:
            merged = _merge(merged, clean_name(upload.name), form, known, last, faults)
            places |= {number: f"{clean_name(upload.name)}, {place}" for number, place in form.places.items()}
    if faults:
        raise AnswerRefused(*faults)
    return Unfolded(merged, [upload for upload, _ in forms], places)


def _refusals(name: str, form: FilledForm, occurrence_id: int) -> Iterable[str]:
    yield from all_faults(name, form)
    if form.occurrence_id is not None and form.occurrence_id != occurrence_id:
        yield f"Biểu mẫu «{name}» là của một kỳ hạn khác, không phải kỳ này. {OLD}"
    elif form.empty and not form.faults:
        yield f"Biểu mẫu «{name}» chưa điền gì. Hãy điền các ô màu vàng, lưu lại rồi gửi."
    elif form.nil and (form.figures or form.text) and not form.faults:
        yield f"Biểu mẫu «{name}» vừa ghi không phát sinh vừa có số liệu hoặc nội dung. Hãy bỏ một trong hai."


def _merge(
    answer: Answer,
    name: str,
    form: FilledForm,
    targets: Mapping[int, Target],
    last: Submission | None,
    faults: list[FieldFault],
) -> Answer:
    before = {figure.target_id: figure.value for figure in last.figures} if last else {}
    figures = dict(answer.figures)
    for number, text in form.figures.items():
        typed = figures.get(number, "").strip()
        if typed and not _same(typed, text, targets[number]) and not _is(typed, before.get(number), targets[number]):
            words = f"trang này ghi {typed}, {form.places[number]} của biểu mẫu «{name}» ghi {text}. Hãy giữ một số."
            faults.append(FieldFault(f"figure-{number}", f"Chỉ tiêu «{targets[number].name}»: {words}"))
        figures[number] = text
    text = _joined(answer.text, form.text, last.text if last else "")
    if not form.nil:
        return replace(answer, figures=figures, text=text)
    # The page fills in by itself what the version before had; a period without anything has none of it.
    figures = {n: typed for n, typed in figures.items() if not _is(typed.strip(), before.get(n), targets.get(n))}
    return replace(answer, kind="nil", figures=figures, text="" if last and text == last.text else text, keep=())


def _joined(typed: str, filled: str, before: str) -> str:
    typed, filled = clean_text(typed), clean_text(filled)
    if not filled or typed == filled:
        return typed
    return filled if not typed or typed == clean_text(before) else f"{typed}\n\n{filled}"


def _same(one: str, other: str, target: Target) -> bool:
    try:
        return parse_figure(one, target.unit) == parse_figure(other, target.unit)
    except UnreadableFigure:
        return False


def _is(typed: str, value: float | None, target: Target | None) -> bool:
    return value is not None and (typed == format_figure(value) or (target is not None and _same_value(typed, value)))


def _same_value(typed: str, value: float) -> bool:
    try:
        return parse_figure(typed) == value
    except UnreadableFigure:
        return False
