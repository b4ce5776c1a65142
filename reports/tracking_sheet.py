"""phiếu theo dõi, đôn đốc: of one occurrence or of a unit's year, as an editable .docx.

No decree fixes its form: the head and the foot are those of Nghị định 30/2020/NĐ-CP without a number, the words of the
states those of official follow-up reports. Every line stands in the ledger; the last names the journal's newest entry,
so that a printed sheet shows later whether the journal was cut (`dondoc journal verify --anchor`).
"""

from __future__ import annotations

from collections import Counter

from docx.document import Document

from db.journal import Anchor
from db.models import Extension, Occurrence, Submission
from reports.issuer import SIGNINGS, IssuingOffice, Signing, is_committee
from reports.timeliness import Bucket, effective_due, judge, local_date
from reports.tracking import DEEDS, Course, UnitYear, coordinators, message_row, moment_text, standing_text
from reports.word import blocks
from reports.word.page import body, heading, new_document, saved
from reports.word.runs import LEFT
from reports.word.tables import Column, grid
from reports.wording import one_line, plan_reference, short_date, shortened

FACTS = (Column("Thông tin", 2554), Column("Nội dung", 6800))
MESSAGES = (
    Column("TT", 550, True),
    Column("Thời điểm", 1350, True),
    Column("Người nhận", 1800),
    Column("Kênh", 1250, True),
    Column("Lý do nhắc", 2754),
    Column("Kết quả", 1650),
)
EXTENSIONS = (
    Column("Xin lúc", 1400, True),
    Column("Lý do", 3154),
    Column("Hạn cũ", 1300, True),
    Column("Xin đến", 1300, True),
    Column("Quyết định", 2200),
)
SUBMISSIONS = (
    Column("Lần", 600, True),
    Column("Nhận lúc", 1500, True),
    Column("Người nộp", 2354),
    Column("Hình thức", 1500),
    Column("Kết quả xem xét", 3400),
)
YEAR = (
    Column("TT", 550, True),
    Column("Nhiệm vụ", 3304),
    Column("Kỳ", 1350, True),
    Column("Hạn", 1250, True),
    Column("Tình trạng", 1900),
    Column("Số tin", 1000, True),
)
EXTENSION_WORDS = {"asked": "Chưa quyết định", "granted": "Đồng ý", "refused": "Không đồng ý"}
SUBMISSION_WORDS = {"received": "Chờ xem xét", "accepted": "Chấp nhận", "returned": "Trả lại"}
KINDS = {"report": "Báo cáo định kỳ", "duty": "Nhiệm vụ một lần", "progress_check": "Kiểm tra tiến độ"}


def sheet_signing(office: IssuingOffice) -> Signing:
    """A sheet of a committee is signed by its office, by order; elsewhere by the head."""
    return Signing(SIGNINGS["thua-lenh" if is_committee(office) else "thu-truong"])


def write_course(course: Course, office: IssuingOffice, signing: Signing, author: str) -> bytes:
    """The sheet of one occurrence."""
    occurrence = course.occurrence
    subject = shortened(occurrence.obligation.content, 140)
    document = _sheet(f"{subject} ({occurrence.period_label})", office, author, course)
    heading(document, "1. Nhiệm vụ")
    grid(document, FACTS, _facts(occurrence, course))
    heading(document, "2. Thời hạn và cách tính")
    for step in occurrence.explanation or ["Không có ghi chép về cách tính."]:
        body(document, f"- {one_line(step)}")
    heading(document, "3. Quá trình đôn đốc")
    _messages(document, course)
    heading(document, "4. Đơn vị trả lời")
    _answers(document, course)
    _end(document, course.anchor, signing)
    return saved(document, course.now)


def write_unit_year(year: UnitYear, office: IssuingOffice, signing: Signing, author: str) -> bytes:
    """The sheet of a unit: every duty of the year and what is left from before."""
    document = _sheet(f"{one_line(year.unit.name)}, năm {year.year}", office, author, year)
    body(document, counts_text(year))
    rows = [
        [
            str(number),
            f"{shortened(one.obligation.content, 220)} ({_given_by(one)})",
            one_line(one.period_label),
            short_date(effective_due(one)) + ("\n(đã gia hạn)" if one.extended_due else ""),
            standing_text(one, year.now),
            str(year.told.get(one.id, 0)),
        ]
        for number, one in enumerate(year.occurrences, 1)
    ]
    if rows:
        grid(document, YEAR, rows)
    _end(document, year.anchor, signing)
    return saved(document, year.now)


def _given_by(occurrence: Occurrence) -> str:
    plan = occurrence.obligation.plan
    return one_line(plan.number or plan.code)


