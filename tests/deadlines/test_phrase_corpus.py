"""The corpus of phrases with their readings, all in our own words, in a plan of 2026.

Each reading is written short by ``written``: "once start..due", "monthly day 17 from 2026-01-17",
"event [trigger] +5 day".
To add a phrase, write its line by hand from the regulation, never from what the reader answers.
"""

from __future__ import annotations

import pytest

from deadlines import ByReference, Continuous, Once, OnDemand, OnEvent, Recurring, Rule, read_phrase

CORPUS: dict[str, dict[str, list[str]]] = {
    "cửa sổ": {
        "Quý I": ["once 2026-01-01..2026-03-31"],
        "quý II/2026": ["once 2026-04-01..2026-06-30"],
        "Quý III năm 2026": ["once 2026-07-01..2026-09-30"],
        "Quí IV năm 2026": ["once 2026-10-01..2026-12-31"],
        "QUÝ IV/2026": ["once 2026-10-01..2026-12-31"],
        "trong quý II năm 2026": ["once 2026-04-01..2026-06-30"],
        "Tháng 02": ["once 2026-02-01..2026-02-28"],
        "Tháng 9/2026": ["once 2026-09-01..2026-09-30"],
        "tháng 05 năm 2026": ["once 2026-05-01..2026-05-31"],
        "Trong tháng 11": ["once 2026-11-01..2026-11-30"],
        "7/2026": ["once 2026-07-01..2026-07-31"],
        "Năm 2026": ["once 2026-01-01..2026-12-31"],
        "Trong năm 2026": ["once 2026-01-01..2026-12-31"],
        "2027": ["once 2027-01-01..2027-12-31"],
        "6 tháng đầu năm 2026": ["once 2026-01-01..2026-06-30"],
        "06 tháng cuối năm": ["once 2026-07-01..2026-12-31"],
        "Nửa đầu năm 2026": ["once 2026-01-01..2026-06-30"],
        "9 tháng đầu năm 2026": ["once 2026-01-01..2026-09-30"],
        "Giai đoạn 2026 - 2030": ["once 2026-01-01..2030-12-31"],
        "2026-2028": ["once 2026-01-01..2028-12-31"],
        "Thượng tuần tháng 3": ["once 2026-03-01..2026-03-10"],
        "hạ tuần tháng 2/2028": ["once 2028-02-21..2028-02-29"],
        "Cuối năm 2026": ["once ..2026-12-31"],
        "cuối quý II": ["once ..2026-06-30"],
        "cuối tháng 9 năm 2026": ["once ..2026-09-30"],
        "Dự kiến quý III/2026": ["once 2026-07-01..2026-09-30"],
        "Q2/2026": ["once 2026-04-01..2026-06-30"],
        "Q.IV/2026": ["once 2026-10-01..2026-12-31"],
        "T10/2026": ["once 2026-10-01..2026-10-31"],
        "Quý 3 năm 2026": ["once 2026-07-01..2026-09-30"],
    },
    "khoảng": {
        "Từ tháng 3 đến tháng 7/2026": ["once 2026-03-01..2026-07-31"],
        "từ ngày 05/5 đến ngày 20/5": ["once 2026-05-05..2026-05-20"],
        "Từ ngày 03 đến ngày 09 tháng 4 năm 2026": ["once 2026-04-03..2026-04-09"],
        "từ tháng 11 năm 2026 đến hết tháng 02 năm 2027": ["once 2026-11-01..2027-02-28"],
        "Quý IV/2026 - Quý II/2027": ["once 2026-10-01..2027-06-30"],
        "Tháng 8 - 9/2026": ["once 2026-08-01..2026-09-30"],
        "12-16/10/2026": ["once 2026-10-12..2026-10-16"],
        "Từ nay đến hết năm 2026": ["once ..2026-12-31"],
        "từ năm 2026 đến năm 2028": ["once 2026-01-01..2028-12-31"],
        "17, 18 và 19 tháng 6 năm 2026": ["once 2026-06-17..2026-06-19"],
    },
    "mốc": {
        "Trước ngày 15/3/2026": ["once ..2026-03-14"],
        "trước ngày 01/7/2026": ["once ..2026-06-30"],
        "Trước 31/12": ["once ..2026-12-30"],
        "trước ngày 10 tháng 8": ["once ..2026-08-09"],
        "chậm nhất ngày 25/9/2026": ["once ..2026-09-25"],
        "Chậm nhất là ngày 30 tháng 6 năm 2026": ["once ..2026-06-30"],
        "muộn nhất vào ngày 12/12/2026": ["once ..2026-12-12"],
        "đến ngày 20/11/2026": ["once ..2026-11-20"],
        "Đến hết ngày 31/10/2026": ["once ..2026-10-31"],
        "hết quý III/2026": ["once ..2026-09-30"],
        "chậm nhất trong quý II/2026": ["once ..2026-06-30"],
        "chậm nhất tháng 4/2026": ["once ..2026-04-30"],
        "chậm nhất trước ngày 20/4/2026": ["once ..2026-04-19"],
        "trước tháng 6/2026": ["once ..2026-05-31"],
        "trước năm 2028": ["once ..2027-12-31"],
        "Trước ngày 5-6-2026": ["once ..2026-06-04"],
        "trước ngày 20.4": ["once ..2026-04-19"],
        "15/8/2026": ["once ..2026-08-15"],
        "Hoàn thành trước ngày 30/9/2026": ["once ..2026-09-29"],
        "xong trong tháng 5/2026": ["once 2026-05-01..2026-05-31"],
        "Trước 17h00 ngày 20/5/2026": ["once ..2026-05-20 17:00"],
        "trước 11 giờ 30 phút ngày 02/6/2026": ["once ..2026-06-02 11:30"],
        "Quý II/2026 (trước ngày 20/6)": ["once 2026-04-01..2026-06-19"],
        "Tháng 7/2026 (trước ngày 25)": ["once 2026-07-01..2026-07-24"],
        "trong Quý III, chậm nhất tháng 8": ["once 2026-07-01..2026-08-31"],
        "ngày 15 (mười lăm) tháng 12 năm 2026": ["once ..2026-12-15"],
        "trước ngày 01/3": ["once ..2026-02-28"],
        "trước ngày 01 tháng 3 năm 2028": ["once ..2028-02-29"],
        "2026-05-20": ["once ..2026-05-20"],
    },
    "định kỳ": {
        "Hằng tháng": ["monthly period ends"],
        "Hàng quý": ["quarterly period ends"],
        "hằng năm": ["annual period ends"],
        "Định kỳ hằng quý": ["quarterly period ends"],
        "Định kỳ quý": ["quarterly period ends"],
        "định kỳ 06 tháng": ["semiannual period ends"],
        "6 tháng/lần": ["semiannual period ends"],
        "3tháng /lần": ["quarterly period ends"],
        "Định kỳ ba tháng một lần": ["quarterly period ends"],
        "2 tháng/lần": ["bimonthly period ends"],
        "01 lần/năm": ["annual period ends"],
        "02 lần/năm": ["semiannual period ends"],
        "mỗi quý ít nhất 01 lần": ["quarterly period ends"],
        "Mỗi năm hai lần": ["semiannual period ends"],
        "Hằng tháng, quý, năm": ["monthly period ends", "quarterly period ends", "annual period ends"],
        "Hàng quý/năm": ["quarterly period ends", "annual period ends"],
        "Theo tháng, quý, năm": ["monthly period ends", "quarterly period ends", "annual period ends"],
        "hằng quý và cuối năm": ["quarterly period ends", "annual period ends"],
        "Định kỳ 06 tháng và cuối năm": ["semiannual 2026-06-30", "annual period ends"],
        "6 tháng đầu năm và cả năm": ["semiannual 2026-06-30", "annual period ends"],
        "sơ kết 6 tháng, tổng kết năm": ["semiannual 2026-06-30", "annual period ends"],
        "Định kỳ 6 tháng, hằng năm": ["semiannual period ends", "annual period ends"],
        "9 tháng/lần": ["nine_month period ends"],
        "Hằng ngày": ["daily"],
        "trước 16 giờ hằng ngày": ["daily 16:00"],
        "cuối mỗi tháng": ["monthly period ends"],
        "báo cáo định kỳ (tháng, quý) hoặc đột xuất": ["monthly period ends", "quarterly period ends", "demand"],
    },
    "định kỳ có ngày": {
        "trước ngày 18 hằng tháng": ["monthly day 17 from 2026-01-17"],
        "Trước ngày 05 hàng tháng": ["monthly day 4 from 2026-01-04"],
        "chậm nhất ngày 20 hằng tháng": ["monthly day 20 from 2026-01-20"],
        "ngày 25 hằng tháng": ["monthly day 25 from 2026-01-25"],
        "Trước ngày 30 hằng tháng": [
            (
                "monthly 2026-01-29 2026-02-28 2026-03-29 2026-04-29 2026-05-29 2026-06-29 "
                "2026-07-29 2026-08-29 2026-09-29 2026-10-29 2026-11-29 2026-12-29"
            )
        ],
        "trước ngày 01 hằng tháng": [
            (
                "monthly 2025-12-31 2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 "
                "2026-06-30 2026-07-31 2026-08-31 2026-09-30 2026-10-31 2026-11-30"
            )
        ],
        "Hằng tháng, trước ngày 22": ["monthly day 21 from 2026-01-21"],
        "hằng tháng (chậm nhất ngày 25)": ["monthly day 25 from 2026-01-25"],
        "trước 15 giờ ngày 20 hằng tháng": ["monthly day 20 from 2026-01-20 15:00"],
        "ngày cuối cùng của tháng": [
            (
                "monthly 2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 "
                "2026-07-31 2026-08-31 2026-09-30 2026-10-31 2026-11-30 2026-12-31"
            )
        ],
        "trước ngày 05 của tháng sau": ["monthly day 4 from 2026-02-04"],
        "chậm nhất ngày 03 tháng liền kề sau tháng báo cáo": ["monthly day 3 from 2026-02-03"],
        "trước ngày 16 của tháng cuối quý": ["quarterly 2026-03-15 2026-06-15 2026-09-15 2026-12-15"],
        "chậm nhất ngày 20 của tháng đầu quý sau": ["quarterly 2026-04-20 2026-07-20 2026-10-20 2027-01-20"],
        "Chậm nhất vào ngày 10 tháng đầu tiên của quý tiếp theo": [
            "quarterly 2026-04-10 2026-07-10 2026-10-10 2027-01-10"
        ],
        "Hằng quý (trước ngày 14 của tháng cuối quý)": ["quarterly 2026-03-13 2026-06-13 2026-09-13 2026-12-13"],
        "ngày cuối cùng của tháng đầu quý sau": ["quarterly 2026-04-30 2026-07-31 2026-10-31 2027-01-31"],
        "trước ngày 25 tháng đầu quý II, quý III và quý IV": ["quarterly 2026-04-24 2026-07-24 2026-10-24"],
        "trước ngày 15/12 hằng năm": ["annual 2026-12-14"],
        "trước ngày 20 tháng 11 hàng năm": ["annual 2026-11-19"],
        "chậm nhất là ngày 31 tháng 01 hằng năm": ["annual 2026-01-31"],
        "Hằng năm (trước ngày 10 tháng 12)": ["annual 2026-12-09"],
        "hằng năm, trước ngày 05/12": ["annual 2026-12-04"],
        "trước ngày 20 tháng 11 năm báo cáo": ["annual 2026-11-19"],
        "trước ngày 15 tháng 01 năm sau năm báo cáo": ["annual 2027-01-14"],
        "trước ngày 10/6 và ngày 10/12 hằng năm": ["semiannual 2026-06-09 2026-12-09"],
        "trước ngày 14/3, 14/6, 14/9, 14/12 hằng năm": ["quarterly 2026-03-13 2026-06-13 2026-09-13 2026-12-13"],
        "tháng 6 và tháng 12 hằng năm": ["semiannual 2026-06-30 2026-12-31"],
        "Hằng năm (tháng 11)": ["annual 2026-11-30"],
        "Quý I hằng năm": ["annual 2026-03-31"],
        "định kỳ 6 tháng (trước ngày 15/6) và hằng năm (trước ngày 15/11)": [
            "semiannual 2026-06-14",
            "annual 2026-11-14",
        ],
        "Báo cáo 6 tháng trước ngày 12/6": ["semiannual 2026-06-11"],
        "Báo cáo 6 tháng đầu năm gửi trước ngày 08/6": ["semiannual 2026-06-07"],
        "Trước ngày 10/6 đối với báo cáo 6 tháng và trước ngày 10/12 đối với báo cáo năm": [
            "semiannual 2026-06-09",
            "annual 2026-12-09",
        ],
        "trước ngày 20 tháng đầu quý sau (đối với báo cáo quý)": [
            "quarterly 2026-04-19 2026-07-19 2026-10-19 2027-01-19"
        ],
        "chậm nhất ngày 08 của tháng cuối quý đối với báo cáo định kỳ hằng quý": [
            "quarterly 2026-03-08 2026-06-08 2026-09-08 2026-12-08"
        ],
        "chậm nhất ngày 18 của tháng cuối quý, ngày 18 tháng 6 và ngày 18 tháng 12 hằng năm": [
            "quarterly 2026-03-18 2026-06-18 2026-09-18 2026-12-18",
            "semiannual 2026-06-18",
            "annual 2026-12-18",
        ],
        "trước ngày 31/01 năm sau đối với báo cáo năm": ["annual 2027-01-30"],
        "hàng tháng (trước ngày 25), hàng quý (trước ngày 25 của tháng cuối quý)": [
            "monthly day 24 from 2026-01-24",
            "quarterly 2026-03-24 2026-06-24 2026-09-24 2026-12-24",
        ],
        "Định kỳ tháng 3, 6, 9, 12": ["quarterly 2026-03-31 2026-06-30 2026-09-30 2026-12-31"],
        "Gửi báo cáo về Phòng Kinh tế trước ngày 20 hằng tháng": ["monthly day 19 from 2026-01-19"],
    },
    "danh sách và khoảng": {
        "Tháng 5, 6/2026": ["once 2026-05-01..2026-06-30"],
        "Quý II, III/2026": ["once 2026-04-01..2026-09-30"],
        "từ 2026 - 2028": ["once 2026-01-01..2028-12-31"],
        "Quý 2-3/2026": ["once 2026-04-01..2026-09-30"],
        "tháng 6 - 2026": ["once 2026-06-01..2026-06-30"],
        "Trong năm": ["once 2026-01-01..2026-12-31"],
        "từ nay đến hết năm": ["once ..2026-12-31"],
        "từ ngày 03 đến ngày 08 hằng tháng": ["monthly day 8 from 2026-01-08"],
        "Hằng tháng, từ ngày 03 đến ngày 08": ["monthly day 8 from 2026-01-08"],
        "từ ngày 10/10 đến ngày 10/11 hằng năm": ["annual 2026-11-10"],
        "Từ tháng 9 đến tháng 11 hằng năm": ["annual 2026-11-30"],
        "trước ngày 08 các tháng 2, 5, 8, 11": ["quarterly 2026-02-07 2026-05-07 2026-08-07 2026-11-07"],
        "ngày 18 tháng 3, 6, 9, 12 hằng năm": ["quarterly 2026-03-18 2026-06-18 2026-09-18 2026-12-18"],
        "6 tháng (trước ngày 08/6), 01 năm (trước ngày 08/12)": ["semiannual 2026-06-07", "annual 2026-12-07"],
        "Thường xuyên từ quý II/2026": ["continuous from 2026-04-01"],
        "Thứ Sáu, ngày 15/5/2026": ["once ..2026-05-15"],
        "Sáng ngày 15/5/2026": ["once ..2026-05-15"],
        "trước 16h30' ngày 15/5/2026": ["once ..2026-05-15 16:30"],
        "trước 0 giờ ngày 15/5/2026": ["once ..2026-05-14"],
        "ngày 9 của tháng cuối quý đối với báo cáo quý, ngày 9 tháng 12 đối với báo cáo năm": [
            "quarterly 2026-03-09 2026-06-09 2026-09-09 2026-12-09",
            "annual 2026-12-09",
        ],
        "Hạn cuối: 15/5/2026": ["once ..2026-05-15"],
        "Hạn nộp: 15/5/2026": ["once ..2026-05-15"],
        "trong thời gian tối đa 20 ngày kể từ ngày nhận đơn": ["event [ngày nhận đơn] +20 day"],
    },
    "việc và nơi nhận": {
        "gửi kết quả về Sở Y tế trước ngày 12/9/2026 để tổng hợp": ["once ..2026-09-11"],
        "trước ngày 08/6 và ngày 08/12 hằng năm để xem xét, quyết định": ["semiannual 2026-06-07 2026-12-07"],
        "trước ngày 18 hằng tháng báo cáo UBND xã": ["monthly day 17 from 2026-01-17"],
        "Hằng tháng trước ngày 12 báo cáo kết quả về Sở Công Thương": ["monthly day 11 from 2026-01-11"],
        "trình Chủ tịch UBND tỉnh trong tháng 8/2026": ["once 2026-08-01..2026-08-31"],
        "gửi báo cáo về Sở Nội vụ trong tháng 12": ["once 2026-12-01..2026-12-31"],
        "báo cáo kết quả về UBND xã (qua Phòng Kinh tế) trước ngày 05/11/2026": ["once ..2026-11-04"],
        "Theo Nghị quyết số 9-NQ/TU ngày 03/4/2026": ["reference [Nghị quyết số 9-NQ/TU ngày 03/4/2026]"],
        "thẩm định trong tháng 7/2026": ["once 2026-07-01..2026-07-31"],
        "tự đánh giá trước ngày 05/12 hằng năm": ["annual 2026-12-04"],
        "Mỗi tháng họp một lần": ["monthly period ends"],
        "cứ 03 tháng một lần": ["quarterly period ends"],
        "Kỳ báo cáo: hằng tháng": ["monthly period ends"],
        "khi cấp trên yêu cầu": ["demand"],
        "khi cơ quan có thẩm quyền yêu cầu": ["demand"],
        "Trước mỗi kỳ họp HĐND xã": ["event [mỗi kỳ họp HĐND xã] -1 day"],
        "trước khi khai mạc đại hội chậm nhất 15 ngày": ["event [khai mạc đại hội] -15 day"],
    },
    "tuần": {
        "thứ Sáu hằng tuần": ["weekly on day 5"],
        "Định kỳ thứ Hai hàng tuần": ["weekly on day 1"],
        "Chiều thứ Năm hằng tuần": ["weekly on day 4"],
        "trước 10 giờ thứ Tư hằng tuần": ["weekly on day 3 10:00"],
        "trước thứ Sáu hằng tuần": ["weekly on day 4"],
        "Hằng tuần (thứ Ba)": ["weekly on day 2"],
        "trước 16h30 ngày thứ Sáu hàng tuần": ["weekly on day 5 16:30"],
    },
    "chờ": {
        "Thường xuyên": ["continuous"],
        "Nhiệm vụ thường xuyên": ["continuous"],
        "Thường xuyên, liên tục": ["continuous"],
        "thường xuyên trong năm": ["continuous"],
        "Từ quý III/2026": ["continuous from 2026-07-01"],
        "Kể từ ngày 01/7/2026": ["continuous from 2026-07-01"],
        "sau năm 2027": ["continuous from 2028-01-01"],
        "Đột xuất": ["demand"],
        "Đợt xuất theo thời điểm yêu cầu": ["demand"],
        "đột xuất khi có yêu cầu của cấp trên": ["demand"],
        "Khi có yêu cầu": ["demand"],
        "theo đề nghị của Sở Nội vụ": ["demand"],
        "khi cần thiết": ["demand"],
        "Thường xuyên, khi có yêu cầu": ["continuous", "demand"],
        "Khi có phát sinh": ["event [có phát sinh]"],
        "Ngay sau khi HĐND xã thông qua nghị quyết": ["event [HĐND xã thông qua nghị quyết]"],
        "nếu có vướng mắc": ["event [có vướng mắc]"],
        "sau khi kết thúc đợt kiểm tra": ["event [kết thúc đợt kiểm tra]"],
        "Trong 05 ngày làm việc kể từ ngày nhận đủ hồ sơ": ["event [ngày nhận đủ hồ sơ] +5 working_day"],
        "trong vòng 24 giờ kể từ khi xảy ra sự cố": ["event [xảy ra sự cố] +24 hour"],
        "chậm nhất 03 ngày sau khi kết thúc hội nghị": ["event [kết thúc hội nghị] +3 day"],
        "không quá 30 ngày, kể từ ngày tiếp nhận đơn": ["event [ngày tiếp nhận đơn] +30 day"],
        "trước khi khai mạc ít nhất 10 ngày": ["event [khai mạc] -10 day"],
        "chậm nhất là 15 ngày trước ngày tổ chức hội nghị": ["event [ngày tổ chức hội nghị] -15 day"],
        "Trước ngày khai giảng tối thiểu 07 ngày làm việc": ["event [ngày khai giảng] -7 working_day"],
        "trong thời hạn 02 tháng kể từ ngày có kết luận": ["event [ngày có kết luận] +2 month"],
        "trước kỳ họp thường lệ của HĐND": ["event [kỳ họp thường lệ của HĐND] -1 day"],
        "Theo Kế hoạch": ["reference [Kế hoạch]"],
        "Theo hướng dẫn của Sở Nội vụ": ["reference [hướng dẫn của Sở Nội vụ]"],
        "Định kỳ theo quy định": ["reference [quy định]"],
        "theo lộ trình của Bộ, ngành và kế hoạch của tỉnh": ["reference [lộ trình của Bộ, ngành và kế hoạch của tỉnh]"],
        "Theo Quyết định số 19/QĐ-UBND ngày 12/02/2026 của Chủ tịch UBND tỉnh": [
            "reference [Quyết định số 19/QĐ-UBND ngày 12/02/2026 của Chủ tịch UBND tỉnh]"
        ],
        "đúng thời gian quy định": ["reference [đúng thời gian quy định]"],
        "đầu kỳ, giữa kỳ, cuối kỳ": ["reference [đầu kỳ, giữa kỳ, cuối kỳ]"],
        "Thường xuyên; báo cáo trước ngày 20 hằng tháng": ["continuous", "monthly day 19 from 2026-01-19"],
        "- Hằng quý.\n- Đột xuất khi có yêu cầu.": ["quarterly period ends", "demand"],
        "a) Quý I; b) Quý III": ["once 2026-01-01..2026-03-31", "once 2026-07-01..2026-09-30"],
        "Từ tháng 2 đến tháng 6/2026 (theo Kế hoạch của Sở Y tế)": ["once 2026-02-01..2026-06-30"],
        "Hoàn thành trước 30/6/2026; báo cáo trước 15/7/2026": ["once ..2026-06-29", "once ..2026-07-14"],
        "Quý II\nQuý IV": ["once 2026-04-01..2026-06-30", "once 2026-10-01..2026-12-31"],
    },
    "english": {
        "before the 18th of each month": ["monthly day 17 from 2026-01-17"],
        "no later than the 5th of each month": ["monthly day 5 from 2026-01-05"],
        "the last day of each month": [
            (
                "monthly 2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 "
                "2026-07-31 2026-08-31 2026-09-30 2026-10-31 2026-11-30 2026-12-31"
            )
        ],
        "quarterly": ["quarterly period ends"],
        "monthly, quarterly and annually": ["monthly period ends", "quarterly period ends", "annual period ends"],
        "by the end of Q2": ["once ..2026-06-30"],
        "by the end of June 2026": ["once ..2026-06-30"],
        "no later than 20 May 2026": ["once ..2026-05-20"],
        "before 1 March 2026": ["once ..2026-02-28"],
        "May 20, 2026": ["once ..2026-05-20"],
        "in Q3 2026": ["once 2026-07-01..2026-09-30"],
        "from April to August 2026": ["once 2026-04-01..2026-08-31"],
        "annually before 15 November": ["annual 2026-11-14"],
        "every six months": ["semiannual period ends"],
        "twice a year": ["semiannual period ends"],
        "every Friday": ["weekly on day 5"],
        "before 15:00 every Friday": ["weekly on day 5 15:00"],
        "ongoing": ["continuous"],
        "on request": ["demand"],
        "within 5 working days of receipt of the request": ["event [receipt of the request] +5 working_day"],
        "at least 7 days before the meeting": ["event [the meeting] -7 day"],
        "according to the plan": ["reference [the plan]"],
        "no later than the 20th of the first month of the following quarter": [
            "quarterly 2026-04-20 2026-07-20 2026-10-20 2027-01-20"
        ],
    },
    "không dấu": {
        "truoc ngay 18 hang thang": ["monthly day 17 from 2026-01-17"],
        "Thuong xuyen": ["continuous"],
        "Quy IV nam 2026": ["once 2026-10-01..2026-12-31"],
        "dinh ky 6 thang va cuoi nam": ["semiannual 2026-06-30", "annual period ends"],
    },
    "thêm": {
        "trước ngày họp 03 ngày": ["event [ngày họp] -3 day"],
        "Quý III - IV/2026": ["once 2026-07-01..2026-12-31"],
        "ngày cuối cùng của quý": ["quarterly 2026-03-31 2026-06-30 2026-09-30 2026-12-31"],
        "báo cáo hằng tuần trước 15:00 ngày thứ Sáu hằng tuần": ["weekly on day 5 15:00"],
        "trước 08 giờ 00 phút, ngày 16/10/2026": ["once ..2026-10-16 08:00"],
        "Ngày 20 của tháng 6 và tháng 12 hằng năm": ["semiannual 2026-06-20 2026-12-20"],
        "ngày 10/2 và ngày 20/4 hằng năm": ["annual 2026-02-10 2026-04-20"],
        "trước ngày 15/6/2026 và tháng 12/2026": ["once ..2026-06-14", "once 2026-12-01..2026-12-31"],
        "Hoàn thành trong tháng 12/2026 và duy trì thường xuyên": ["once 2026-12-01..2026-12-31", "continuous"],
        "Thường xuyên/Khi có yêu cầu": ["continuous", "demand"],
        "định kỳ 6 tháng, năm (trước ngày 15/6 và 15/12)": ["semiannual 2026-06-14", "annual 2026-12-14"],
        "Đợt 1: tháng 4/2026; Đợt 2: tháng 9/2026": ["once 2026-04-01..2026-04-30", "once 2026-09-01..2026-09-30"],
        "tối thiểu 01 quý/lần": ["quarterly period ends"],
        "hằng tháng báo cáo kết quả trước ngày 25": ["monthly day 24 from 2026-01-24"],
    },
}

