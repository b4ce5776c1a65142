"""The words of the grammar. Each set is one terminal of the EBNF in calendar/README.md."""

from __future__ import annotations

from deadlines.source import Words

BEFORE = Words("trước", "trước thời điểm", "đến trước", "từ nay đến trước", "cho đến trước", "before", "prior to")
LATEST = Words(
    "chậm nhất", "muộn nhất", "trễ nhất", "không muộn hơn", "không chậm hơn", "không trễ hơn", "không quá",
    "hạn cuối", "hạn cuối cùng", "hạn chót", "thời hạn cuối", "thời hạn cuối cùng", "thời hạn chót", "không sau",
    "hạn", "xong trước và trong", "no later than", "not later than", "by", "on or before", "by no later than",
    "at the latest by",
)  # fmt: skip
UNTIL = Words(
    "đến", "tới", "đến hết", "tới hết", "cho đến", "cho đến hết", "đến trước hết", "hết", "until",
    "till", "up to",
)  # fmt: skip
IN = Words(
    "trong", "vào", "ngay trong", "trong suốt", "vào trong", "vào hồi", "vào lúc", "lúc", "trong cả", "cả",
    "in", "during", "on", "at",
)  # fmt: skip
AFTER = Words("sau", "after")
FROM = Words(
    "từ", "kể từ", "bắt đầu từ", "bắt đầu", "bắt đầu vào", "from", "starting from", "starting", "since",
)  # fmt: skip
TO = Words(
    "đến", "tới", "đến hết", "tới hết", "cho đến", "cho đến hết", "cho tới", "to", "until", "till", "through",
    "and",
)  # fmt: skip
NOW = Words(
    "nay", "bây giờ", "ngày ký", "ngày ban hành", "ngày ký ban hành", "khi ban hành", "ngày ban hành kế hoạch",
    "ngày ban hành kế hoạch này", "ngày kế hoạch được ban hành", "ngày kế hoạch có hiệu lực", "ngày có hiệu lực",
    "ngày ban hành quyết định", "ngày ban hành quyết định này", "ngày quyết định có hiệu lực",
    "khi kế hoạch được ban hành",
    "thời điểm ban hành", "khi ban hành kế hoạch", "now", "now on",
)  # fmt: skip
ONWARDS = Words("trở đi", "về sau", "trở về sau", "onwards", "onward", "on")
BE = Words(
    "là", "vào", "trong", "đến", "tới", "đến hết", "hết", "là vào", "là trong", "là đến", "là đến hết", "vào hết",
    "trong vòng", "thì",
)  # fmt: skip

EVERY = Words(
    "hằng", "hàng", "mỗi", "từng", "theo từng", "vào mỗi", "vào hằng", "vào hàng", "trong mỗi", "every", "each",
)  # fmt: skip
PERIODIC = Words(
    "định kỳ", "định kì", "thường kỳ", "thường kì", "theo định kỳ", "theo định kì", "báo cáo định kỳ",
    "báo cáo định kì", "theo chế độ định kỳ",
)  # fmt: skip
BY_UNIT = Words("theo", "theo từng")
TIMES = Words("lần", "kỳ", "kì", "đợt")
ROUND = Words("đợt", "lần", "lần thứ", "đợt thứ", "giai đoạn", "kỳ")
PER = Words("mỗi", "một", "trong", "trong một", "trong mỗi", "trên", "1", "01", "per", "a")

