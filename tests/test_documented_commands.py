"""The commands in the pages for users work as they are written, and do what the page says.

The commands of a page run in the order in which they stand, in a folder of their own, where small
lists lie under the names that the page gives them. What cannot run here is named in `NOT_RUN`.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PureWindowsPath

import openpyxl
import pytest
from pptx import Presentation

from tests.conftest import ROOT, SAMPLE_INPUTS
from tests.extracts.test_statutory_returns import LIST_7, LIST_8, workbook
from tests.published_files import neighbours
from tests.statistics_releases import release_text
from workbook_builder.cli.commands import parse_arguments, run_command
from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.python_api import read_figures

PAGES = sorted(
    page
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    if "decisions" not in page.parts
)
#: What a page writes in place of a user's own words.
OWN = {
    "FILE": "f.csv",
    "EXTRACTS": "extracts",
    "EXTRACTS...": "extracts",
    "INPUT...": "extracts",
    "MEASURE": "contacts",
    "MEASURE...": "contacts",
}
#: Blocks and lines of the pages that no test here runs, and why, by a part of the line.
NOT_RUN = {
    "pip install": "installs the program: .ci/run runs the README's line, test_wheel a wheel",
    "Get-FileHash": "PowerShell, which is not here",
    "self-test": "run by tests/self_test, and by the packaged program in tests/packaged",
    "git clone": "needs the published repository",
    "build/needs.py": "needs a package that was handed out",
    "build/linux.sh": "builds a package: tests/packaged",
    "sha256sum": "needs a package that was handed out",
    "SPARK_REMOTE": "needs a cluster",
    "spark-submit": "needs a cluster",
    "--engine spark": "needs Spark and Java: tests/spark runs these options, most of it slowly",
    "python -m benchmarks": "takes minutes to hours: tests/test_benchmarks.py parses the options",
    "python -m tests.fuzz": "takes hours: tests/test_fuzz.py runs a small share of it",
}
HOW_TO = ROOT / "docs" / "how-to"
PROGRAM = r"(?:\.venv/bin/|\"?[\w:\\ ]*\\)?workbook-builder(?:\.exe\"?)?"
SMALL = ("Adoptions.csv", "Contacts 2022-23.csv", "population.csv", "council.toml", "targets.toml")

Run = Callable[..., list[str]]


def blocks_of(page: Path) -> list[tuple[str, str]]:
    """The blocks of code of a page, each with its language."""
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [(language, block) for language, block in fences]


def blocks_in(language: str, page: str) -> list[str]:
    """The blocks of a how-to in one language."""
    return [block for kind, block in blocks_of(HOW_TO / page) if kind == language]


def lines_of(page: Path) -> list[str]:
    """The lines of a page's blocks of commands; what follows three spaces explains one."""
    lines = [
        (kind, line.strip().partition("   ")[0].partition(" # ")[0])
        for kind, block in blocks_of(page)
        if kind in ("sh", "powershell", "")
        for line in block.replace("\\\n", " ").splitlines()
    ]
    commands = [line for kind, line in lines if kind or re.match(PROGRAM, line)]
    return [line for line in commands if line and not line.startswith("#")]


def commands_of(page: Path) -> list[str]:
    """The command lines of a page that call the program, without what is not run."""
    calls = [re.search(rf"(?:^|&& ){PROGRAM} (\w.*|--version)$", line) for line in lines_of(page)]
    return [call[1] for call in calls if call]


