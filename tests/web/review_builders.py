"""A draft that was read from a real (text) file, with alike questions, a duty to split, two to join, and a target."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from db.models import Plan
from db.session import reading, transaction
from plans.importing import import_plan
from plans.reading import read_bytes
from tests.web.builders import NOW, make_settings

HEAD = """ỦY BAN NHÂN DÂN XÃ BÌNH AN
Số: 31/KH-UBND
Bình An, ngày 16 tháng 11 năm 2026
KẾ HOẠCH
Số hóa hồ sơ lưu trữ của xã năm 2026
TT\tNội dung nhiệm vụ\tSản phẩm\tĐơn vị chủ trì\tĐơn vị phối hợp\tThời gian thực hiện
"""
ROWS = (
    "1\tKiểm đếm hồ sơ trong kho; lập danh mục hồ sơ cần quét\tDanh mục\tPhòng Văn hóa - Xã hội\t\tQuý IV",
    "2\tMua sắm máy quét tốc độ cao\tBiên bản bàn giao\tPhòng Kinh tế, Hạ tầng và Đô thị\t\tTrước ngày 20/12/2026",
    "3\tTập huấn cán bộ quét và nhập dữ liệu\tLớp tập huấn\tPhòng Văn hóa - Xã hội\t\tkhoảng cuối mùa mưa",
    "4\tBố trí phòng làm việc cho tổ số hóa\tPhòng làm việc\tPhòng Văn hóa - Xã hội\t\tkhoảng cuối mùa mưa",
    "5\tBáo cáo tiến độ số hóa\tBáo cáo\tVăn phòng HĐND và UBND\t\ttrước ngày 18 hằng tháng",
)
QUIET_ROWS = tuple(row.replace("khoảng cuối mùa mưa", "Tháng 12") for row in ROWS)


def plan_text(rows: tuple[str, ...] = ROWS) -> bytes:
    """The file."""
    return (HEAD + "\n".join(rows) + "\n").encode()


def draft(url: str, home: Path, data: bytes, name: str = "kế hoạch.txt") -> str:
    """The file as a draft; gives its code."""
    with transaction(url) as session:
        return import_plan(session, read_bytes(name, data), name, data, NOW, "thử", make_settings(url, home)).code


@dataclass(frozen=True)
class Row:
    """What a test needs of a duty."""

    id: int
    key: str
    content: str
    active: bool
    leads: tuple[str, ...]
    deadline: str
    rules: int


def rows_of(url: str, code: str) -> list[Row]:
    """The duties of a plan in order."""
    with reading(url) as session:
        plan = session.query(Plan).filter_by(code=code).one()
        return [
            Row(
                each.id,
                each.key,
                each.content,
                each.active,
                tuple(unit.printed_name for unit in each.units if unit.role == "lead"),
                each.deadline_text,
                len(each.rules),
            )
            for each in plan.obligations
        ]


@dataclass
class Desk:
    """The officer before one draft: opens the forms of its page and sends them back with some fields changed."""

    client: TestClient
    code: str

    @property
    def here(self) -> str:
        """The plan's address."""
        return f"/ke-hoach/{self.code}"

    def page(self, query: str = "") -> str:
        """The page as it stands."""
        answer = self.client.get(self.here + query)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def fields(self, query: str, action: str) -> dict[str, str]:
        """The fields of the form that posts to an address of the plan, as the page fills them."""
        form = self.page(query).split(f'action="{self.here}{action}"', 1)[1].split("</form>", 1)[0]
        # A browser sends a box only when it is ticked.
        form = re.sub(r'<input[^>]*type="checkbox"[^>]*value="1">', "", form)
        found = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', form))
        found |= dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form))
        return found

    def send(self, action: str, query: str = "", **changes: str) -> tuple[int, str]:
        """Open a form, change some fields, send it; the status and the page that follows."""
        return self.post(action, **(self.fields(query, action) | changes))

    def post(self, action: str, **fields: str | list[str]) -> tuple[int, str]:
        """Send fields as they are given, with this session's token."""
        token = self.page().split('name="csrf" value="', 1)[1].split('"', 1)[0]
        answer = self.client.post(self.here + action, data={"csrf": token, **fields})
        return answer.status_code, answer.text