def counts_text(year: UnitYear) -> str:
    """The four counts of official follow-up, and the messages that it took."""
    if not year.occurrences:
        return f"Đơn vị không có kỳ hạn nào được theo dõi trong năm {year.year}."
    counts = Counter(judge(one, year.now).bucket for one in year.occurrences)
    told = "; ".join(f"{bucket.value[0].lower()}{bucket.value[1:]}: {counts[bucket]:02d}" for bucket in Bucket)
    outside = f"; không phải thực hiện: {counts[None]:02d}" if counts[None] else ""
    sent = sum(year.told.values())
    return f"Tổng số {len(year.occurrences):02d} kỳ hạn: {told}{outside}. Đã nhắc {sent:02d} lượt việc."


def _sheet(subject: str, office: IssuingOffice, author: str, about: Course | UnitYear) -> Document:
    document = new_document(f"Phiếu theo dõi, đôn đốc: {subject}", author, about.now)
    blocks.head(document, office, None, local_date(about.now))
    blocks.title(document, "PHIẾU THEO DÕI, ĐÔN ĐỐC", subject)
    body(document, f"(Lập lúc {moment_text(about.now)} từ sổ theo dõi điện tử.)")
    return document


def _facts(occurrence: Occurrence, course: Course) -> list[list[str]]:
    duty = occurrence.obligation
    dates = f"Theo văn bản {short_date(occurrence.nominal)}; nên xong {short_date(occurrence.due_target)}; "
    dates += f"hạn pháp lý {short_date(occurrence.due_legal)}"
    dates += f"; gia hạn đến {short_date(occurrence.extended_due)}" if occurrence.extended_due else ""
    rows = [
        ["Văn bản giao", plan_reference(duty.plan)],
        ["Nhiệm vụ", f"{one_line(duty.ordinal) + '. ' if duty.ordinal else ''}{one_line(duty.content)}"],
        ["Sản phẩm", one_line(duty.deliverable or "")],
        ["Đơn vị chủ trì", one_line(occurrence.unit.name)],
        ["Đơn vị phối hợp", coordinators(occurrence)],
        ["Thời gian theo văn bản", one_line(duty.deadline_text or "")],
        ["Hạn cấp trên", one_line(duty.superior_text or "")],
        ["Kỳ, loại", f"{one_line(occurrence.period_label)}; {KINDS[occurrence.kind].lower()}"],
        ["Thời hạn", dates],
        ["Tình trạng", standing_text(occurrence, course.now)],
        ["Số tin đã nhắc", f"{course.told:02d}"],
        ["Ghi chú", one_line(occurrence.note or "")],
    ]
    return [row for row in rows if row[1]]


def _messages(document: Document, course: Course) -> None:
    if not course.items:
        body(document, "Chưa có tin nào về việc này.")
        return
    rows = [[str(number), *message_row(item)] for number, item in enumerate(course.items, 1)]
    grid(document, MESSAGES, rows)


def _answers(document: Document, course: Course) -> None:
    one = course.occurrence
    for deed in course.deeds:
        reason = one_line(str(deed.data.get("reason") or ""))
        said = f"- {moment_text(deed.at)}: {DEEDS[deed.action]} ({one_line(deed.actor)})"
        body(document, f"{said}: {reason}." if reason else f"{said}.")
    if one.extensions:
        body(document, "Xin gia hạn:").paragraph_format.keep_with_next = True
        grid(document, EXTENSIONS, [_extension_row(each) for each in one.extensions])
    if one.submissions:
        body(document, "Báo cáo đã nộp:").paragraph_format.keep_with_next = True
        grid(document, SUBMISSIONS, [_submission_row(each) for each in one.submissions])
    if not (course.deeds or one.extensions or one.submissions):
        body(document, "Đơn vị chưa trả lời.")


def _extension_row(each: Extension) -> list[str]:
    decided = EXTENSION_WORDS[each.state]
    if each.granted_due:
        decided += f" đến {short_date(each.granted_due)}"
    if each.decided_at:
        decided += f", {moment_text(each.decided_at)}" + (f" ({one_line(each.decided_by)})" if each.decided_by else "")
    if each.decision_note:
        decided += f": {one_line(each.decision_note)}"
    asked = moment_text(each.asked_at)
    return [asked, one_line(each.reason), short_date(each.old_due), short_date(each.wanted_due), decided]


def _submission_row(each: Submission) -> list[str]:
    outcome = SUBMISSION_WORDS[each.state]
    if each.reviewed_at:
        outcome += f" lúc {moment_text(each.reviewed_at)}"
    if each.return_reason:
        outcome += f": {one_line(each.return_reason)}"
    kind = "Không phát sinh" if each.kind == "nil" else "Báo cáo"
    return [str(each.version), moment_text(each.received_at), one_line(each.sent_by), kind, outcome]


def _end(document: Document, anchor: Anchor, signing: Signing) -> None:
    closing = f"(Trích từ nhật ký điện tử đến mục số {anchor.seq}, mã kiểm tra {anchor}.)"
    line = body(document, closing)
    line.alignment, line.paragraph_format.keep_with_next = LEFT, True
    blocks.signatures(document, "NGƯỜI LẬP PHIẾU", signing)
