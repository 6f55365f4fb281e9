"""The code itself: lint, format and strict types, with the settings of pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--no-cache", "."),
        ("ruff", "format", "--no-cache", "--check", "."),
        ("mypy", "--cache-dir", "{cache}"),
    ],
    ids=["lint", "format", "types"],
)
def test_code_is_clean(command: tuple[str, ...], root: Path, tmp_path: Path) -> None:
    filled = [part.replace("{cache}", str(tmp_path)) for part in command]
    done = subprocess.run(
        [sys.executable, "-m", *filled], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
