"""The stretch of a sentence that says when: from its first word to its last, with the tails that belong to it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from plans.reading.text import squash
from plans.reading.time_words import time_words

PHRASES = Path(__file__).resolve().parents[3] / "shared/gold/phrases.jsonl"

# Each sentence with the words that say when between bars.
TOLD = (
    "Gửi danh sách cá thể nuôi |trước ngày 05 của tháng đầu quý sau|.",
    "Nộp kết quả chấm thi đua |hằng năm (trước ngày 15 tháng 11) hoặc theo đề nghị của Sở Nội vụ|, kèm danh sách.",
    "Rà soát danh mục cây cổ thụ |định kỳ hằng năm (trước ngày 25/12 trong năm) hoặc đột xuất|.",
    "Báo cáo gửi |chậm nhất vào ngày 17 của tháng cuối quý thuộc kỳ báo cáo|.",
    (
        "Gửi báo cáo |trước ngày 20 tháng đầu quý sau (đối với báo cáo quý), trước ngày 25/01 năm sau (đối với báo cáo"
        " năm)|."
    ),
    "Đo độ mặn |vào tháng 4 và tháng 8 năm 2026|; lấy 30 mẫu.",
    "Trình quy hoạch |trong Quý II, chậm nhất tháng 6|.",
    "|Chậm nhất ngày 06 (sáu) của tháng cuối quý đối với báo cáo định kỳ hằng quý|, các thôn gửi sổ.",
    "Gửi tài liệu |trước khi tổ chức họp tối thiểu 03 ngày làm việc|.",
    "|Trước ngày thi ít nhất 3 ngày|, các trường dán danh sách.",
    "Kiểm tra |định kỳ 6 tháng, hằng năm, đầu kỳ, giữa kỳ, cuối kỳ hoặc đột xuất khi cần thiết|.",
    "Tổ hòa giải họp |mỗi tháng một lần|.",
    "|Định kỳ thứ 4 hằng tuần|, báo cáo số hộ đã dời.",
    "|Định kỳ trước ngày 25 hằng tháng| báo cáo kết quả.",
    "Báo cáo |trước ngày 05/6 và ngày 05/12 hằng năm|.",
    "Thu hoạch |trước 15-4-2026|.",
    "Tham mưu báo cáo |trước ngày 15 của tháng cuối quí|.",
    "Các thôn gửi |báo cáo tháng trước ngày 20, báo cáo quý trước ngày 20 tháng cuối quý|.",
    "Báo cáo kết quả |định kỳ hằng tháng (trước ngày 14), 6 tháng và năm| gửi Công an tỉnh.",
    "Ra quân |vào ngày 15 hằng tháng từ tháng 4 đến tháng 10|.",
    "|Định kỳ ngày 10 tháng cuối quý| gửi báo cáo về Trạm Y tế.",
    "Họp giao ban |vào sáng thứ Hai hằng tuần|.",
    "Các thôn: |hằng tuần| tuyên truyền trên loa.",
    "Công an xã |hằng tháng| rà soát dữ liệu.",
)


@pytest.mark.parametrize("marked", TOLD)
def test_the_whole_time_and_nothing_else(marked: str) -> None:
    when = time_words(marked.replace("|", ""), 2026)
    assert when is not None
    assert when.words.strip(" ,;") == marked.split("|")[1]


def test_days_with_years_of_their_own_are_told_apart() -> None:
    when = time_words("Đợt đầu trước ngày 30/4/2026, đợt sau trước ngày 02/9/2026.", 2026)
    assert when is not None
    assert when.words == "trước ngày 30/4/2026; trước ngày 02/9/2026"


def test_times_of_real_sentences_are_found_where_a_person_found_them() -> None:
    """Of the shared phrases that stand in a sentence, all but those that only a label or a cell makes a deadline."""
    if not PHRASES.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail("the shared phrases must be present in CI")
        pytest.skip("the shared phrases are not beside this checkout")
    lines = [json.loads(line) for line in PHRASES.read_text(encoding="utf-8").splitlines() if line.strip()]
    told = [one for one in lines if one["text"] in (one.get("context") or "") and "|" not in one["context"]]
    found = [one for one in told if _found(one["context"], one["text"], one["year"])]
    assert len(found) >= 0.75 * len(told)


def _found(context: str, text: str, year: int) -> bool:
    when = time_words(context, year)
    return when is not None and squash(text) in {squash(part) for part in (when.words, *when.words.split("; "))}