DAY = Words("ngày", "vào ngày", "ngày mồng", "ngày mùng", "mồng", "mùng", "các ngày", "vào các ngày")
MONTH = Words("tháng")
QUARTER = Words("quý", "quí", "quarter")
YEAR = Words("năm", "year")
WEEK = Words("tuần")
HOUR = Words("giờ")
MINUTE = Words("phút")
OF = Words("của", "thuộc", "trong", "ở", "vào", "of", "of the", "in")
THE_MONTHS = Words("các tháng", "những tháng", "tháng")
FIRST = Words("đầu", "đầu tiên", "thứ nhất")
SECOND = Words("thứ hai", "thứ 2", "giữa")
THIRD = Words("thứ ba", "thứ 3")
LAST = Words("cuối", "cuối cùng", "sau cùng")
NEXT = Words(
    "sau", "kế tiếp", "tiếp theo", "liền kề", "sau liền kề", "liền sau", "kế", "tiếp", "liền kề sau",
    "kế tiếp liền kề", "tiếp theo liền kề", "kế sau", "tới",
)  # fmt: skip
NEXT_YEAR = Words(
    "năm sau", "năm tiếp theo", "năm kế tiếp", "năm liền kề", "năm sau liền kề", "năm liền sau",
    "năm kế tiếp liền kề", "năm tiếp theo liền kề", "năm tới",
)  # fmt: skip
THIS_YEAR = Words("năm nay", "trong năm", "cùng năm", "của năm", "năm đó", "trong năm đó")
REPORT_YEAR = Words("năm báo cáo", "năm kế hoạch", "năm thực hiện")
REPORT_PERIOD = Words(
    "thuộc kỳ báo cáo", "của kỳ báo cáo", "trong kỳ báo cáo", "kỳ báo cáo", "của quý báo cáo", "báo cáo",
    "phát sinh nghĩa vụ thuế", "quý phát sinh nghĩa vụ thuế", "tháng phát sinh nghĩa vụ thuế", "quý báo cáo",
    "tháng báo cáo", "kết thúc quý báo cáo", "kết thúc kỳ báo cáo", "kết thúc tháng báo cáo", "kết thúc quý",
)  # fmt: skip
MONTH_AFTER_QUARTER = Words(
    *(
        f"{of}tháng {month}{after}{each}quý{report}"
        for of in ("", "của ")
        for month in (
            "sau", "kế tiếp", "tiếp theo", "liền kề", "sau liền kề", "liền sau", "tiếp theo liền kề", "đầu sau",
            "đầu tiên sau",
        )
        for after in (" ", " sau ", " sau khi kết thúc ", " kết thúc ", " khi kết thúc ")
        for each in ("", "mỗi ", "từng ")
        for report in ("", " báo cáo", " phát sinh nghĩa vụ thuế")
        if not (month.endswith(" sau") and after.startswith(" sau"))
    ),
    *(
        f"of the month {following}{end}{the} quarter"
        for following in ("following ", "after ")
        for end in ("", "the end of ")
        for the in ("each", "every", "the")
    ),
)  # fmt: skip
FIRST_HALF = Words("đầu năm", "đầu")
SECOND_HALF = Words("cuối năm", "cuối")
WHOLE_YEAR = Words("cả năm", "hết năm", "tổng kết năm", "một năm", "1 năm", "01 năm")
YEAR_END = Words("cuối năm")
PHASE = Words("giai đoạn", "các năm", "trong các năm", "từ năm", "năm", "period")
SCHOOL_YEAR = Words("năm học")
TERM = Words("học kỳ", "học kì")

LASTING = Words(
    "thường xuyên", "liên tục", "thường xuyên liên tục", "nhiệm vụ thường xuyên", "công việc thường xuyên",
    "việc thường xuyên", "quanh năm", "suốt năm",
    "mang tính thường xuyên", "duy trì thường xuyên", "ongoing", "continuous",
    "continuously", "on an ongoing basis", "on a continuous basis", "throughout the year", "at all times",
)  # fmt: skip
SUDDEN = Words("đột xuất", "báo cáo đột xuất", "bất thường")
DEMAND = Words(
    "khi có yêu cầu", "khi được yêu cầu", "khi yêu cầu", "theo yêu cầu", "theo đề nghị", "khi có đề nghị",
    "khi được đề nghị", "theo thời điểm yêu cầu", "khi cần thiết", "khi cần", "khi thấy cần thiết",
    "trong trường hợp cần thiết", "trường hợp cần thiết", "theo thời hạn yêu cầu", "theo thời gian yêu cầu",
    "khi xét thấy cần thiết", "nếu có yêu cầu", "nếu cần", "nếu cần thiết", "theo nhu cầu", "khi có nhu cầu",
    "tùy theo yêu cầu", "tuỳ theo yêu cầu", "theo các yêu cầu", "theo đúng yêu cầu", "ngay khi có yêu cầu",
    "khi có các yêu cầu", "khi phát sinh yêu cầu", "theo sự yêu cầu", "on request", "upon request", "on demand",
    "ad hoc", "as required", "when required", "when requested", "as needed", "when needed", "when necessary",
    "if necessary", "if required", "as requested",
)  # fmt: skip
DEMAND_OBJECT = Words(
    "nhiệm vụ", "công việc", "công tác", "thực tế", "thực tiễn", "quản lý", "đột xuất", "cụ thể",
    "nhiệm vụ được giao", "báo cáo", "thông tin", "nhiệm vụ cụ thể", "thực tế công việc", "nhiệm vụ chính trị",
    "công tác quản lý",
)  # fmt: skip
ASKED_BY = Words("của", "từ", "bởi", "by", "of", "from")
DEMAND_TAIL = Words(
    "theo chỉ đạo", "khi có chỉ đạo", "theo thời điểm", "theo quy định", "theo sự chỉ đạo", "theo văn bản",
)  # fmt: skip
# "Nếu có" asks for nothing only when nothing follows: "nếu có khó khăn" is an event.
IF_ANY = Words("nếu có")

