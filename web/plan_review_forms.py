"""The forms of the review page: what a duty, a target, a head looks like in fields, and what fields write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import Form
from pydantic import BaseModel, Field

from config.faults import Refusal
from db.models import Obligation, ObligationUnit, Plan, Target, TargetUnit
from plans.editing import DutyChanges, HeadChanges, TargetChanges, version_of
from web.plan_review import SECTION_MARK

LONG = 40_000
NAMES = re.compile(r"[;\n]")
CUT = re.compile(r"(?<=;)\s+")


class DutyForm(BaseModel):
    """A duty in fields: units one a line, headings of its section from the outermost with › between them."""

    version: str = Field(default="", max_length=20)
    ordinal: str = Field(default="", max_length=200)
    section: str = Field(default="", max_length=LONG)
    content: str = Field(default="", max_length=LONG)
    deliverable: str = Field(default="", max_length=LONG)
    deadline_text: str = Field(default="", max_length=LONG)
    leads: str = Field(default="", max_length=LONG)
    coordinators: str = Field(default="", max_length=LONG)
    superior_text: str = Field(default="", max_length=LONG)
    standing: str = Field(default="", max_length=4)

    @property
    def changes(self) -> DutyChanges:
        """What the fields write."""
        return DutyChanges(
            ordinal=self.ordinal,
            section=tuple(self.section.split(SECTION_MARK.strip())),
            content=self.content,
            deliverable=self.deliverable,
            deadline_text=self.deadline_text,
            leads=names_in(self.leads),
            coordinators=names_in(self.coordinators),
            superior_text=self.superior_text,
        )


class AddForm(DutyForm):
    """A new duty, and the one it is to stand behind; "0" or nothing: first of all."""

    after: str = Field(default="", max_length=20)


def duty_form(duty: Obligation) -> DutyForm:
    """The fields as the duty stands."""
    return DutyForm(
        version=str(version_of(duty)),
        ordinal=duty.ordinal or "",
        section=SECTION_MARK.join(duty.section),
        content=duty.content,
        deliverable=duty.deliverable or "",
        deadline_text=duty.deadline_text,
        leads=printed_names(duty.units, "lead"),
        coordinators=printed_names(duty.units, "coordinator"),
        superior_text=duty.superior_text,
        standing="1" if duty.standing else "",
    )


class SplitForm(BaseModel):
    """Where to cut a duty: one line of content for each new duty; the other fields hold for all, or one line each."""

    version: str = Field(default="", max_length=20)
    content: str = Field(default="", max_length=LONG)
    deliverable: str = Field(default="", max_length=LONG)
    deadline_text: str = Field(default="", max_length=LONG)
    leads: str = Field(default="", max_length=LONG)

    def parts(self, duty: Obligation) -> list[DutyChanges]:
        """The new duties. Raises Refusal when a field has neither one text for all nor one line for each."""
        contents = _lines(self.content)
        if len(contents) < 2:
            raise Refusal("Chưa có chỗ cắt nào. Hãy xuống dòng ở mỗi chỗ cần tách, mỗi dòng thành một nhiệm vụ.")
        count = len(contents)
        products = _shared(self.deliverable, duty.deliverable or "", count, "Sản phẩm")
        times = _shared(self.deadline_text, duty.deadline_text, count, "Thời gian")
        leads = _shared(self.leads, printed_names(duty.units, "lead"), count, "Đơn vị chủ trì")
        return [
            DutyChanges(content=content, deliverable=product, deadline_text=time, leads=_none_or_names(lead))
            for content, product, time, lead in zip(contents, products, times, leads, strict=True)
        ]


def split_form(duty: Obligation) -> SplitForm:
    """The fields of a split, its content cut where the words most likely end: at line ends, else behind semicolons."""
    lines = _lines(duty.content)
    content = "\n".join(lines if len(lines) > 1 else CUT.split(duty.content))
    return SplitForm(
        version=str(version_of(duty)),
        content=content,
        deliverable=duty.deliverable or "",
        deadline_text=duty.deadline_text,
        leads=printed_names(duty.units, "lead"),
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _shared(typed: str, old: str, count: int, called: str) -> Sequence[str | None]:
    """One value for each part: None where the old text holds for all."""
    if typed.split() == old.split() and len(_lines(typed)) != count:
        return [None] * count
    lines = _lines(typed)
    if len(lines) == count:
        return lines
    if len(lines) > 1:
        raise Refusal(
            f"{called} có {len(lines)} dòng, nội dung có {count} dòng. Hãy ghi một dòng chung cho tất cả, "
            "hoặc mỗi nhiệm vụ một dòng."
        )
    return [lines[0] if lines else ""] * count


def _none_or_names(words: str | None) -> tuple[str, ...] | None:
    return None if words is None else names_in(words)


class TargetForm(BaseModel):
    """A target in fields."""

    version: str = Field(default="", max_length=20)
    ordinal: str = Field(default="", max_length=200)
    group: str = Field(default="", max_length=LONG)
    name: str = Field(default="", max_length=LONG)
    comparator: str = Field(default="=", max_length=4)
    value: str = Field(default="", max_length=LONG)
    unit: str = Field(default="", max_length=200)
    responsible: str = Field(default="", max_length=LONG)

    @property
    def changes(self) -> TargetChanges:
        """What the fields write."""
        plain = self.model_dump(include={"ordinal", "group", "name", "comparator", "value", "unit"})
        return TargetChanges(**plain, responsible=names_in(self.responsible))


def target_form(target: Target) -> TargetForm:
    """The fields as the target stands."""
    number = f"{target.value:.12g}".replace(".", ",") if target.value is not None else ""
    return TargetForm(
        version=str(version_of(target)),
        ordinal=target.ordinal or "",
        group=target.group or "",
        name=target.name,
        comparator=target.comparator,
        value=number or target.value_text or "",
        unit=target.unit or "",
        responsible=printed_names(target.responsible, "lead"),
    )


class HeadForm(BaseModel):
    """The head of a plan in fields."""

    version: str = Field(default="", max_length=20)
    kind: str = Field(default="", max_length=400)
    number: str = Field(default="", max_length=400)
    title: str = Field(default="", max_length=LONG)
    issuer: str = Field(default="", max_length=1000)
    locality: str = Field(default="", max_length=1000)
    year: str = Field(default="", max_length=20)
    issued_on: str = Field(default="", max_length=20)

    @property
    def changes(self) -> HeadChanges:
        """What the fields write. Raises Refusal for a year that is no number."""
        year = self.year.strip()
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise Refusal(f"Năm «{year}» không hợp lệ. Hãy ghi bốn chữ số, ví dụ 2026.")
        plain = self.model_dump(include={"kind", "number", "title", "issuer", "locality", "issued_on"})
        return HeadChanges(**plain, year=int(year))


def head_form(plan: Plan) -> HeadForm:
    """The fields as the head stands."""
    return HeadForm(
        version=str(version_of(plan)),
        kind=plan.kind or "",
        number=plan.number or "",
        title=plan.title,
        issuer=plan.issuer or "",
        locality=plan.locality or "",
        year=str(plan.year),
        issued_on=plan.issued_on.isoformat() if plan.issued_on else "",
    )


def names_in(text: str) -> tuple[str, ...]:
    """The names of units, one a line or with semicolons between them."""
    return tuple(name.strip() for name in NAMES.split(text) if name.strip())


def printed_names(rows: Sequence[ObligationUnit | TargetUnit], role: str) -> str:
    """The printed names of one role, one a line."""
    return "\n".join(row.printed_name for row in rows if row.role == role)


def version_in(text: str) -> int | None:
    """The version that a form gives back; a form without one is refused as changed."""
    return int(text) if text.isascii() and text.isdigit() else -1


DutyFields = Annotated[DutyForm, Form()]
AddFields = Annotated[AddForm, Form()]
SplitFields = Annotated[SplitForm, Form()]
TargetFields = Annotated[TargetForm, Form()]
HeadFields = Annotated[HeadForm, Form()]
