"""`dondoc plan`, correcting a draft: duties, head, targets, findings, alike questions; the workbook out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from cli.plan_arguments import ACTOR, CodeArgument, plan_of
from config.clock import now
from config.faults import Refusal, os_words
from db.models import Finding, Obligation, Plan, Target
from db.session import reading, transaction

edit_app = typer.Typer(add_completion=False, rich_markup_mode=None)
KeyArgument = Annotated[str, typer.Argument(help="Mã nhiệm vụ (xem: dondoc plan show MÃ)")]
Reason = Annotated[str, typer.Option("--reason", help="Lý do")]
Text = Annotated[str | None, typer.Option(help="Ghi '' để xóa trống")]
Names = Annotated[list[str] | None, typer.Option(help="Ghi nhiều lần cho nhiều đơn vị; '' để xóa trống")]


def duty_of(plan: Plan, key: str) -> Obligation:
    """The duty of a key. Raises Refusal naming where to look."""
    found = next((each for each in plan.obligations if each.key == key), None)
    if found is None:
        raise Refusal(f"Kế hoạch {plan.code} không có nhiệm vụ mã «{key}». Hãy xem: dondoc plan show {plan.code}")
    return found


def _tuple(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def _edit(code: str, work: Callable[[Session, Plan], str]) -> None:
    """Do one edit in a transaction, and tell it once it is committed."""
    with transaction() as session:
        line = work(session, plan_of(session, code))
    typer.echo(line)


@edit_app.command("edit")
def edit(
    code: CodeArgument,
    key: KeyArgument,
    content: Text = None,
    deliverable: Text = None,
    deadline: Text = None,
    lead: Names = None,
    coordinator: Names = None,
    ordinal: Text = None,
) -> None:
    """Sửa một nhiệm vụ của bản nháp; thời hạn mới được đọc lại, tên đơn vị lạ được hỏi."""
    from plans.editing import DutyChanges, edit_duty

    changes = DutyChanges(
        ordinal=ordinal,
        content=content,
        deliverable=deliverable,
        deadline_text=deadline,
        leads=_tuple(lead),
        coordinators=_tuple(coordinator),
    )

    def work(session: Session, plan: Plan) -> str:
        duty = edit_duty(session, duty_of(plan, key).id, changes, now(), ACTOR)
        return f"Đã sửa nhiệm vụ {duty.key}. {_left(session, plan)}"

    _edit(code, work)


def _left(session: Session, plan: Plan) -> str:
    from db.queries import plan_queries
    from plans.asking import blocks

    left = sum(map(blocks, plan_queries.open_questions(session, plan.id)))
    return f"Còn {left} câu hỏi phải trả lời." if left else "Không còn câu hỏi phải trả lời."


@edit_app.command("split")
def split(
    code: CodeArgument,
    key: KeyArgument,
    part: Annotated[list[str], typer.Option("--part", help="Nội dung từng phần, ghi ít nhất hai lần")],
) -> None:
    """Tách một nhiệm vụ của bản nháp thành nhiều; mỗi phần giữ đơn vị và thời hạn cũ, sửa sau bằng plan edit."""
    from plans.editing import DutyChanges, split_duty

    def work(session: Session, plan: Plan) -> str:
        parts = [DutyChanges(content=each) for each in part]
        made = split_duty(session, duty_of(plan, key).id, parts, now(), ACTOR)
        return f"Đã tách thành {len(made)} nhiệm vụ: {', '.join(each.key for each in made)}."

    _edit(code, work)


@edit_app.command("join")
def join(code: CodeArgument, keys: Annotated[list[str], typer.Argument(help="Mã các nhiệm vụ phải gộp")]) -> None:
    """Gộp nhiều nhiệm vụ của bản nháp thành một; thời hạn khác nhau được ghép lại và đọc lại."""
    from plans.editing import join_duties

    def work(session: Session, plan: Plan) -> str:
        made = join_duties(session, [duty_of(plan, key).id for key in keys], now(), ACTOR)
        return f"Đã gộp {len(keys)} nhiệm vụ vào nhiệm vụ {made.key}. {_left(session, plan)}"

    _edit(code, work)


@edit_app.command("add-duty")
def add(
    code: CodeArgument,
    content: Annotated[str, typer.Option(help="Nội dung nhiệm vụ")],
    deadline: Text = None,
    lead: Names = None,
    coordinator: Names = None,
    deliverable: Text = None,
    after: Annotated[str | None, typer.Option(help="Đặt sau nhiệm vụ mã này (không ghi: đứng đầu)")] = None,
    standing: Annotated[bool, typer.Option("--standing", help="Nhiệm vụ trong phần lời văn")] = False,
) -> None:
    """Thêm vào bản nháp một nhiệm vụ mà máy đọc sót."""
    from plans.editing import DutyChanges, add_duty

    changes = DutyChanges(
        content=content,
        deliverable=deliverable,
        deadline_text=deadline,
        leads=_tuple(lead),
        coordinators=_tuple(coordinator),
    )

    def work(session: Session, plan: Plan) -> str:
        behind = duty_of(plan, after).id if after else None
        duty = add_duty(session, plan.id, changes, behind, now(), ACTOR, standing=standing)
        return f"Đã thêm nhiệm vụ {duty.key}. {_left(session, plan)}"

    _edit(code, work)


@edit_app.command("drop-duty")
def drop(code: CodeArgument, key: KeyArgument, reason: Reason) -> None:
    """Bỏ một nhiệm vụ khỏi bản nháp; vẫn giữ trong hồ sơ và khôi phục được."""
    from plans.editing import drop_duty

    def work(session: Session, plan: Plan) -> str:
        duty = drop_duty(session, duty_of(plan, key).id, reason, now(), ACTOR)
        return f"Đã bỏ nhiệm vụ {duty.key}. Khôi phục: dondoc plan restore-duty {code} {duty.key}"

    _edit(code, work)


@edit_app.command("restore-duty")
def restore(code: CodeArgument, key: KeyArgument) -> None:
    """Khôi phục một nhiệm vụ đã bỏ."""
    from plans.editing import restore_duty

    def work(session: Session, plan: Plan) -> str:
        duty = restore_duty(session, duty_of(plan, key).id, now(), ACTOR)
        return f"Đã khôi phục nhiệm vụ {duty.key}. {_left(session, plan)}"

    _edit(code, work)


@edit_app.command("move-duty")
def move(
    code: CodeArgument,
    key: KeyArgument,
    after: Annotated[str | None, typer.Option(help="Đặt sau nhiệm vụ mã này (không ghi: lên đầu)")] = None,
) -> None:
    """Đổi chỗ một nhiệm vụ trong bản nháp."""
    from plans.editing import move_duty

    def work(session: Session, plan: Plan) -> str:
        duty = move_duty(session, duty_of(plan, key).id, duty_of(plan, after).id if after else None, now(), ACTOR)
        return f"Đã đặt nhiệm vụ {duty.key} {f'sau nhiệm vụ {after}' if after else 'lên đầu'}."

    _edit(code, work)


@edit_app.command("set-standing")
def turn(
    code: CodeArgument,
    key: KeyArgument,
    prose: Annotated[bool, typer.Option("--prose/--table", help="Thuộc lời văn hay thuộc bảng")],
) -> None:
    """Chuyển một nhiệm vụ của bản nháp giữa bảng và phần lời văn."""
    from plans.editing import set_standing

    def work(session: Session, plan: Plan) -> str:
        duty = set_standing(session, duty_of(plan, key).id, prose, now(), ACTOR)
        return f"Nhiệm vụ {duty.key} nay thuộc {'phần lời văn' if duty.standing else 'bảng'}."

    _edit(code, work)


@edit_app.command("edit-head")
def head(
    code: CodeArgument,
    number: Text = None,
    title: Text = None,
    kind: Text = None,
    issuer: Text = None,
    locality: Text = None,
    year: Annotated[int | None, typer.Option(help="Năm mới: mọi thời hạn được đọc lại")] = None,
    issued_on: Annotated[str | None, typer.Option("--issued-on", help="Ngày ban hành; '' để xóa trống")] = None,
) -> None:
    """Sửa phần đầu của bản nháp: số, tên, cơ quan, năm, ngày ban hành."""
    from plans.editing import HeadChanges, edit_head

    changes = HeadChanges(kind, number, title, issuer, locality, year, issued_on)

    def work(session: Session, plan: Plan) -> str:
        edit_head(session, plan.id, changes, now(), ACTOR)
        return f"Đã sửa phần đầu của kế hoạch {plan.code}. {_left(session, plan)}"

    _edit(code, work)


TargetArgument = Annotated[int, typer.Argument(help="Chỉ tiêu thứ mấy (xem: dondoc plan targets MÃ)")]


def target_of(plan: Plan, place: int) -> Target:
    """The target at a place, counted from 1. Raises Refusal."""
    if not 1 <= place <= len(plan.targets):
        raise Refusal(f"Kế hoạch {plan.code} có {len(plan.targets)} chỉ tiêu. Hãy xem: dondoc plan targets {plan.code}")
    return plan.targets[place - 1]


@edit_app.command("targets")
def targets(code: CodeArgument) -> None:
    """Các chỉ tiêu của kế hoạch, đánh số để sửa."""
    from plans.current import target_row
    from plans.workbook_columns import show_figure

    with reading() as session:
        rows = [target_row(target) for target in plan_of(session, code).targets]
    for place, row in enumerate(rows, 1):
        who = "; ".join(row["responsible"]) or "(không ghi)"
        typer.echo(
            f"{place}. {row['name']}: {row['comparator']} {show_figure(row['value'])} {row['unit'] or ''}  {who}"
        )


@edit_app.command("edit-target")
def change_target(
    code: CodeArgument,
    place: TargetArgument,
    name: Text = None,
    value: Text = None,
    unit: Text = None,
    comparator: Text = None,
    responsible: Names = None,
) -> None:
    """Sửa một chỉ tiêu của bản nháp."""
    from plans.editing import TargetChanges, edit_target

    changes = TargetChanges(name=name, value=value, unit=unit, comparator=comparator, responsible=_tuple(responsible))

    def work(session: Session, plan: Plan) -> str:
        target = edit_target(session, target_of(plan, place).id, changes, now(), ACTOR)
        return f"Đã sửa chỉ tiêu «{target.name}»."

    _edit(code, work)


@edit_app.command("add-target")
def new_target(
    code: CodeArgument,
    name: Annotated[str, typer.Option(help="Tên chỉ tiêu")],
    value: Text = None,
    unit: Text = None,
    comparator: Text = None,
    responsible: Names = None,
) -> None:
    """Thêm vào bản nháp một chỉ tiêu mà máy đọc sót."""
    from plans.editing import TargetChanges, add_target

    changes = TargetChanges(name=name, value=value, unit=unit, comparator=comparator, responsible=_tuple(responsible))

    def work(session: Session, plan: Plan) -> str:
        return f"Đã thêm chỉ tiêu «{add_target(session, plan.id, changes, now(), ACTOR).name}»."

    _edit(code, work)


@edit_app.command("drop-target")
def remove_target(code: CodeArgument, place: TargetArgument, reason: Reason) -> None:
    """Bỏ một chỉ tiêu khỏi bản nháp."""
    from plans.editing import drop_target

    def work(session: Session, plan: Plan) -> str:
        target = target_of(plan, place)
        drop_target(session, target.id, reason, now(), ACTOR)
        return f"Đã bỏ chỉ tiêu «{target.name}»."

    _edit(code, work)


@edit_app.command("findings")
def findings(code: CodeArgument) -> None:
    """Các phát hiện về văn bản, kèm số để bỏ qua hoặc mở lại."""
    with reading() as session:
        lines = [_finding_line(row) for row in plan_of(session, code).findings]
    typer.echo("\n".join(lines) or f"Kế hoạch {code} không có phát hiện nào.")


def _finding_line(row: Finding) -> str:
    aside = f" (bỏ qua: {row.dismissed_reason})" if row.dismissed_at else ""
    return f"{row.id}. [{row.place}] {row.message} {row.suggestion}".rstrip() + aside


FindingArgument = Annotated[int, typer.Argument(help="Số phát hiện (xem: dondoc plan findings MÃ)")]


@edit_app.command("dismiss")
def dismiss(number: FindingArgument, reason: Reason) -> None:
    """Bỏ qua một phát hiện, kèm lý do; vẫn giữ trong hồ sơ."""
    from plans.editing import dismiss_finding

    with transaction() as session:
        dismiss_finding(session, number, reason, now(), ACTOR)
    typer.echo(f"Đã bỏ qua phát hiện số {number}. Mở lại: dondoc plan reopen {number}")


@edit_app.command("reopen")
def reopen(number: FindingArgument) -> None:
    """Mở lại một phát hiện đã bỏ qua."""
    from plans.editing import reopen_finding

    with transaction() as session:
        reopen_finding(session, number, now(), ACTOR)
    typer.echo(f"Đã mở lại phát hiện số {number}.")


@edit_app.command("export")
def export(
    code: CodeArgument,
    file: Annotated[Path | None, typer.Argument(help="Tệp .xlsx sẽ ghi (không ghi: MÃ.xlsx)")] = None,
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có")] = False,
) -> None:
    """Xuất kế hoạch ra bảng tính để sửa; nhập lại bằng plan reimport."""
    from plans.workbook import export_plan

    target = file or Path(f"{code}.xlsx")
    if target.exists() and not force:
        raise Refusal(f"Đã có tệp «{target}». Hãy chọn tên khác hoặc thêm --force để ghi đè.")
    with reading() as session:
        data = export_plan(session, plan_of(session, code).id, now())
    try:
        target.write_bytes(data)
    except OSError as error:
        raise Refusal(f"Không ghi được tệp «{target}» ({os_words(error)}). Hãy chọn chỗ khác.") from None
    typer.echo(f"Đã xuất ra {target}. Sửa xong hãy xem thay đổi: dondoc plan reimport {code} {target}")


def answer_alike(code: str, place: int | None, answer: dict[str, Any]) -> None:
    """List the groups of alike questions, or answer one of them."""
    from db.office_rules import hold_rules
    from plans.bulk import answer_group, groups_of

    with transaction() as session:
        groups = groups_of(plan_of(session, code).questions)
        if place is None:
            lines = [f"{number}. {group.label}" for number, group in enumerate(groups, 1)]
            lines = lines or [f"Kế hoạch {code} không còn câu hỏi nào."]
        elif not 1 <= place <= len(groups):
            raise Refusal(f"Kế hoạch {code} có {len(groups)} nhóm câu hỏi. Hãy xem: dondoc plan answer-alike {code}")
        else:
            hold_rules(session)
            outcome = answer_group(session, groups[place - 1].ids, answer, now(), ACTOR)
            lines = [*outcome.lines(), *_dated(session, outcome.answered)]
    typer.echo("\n".join(lines))


def _dated(session: Session, answered: list[Any]) -> list[str]:
    """Late answers (a corrected file asked again) date their duties at once."""
    from config.settings import load_settings
    from db.office_rules import calendar_to_date_by
    from plans.redating import date_late_answers

    settings = load_settings()
    effect = date_late_answers(session, answered, calendar_to_date_by(session, settings), now(), settings)
    return list(effect.lines()) if effect else []