def words_of(command: str) -> list[str]:
    return [OWN.get(word, word) for word in shlex.split(command)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_is_one_of_the_program(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "extracts").mkdir()
    monkeypatch.chdir(tmp_path)
    if page.stem == "command-line":
        pytest.skip("a synopsis, not commands")
    for command in commands_of(page):
        assert parse_arguments(words_of(command)).command is not None, command
        on_windows = parse_arguments(windows_words(command))
        assert vars(on_windows).keys() == vars(parse_arguments(words_of(command))).keys()
        assert on_windows.command == parse_arguments(words_of(command)).command


def windows_words(command: str) -> list[str]:
    r"""Return the words that a program on Windows gets; the sample is where the package has it.

    cmd and PowerShell take double quotes only, and a backslash is a part of a path.
    """
    assert "'" not in command, f"single quotes are no quotes in cmd: {command}"
    assert not re.search(r"[$%^&|<>]", command), f"cmd or PowerShell would change this: {command}"
    sample = r'"C:\Program Files\Workbook Builder\_internal\workbook_builder\sample_inputs"'
    line = command.replace("sample_inputs", sample)
    words = re.findall(r'"[^"]*"|\S+', line)
    return [OWN.get(word, word).strip('"') for word in words]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_with_commands_is_run_or_says_why_not(page: Path) -> None:
    ours = {f"{page.parent.name}/{page.name}" if page.parent.name == "how-to" else page.name}
    if page.stem == "command-line":
        return
    for line in lines_of(page):
        known = any(part in line for part in NOT_RUN)
        assert known or (re.match(PROGRAM, line) and ours <= RUN), f"nothing runs: {line}"


def test_what_is_not_run_is_on_a_page() -> None:
    lines = [line for page in PAGES for line in lines_of(page)]
    assert not [part for part in NOT_RUN if not any(part in line for line in lines)]


#: The pages whose commands a test below runs; the README's are those of the tutorial.
RUN = {
    "tutorial.md", "README.md", "how-to/month-by-month.md", "how-to/set-up-your-council.md",
    "how-to/make-the-council-yours.md", "how-to/carry-on-from-last-month.md",
    "how-to/define-a-measure.md", "how-to/find-the-children-behind-a-figure.md",
    "how-to/make-the-slides.md", "how-to/run-on-spark.md", "how-to/say-what-an-extract-covers.md",
    "how-to/use-a-standard-return.md",
}  # fmt: skip


def small(folder: Path, names: Iterable[str] = SMALL) -> Path:
    """Make a folder of a few of the sample's files: some lists, with the council's profile."""
    folder.mkdir()
    for name in names:
        shutil.copy(SAMPLE_INPUTS / name, folder / name)
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs the commands of a page in a folder of their own; each must end well."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(tmp_path / "own"))

    def run_page(name: str, before: Mapping[int, Callable[[], object]] | None = None) -> list[str]:
        commands = [
            command
            for command in commands_of(ROOT / name if name == "README.md" else ROOT / "docs" / name)
            if not any(part in command for part in NOT_RUN)
        ]
        for number, command in enumerate(commands):
            (before or {}).get(number, lambda: None)()
            assert run_command(words_of(command)) == 0, command
        return commands

    return run_page


def cells_of(workbook_file: Path, sheet: str) -> set[object]:
    rows = openpyxl.load_workbook(workbook_file, read_only=True)[sheet].iter_rows(values_only=True)
    return {cell for row in rows for cell in row}


def every_cell_of(workbook_file: Path) -> set[object]:
    names = openpyxl.load_workbook(workbook_file, read_only=True).sheetnames
    return set[object]().union(*(cells_of(workbook_file, name) for name in names))


@pytest.mark.slow
def test_the_tutorial_keeps_its_promises(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sample_inputs").symlink_to(SAMPLE_INPUTS)
    assert len(run("tutorial.md")) == 4
    out = capsys.readouterr().out
    assert "Contacts 2022-23.csv: Contacts, 22,894 rows, 1 Jul 2022 to 3 Aug 2023" in out
    assert "Reporting month Jul-23" in out
    assert "Numerator" in out
    assert "Denominator" in out
    text = (ROOT / "docs" / "tutorial.md").read_text("utf-8").partition("## 4.")[2]
    sheets = openpyxl.load_workbook(tmp_path / "board.xlsx", read_only=True).sheetnames
    named = re.findall(r"\*\*([A-Z][\w ]+)\*\*", text)
    assert len(named) > 8
    assert set(named) <= set(sheets)
    assert (tmp_path / "scorecard.xlsx").exists()
    readme = [command for command in commands_of(ROOT / "README.md") if command != "--version"]
    assert readme == ["build sample_inputs --out board.xlsx"]  # the second command of the tutorial


def test_the_monthly_routine_carries_on_from_last_month(tmp_path: Path, run: Run) -> None:
    small(tmp_path / "sample_inputs", ("Contacts 2022-23.csv", "rpt62_referrals.csv"))
    assert len(run("how-to/month-by-month.md")) == 3
    assert "last month's workbook" in cells_of(tmp_path / "july.xlsx", "Sources")


def test_the_first_set_up_writes_a_profile_and_a_workbook(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    small(tmp_path / "sample_inputs")
    assert len(run("how-to/set-up-your-council.md")) == 3
    assert 'authority = "Leeds"' in (tmp_path / "own" / "council.toml").read_text("utf-8")
    out = capsys.readouterr().out
    assert str(tmp_path / "own" / "council.toml") in out
    assert "Contacts 2022-23.csv: Contacts" in out
    assert "Reporting month Jun-23" in out
    assert (tmp_path / "june.xlsx").exists()


def test_a_councils_own_folder_takes_what_the_page_puts_there(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(run("how-to/make-the-council-yours.md")) == 2
    copied = tmp_path / "own" / "layouts" / "board.toml"
    assert copied.read_text("utf-8") == (ROOT / "layouts" / "board.toml").read_text("utf-8")
    page = (ROOT / "docs" / "how-to" / "make-the-council-yours.md").read_text("utf-8")
    fences = r"`layouts/([\w/]+\.toml)`[^\n]*:\n\n```toml\n(.*?)```"
    for name, block in re.findall(fences, page, re.DOTALL):
        file = tmp_path / "own" / "layouts" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(block, encoding="utf-8")
    known = known_definitions()
    assert not known.problems
    assert "Date Ref Received" in known.value.datasets["referrals"].columns["referral_date"].aliases
    assert "Locked home" in known.value.codes["placement_type"].codes["K1"].spellings
    assert known.value.parameters["assessment_working_days"].value == 40
    demand = next(one for one in known.value.layouts["board"].tables if one.name == "Demand")
    assert "children_missing" in [row.measure for row in demand.rows]


@pytest.mark.slow
def test_published_figures_are_carried_on_and_recalculated(tmp_path: Path, run: Run) -> None:
    contacts = small(tmp_path / "extracts") / "Contacts 2022-23.csv"
    last = tmp_path / "Board data tables Jun-23.xlsx"
    build = ["build", "extracts", "--month", "2023-06", "--out", str(last)]
    assert run_command(build) == 0
    shutil.copy(last, tmp_path / "last.xlsx")
    published = read_figures(last).set_index(["measure", "month", "team"])["value"]
    lines = contacts.read_text("utf-8").splitlines()
    late = [line.replace(line.split(",")[0], f"late{at}") for at, line in enumerate(lines[1:50])]
    contacts.write_text("\n".join([*lines, *late]) + "\n", encoding="utf-8")
    board = tmp_path / "Board data tables Jul-23.xlsx"
    found: list[object] = []

    def look() -> None:
        figures = read_figures(board).set_index(["measure", "month", "team"])["value"]
        july = figures["contacts", :, ""]
        found.append(july.reindex(published["contacts", :, ""].index).equals(
            published["contacts", :, ""]))  # fmt: skip
        board.unlink()

    assert len(run("how-to/carry-on-from-last-month.md", {1: look, 2: look, 3: look})) == 4
    look()
    # As published, all from today's data, contacts from today's data, and those from April on.
    assert found[:3] == [True, False, False]


def test_a_measure_of_ones_own_is_checked(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    small(tmp_path / "sample_inputs")
    block = blocks_in("toml", "define-a-measure.md")[0]
    measures = tmp_path / "own" / "layouts" / "measures"
    measures.mkdir(parents=True)
    (measures / "ours.toml").write_text(block, encoding="utf-8")
    row = '{ measure = "assessments_in_45_days", reference = "66" }'
    assert row in (HOW_TO / "define-a-measure.md").read_text("utf-8")
    layout = f'extends = "board"\n[[tables]]\nname = "Demand"\nadd = [{row}]\n'
    (tmp_path / "own" / "layouts" / "board.toml").write_text(layout, encoding="utf-8")
    assert len(run("how-to/define-a-measure.md")) == 1
    faulty = block.replace(
        "working_days(assessment_start_date", "working_days(assesment_start_date"
    )
    (measures / "ours.toml").write_text(faulty, encoding="utf-8")
    capsys.readouterr()
    assert run_command(["check", "sample_inputs"]) == 2
    said = "".join(capsys.readouterr())
    assert re.search(r"ours\.toml.*line 5", said)
    assert "assessment_start_date" in said


def test_worklists_need_the_profiles_leave(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    extracts = small(tmp_path / "extracts")
    assert run_command(["worklist", "--data-quality", "extracts"]) == 2
    with (extracts / "council.toml").open("a", encoding="utf-8") as profile:
        profile.write(blocks_in("toml", "find-the-children-behind-a-figure.md")[0])
    for name in ("CIN and CP plans.xlsx", "C&F assessments.xlsx", "Visits (EH, CIN and CP).csv"):
        shutil.copy(SAMPLE_INPUTS / name, extracts / name)
    name = "OFFICIAL-SENSITIVE Children behind the figures, Jul-23.xlsx"
    lists = tmp_path / "lists.xlsx"
    before = {1: lambda: (tmp_path / name).rename(lists)}
    assert len(run("how-to/find-the-children-behind-a-figure.md", before)) == 2
    assert {"Team", "Counted", "Why not", "Next due", "Row"} <= every_cell_of(lists)
    assert "Contacts 2022-23.csv" in every_cell_of(tmp_path / name)


def test_slides_are_written_beside_the_workbook(tmp_path: Path, run: Run) -> None:
    small(tmp_path / "extracts")
    assert len(run("how-to/make-the-slides.md")) == 1
    assert (tmp_path / "Board.xlsx").exists()
    assert len(Presentation(str(tmp_path / "Board.pptx")).slides) > 0


def test_tables_for_a_cluster_are_written(tmp_path: Path, run: Run) -> None:
    small(tmp_path / "extracts")
    assert len(run("how-to/run-on-spark.md")) == 1
    assert list((tmp_path / "records" / "contacts").rglob("*.parquet"))


def test_the_days_that_a_user_gives_are_on_the_sources_sheet(tmp_path: Path, run: Run) -> None:
    small(tmp_path / "reports")
    assert len(run("how-to/say-what-an-extract-covers.md")) == 1
    sources = cells_of(tmp_path / "Board data tables Jul-23.xlsx", "Sources")
    assert "1 Jul 2022 to 31 Jul 2023" in sources


def test_a_standard_return_says_what_each_sheet_gives(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = workbook(**{"List 7": LIST_7, "List 8": LIST_8})
    (tmp_path / "annex_a.xlsx").write_bytes(sheets)
    run_command(words_of(commands_of(ROOT / "docs" / "how-to" / "use-a-standard-return.md")[0]))
    out = capsys.readouterr().out
    for title in ("Child protection plans", "Visits", "Review", "Children in care"):
        assert re.search(rf'annex_a\.xlsx, sheet "List \d": {title}', out), title


def test_published_statistics_are_recognised_in_the_words_of_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(tmp_path / "own"))
    (promised,) = blocks_in("", "use-published-statistics.md")
    release = "cla_number_and_rate_per_10k_children.csv"
    areas = {"England": 1.0, "852": 1.0}
    text = release_text(release, areas, range(2021, 2026))
    (tmp_path / "cla_number_and_rate.csv").write_text(text, encoding="utf-8")
    others = [str(number) for number in range(901, 911)]
    file = tmp_path / "Neighbours_April_2021.csv"
    file.write_text(neighbours({"852": others}), encoding="utf-8")
    run_command(["check", str(tmp_path)])
    out = capsys.readouterr().out.splitlines()
    assert set(promised.splitlines()) <= set(out)


def test_the_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(tmp_path / "sample_inputs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBOOK_BUILDER_FOLDER", str(tmp_path / "own"))
    page = (ROOT / "docs" / "how-to" / "use-from-python.md").read_text("utf-8")
    variables: dict[str, object] = {}
    exec(blocks_in("python", "use-from-python.md")[0], variables)
    assert (tmp_path / "board.xlsx").exists()
    columns = set(re.findall(r"^\| `(\w+)`", page, re.M)) | {"numerator", "denominator"}
    assert columns <= set(variables["figures"].columns)  # type: ignore[attr-defined]


def test_windows_paths_are_one_word() -> None:
    words = windows_words("build sample_inputs --out board.xlsx")
    assert PureWindowsPath(words[1]).name == "sample_inputs"
    assert words[2:] == ["--out", "board.xlsx"]
