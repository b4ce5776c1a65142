"""How large the streams of a PDF are once they are inflated, counted before PDFium takes them into memory whole."""

from __future__ import annotations

import re
import zlib
from base64 import a85decode
from collections.abc import Iterable, Iterator

from plans.reading.errors import PlanFileError

# One page of drawings, all text and fonts of the largest plan, one page scanned in colour at 600 dots, all such pages.
MAX_STREAM, MAX_STREAMS = 64 * 1024 * 1024, 200 * 1024 * 1024
MAX_PICTURE, MAX_PICTURES = 128 * 1024 * 1024, 2048 * 1024 * 1024
_PIECE, _MOST_AT_ONCE, _DEEPEST = 16 * 1024, 1024 * 1024, 3
# PDFium skips whatever follows the word to the end of its line.
_STREAM = re.compile(rb"(?<!end)stream[^\r\n]*(?:\r\n?|\n)")
_PRINTABLE = re.compile(rb"(?:<~)?[\s!-uz]{32}")
_HEXADECIMAL = re.compile(rb"[\s0-9A-Fa-f]{32}")
_DICTIONARY = 2000


def refuse_swelling(name: str, data: bytes) -> None:
    """Raise PlanFileError for a file whose packed streams are made to swell: one of them, or all together."""
    total = {False: 0, True: 0}
    for opening in _STREAM.finditer(data):
        start = opening.end()
        pictured = _is_picture(data, opening.start())
        most = MAX_PICTURE if pictured else MAX_STREAM
        size = 0
        for piece in _unpacked(data, start):
            size += len(piece)
            total[pictured] += len(piece)
            if size > most or total[pictured] > (MAX_PICTURES if pictured else MAX_STREAMS):
                cure = "Hãy xuất lại PDF từ văn bản gốc hoặc dùng bản .docx."
                raise PlanFileError(name, "bung ra quá lớn, không giống một văn bản", cure)


def _is_picture(data: bytes, end: int) -> bool:
    """Whether the dictionary before a stream says that it is a picture, which is only unpacked to be drawn."""
    head = data[max(0, end - _DICTIONARY) : end]
    return re.search(rb"/Subtype\s*/Image\b", head[head.rfind(b" obj") + 1 :]) is not None


def _unpacked(data: bytes, start: int) -> Iterator[bytes]:
    """Everything that unpacking a stream brings forth, whatever its filters are called; nothing where it is plain."""
    for depth in range(1, _DEEPEST + 1):
        if depth > 1 and not _is_deflated(next(_layer(data, start, depth - 1), b"")):
            return
        yield from _layer(data, start, depth)


def _layer(data: bytes, start: int, depth: int) -> Iterator[bytes]:
    """A stream after `depth` rounds of inflating."""
    pieces = _pieces(data, start)
    if _PRINTABLE.match(data, start):
        pieces = _plain_letters(pieces, hexadecimal=_HEXADECIMAL.match(data, start) is not None)
    for _ in range(depth):
        pieces = _inflated(pieces)
    return pieces


def _pieces(data: bytes, start: int) -> Iterator[bytes]:
    return (data[at : at + _PIECE] for at in range(start, len(data), _PIECE))


def _plain_letters(pieces: Iterable[bytes], *, hexadecimal: bool) -> Iterator[bytes]:
    """The bytes that were written as printable letters (ASCII85, hexadecimal), up to their end mark."""
    group, rest = (2 if hexadecimal else 5), b""
    for piece in pieces:
        letters, end, _ = piece.partition(b">" if hexadecimal else b"~>")
        rest += b"".join(letters.removeprefix(b"<~").split())
        # "z" stands for a group of its own: written out, groups are cut anywhere.
        rest = rest if hexadecimal else rest.replace(b"z", b"!!!!!")
        whole = len(rest) - (0 if end else len(rest) % group)
        try:
            yield bytes.fromhex(rest[:whole].decode()) if hexadecimal else a85decode(rest[:whole])
        except ValueError:
            return
        rest = rest[whole:]
        if end:
            return


def _is_deflated(piece: bytes) -> bool:
    return len(piece) > 1 and piece[0] & 15 == 8 and (piece[0] << 8 | piece[1]) % 31 == 0


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What deflate unpacks, piece by piece; broken data ends it."""
    unpacker = zlib.decompressobj()
    try:
        for piece in pieces:
            waiting = piece
            while waiting and not unpacker.eof:
                yield unpacker.decompress(waiting, _MOST_AT_ONCE)
                waiting = unpacker.unconsumed_tail
            if unpacker.eof:
                return
    except zlib.error:
        return
