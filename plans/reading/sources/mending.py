"""The last step of every reader: text that was written before Unicode is turned into it, and said to have been."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from plans.reading.document import Block, Document, Paragraph
from plans.reading.legacy import Encoding, converted, encoding_of_text, evidence, has_own_letters
from plans.reading.text import cleaned

# Below this many words beyond ASCII a single text proves nothing; above it, it may be converted for itself.
FEWEST_WORDS = 3
# What stands for a byte that could not be read.
DAMAGED = "\ufffd"


def mended(document: Document) -> Document:
    """The document with old encodings converted and the soft hyphens gone that were kept for them; each is told."""
    texts = [text for text in _texts(document) if not text.isascii()]
    if not texts:
        return document
    common = common_encoding(texts)
    told: Counter[Encoding] = Counter()

    def once(text: str) -> str:
        encoding = _encoding(text, common)
        told[encoding] += encoding is not Encoding.UNICODE
        if encoding is Encoding.UNICODE:
            return text.replace("\u00ad", "") if "\u00ad" in text else text
        return cleaned(converted(text, encoding))

    blocks = tuple(_changed(block, once) for block in document.blocks)
    remarks = [remark(encoding) for encoding, count in told.items() if count]
    damaged = sum(text.count(DAMAGED) for text in texts)
    if damaged:
        remarks.append(f"Tệp có {damaged} chữ bị hỏng, thay bằng dấu “{DAMAGED}”.")
    return Document(blocks, (*document.remarks, *remarks))


def remark(encoding: Encoding) -> str:
    """What is said of a converted file."""
    if encoding is Encoding.TWICE:
        return "Chữ trong tệp là UTF-8 đã bị mở và lưu sai bảng mã (dạng “Káº¿ hoáº¡ch”); đã khôi phục tiếng Việt."
    return f"Chữ trong tệp gõ bằng bảng mã cũ {encoding.value}; đã chuyển sang Unicode."


def common_encoding(texts: list[str]) -> Encoding:
    """The old encoding of a file as a whole; Unicode when letters of Unicode Vietnamese outweigh the others."""
    joined = "\n".join(text for text in texts if not has_own_letters(text))
    found = encoding_of_text(joined)
    if found is Encoding.UNICODE:
        return found
    right = sum(evidence(text).words for text in texts if has_own_letters(text))
    return found if evidence(joined).words > right else Encoding.UNICODE


def _encoding(text: str, common: Encoding) -> Encoding:
    if text.isascii() or has_own_letters(text):
        return Encoding.UNICODE
    if common is not Encoding.UNICODE:
        return common
    return encoding_of_text(text) if evidence(text).words >= FEWEST_WORDS else Encoding.UNICODE


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (cell.text for row in block.rows for cell in row.cells)


def _changed(block: Block, change: Callable[[str], str]) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=change(block.text))
    rows = (
        replace(row, cells=tuple(replace(cell, text=change(cell.text)) if cell.text else cell for cell in row.cells))
        for row in block.rows
    )
    return replace(block, rows=tuple(rows))
