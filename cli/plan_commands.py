"""`dondoc plan`: read, import, answer, confirm."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlalchemy.orm import Session

from cli.ladder_commands import ladder_app
from cli.plan_arguments import ACTOR, CodeArgument, plan_of
from cli.plan_closing_commands import closing_app
from cli.plan_edit_commands import answer_alike, edit_app
from cli.plan_pages import answered_lines, plan_list_lines, plan_page_lines, question_lines
from cli.superior_command import superior_app
from config.clock import now
from config.faults import Refusal, os_words
from config.settings import Settings, load_settings
from db.models import Question
from db.office_rules import calendar_in_use, calendar_to_date_by
from db.queries import plan_queries
from db.session import reading, transaction
from plans.chase_start import overdue_count, set_chase_start

if TYPE_CHECKING:
    from deadlines import WorkCalendar
    from plans.confirming import Confirmation
    from plans.opening import PlanText

plan_app = typer.Typer(
    help="Kế hoạch: đọc, nhập, trả lời câu hỏi, xác nhận.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
plan_app.add_typer(edit_app)
plan_app.add_typer(ladder_app)
plan_app.add_typer(closing_app)
plan_app.add_typer(superior_app)
YearOption = Annotated[int | None, typer.Option("--year", help="Năm của kế hoạch, khi văn bản không ghi")]
FileArgument = Annotated[Path, typer.Argument(help="Tệp kế hoạch (.docx, .pdf, .txt …)")]
ChaseFromOption = Annotated[
    str | None, typer.Option("--chase-from", help="Chỉ đôn đốc kỳ hạn từ ngày này; kỳ đã qua chỉ ghi nhận")
]
QuestionArgument = Annotated[int, typer.Argument(help="Số câu hỏi (xem: dondoc plan questions MÃ)")]


def file_bytes(file: Path) -> bytes:
    """The bytes of a plan file. Raises Refusal when there is none, PlanFileError when its size cannot be a plan's."""
    from plans.reading.sources import check_size

    try:
        if file.is_dir():
            raise Refusal(f"«{file}» là thư mục. Hãy ghi đường dẫn tới một tệp kế hoạch.")
        check_size(file.name, file.stat().st_size)
        return file.read_bytes()
    except OSError as error:
        raise Refusal(f"Không mở được tệp «{file}» ({os_words(error)}). Hãy kiểm tra đường dẫn.") from None


def read_file(file: Path, year: int | None) -> tuple[Any, bytes]:
    """What a plan file says, with its bytes. Raises Refusal, in the reader's own words, when it cannot be read."""
    text, data = open_file(file, year)
    return text.reading, data


def open_file(file: Path, year: int | None) -> tuple[PlanText, bytes]:
    """A plan file opened, with its bytes. Raises Refusal as `read_file`."""
    from plans.opening import open_plan
    from plans.reading.errors import PlanFileError

    if year is not None and not 2000 <= year <= 2100:
        raise Refusal(f"Năm {year} không hợp lệ. Hãy ghi năm của kế hoạch từ 2000 đến 2100.")
    try:
        data = file_bytes(file)
        # By the approved calendar, as the plan will be dated: not by what the files of days off say meanwhile.
        with reading() as session:
            calendar = calendar_in_use(session, load_settings())
        return open_plan(file.name, data, year, calendar), data
    except PlanFileError as error:
        raise Refusal(str(error)) from error


@plan_app.command("read")
def read(
    file: FileArgument,
    year: YearOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="In ra JSON")] = False,
) -> None:
    """Đọc một tệp và cho xem kết quả; không lưu gì."""
    from cli.plan_read_command import plan_read

    plan_read(file, year, as_json)


@plan_app.command("import")
def import_file(file: FileArgument, year: YearOption = None) -> None:
    """Nhập một tệp thành bản nháp, kèm các câu hỏi phải trả lời."""
    from plans.importing import import_plan

    text, data = open_file(file, year)
    settings = load_settings()
    with transaction() as session:
        plan = import_plan(session, text.reading, file.name, data, now(), ACTOR, settings)
        lines = [f"Đã nhập bản nháp {plan.code}.", *plan_page_lines(session, plan)]
    text.keep(settings.home, data)
    # Told only once it is committed.
    typer.echo("\n".join(lines))


