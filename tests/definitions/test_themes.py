"""Themes, their colours and their logos."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pictures import png
from workbook_builder.contrast import TEXT_CONTRAST, contrast
from workbook_builder.definitions.council import Theme
from workbook_builder.definitions.layouts import Layout, Row, Table
from workbook_builder.definitions.library import Definitions
from workbook_builder.definitions.load_definitions import (
    MOST_LOGO_BYTES,
    load_definitions,
    read_logo,
)

LAYOUT = Layout(
    name="mine",
    title="Mine",
    theme="ours",
    tables=(Table(name="T", title="T", columns=("indicator",), rows=(Row(measure="m"),)),),
)


def defined(folder: Path, logo: str = "logo.png") -> Definitions:
    (folder / "themes.toml").write_text(f'[ours]\nlogo = "{logo}"\n', encoding="utf-8")
    result = load_definitions([folder])
    assert result.problems == ()
    return result.value


@pytest.mark.parametrize(
    ("colour", "other", "ratio"),
    [("#000000", "#FFFFFF", 21.0), ("#FFFFFF", "#FFFFFF", 1.0), ("#767676", "#FFFFFF", 4.54)],
)
def test_contrast_is_that_of_wcag(colour: str, other: str, ratio: float) -> None:
    assert contrast(colour, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, colour) == contrast(colour, other)


def test_every_shipped_theme_can_be_read(root: Path) -> None:
    themes = load_definitions([root / "layouts"]).value.themes
    assert len(themes) >= 3
    assert themes["standard"] == Theme(name="standard", title="Dark blue")
    for theme in themes.values():
        assert contrast(theme.main, "#FFFFFF") >= TEXT_CONTRAST
        assert contrast(theme.main, theme.pale) >= TEXT_CONTRAST
        assert contrast("#1F2933", theme.pale) >= TEXT_CONTRAST


def test_a_logo_is_read_from_beside_its_theme(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(png(4, 2))
    logo = read_logo(LAYOUT, defined(tmp_path))
    assert logo.problems == ()
    assert logo.value == png(4, 2)


@pytest.mark.parametrize("content", [None, b"GIF89a", b"", png(4, 2) + b" " * MOST_LOGO_BYTES])
def test_a_logo_that_cannot_be_used_is_a_warning(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "logo.png").write_bytes(content)
    logo = read_logo(LAYOUT, defined(tmp_path))
    assert logo.value == b""
    [problem] = logo.problems
    assert (problem.code, problem.where.line) == ("L023", 2)


def test_without_a_logo_nothing_is_read(tmp_path: Path) -> None:
    logo = read_logo(LAYOUT, defined(tmp_path, logo=""))
    assert logo.value == b""
    assert logo.problems == ()
