"""Faults of configuration, told to the administrator in Vietnamese with the cure."""

from __future__ import annotations

import errno

OS_WORDS = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "không có quyền truy cập",
    errno.EPERM: "không có quyền truy cập",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EEXIST: "đã có tệp trùng tên",
    errno.ENOTDIR: "đường dẫn đi qua một tệp, không phải thư mục",
    errno.EISDIR: "là thư mục, không phải tệp",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.EADDRINUSE: "đang được chương trình khác dùng",
}


def os_words(error: OSError) -> str:
    """What the operating system says, in Vietnamese; in its own words when the fault is a rare one."""
    return OS_WORDS.get(error.errno or 0, error.strerror or str(error))


class ConfigFault(Exception):
    """One or several faults of the configuration; `str()` gives one a line."""

    def __init__(self, *messages: str) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


class Refusal(Exception):
    """Something a person asked for that cannot be done; `str()` is one Vietnamese sentence with the cure."""
