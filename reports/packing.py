"""The same report of the same instant gives the same bytes: no time of writing is left in the packages.

The libraries stamp each member of the package, and the workbook's properties, with the clock of the machine.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FIRST_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
STAMPS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def repack(package: bytes, moment: datetime) -> bytes:
    """The package with every stamp set to `moment` (aware) and its members without dates."""
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    stream = BytesIO()
    with ZipFile(BytesIO(package)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "docProps/core.xml":
                data = STAMPS.sub(lambda found: found[1] + stamp + found[2], data)
            new.writestr(ZipInfo(member.filename, FIRST_ZIP_DAY), data, ZIP_DEFLATED)
    return stream.getvalue()
