"""What the error codes of approved templates mean: by telephone number (ZBS, formerly ZNS) and by user id.

Numbers and words follow the transcription of Zalo's documentation; 0 to -112 agree with Zalo's own page
(zalo.cloud, "handle error code"). A code that no source explains is `unknown` even where it is listed (-160 to -162).
The two hosts give some numbers two meanings: -100 is an expired file on the account's host, a passing trouble here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from notifications.channels.zalo.codes import MEANINGS, TOKEN, Meaning, amiss, elsewhere, stop, wrong

_PARAMETERS = "Tham số của mẫu tin không khớp với mẫu đã duyệt. Hãy sửa zalo_templates.yaml rồi chạy dondoc doctor."
_NO_RIGHT = "Ứng dụng hoặc Official Account chưa có quyền gửi mẫu tin này."
_NOT_TOLD = "Zalo trả một mã lỗi không có lời giải thích công khai; chưa rõ tin đã tới hay chưa, cần người xem."
_NIGHT = "Zalo không nhận mẫu tin từ 22 giờ đến 6 giờ; sẽ gửi sau 6 giờ."

ZBS_MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {
        # The access token is the account's, and one published client meets the account's codes on this host, too.
        -124: TOKEN,
        -216: TOKEN,
        -220: TOKEN,
        -32: MEANINGS[-32],
        -100: Meaning("temporary", "Zalo đang gặp lỗi và đề nghị thử lại.", "minute"),
        # Not now.
        -133: Meaning("wait_until", _NIGHT, "morning"),
        -144: MEANINGS[-144],
        -147: MEANINGS[-147],
        # This person, by another way.
        -108: wrong("Số điện thoại người nhận không hợp lệ. Hãy sửa trong danh bạ."),
        -110: elsewhere("Ứng dụng Zalo của người nhận là bản cũ, không nhận được mẫu tin."),
        -114: elsewhere("Tài khoản Zalo của người nhận không nhận được mẫu tin."),
        -118: elsewhere("Số điện thoại này không có tài khoản Zalo, hoặc tài khoản đã ngừng."),
        -119: elsewhere("Tài khoản Zalo này không nhận được mẫu tin."),
        -139: elsewhere("Người nhận đã từ chối loại mẫu tin này."),
        -140: elsewhere("Official Account không được gửi loại mẫu tin này cho người nhận."),
        -141: elsewhere("Người nhận đã từ chối tin của Official Account."),
        # The template or its parameters: every message of this template fails alike.
        -109: amiss("Mã mẫu tin không tồn tại. Hãy kiểm tra template_id trong zalo_templates.yaml."),
        -111: amiss(_PARAMETERS),
        -112: amiss(_PARAMETERS),
        -1121: amiss(f"Một tham số dài quá mức của mẫu. {_PARAMETERS}"),
        -1122: amiss(f"Thiếu một tham số. {_PARAMETERS}"),
        -1124: amiss(f"Một tham số sai kiểu dữ liệu. {_PARAMETERS}"),
        -113: amiss("Nút bấm của mẫu tin không hợp lệ. Hãy sửa mẫu ở trang quản lý của Zalo."),
        -1131: amiss("Nút bấm của mẫu tin không hợp lệ. Hãy sửa mẫu ở trang quản lý của Zalo."),
        -117: stop(_NO_RIGHT),
        -121: amiss("Mẫu tin không có nội dung. Hãy kiểm tra mẫu ở trang quản lý của Zalo."),
        -122: wrong("Zalo báo yêu cầu gửi mẫu tin sai dạng."),
        -131: amiss("Mẫu tin chưa được Zalo duyệt."),
        -132: amiss(_PARAMETERS),
        -145: amiss("Official Account không được gửi mẫu tin có nội dung loại này."),
        -146: amiss("Mẫu tin đã bị khóa vì chất lượng gửi thấp. Hãy xem trang quản lý mẫu của Zalo."),
        -1441: amiss("Mẫu tin thuộc loại quảng bá và đã hết hạn mức. Hãy dùng mẫu chăm sóc khách hàng hoặc giao dịch."),
        -1471: amiss("Mẫu tin thuộc loại quảng bá và đã hết hạn mức. Hãy dùng mẫu chăm sóc khách hàng hoặc giao dịch."),
        -1472: amiss("Mẫu tin thuộc loại quảng bá và đã hết hạn mức. Hãy dùng mẫu chăm sóc khách hàng hoặc giao dịch."),
        # The application, the account, its money.
        -101: stop("Mã ứng dụng Zalo không hợp lệ."),
        -102: stop("Ứng dụng Zalo không tồn tại."),
        -103: stop("Ứng dụng Zalo chưa được kích hoạt."),
        -104: stop("Khóa bí mật của ứng dụng Zalo không hợp lệ."),
        -105: stop("Ứng dụng Zalo chưa liên kết với Official Account nào."),
        -106: stop("Zalo không nhận cách gọi này. Hãy kiểm tra DONDOC_ZALO_BUSINESS_URL."),
        -115: stop("Tài khoản ZBS đã hết tiền hoặc hết hạn mức. Hãy nạp thêm."),
        -120: stop("Official Account chưa được dùng chức năng này."),
        -1241: stop("Zalo không nhận chữ ký appsecret_proof. Hãy kiểm tra khóa bí mật của ứng dụng."),
        -125: stop("Mã Official Account không hợp lệ."),
        -126: stop(
            "Ví của chế độ thử đã hết tiền. Hãy bỏ development trong zalo_templates.yaml khi mẫu đã được duyệt."
        ),
        -127: amiss("Mẫu tin ở chế độ thử chỉ gửi được cho người quản trị ứng dụng hoặc Official Account."),
        -135: stop("Official Account chưa được phép gửi mẫu tin."),
        -1351: stop("Official Account bị Zalo chặn gửi mẫu tin."),
        -136: stop("Official Account chưa liên kết tài khoản ZBS."),
        -137: stop("Không thanh toán được qua tài khoản ZBS."),
        -138: stop("Ứng dụng Zalo chưa có quyền dùng chức năng này."),
        # Listed without a word of explanation.
        -160: Meaning("unknown", _NOT_TOLD),
        -161: Meaning("unknown", _NOT_TOLD),
        -162: Meaning("unknown", _NOT_TOLD),
    }
)

UID_MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    # The account's host speaks first, but there is no file that could expire.
    {**ZBS_MEANINGS, **MEANINGS, -100: ZBS_MEANINGS[-100]}
)
