"""LibreOffice as a second opinion on formulas: it works all of them out anew."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

#: By default LibreOffice keeps the values that stand in the file.
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def recalculated(workbook: Path, folder: Path) -> Path:
    """Return a copy of a workbook, in a new folder, with all formulas worked out by LibreOffice."""
    assert SOFFICE
    profile, out = folder.resolve() / "profile", folder.resolve() / "out"
    (profile / "user").mkdir(parents=True)
    settings = profile / "user" / "registrymodifications.xcu"
    settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    command = [
        SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless",
        "--convert-to", "xlsx", "--outdir", str(out), str(workbook.resolve()),
    ]  # fmt: skip
    for _ in range(2):  # the first start with a new profile may convert nothing
        subprocess.run(command, capture_output=True, timeout=600, check=False)
        if (out / workbook.name).exists():
            return out / workbook.name
    raise AssertionError("LibreOffice converted nothing")
