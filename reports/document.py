"""The consolidated report as an editable .docx (Nghị định 30/2020/NĐ-CP, mẫu 1.4).

Every sentence is computed from the ledger or quoted from a unit, which is named. What the data cannot say is a prompt
in square brackets, marked yellow, for the officer.
"""

from __future__ import annotations

from docx.document import Document

from reports.findings import ReportFinding
from reports.issuer import IssuingOffice, Signing
from reports.ledger import Ledger
from reports.sections import missing, outlook, results, targets, units
from reports.timeliness import local_date
from reports.word import blocks
from reports.word.page import body, heading, new_document, prompt, saved
from reports.wording import one_line, period_phrase, plan_name, plan_reference, short_date


def write_report(
    ledger: Ledger, findings: list[ReportFinding], office: IssuingOffice, signing: Signing, author: str
) -> bytes:
    """The bytes of the .docx."""
    subject = f"Kết quả {period_phrase(ledger.period)} thực hiện {plan_name(ledger.plan)}"
    document = new_document(f"Báo cáo {subject}", author, ledger.now)
    blocks.head(document, office, "BC", local_date(ledger.now))
    blocks.title(document, "BÁO CÁO", subject)
    blocks.addressee(document, signing.addressee or office.superior)
    _opening(document, ledger, office)
    _results(document, ledger, findings)
    _judgement(document, ledger, findings)
    _outlook(document, ledger)
    _proposals(document)
    name = one_line(office.short_name)
    blocks.closing(document, f"Trên đây là báo cáo {subject[0].lower()}{subject[1:]}, {name} kính báo cáo")
    blocks.foot(document, signing)
    return saved(document, ledger.now)


def _opening(document: Document, ledger: Ledger, office: IssuingOffice) -> None:
    name, reference = one_line(office.short_name), plan_reference(ledger.plan)
    body(document, f"Thực hiện {reference}, {name} báo cáo kết quả {period_phrase(ledger.period)} như sau:")


def _results(document: Document, ledger: Ledger, findings: list[ReportFinding]) -> None:
    heading(document, "I. KẾT QUẢ THỰC HIỆN")
    body(document, windows_text(ledger))
    heading(document, "1. Tình hình chung", 2)
    results.overview(document, ledger)
    heading(document, "2. Tình trạng thực hiện từng nhiệm vụ", 2)
    results.obligations_table(document, ledger)
    heading(document, "3. Tình hình báo cáo của các đơn vị", 2)
    units.units_table(document, ledger)
    heading(document, "4. Kết quả thực hiện các chỉ tiêu", 2)
    targets.targets_table(document, ledger, findings)
    heading(document, "5. Nội dung kết quả do các đơn vị báo cáo", 2)
    results.narratives(document, ledger)
    heading(document, "6. Đơn vị chưa báo cáo, báo cáo chậm", 2)
    missing.missing_units(document, ledger)


def windows_text(ledger: Ledger) -> str:
    """The data windows of the report and the day on which the state was taken."""
    spans = [f"từ ngày {short_date(first)} đến ngày {short_date(last)}" for first, last in ledger.windows]
    taken = f"tình trạng báo cáo tính đến hết ngày {short_date(local_date(ledger.now))}"
    text = f"(Số liệu {spans[0]}; {taken}.)" if spans else f"({taken[0].upper()}{taken[1:]}.)"
    if len(spans) > 1:
        text = text[:-2] + f"; một số nhiệm vụ lấy số liệu {', '.join(spans[1:])} theo quy định của ngành.)"
    return text


def _judgement(document: Document, ledger: Ledger, findings: list[ReportFinding]) -> None:
    heading(document, "II. ĐÁNH GIÁ CHUNG")
    heading(document, "1. Kết quả đạt được", 2)
    outlook.achievements(document, ledger)
    heading(document, "2. Tồn tại, hạn chế", 2)
    outlook.shortcomings(document, ledger)
    prompt(document, "Cơ quan tổng hợp bổ sung tồn tại, hạn chế khác, nếu có")
    heading(document, "3. Nguyên nhân", 2)
    outlook.reasons(document, ledger)
    prompt(document, "Nêu nguyên nhân khách quan, chủ quan")


def _outlook(document: Document, ledger: Ledger) -> None:
    heading(document, "III. NHIỆM VỤ TRỌNG TÂM KỲ TỚI")
    outlook.coming(document, ledger)


def _proposals(document: Document) -> None:
    heading(document, "IV. KIẾN NGHỊ, ĐỀ XUẤT")
    prompt(document, "Nêu kiến nghị, đề xuất với cấp trên; nếu không có, ghi: Không")
