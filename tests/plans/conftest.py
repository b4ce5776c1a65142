"""What several tests of the reader share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.plans import reading_samples as samples
from tests.plans.shared_work import made_once


@pytest.fixture(scope="session")
def sample_pdf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The sample plan as LibreOffice prints it; the test skips where that is not installed."""

    def make(folder: Path) -> None:
        (folder / "sample.pdf").write_bytes(samples.as_pdf(folder) or b"")

    data = (made_once(tmp_path_factory, "sample-pdf", make) / "sample.pdf").read_bytes()
    if not data and os.environ.get("CI"):
        pytest.fail("LibreOffice must be installed in CI (scripts/services.sh)")
    if not data:
        pytest.skip("LibreOffice is not installed, so no PDF can be made here")
    return data
