"""Signing in one step, with a certificate made for the test; the signed program still starts."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.windows.conftest import Built
from tests.windows.wine import Computer

SUBJECT = "/O=A council that is not there/CN=Test of signing"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate, its key, and the options that sign.sh wants."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", SUBJECT,
         "-addext", "extendedKeyUsage=codeSigning", "-addext", "keyUsage=digitalSignature",
         "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    options = f"-certs\n{folder / 'certificate.pem'}\n-key\n{folder / 'key.pem'}\n"
    (folder / "options").write_text(options)
    return folder


def is_signed_by(certificate: Path, file: Path) -> bool:
    done = subprocess.run(
        ["osslsigncode", "verify", "-CAfile", certificate / "certificate.pem", "-in", file],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode == 0 and "Test of signing" in done.stdout


def test_all_that_nobody_signed_is_signed_and_the_rest_left(
    built: Built, computer: Computer, certificate: Path, tmp_path: Path
) -> None:
    signed = tmp_path / "program"
    shutil.copytree(built.program, signed)
    for pattern in ("*-setup.exe", "*.msi"):
        shutil.copy(built.one(pattern), tmp_path)
    makers = signed / "_internal" / "python311.dll"
    before = makers.read_bytes()

    environment = {**os.environ, "SIGN_WITH": str(certificate / "options")}
    subprocess.run([ROOT / "build/sign.sh", tmp_path], env=environment, check=True)

    ours = [signed / built.window.name, signed / built.console.name, *tmp_path.glob("*.*")]
    assert len(ours) == 4
    assert all(is_signed_by(certificate, one) for one in ours)
    assert is_signed_by(certificate, next(signed.rglob("_python_calamine*.pyd")))
    assert makers.read_bytes() == before
    assert computer.run(signed / built.console.name, "--version").status == 0
    assert computer.run(next(tmp_path.glob("*-setup.exe")), "/S").status == 0
