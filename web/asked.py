"""What a person asked to see, read from the address, so that a view can be sent to a colleague as a link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Query

from db.models import OCCURRENCE_STATES, OPEN_STATES
from db.queries.view_queries import DutyFilter

PAGE_SIZE = 50
STATE_CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("Chưa hoàn thành", OPEN_STATES),
    "cho-duyet": ("Đã nộp, chờ duyệt", ("submitted",)),
    "xong": ("Đã hoàn thành", ("accepted",)),
    "dung": ("Tạm dừng, được miễn, đã hủy", ("on_hold", "waived", "cancelled")),
    "ghi-nhan": ("Chỉ ghi nhận", ("recorded",)),
    "tat-ca": ("Tất cả trạng thái", OCCURRENCE_STATES),
}
KIND_CHOICES = {"": "Mọi loại", "report": "Báo cáo", "duty": "Nhiệm vụ", "progress_check": "Kiểm tra tiến độ"}


@dataclass(frozen=True)
class Asked:
    """The filters of the address. Unknown values count as none, so that an old link still opens."""

    plan: str
    unit: str
    kind: str
    text: str
    state: str
    page: int

    @property
    def filter(self) -> DutyFilter:
        """The same for the queries."""
        return DutyFilter(self.plan, self.unit, self.kind, self.text, STATE_CHOICES[self.state][1])

    def filter_of(self, states: tuple[str, ...]) -> DutyFilter:
        """The same filters over other states."""
        return replace(self.filter, states=states)

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.plan or self.unit or self.kind or self.text or self.state)


def read_asked(
    plan: Annotated[str, Query(alias="ke-hoach", max_length=64)] = "",
    unit: Annotated[str, Query(alias="don-vi", max_length=64)] = "",
    kind: Annotated[str, Query(alias="loai", max_length=16)] = "",
    text: Annotated[str, Query(alias="tim", max_length=200)] = "",
    state: Annotated[str, Query(alias="trang-thai", max_length=16)] = "",
    page: Annotated[str, Query(alias="trang", max_length=6)] = "1",
) -> Asked:
    """The filters of a request."""
    number = int(page) if page.isascii() and page.isdigit() else 1
    known_kind = kind if kind in KIND_CHOICES else ""
    known_state = state if state in STATE_CHOICES else ""
    return Asked(plan, unit, known_kind, text.strip(), known_state, max(1, number))


AskedFor = Annotated[Asked, Depends(read_asked)]