@plan_app.command("reimport")
def reimport(
    code: CodeArgument,
    file: FileArgument,
    year: YearOption = None,
    apply: Annotated[bool, typer.Option("--apply", help="Thực hiện thay đổi (không có: chỉ xem)")] = False,
) -> None:
    """So bản đã sửa với kế hoạch đang có; với --apply thì thực hiện, giữ nguyên những gì đã làm."""
    from plans.reimporting import apply_difference, difference_of, preview_difference

    text, data = open_file(file, year)
    content, settings = text.reading, load_settings()
    with transaction() as session:
        plan, calendar = plan_of(session, code), calendar_to_date_by(session, settings)
        given = (session, plan.id, content, file.name, data, calendar, now(), ACTOR, settings)
        if apply:
            lines = [*difference_of(plan, content.to_json()).lines(), *apply_difference(*given).lines()]
        else:
            preview = preview_difference(*given)
            lines = [*preview.difference.lines(), *preview.effect.preview_lines()]
            lines.append(f"Chưa thay đổi gì. Để thực hiện: dondoc plan reimport {code} {file} --apply")
    if apply:
        text.keep(settings.home, data)
    typer.echo("\n".join(lines))


@plan_app.command("list")
def list_plans() -> None:
    """Danh sách kế hoạch."""
    with reading() as session:
        typer.echo("\n".join(plan_list_lines(plan_queries.plan_lines(session))))


@plan_app.command("show")
def show(code: CodeArgument) -> None:
    """Một kế hoạch: nhiệm vụ, đơn vị, thời hạn, phát hiện."""
    with reading() as session:
        typer.echo("\n".join(plan_page_lines(session, plan_of(session, code), whole=True)))


@plan_app.command("questions")
def questions(code: CodeArgument) -> None:
    """Những gì phải quyết định trước khi xác nhận, và những nhiệm vụ đang chờ sự kiện."""
    with reading() as session:
        plan = plan_of(session, code)
        typer.echo("\n".join(question_lines(session, plan)))


