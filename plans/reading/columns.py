"""What a column can hold, and what the words of its header say it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from plans.reading.text import flat, fold


class Role(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    GROUP = "group"
    CONTENT = "content"
    PRODUCT = "product"
    LEAD = "lead"
    COORDINATOR = "coordinator"
    PERFORMER = "performer"
    SUPERVISOR = "supervisor"
    TIME = "time"
    START = "start"
    END = "end"
    MARK = "mark"
    MEASURE = "measure"
    TARGET = "target"
    BASIS = "basis"
    NOTE = "note"
    OTHER = "other"


UNIT_ROLES = (Role.LEAD, Role.COORDINATOR, Role.PERFORMER)
# A time is one cell, two cells from and to, or a mark under the month or quarter it means.
TIME_ROLES = (Role.TIME, Role.START, Role.END, Role.MARK)
DUTY_COLUMNS = frozenset({Role.NUMBER, Role.GROUP, Role.CONTENT, Role.PRODUCT, *TIME_ROLES, *UNIT_ROLES})
TARGET_COLUMNS = frozenset({Role.NUMBER, Role.GROUP, Role.CONTENT, Role.MEASURE, Role.TARGET, *UNIT_ROLES})

_BODY = r"(?:co quan|don vi|bo phan|phong|ban|nguoi|to chuc|ca nhan|can bo|cong chuc|chuyen vien|luc luong|dia phuong)"
_WORK = r"(?:noi dung|nhiem vu|cong viec|hoat dong|dau viec|nhom nhiem vu)"

_AREA = r"(?:thon|xa|phuong|thi tran|to dan pho|khu pho|dia phuong|don vi|co quan|truong|to|ban|lang|huyen|dac khu)"

# In order: the first pattern that is found in the folded header names the role.
_HEADER_WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.NUMBER, re.compile(r"^(?:s?\.?\s?t\.?t|so\s*(?:tt|thu tu)|thu tu|no|#)$")),
    (Role.MEASURE, re.compile(r"don vi\s*(?:tinh|do)\b|^dvt$|^d\.v\.t$")),
    (
        Role.SUPERVISOR,
        re.compile(
            r"^(?:dong chi )?lanh dao|chu tich .*(?:phu trach|chi dao|theo doi)|^(?:nguoi|dong chi|uy vien) .*chi dao"
            r"|^(?:co quan|don vi|bo phan|nguoi),? .*(?:theo doi|don doc|giam sat|tong hop)"
        ),
    ),
    (Role.PERFORMER, re.compile(r"chu tri.*phoi hop|phoi hop.*chu tri")),
    (Role.COORDINATOR, re.compile(r"phoi hop|^(?:co quan|don vi|bo phan)\b.* (?:lien quan|tham gia)$")),
    (Role.LEAD, re.compile(r"chu tri|dau moi|^(?:co quan|don vi|bo phan) (?:soan thao|xay dung|trinh)\b")),
    (Role.NOTE, re.compile(r"ghi chu|luu y")),
    (Role.PERFORMER, re.compile(rf"^(?:ten )?(?:cac )?{_AREA}(?:\s*[,/(-]\s*{_AREA})*\)?$")),
    (Role.CONTENT, re.compile(rf"^(?:cac )?(?:ten\b|{_WORK})")),
    (Role.START, re.compile(r"^(?:thoi (?:gian|diem) |ngay |thang )?bat dau|^tu (?:ngay|thang)$")),
    (
        Role.END,
        re.compile(r"^(?:thoi (?:gian|diem) |ngay |thang )?ket thuc|^den (?:ngay|thang)$|^(?:ngay )?hoan thanh$"),
    ),
    (
        Role.TIME,
        re.compile(
            r"thoi (?:gian|han|diem|ky)|tien do|lo trinh|ky han|^han |han hoan thanh|^moc |deadline|tan suat"
            r"|^(?:ngay|tuan|thang|quy|ngay,? thang|thang,? nam|thang/nam)$|^ngay (?:thuc hien|hoan thanh)"
        ),
    ),
    (Role.BASIS, re.compile(r"can cu|co so phap ly|van ban (?:giao|chi dao)")),
    (Role.PRODUCT, re.compile(r"san pham|ket qua|dau ra|^yeu cau (?:can )?dat")),
    (
        Role.TARGET,
        re.compile(
            r"chi tieu|muc tieu|^(?:ke hoach|kh)(?: nam)? ?\d{4}|ke hoach nam|^ke hoach(?: duoc)?(?: giao)?$"
            r"|^(?:nam )?20\d{2}$|gia tri|^ty le|phan dau|^muc (?:do )?(?:can )?dat"
        ),
    ),
    (
        Role.PERFORMER,
        re.compile(
            rf"{_BODY}[\w\s,/]*"
            r"(?:thuc hien|phu trach|tham muu|bao cao|chiu trach nhiem|dam nh\w+|trien khai|duoc giao|chuan bi)"
            r"|phan cong|trach nhiem|phu trach|giao cho|^(?:to chuc )?thuc hien$"
            r"|^(?:co quan|don vi|bo phan)(?:\s*[,/]\s*(?:co quan|don vi|bo phan|ca nhan))*$"
        ),
    ),
    (
        Role.CONTENT,
        re.compile(
            rf"^(?!co quan|don vi|bo phan|nguoi).*{_WORK}|giai phap|hang muc|chuyen de|tieu chi|^de an\b|^du an\b"
        ),
    ),
    (Role.GROUP, re.compile(r"^(?:linh vuc|nhom(?: noi dung| nhiem vu| chi tieu)?|tru cot)$")),
)
_OWN_TARGET = re.compile(r"phan dau|xa\b|phuong\b|don vi|dia phuong")
_TARGET_NAMES = re.compile(r"chi tieu|tieu chi|muc tieu")
HEADER_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Columns:
    """The role of every column, its header as printed, and how many rows the header takes.

    `figures` are the columns of figures to reach; the one that is read is a TARGET, the others are OTHER.
    """

    roles: tuple[Role, ...]
    headers: tuple[str, ...] = ()
    header_rows: int = 0
    figures: tuple[int, ...] = ()

    def has(self, *roles: Role) -> bool:
        """Whether any of these roles is there."""
        return any(role in self.roles for role in roles)

    @property
    def holds_time(self) -> bool:
        """Whether some column says by when."""
        return self.has(*TIME_ROLES)

    @property
    def leading(self) -> tuple[Role, ...]:
        """Times and units that stand before the work, as in a calendar or a list by unit: they go on below."""
        if Role.CONTENT not in self.roles:
            return ()
        before = self.roles[: self.roles.index(Role.CONTENT)]
        return tuple(role for role in (Role.TIME, Role.LEAD, Role.PERFORMER) if role in before)

    @property
    def holds_targets(self) -> bool:
        """A table of figures to reach: of named targets, or of units; with times, only where it calls them targets."""
        if Role.TARGET not in self.roles or not self.has(Role.CONTENT, *UNIT_ROLES):
            return False
        return not self.holds_time or self.names_targets

    @property
    def names_targets(self) -> bool:
        """Whether the header over the names says that they are targets: "Tên chỉ tiêu", "Tiêu chí"."""
        if Role.CONTENT not in self.roles or not self.headers:
            return False
        return _TARGET_NAMES.search(fold(self.headers[self.roles.index(Role.CONTENT)])) is not None

    @property
    def holds_duties(self) -> bool:
        """A table of duties: something to do, and by whom or by when."""
        return Role.CONTENT in self.roles and self.has(*TIME_ROLES, *UNIT_ROLES) and not self.holds_targets

    def for_year(self, year: int | None) -> Columns:
        """The same columns with the figures of the plan's year; of later years only, with those of the first."""
        if len(self.figures) < 2 or year is None or not self.headers:
            return self
        best = max(self.figures, key=lambda at: _fitness(self.headers[at], year))
        roles = list(self.roles)
        for at in self.figures:
            roles[at] = Role.TARGET if at == best else Role.OTHER
        return replace(self, roles=tuple(roles))

    @property
    def other_figures(self) -> tuple[int, ...]:
        """The columns of figures that are not read: those of other years."""
        return tuple(at for at in self.figures if self.roles[at] is Role.OTHER) if self.holds_targets else ()

    @property
    def target_year(self) -> int:
        """The year that the header of the figures names; 0 when it names none."""
        return (
            latest_year(self.headers[self.roles.index(Role.TARGET)])
            if Role.TARGET in self.roles and self.headers
            else 0
        )


def _fitness(header: str, year: int) -> tuple[int, int, bool]:
    """How well a column of figures fits a year: its own year first, then the nearest one to come, then the latest."""
    named = latest_year(header)
    order = 2 if named == year else 1 if named > year else 0
    return order, -named if order == 1 else named, bool(_OWN_TARGET.search(fold(header)))


def latest_year(text: str) -> int:
    """The latest year that a header names; 0 when it names none."""
    return max((int(year) for year in re.findall(r"\b20\d{2}\b", text)), default=0)


def header_role(text: str) -> Role | None:
    """The role a header names, or None; letter case, accents and line breaks do not matter."""
    folded = flat(fold(text)).strip(" .:*")
    if not folded or len(folded) > HEADER_LENGTH:
        return None
    return next((role for role, words in _HEADER_WORDS if words.search(folded)), None)