WHEN = Words(
    "khi", "ngay khi", "sau khi", "ngay sau khi", "nếu", "trường hợp", "trong trường hợp", "mỗi khi", "ngay sau",
    "kịp thời khi", "kịp thời sau khi", "kịp thời ngay sau khi", "kịp thời ngay khi", "trong khi", "kể từ khi",
    "khi mà", "bất cứ khi nào", "từ khi", "cho đến khi", "đến khi", "upon", "when", "whenever", "after",
    "as soon as", "once", "immediately after", "immediately upon", "if",
)  # fmt: skip
PROMPTLY = Words("kịp thời", "ngay", "ngay lập tức", "khẩn trương", "sớm", "promptly", "immediately")
BY_REFERENCE = Words(
    "theo", "theo đúng", "đúng theo", "đảm bảo theo", "bảo đảm theo", "thực hiện theo", "căn cứ", "căn cứ theo",
    "căn cứ vào", "tùy theo", "tuỳ theo", "tùy thuộc", "tuỳ thuộc", "tùy", "tuỳ", "tùy vào",
    "tuỳ vào", "phụ thuộc", "phù hợp với", "gắn với",
    "bám sát", "triển khai theo", "theo như", "according to", "in accordance with", "as per", "as set out in",
    "pursuant to", "in line with",
)  # fmt: skip
LOOSE_GROUNDS = Words(
    "tình hình", "thực tế", "thực tiễn", "điều kiện", "khả năng", "mùa", "mùa vụ", "thời vụ", "vụ", "đợt", "giai đoạn",
    "từng giai đoạn", "từng đợt", "thời điểm", "từng thời điểm", "thời kỳ", "từng thời kỳ", "nguồn kinh phí",
    "kinh phí",
    "nguồn lực", "diễn biến", "từng trường hợp", "từng vụ việc", "vụ việc",
)  # fmt: skip
PHASES_OF_WORK = Words("đầu kỳ", "giữa kỳ", "cuối kỳ", "đầu kì", "giữa kì", "cuối kì")
STANDING_REFERENCE = Words(
    "đúng tiến độ", "bảo đảm tiến độ", "đảm bảo tiến độ", "đúng quy định", "đúng thời gian quy định",
    "đúng thời hạn quy định", "đúng tiến độ quy định", "đúng theo quy định", "đảm bảo thời gian quy định",
    "đảm bảo thời hạn quy định", "bảo đảm thời gian quy định", "trong thời hạn quy định", "đúng hạn theo quy định",
    "trong thời gian quy định",
)  # fmt: skip

WITHIN = Words(
    "trong vòng", "trong thời hạn", "trong thời gian", "trong khoảng thời gian", "trong", "tối đa", "tối đa là",
    "thời hạn", "trong vòng tối đa", "trong thời hạn tối đa", "trong thời hạn không quá", "không quá",
    "trong vòng không quá", "chậm nhất trong vòng", "chậm nhất là trong vòng", "chậm nhất trong thời hạn",
    "trong thời gian không quá", "trong thời gian tối đa", "trong thời gian chậm nhất",
    "trong thời gian chậm nhất là", "chậm nhất không quá", "chậm nhất sau", "chậm nhất là sau", "sau",
    "không chậm quá", "không quá thời hạn", "within",
)  # fmt: skip
AT_LEAST = Words(
    "ít nhất", "tối thiểu", "ít nhất là", "tối thiểu là", "chậm nhất", "chậm nhất là", "muộn nhất", "muộn nhất là",
    "trước", "at least", "no later than",
)  # fmt: skip
WORKING = Words("làm việc")
COUNTED_FROM = Words(
    "kể từ", "từ", "tính từ", "sau", "kể từ thời điểm", "kể từ khi", "kể từ lúc", "từ khi", "tính từ khi",
    "sau khi", "kể từ sau khi", "từ thời điểm", "tính từ thời điểm", "khi", "kể cả từ", "after", "from", "of",
    "following", "from the date of",
)  # fmt: skip
COUNTED_TO = Words("trước", "trước khi", "trước thời điểm", "so với", "before", "prior to")
FOR_REPORTS = Words(
    "đối với báo cáo sơ kết", "đối với báo cáo tổng kết", "báo cáo sơ kết", "báo cáo tổng kết", "đối với báo cáo",
    "đối với các báo cáo", "đối với loại báo cáo", "với báo cáo", "báo cáo", "các báo cáo", "cho báo cáo",
    "đối với kỳ báo cáo", "đối với chế độ báo cáo", "chế độ báo cáo", "đối với", "kỳ báo cáo", "sơ kết", "giao ban",
    "họp", "gửi báo cáo",
)  # fmt: skip