@plan_app.command("answer")
def answer_question(
    question_id: QuestionArgument,
    unit: Annotated[str | None, typer.Option("--unit", help="Mã đơn vị")] = None,
    new_unit: Annotated[str | None, typer.Option("--new-unit", help="Đăng ký đơn vị mới với tên này")] = None,
    ignore: Annotated[bool, typer.Option("--ignore", help="Bỏ qua (chỉ đơn vị phối hợp)")] = False,
    phrase: Annotated[str | None, typer.Option("--phrase", help="Viết lại thời hạn, ví dụ 'Quý III'")] = None,
    candidate: Annotated[int | None, typer.Option("--candidate", help="Chọn cách hiểu thứ mấy (từ 1)")] = None,
    due: Annotated[str | None, typer.Option("--due", help="Ngày đến hạn, ví dụ 20/6/2026")] = None,
    event: Annotated[str | None, typer.Option("--event", help="Ngày xảy ra sự kiện, ngày ban hành")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Ghi chú phân biệt sự kiện")] = None,
) -> None:
    """Trả lời một câu hỏi, hoặc nhập sự kiện cho nhiệm vụ đang chờ."""
    given = {"unit": unit, "new_unit": new_unit, "phrase": phrase, "due": due, "event": event, "note": note}
    answer: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    answer |= {"ignore": True} if ignore else {}
    answer |= {"candidate": candidate - 1} if candidate is not None else {}
    _refuse_mixed(answer)
    with transaction() as session:
        lines = _answered(session, question_id, answer)
    typer.echo("\n".join(lines))


@plan_app.command("answer-alike")
def answer_alike_questions(
    code: CodeArgument,
    group: Annotated[int | None, typer.Argument(help="Nhóm thứ mấy (không ghi: xem các nhóm)")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Mã đơn vị")] = None,
    new_unit: Annotated[str | None, typer.Option("--new-unit", help="Đăng ký đơn vị mới với tên này")] = None,
    ignore: Annotated[bool, typer.Option("--ignore", help="Bỏ qua (chỉ đơn vị phối hợp)")] = False,
    phrase: Annotated[str | None, typer.Option("--phrase", help="Viết lại thời hạn, ví dụ 'Quý III'")] = None,
    candidate: Annotated[int | None, typer.Option("--candidate", help="Chọn cách hiểu thứ mấy (từ 1)")] = None,
    due: Annotated[str | None, typer.Option("--due", help="Ngày đến hạn, ví dụ 20/6/2026")] = None,
) -> None:
    """Xem các nhóm câu hỏi giống nhau, hoặc trả lời cả một nhóm một lần."""
    given = {"unit": unit, "new_unit": new_unit, "phrase": phrase, "due": due}
    answer: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    answer |= {"ignore": True} if ignore else {}
    answer |= {"candidate": candidate - 1} if candidate is not None else {}
    if group is not None:
        _refuse_mixed(answer)
    answer_alike(code, group, answer)


def _refuse_mixed(answer: dict[str, Any]) -> None:
    decisive = set(answer) - {"note", "event"} or set(answer) - {"note"}
    if len(decisive) != 1:
        raise Refusal(
            "Hãy cho đúng một câu trả lời: --unit, --new-unit, --ignore, --phrase, --candidate, --due hoặc --event."
        )


def _answered(session: Session, question_id: int, answer: dict[str, Any]) -> list[str]:
    from plans.events import enter_event
    from plans.questions import answer as write_answer

    settings = load_settings()
    calendar = calendar_to_date_by(session, settings)
    if plan_queries.is_waiting(session, question_id):
        made = enter_event(session, question_id, answer, calendar, now(), ACTOR)
        return [f"Đã lập kỳ hạn cho {each.unit.name}: hạn {each.due_legal:%d/%m/%Y}." for each in made]
    question = write_answer(session, question_id, answer, now(), ACTOR)
    return [*answered_lines(session, question), *_redated(session, question, calendar, settings)]


def _redated(session: Session, question: Question, calendar: WorkCalendar, settings: Settings) -> list[str]:
    """A late answer (a corrected file asked again) dates its duty at once."""
    from plans.reimporting import date_late_answers

    effect = date_late_answers(session, [question], calendar, now(), settings)
    return list(effect.lines()) if effect else []


@plan_app.command("confirm")
def confirm_plan(
    code: CodeArgument,
    issued_on: Annotated[str | None, typer.Option("--issued-on", help="Ngày ban hành, khi văn bản để trống")] = None,
    chase_from: ChaseFromOption = None,
) -> None:
    """Xác nhận bản nháp và lập lịch thời hạn."""
    from plans.confirming import confirm
    from plans.questions import day_of
    from plans.superior import superior_warnings

    day: date | None = day_of(issued_on) if issued_on else None
    moment = now()
    with transaction() as session:
        calendar = calendar_to_date_by(session, load_settings())
        done = confirm(session, plan_of(session, code).id, calendar, moment, ACTOR, issued_on=day)
        lines = [f"Đã xác nhận {code}: {_counts(done)}, {len(done.waiting)} việc chờ sự kiện."]
        lines += [f"CẢNH BÁO: {each}" for each in superior_warnings(done.plan, calendar)]
        if done.waiting:
            lines.append(f"Xem việc đang chờ: dondoc plan questions {code}")
        if chase_from:
            lines.append(moved_line(session, code, chase_from))
        elif late := overdue_count(session, done.plan.id, moment.date()):
            lines += _late_lines(code, late, moment.date())
    typer.echo("\n".join(lines))


def _counts(done: Confirmation) -> str:
    opened, recorded = done.expansion.opened, done.expansion.recorded
    return f"{opened} kỳ hạn" + (
        f", thêm {recorded} kỳ chỉ ghi nhận vì đến hạn trước ngày ban hành" if recorded else ""
    )


def _late_lines(code: str, late: int, today: date) -> list[str]:
    return [
        f"{late} kỳ hạn đã quá hạn sẽ được nhắc và báo cáo lên cấp trên ngay. Nếu chỉ muốn ghi nhận chúng:",
        f"  dondoc plan chase-from {code} {today:%d/%m/%Y}",
    ]


@plan_app.command("chase-from")
def chase_from_day(
    code: CodeArgument,
    day: Annotated[str, typer.Argument(help="Ngày, ví dụ 01/10/2026")],
) -> None:
    """Chỉ đôn đốc các kỳ hạn từ ngày này; kỳ đã qua mà chưa ai trả lời thì chỉ ghi nhận."""
    with transaction() as session:
        line = moved_line(session, code, day)
    typer.echo(line)


def moved_line(session: Session, code: str, day: str) -> str:
    """Move the start of a plan's chase; gives what to tell."""
    from plans.questions import day_of

    moved = set_chase_start(session, plan_of(session, code).id, day_of(day), now(), ACTOR)
    counts = f"{moved.recorded} kỳ hạn chuyển sang chỉ ghi nhận, {moved.opened} kỳ hạn mở lại"
    return f"Đôn đốc từ {day_of(day):%d/%m/%Y}: {counts}."
