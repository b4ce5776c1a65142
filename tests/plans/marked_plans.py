"""The sample plan as a Word file full of marks: numbers by lists, changes tracked, notes, text boxes, nested tables."""

from __future__ import annotations

from tests.plans import reading_samples as samples
from tests.plans.word_files import cell, numbered, numbering, par, row, run, table, word_file

_WIDE = '<w:gridSpan w:val="4"/>'


def marked_plan() -> bytes:
    """A file in which every mark that the reader knows of stands beside words of the plan."""
    head = "".join(par(text) for text in samples.FRONT)
    rows = [row(*samples.HEADER, properties="<w:tblHeader/>"), *map(_row, samples.table_rows())]
    back = "".join(par(text, properties=numbered(1)) for text in ("Tổ chức thực hiện", *samples.BACK[1:]))
    targets = table(*(row(*cells) for cells in (samples.TARGET_HEADER, *samples.TARGETS)))
    body = head + table(*rows) + back + par(samples.ANNEX) + targets + _box("Bản lưu tại văn phòng")
    parts = {
        "numbering": numbering(("upperRoman", "%1."), ("decimal", "%2."), lists=2),
        "footnotes": f'<w:footnote w:id="5">{par("Theo số liệu của công an phường.")}</w:footnote>',
    }
    return word_file(body, parts)


def _row(cells: tuple[str, ...]) -> str:
    number, content, product, units, time = cells
    if not product:
        return row(cell(par(properties=numbered(2))), cell(content, properties=_WIDE))
    first, rest = content[: len(content) // 2], content[len(content) // 2 :]
    tracked = (
        run(first) + f'<w:del w:id="1"><w:r><w:delText>{product}</w:delText></w:r></w:del>'
        f'<w:ins w:id="2">{run(rest)}</w:ins><w:r><w:footnoteReference w:id="5"/></w:r>'
    )
    inner = table(row("Kèm theo", product))
    return row(number, cell(par(tracked)), cell(product, inner, par()), cell(*units.split("\n")), time)


def _box(words: str) -> str:
    shape = f"<v:shape><v:textbox><w:txbxContent>{par(words)}</w:txbxContent></v:textbox></v:shape>"
    return f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>"