CONFIRMING = Words("tức", "tức là", "cụ thể là", "nghĩa là")

# Headings of a deadline cell, and verbs that say what is done and not when.
VERBS = Words(
    "vận hành", "duy trì", "vận hành chính thức", "đưa vào sử dụng", "đưa vào vận hành", "khai thác", "toàn bộ",
    "cơ bản", "hoàn thành toàn bộ", "hoàn thành dứt điểm", "thực hiện xong", "lấy ý kiến", "nghiệm thu", "bàn giao",
    "khởi công",
    "kiện toàn", "thành lập", "tham mưu", "đề xuất", "tổ chức triển khai", "tổ chức kiểm tra", "theo dõi",
    "cơ bản hoàn thành", "phấn đấu", "phấn đấu hoàn thành", "chuẩn bị", "gửi hồ sơ", "hoàn thành việc",
    "trong thời gian", "trong khoảng thời gian",
    "việc thực hiện", "được hoàn thành", "thời gian thực hiện", "thời gian hoàn thành", "thời hạn hoàn thành",
    "thời hạn thực hiện", "thời gian", "thời hạn", "thời điểm", "tiến độ", "tiến độ thực hiện",
    "tiến độ hoàn thành", "hoàn thành", "hoàn thành xong", "xong", "hoàn tất", "kết thúc", "thực hiện",
    "triển khai", "triển khai thực hiện", "tổ chức thực hiện", "tổ chức", "trình", "gửi", "nộp", "gửi về",
    "thí điểm", "thực hiện thí điểm", "mở rộng", "thực hiện mở rộng", "có", "và có", "tiến hành", "hoàn thiện",
    "xây dựng", "đảm bảo", "bảo đảm", "phải", "cần", "được", "phải hoàn thành", "được thực hiện",
    "phải được thực hiện", "việc", "đề nghị", "yêu cầu hoàn thành", "mỗi đợt", "dự kiến", "dự kiến hoàn thành",
    "kịp thời", "ngay", "khẩn trương", "tiếp tục", "tiếp tục thực hiện", "tiếp tục triển khai", "đồng thời",
    "rà soát", "kiểm tra", "giám sát", "tuyên truyền", "tập huấn", "công khai", "khảo sát",
    "ít nhất", "tối thiểu", "bắt đầu", "bắt đầu thực hiện", "bắt đầu triển khai", "thời gian gửi", "thời gian nộp",
    "khánh thành", "khai trương", "góp ý", "tham gia ý kiến",
    "tiếp nhận hồ sơ", "nhận hồ sơ", "nộp hồ sơ",
    "nâng cấp", "hoàn thành cơ bản",
    "lộ trình", "lộ trình thực hiện", "mốc thời gian", "tần suất", "tần suất thực hiện",
    "cứ", "hạn nộp", "hạn gửi", "hạn hoàn thành", "hạn báo cáo", "hạn thực hiện", "là", "thời gian triển khai",
    "thời gian tổ chức", "phát động",
    "thời hạn gửi", "thời hạn nộp", "thời hạn gửi báo cáo", "thời hạn nộp báo cáo", "thời gian gửi báo cáo",
    "thời gian nộp báo cáo", "thời gian báo cáo", "thời hạn báo cáo", "cập nhật", "to be completed", "completed",
    "complete", "submit", "submitted", "due", "finish", "finished", "report", "deadline", "to be submitted",
    "at the latest", "sau đó", "tiếp đó",
)  # fmt: skip
DOCUMENTS = Words(
    "kế hoạch", "đề án", "quyết định", "văn bản", "chương trình", "nghị quyết", "dự thảo", "tờ trình", "phương án",
)  # fmt: skip
# Words that make a clause one about figures, money or force of law, whose dates are no deadlines.
NO_DUTY = Words(
    "số liệu", "dữ liệu", "chốt", "kinh phí", "dự toán", "vốn", "ngân sách", "hiệu lực", "niên độ", "nhiệm kỳ", "kỳ",
)  # fmt: skip
FINISHING = Words(
    "hoàn thành", "xong", "hoàn thành xong", "thực hiện xong", "hoàn tất", "phải hoàn thành", "phấn đấu hoàn thành",
    "hoàn thành dứt điểm",
    "thời gian hoàn thành", "hoàn thành toàn bộ", "dự kiến", "dự kiến hoàn thành", "thời hạn hoàn thành",
)  # fmt: skip
NOUNS = Words(
    "báo cáo", "báo cáo kết quả", "báo cáo kết quả thực hiện", "báo cáo tình hình", "báo cáo tình hình thực hiện",
    "tổng hợp báo cáo", "tổng hợp", "sơ kết", "tổng kết", "đánh giá", "họp", "giao ban", "thống kê", "gửi báo cáo",
    "nộp báo cáo", "báo cáo định kỳ", "lập báo cáo", "có báo cáo", "trình báo cáo", "thực hiện báo cáo",
    "chế độ báo cáo", "sơ kết tổng kết", "kết quả", "kết quả thực hiện", "ban hành", "phê duyệt", "công bố", "ký",
    "được ban hành", "được phê duyệt", "hội nghị", "cuộc họp", "phiên họp", "kết quả báo cáo",
    "đăng ký", "đăng ký nhu cầu", "xếp loại", "tự đánh giá", "đối thoại", "sinh hoạt", "tần suất báo cáo", "bình xét",
    "thẩm định", "giải ngân", "bồi dưỡng", "tập huấn bồi dưỡng", "đào tạo", "giải quyết", "thụ lý", "áp dụng",
    "quán triệt", "phổ biến", "hướng dẫn", "đôn đốc", "chia sẻ", "số hóa", "chuẩn hóa", "sửa đổi", "thanh tra",
    "bố trí kinh phí", "ký kết", "vận động", "khắc phục", "xử lý", "bổ sung", "điều chỉnh", "kết nối",
    "sửa đổi bổ sung", "kiểm kê", "kiểm điểm", "tự kiểm tra", "khen thưởng", "đối chiếu", "phân tích", "diễn tập",
    "tình hình", "gửi kết quả", "báo cáo kết quả triển khai", "ban hành kế hoạch", "xây dựng kế hoạch",
    "xây dựng và ban hành kế hoạch",
)  # fmt: skip
RECIPIENT = Words(
    "về", "gửi", "cho", "tới", "lên", "qua", "thông qua", "gửi về", "đến", "báo cáo", "gửi đến", "trình",
    "gửi báo cáo về", "báo cáo về", "với", "tham mưu", "tham mưu cho", "trình lên", "báo cáo với",
)  # fmt: skip
ORGAN = Words(
    "sở", "phòng", "các", "đơn vị", "địa phương", "bộ phận", "tổ", "ủy ban mặt trận", "ban thường vụ",
    "ban quản lý", "bộ trưởng", "giám đốc", "ubnd", "ủy ban nhân dân", "uỷ ban nhân dân", "văn phòng", "bộ", "cục",
    "ban", "ban chỉ đạo", "hđnd", "hội đồng nhân dân", "chủ tịch", "phó chủ tịch", "trung tâm", "công an",
    "thủ tướng", "chính phủ", "đảng ủy", "đảng uỷ", "tỉnh ủy", "thành ủy", "huyện ủy", "thường trực", "mặt trận",
    "cơ quan", "cấp trên", "cấp có thẩm quyền", "thanh tra", "kho bạc", "quốc hội", "ubmttq", "ủy ban", "uỷ ban",
)  # fmt: skip
IN_ORDER = Words("để", "nhằm", "phục vụ", "làm cơ sở", "làm căn cứ")
PURPOSE = Words(
    "tổng hợp", "báo cáo", "xem xét", "theo dõi", "chỉ đạo", "trình", "phục vụ", "thẩm định", "phê duyệt", "quyết định",
    "công bố", "triển khai", "thực hiện", "gửi", "kịp thời", "biết", "hoàn thiện", "ban hành", "đánh giá", "xử lý",
    "làm cơ sở", "làm căn cứ", "cho ý kiến", "tham mưu", "bảo đảm", "đảm bảo", "điều chỉnh",
)  # fmt: skip
AND = Words("và", "cùng", "cùng với", "and")
OR = Words("hoặc", "hay", "or", "và hoặc")
