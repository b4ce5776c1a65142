"""công văn đôn đốc: to one unit or to all that are late, with the list of what they owe.

Form of Nghị định 30/2020/NĐ-CP, mẫu 1.5: number without letters of a type, the subject under it. What only the office
can know (by when, who follows it up) is a prompt in yellow unless it is given.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from docx.document import Document
from docx.text.paragraph import Paragraph
from sqlalchemy.orm import Session

from config.faults import Refusal
from db.models import Occurrence, Plan
from db.queries import tracking_queries as queries
from reports.issuer import IssuingOffice, Signing, is_committee, usual_signing
from reports.timeliness import effective_due, judge, local_date
from reports.tracking import coordinators, standing_text
from reports.word import blocks
from reports.word.page import body, landscape, new_document, saved
from reports.word.tables import Column, grid
from reports.wording import long_date, one_line, plan_reference, short_date, shortened

SOON = timedelta(days=7)
"""What falls due within so many days stands in the list as well."""
FEW_PLANS = 3
ANNEX = (
    Column("STT", 600, True),
    Column("Nhiệm vụ", 4187),
    Column("Văn bản giao", 1900),
    Column("Đơn vị chủ trì", 1900),
    Column("Phối hợp", 1700),
    Column("Hạn", 1250, True),
    Column("Tình trạng", 1500),
    Column("Số ngày quá hạn", 1000, True),
    Column("Số tin đã nhắc", 900, True),
)


@dataclass(frozen=True)
class Owing:
    """What the addressed units owe, and how many messages each duty took."""

    occurrences: Sequence[Occurrence]
    told: dict[int, int]
    now: datetime

    @property
    def late(self) -> list[Occurrence]:
        """Those whose day has ended."""
        return [one for one in self.occurrences if judge(one, self.now).missing]

    @property
    def units(self) -> list[str]:
        """Names of the units, each once."""
        return list(dict.fromkeys(one_line(one.unit.name) for one in self.occurrences))

    @property
    def plans(self) -> list[Plan]:
        """The plans that gave the duties, each once."""
        return list({one.obligation.plan_id: one.obligation.plan for one in self.occurrences}.values())


def load_owing(session: Session, codes: Collection[str], now: datetime) -> Owing:
    """What these units owe; without codes, every unit that is late with something.

    Raises Refusal for a code that is none, and when there is nothing to write about.
    """
    units = {code: queries.unit_of_code(session, code) for code in codes}
    if unknown := [code for code, unit in units.items() if unit is None]:
        raise Refusal(f"Không có đơn vị mã «{', '.join(unknown)}». Hãy xem danh sách: dondoc units list.")
    ids = {unit.id for unit in units.values() if unit}
    found = queries.owed(session, local_date(now) + SOON, ids)
    if not codes:
        behind = {one.unit_id for one in found if judge(one, now).missing}
        found = [one for one in found if one.unit_id in behind]
    if not found:
        whom = "Đơn vị này không" if codes else "Không đơn vị nào"
        raise Refusal(f"{whom} có việc quá hạn hoặc sắp đến hạn, nên không có gì để đôn đốc bằng công văn.")
    return Owing(found, queries.messages_counted(session, [one.id for one in found]), now)


RECEIVERS = ("Như trên", "Chủ tịch, các Phó Chủ tịch (để báo cáo)", "Lưu: VT, VP")


def letter_signing(office: IssuingOffice) -> Signing:
    """The usual signature with the receivers of such a letter; an office that is no committee names its own head."""
    signing = usual_signing(office)
    return replace(signing, receivers=RECEIVERS) if is_committee(office) else signing


def write_letter(
    owing: Owing,
    office: IssuingOffice,
    signing: Signing,
    author: str,
    *,
    finish_by: date | None = None,
    follower: str | None = None,
) -> bytes:
    """The letter with its list. `finish_by`: the day asked for; `follower`: the unit that follows it up."""
    document = new_document("Công văn đôn đốc thực hiện nhiệm vụ", author, owing.now)
    blocks.letter_head(document, office, "V/v đôn đốc thực hiện nhiệm vụ", local_date(owing.now))
    blocks.addressees(document, owing.units)
    body(document, f"Thực hiện {_basis(owing)}, {one_line(office.short_name)} đã giao nhiệm vụ cho các đơn vị.")
    body(document, state_text(owing))
    _demands(document, owing, office, finish_by)
    _follow_up(document, follower)
    whom = "các đơn vị" if len(owing.units) > 1 else "đơn vị"
    blocks.closing(document, f"{one_line(office.short_name)} đề nghị {whom} nghiêm túc thực hiện")
    blocks.foot(document, signing)
    _annex(document, owing, office)
    return saved(document, owing.now)


def _basis(owing: Owing) -> str:
    if len(owing.plans) > FEW_PLANS:
        return f"{len(owing.plans):02d} kế hoạch nêu tại danh mục kèm theo"
    return "; ".join(plan_reference(plan) for plan in owing.plans)


def state_text(owing: Owing) -> str:
    """How many are open, late, soon due; as the ledger has it at this instant."""
    soon = len(owing.occurrences) - len(owing.late)
    whose = f"{len(owing.units):02d} đơn vị còn" if len(owing.units) > 1 else "đơn vị còn"
    if not soon:
        return (
            f"Theo sổ theo dõi điện tử, đến {long_date(local_date(owing.now))}, {whose} {len(owing.late):02d} "
            "nhiệm vụ đã quá hạn chưa hoàn thành (có danh mục kèm theo)."
        )
    parts = [f"{len(owing.late):02d} nhiệm vụ đã quá hạn"] if owing.late else []
    parts += [f"{soon:02d} nhiệm vụ đến hạn trong {SOON.days} ngày tới"] if soon else []
    day, number = long_date(local_date(owing.now)), f"{len(owing.occurrences):02d}"
    told = f"Theo sổ theo dõi điện tử, đến {day}, {whose} {number} nhiệm vụ chưa hoàn thành, "
    return told + f"gồm {' và '.join(parts)} (có danh mục kèm theo)."


def _demands(document: Document, owing: Owing, office: IssuingOffice, finish_by: date | None) -> None:
    heads = "thủ trưởng các đơn vị" if len(owing.units) > 1 else "thủ trưởng đơn vị"
    body(document, f"Để bảo đảm tiến độ chung, {one_line(office.short_name)} yêu cầu {heads}:")
    demands = [_finish_late] if owing.late else []
    # Time is asked for before the date: units that are late with everything are not told to ask.
    demands += [_finish_soon, _ask_for_time] if len(owing.late) < len(owing.occurrences) else []
    if len(demands) == 1:
        demands[0](body(document, ""), finish_by)
        return
    for number, write in enumerate(demands, 1):
        write(body(document, f"{number}. "), finish_by)


def _finish_late(paragraph: Paragraph, finish_by: date | None) -> None:
    blocks.plain(paragraph, "Hoàn thành các nhiệm vụ đã quá hạn và gửi báo cáo kết quả (nêu rõ nguyên nhân) ")
    if finish_by:
        blocks.plain(paragraph, f"chậm nhất {long_date(finish_by)}.")
    else:
        blocks.plain(paragraph, "chậm nhất ")
        blocks.marked(paragraph, "[ngày phải hoàn thành]")
        blocks.plain(paragraph, ".")


def _finish_soon(paragraph: Paragraph, finish_by: date | None) -> None:
    del finish_by
    blocks.plain(paragraph, "Thực hiện đúng hạn các nhiệm vụ sắp đến hạn.")


def _ask_for_time(paragraph: Paragraph, finish_by: date | None) -> None:
    del finish_by
    blocks.plain(paragraph, "Nhiệm vụ không thể xong đúng hạn thì xin gia hạn, kèm lý do và ngày dự kiến xong.")


def _follow_up(document: Document, follower: str | None) -> None:
    task = "theo dõi việc thực hiện công văn này và báo cáo kết quả."
    if follower:
        body(document, f"Giao {one_line(follower)} {task}")
    else:
        paragraph = body(document, "Giao ")
        blocks.marked(paragraph, "[tên đơn vị theo dõi]")
        blocks.plain(paragraph, f" {task}")


def _annex(document: Document, owing: Owing, office: IssuingOffice) -> None:
    landscape(document)
    blocks.annex_title(document, "DANH MỤC NHIỆM VỤ CHƯA HOÀN THÀNH", one_line(office.short_name))
    grid(document, ANNEX, [_row(number, one, owing) for number, one in enumerate(owing.occurrences, 1)])


def _row(number: int, one: Occurrence, owing: Owing) -> list[str]:
    duty, standing = one.obligation, judge(one, owing.now)
    period = "" if one.kind == "duty" else f" ({one_line(one.period_label)})"
    given = one_line(duty.plan.number or duty.plan.title)
    given += f"\nngày {short_date(duty.plan.issued_on)}" if duty.plan.issued_on else ""
    return [
        str(number),
        f"{shortened(duty.content, 260)}{period}",
        given,
        one_line(one.unit.name),
        shortened(coordinators(one), 120),
        short_date(effective_due(one)) + ("\n(gia hạn)" if one.extended_due else ""),
        standing_text(one, owing.now).split(",")[0] if standing.missing else standing_text(one, owing.now),
        str(standing.days_late) if standing.missing else "",
        str(owing.told.get(one.id, 0)),
    ]
