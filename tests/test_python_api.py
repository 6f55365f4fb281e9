from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import workbook_builder
from workbook_builder import Outcome, read_figures


def test_figures_of_an_outcome_and_of_its_workbook_are_the_same(sample_build: Outcome) -> None:
    assert sample_build.written
    built, read = read_figures(sample_build), read_figures(sample_build.written)
    assert len(built) > 1000
    order = ["measure", "month", "team"]
    pd.testing.assert_frame_equal(
        built.sort_values(order, ignore_index=True), read.sort_values(order, ignore_index=True)
    )


def test_a_published_figure_is_found(sample_build: Outcome) -> None:
    figures = read_figures(sample_build)
    whole_service = figures[(figures["measure"] == "contacts") & (figures["team"] == "")]
    [july] = whole_service[whole_service["month"] == pd.Period("2023-07")].to_dict("records")
    assert july["status"] == "calculated"
    assert july["value"] == july["numerator"] > 0


def test_a_file_without_figures_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.xlsx"
    file.write_bytes(b"PK")
    with pytest.raises(ValueError, match="t_figures"):
        read_figures(file)


def test_only_the_functions_of_the_door_are_there() -> None:
    assert all(hasattr(workbook_builder, name) for name in workbook_builder.__all__)
    assert not hasattr(workbook_builder, "no_such_thing")


def test_the_example_of_the_page_runs(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "how-to" / "use-from-python.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    inputs = tmp_path / "sample_inputs"
    inputs.mkdir()
    for name in ("Contacts 2022-23.csv", "care leavers.xlsx", "council.toml"):
        (inputs / name).symlink_to(root / "sample_inputs" / name)
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "2023-07" in done.stdout
    assert (tmp_path / "board.xlsx").is_file()
