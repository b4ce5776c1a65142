"""The words of the sample plan. `{year}` stands for the year it is written for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Duty:
    """One row of the table."""

    content: str
    product: str
    lead: str
    coordinator: str
    time: str


VP, HCC = "Văn phòng HĐND và UBND", "Trung tâm Phục vụ hành chính công"
KT, VH = "Phòng Kinh tế, Hạ tầng và Đô thị", "Phòng Văn hóa - Xã hội"
CA, YT = "Công an phường", "Trạm Y tế phường"
ALL = "Các phòng, ban chuyên môn"
RELATED = "Các cơ quan, đơn vị có liên quan"

# The one deadline that nobody can date from its words, and what the officer of the demo answers.
ODD_PHRASE = "Hoàn thành trước mùa mưa bão"
ODD_ANSWER = "Trước ngày 15/9/{year}"

SECTIONS: tuple[tuple[str, tuple[Duty, ...]], ...] = (
    (
        "CHỈ ĐẠO, ĐIỀU HÀNH",
        (
            Duty("Trình ban hành quy chế phối hợp giải quyết thủ tục hành chính giữa các đơn vị của phường",
                 "Quyết định", VP, HCC, "Trước ngày 15/02/{year}"),
            Duty("Phân công công chức làm đầu mối theo dõi thủ tục hành chính tại từng đơn vị",
                 "Danh sách đầu mối", HCC, ALL, "Tháng 02 năm {year}"),
            Duty("Tổng hợp tình hình tiếp nhận, trả kết quả hồ sơ để phục vụ họp giao ban của Ủy ban nhân dân phường",
                 "Báo cáo", HCC, VP, "Trước ngày 18 hằng tháng"),
            Duty("Tự đánh giá kết quả xử lý hồ sơ thuộc lĩnh vực phụ trách, nêu rõ hồ sơ trễ hạn và nguyên nhân",
                 "Bảng tự đánh giá", ALL, HCC, "Hằng quý"),
        ),
    ),
    (
        "RÀ SOÁT VÀ CÔNG KHAI THỦ TỤC HÀNH CHÍNH",
        (
            Duty("Rà soát thành phần hồ sơ của các thủ tục về đất đai, xây dựng; kiến nghị bỏ giấy tờ trùng lặp",
                 "Báo cáo rà soát", KT, HCC, "Quý II"),
            Duty("Niêm yết, cập nhật thủ tục hành chính tại nơi tiếp nhận và trên trang thông tin của phường",
                 "Bảng niêm yết, chuyên mục trên trang thông tin", HCC, VH, "Thường xuyên"),
            Duty("Sửa đổi quy trình nội bộ khi thủ tục hành chính được công bố mới hoặc thay đổi",
                 "Quy trình nội bộ", HCC, RELATED, "Khi có phát sinh"),
            Duty("Kiến nghị phương án đơn giản hóa thủ tục về bảo trợ xã hội",
                 "Văn bản kiến nghị", VH, HCC, "Trước ngày 20/8/{year}"),
        ),
    ),
    (
        "TIẾP NHẬN HỒ SƠ VÀ CHUYỂN ĐỔI SỐ",
        (
            Duty("Số hóa kết quả giải quyết thủ tục hành chính còn hiệu lực đang lưu tại kho của phường",
                 "Dữ liệu đã số hóa", VP, HCC, "Quý III"),
            Duty("Mở điểm hướng dẫn nộp hồ sơ trực tuyến tại nhà văn hóa các tổ dân phố",
                 "Điểm hướng dẫn", VH, HCC, "Từ tháng 4 đến tháng 10/{year}"),
            Duty("Lấy ý kiến người dân về thái độ phục vụ và thời gian chờ tại nơi tiếp nhận hồ sơ",
                 "Báo cáo kết quả lấy ý kiến", HCC, VH, "Định kỳ 06 tháng và cuối năm"),
            Duty("Tổ chức đợt cấp tài khoản định danh điện tử lưu động cho người cao tuổi",
                 "Kế hoạch, kết quả cấp", CA, VH, "Tháng 5 năm {year}"),
            Duty("Đưa hồ sơ sức khỏe của trẻ em dưới 6 tuổi lên hệ thống dùng chung",
                 "Dữ liệu hồ sơ sức khỏe", YT, CA, "Chậm nhất ngày 30/11/{year}"),
            Duty("Sửa chữa mái che, lối đi cho người khuyết tật tại nơi tiếp nhận hồ sơ",
                 "Công trình hoàn thành", KT, HCC, ODD_PHRASE),
        ),
    ),
    (
        "KIỂM TRA, TUYÊN TRUYỀN VÀ BÁO CÁO",
        (
            Duty("Phục vụ đoàn kiểm tra cải cách hành chính của cấp trên", "Hồ sơ, báo cáo giải trình", VP, RELATED,
                 "Theo Kế hoạch kiểm tra của Ủy ban nhân dân tỉnh"),
            Duty("Phát thanh, đăng tin về dịch vụ công trực tuyến và quyền phản ánh, kiến nghị của người dân",
                 "Tin, bài", VH, HCC, "Hằng tháng"),
            Duty("Báo cáo chuyên đề về thủ tục hành chính ngoài kỳ", "Báo cáo", HCC, RELATED,
                 "Đột xuất khi có yêu cầu"),
            Duty("Tổng kết năm, đề nghị khen thưởng đơn vị làm tốt", "Báo cáo tổng kết", VP, HCC, "Quý IV"),
        ),
    ),
)  # fmt: skip

# name, unit of measure, value as printed, responsible
TARGETS: tuple[tuple[str, str, str, str], ...] = (
    ("Hồ sơ giải quyết đúng hạn hoặc trước hạn", "%", "98", HCC),
    ("Hồ sơ nộp trực tuyến trên tổng số hồ sơ tiếp nhận", "%", "70", HCC),
    ("Kết quả giải quyết được số hóa và trả bản điện tử", "%", "90", VP),
    ("Hồ sơ thanh toán phí, lệ phí không dùng tiền mặt", "%", "75", HCC),
    ("Người dân, doanh nghiệp hài lòng về việc giải quyết thủ tục", "%", "95", HCC),
    ("Phản ánh, kiến nghị được trả lời đúng hạn", "%", "100", VP),
)

OPENING = (
    "Thực hiện chương trình công tác năm {year}, Ủy ban nhân dân phường An Hòa ban hành Kế hoạch cải cách và kiểm soát "
    "thủ tục hành chính năm {year} với các nội dung sau:"
)
AIMS = (
    "Người dân và doanh nghiệp được phục vụ nhanh, đúng hẹn, ít phải đi lại.",
    "Mỗi nhiệm vụ có một đơn vị chịu trách nhiệm chính, có sản phẩm và thời hạn cụ thể.",
)
ORGANISING = (
    (
        "1. Trung tâm Phục vụ hành chính công",
        (
            "Theo dõi, đôn đốc việc thực hiện Kế hoạch này; định kỳ hằng quý tổng hợp kết quả, báo cáo Ủy ban nhân dân "
            "phường trước ngày 25 của tháng cuối quý."
        ),
    ),
    (
        "2. Các phòng, ban chuyên môn",
        (
            "Gửi báo cáo kết quả thực hiện nhiệm vụ được giao về Trung tâm Phục vụ hành chính công trước ngày 20 của "
            "tháng cuối quý."
        ),
    ),
)
CLOSING = (
    "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các đơn vị phản ánh về Trung tâm Phục vụ hành chính công "
    "để được hướng dẫn./."
)