CASES = [
    pytest.param(phrase, readings, id=f"{section}: {phrase}")
    for section, phrases in CORPUS.items()
    for phrase, readings in phrases.items()
]


def written(rule: Rule) -> str:
    """A rule in the short form of the table."""
    match rule:
        case Once(start, due, time):
            return f"once {start or ''}..{due}" + (f" {time}" if time else "")
        case Recurring():
            return " ".join(part for part in (rule.freq, _when(rule), rule.time or "") if part)
        case Continuous(start):
            return "continuous" + (f" from {start}" if start else "")
        case OnEvent(trigger, offset):
            return f"event [{trigger}]" + (f" {offset.n:+d} {offset.unit}" if offset else "")
        case ByReference(reference):
            return f"reference [{reference}]"
        case OnDemand():
            return "demand"


def _when(rule: Recurring) -> str:
    if rule.weekday:
        return f"on day {rule.weekday}"
    if rule.anchor:
        return "period ends"
    if rule.freq == "monthly" and len({day.day for day in rule.due_dates}) == 1:
        return f"day {rule.due_dates[0].day} from {rule.due_dates[0]}"
    return " ".join(day.isoformat() for day in rule.due_dates)


@pytest.mark.parametrize(("phrase", "readings"), CASES)
def test_phrase_is_read(phrase: str, readings: list[str]) -> None:
    reading = read_phrase(phrase, 2026)
    assert reading.status == "read", reading.question
    assert [written(rule) for rule in reading.rules] == readings
    assert reading.question is None
    assert reading.candidates == ()
    assert reading.explanation


def test_corpus_is_large_enough() -> None:
    assert len(CASES) >= 150
