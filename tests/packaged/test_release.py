"""The release workflow, which cannot be run here: its form, and everything that it names."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

WORKFLOW = Path(".github") / "workflows" / "release.yml"
#: What a workflow may name as a path: of the checkout, or made by an earlier step.
_PATH = re.compile(r"(?<![\w./$~-])((?:build|tests|docs|layouts)/[\w./-]+|pyproject\.toml)")
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_CONTEXTS = ("env.", "secrets.", "github.", "runner.", "needs.", "matrix.")


@pytest.fixture(scope="module")
def workflow(root: Path) -> dict[str, Any]:
    """The workflow as its YAML says it. YAML reads its key "on" as a truth value."""
    read = yaml.safe_load((root / WORKFLOW).read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


@pytest.fixture(scope="module")
def jobs(workflow: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = workflow["jobs"]
    assert isinstance(found, dict)
    return found


def steps(jobs: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in jobs.items():
        for step in job["steps"]:
            yield name, step


def needed(job: dict[str, Any]) -> list[str]:
    given = job.get("needs", [])
    return [given] if isinstance(given, str) else list(given)


def test_its_keys_are_those_of_workflows(
    workflow: dict[str, Any], jobs: dict[str, dict[str, Any]]
) -> None:
    assert workflow.keys() == {"name", True, "permissions", "env", "jobs"}
    for job in jobs.values():
        assert job.keys() <= {"needs", "if", "runs-on", "permissions", "defaults", "env", "steps"}
        assert re.fullmatch(r"(windows|ubuntu)-(latest|\d\d\.04)", job["runs-on"])
    for _, step in steps(jobs):
        assert step.keys() <= {"name", "uses", "with", "run", "env", "shell", "if"}
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/checkout@v4"))


def test_every_path_that_it_names_is_there(jobs: dict[str, dict[str, Any]], root: Path) -> None:
    named = {path for _, step in steps(jobs) for path in _PATH.findall(step.get("run", ""))}
    assert {"build/linux.sh", "build/finish.py", "build/system_needs.sh"} <= named
    assert not [path for path in named if not (root / path).exists()]
    for _, step in steps(jobs):
        called = re.findall(r"(?:^|\s)(build/[\w/]+\.sh)", step.get("run", ""))
        assert not [one for one in called if not (root / one).stat().st_mode & 0o100]


def test_jobs_need_jobs_that_are_there_and_take_what_others_left(
    jobs: dict[str, dict[str, Any]],
) -> None:
    left = {step["with"]["name"]: name for name, step in steps(jobs)
            if step.get("uses", "").startswith("actions/upload-artifact")}  # fmt: skip
    for name, job in jobs.items():
        assert set(needed(job)) <= jobs.keys() - {name}
    for name, step in steps(jobs):
        if step.get("uses", "").startswith("actions/download-artifact"):
            wanted = step["with"].get("name") or step["with"]["pattern"]
            names = re.findall(r"[\w-]+", wanted)
            before = set(needed(jobs[name]))
            for _ in jobs:  # those before come with those before them
                before |= {one for each in before for one in needed(jobs[each])}
            assert {left[one] for one in names} <= before


def test_what_it_attaches_has_passed_its_self_test_on_both_systems(
    jobs: dict[str, dict[str, Any]],
) -> None:
    before = set(needed(jobs["release"]))
    assert {jobs[one]["runs-on"] for one in before} == {"windows-latest", "ubuntu-latest"}
    for one in before:
        assert any("self-test" in step.get("run", "") for step in jobs[one]["steps"])


def test_bash_can_read_its_scripts_and_expressions_are_known(
    jobs: dict[str, dict[str, Any]], root: Path
) -> None:
    for name, step in steps(jobs):
        on_windows = jobs[name]["runs-on"].startswith("windows")
        usual = jobs[name].get("defaults", {}).get("run", {}).get("shell")
        shell = step.get("shell", usual or ("pwsh" if on_windows else "bash"))
        if "run" in step and shell == "bash":
            script = _EXPRESSION.sub("expression", step["run"])
            done = subprocess.run(
                ["bash", "-n"], input=script, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0 and not done.stderr, (name, done.stderr)
    for found in _EXPRESSION.findall((root / WORKFLOW).read_text(encoding="utf-8")):
        assert found.startswith(_CONTEXTS), found
