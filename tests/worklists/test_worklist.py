"""A worklist shows the children behind a figure, to those who may see them, and nothing else."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_INPUTS, WRITTEN
from tests.measures.tiny import JULY, quiet, write
from tests.worklists.lists import ALLOWED, Written, listed, sheets_of
from workbook_builder.build_workbook import check, worklist
from workbook_builder.cli.commands import measures_and_inputs, run_command
from workbook_builder.request import Outcome, Request, WorklistRequest

VISITED = "cp_visited_in_10_working_days"


def plan(child: str, team: str, **cells: str) -> dict[str, str]:
    return {"child_id": child, "cp_plan_id": f"P{child}", "cp_plan_start_date": "01/02/2023",
            "number_of_previous_cp_plans": "0", "team": team} | cells  # fmt: skip


#: 31 July 2023 is a Monday: ten working days before it is Monday 17 July.
PLANS = {
    "cp_plans": [plan("1", "East"), plan("2", "East"), plan("3", "East"), plan("4", "West"),
                 plan("5", "West", cp_plan_end_date="10/07/2023")],
    "visits": [
        {"child_id": "1", "visit_date": "17/07/2023", "child_seen": "Y"},
        {"child_id": "2", "visit_date": "14/07/2023", "child_seen": "Y"},
        {"child_id": "2", "visit_date": "01/03/2023", "child_seen": "Y"},
        {"child_id": "3", "visit_date": "20/07/2023", "child_seen": "N"},
        {"child_id": "4", "visit_date": "25/07/2023", "child_seen": "Y"},
        {"child_id": "5", "visit_date": "03/07/2023", "child_seen": "Y"},
    ],
    "social_worker_allocations": [
        {"child_id": "2", "worker_id": "SW7", "allocation_start_date": "01/02/2023",
         "worker_name": "Somebody"},
        {"child_id": "2", "worker_id": "SW1", "allocation_start_date": "01/01/2023",
         "allocation_end_date": "31/01/2023", "worker_name": "Somebody"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return listed(tmp_path_factory.mktemp("visits"), [VISITED], PLANS, data_quality=True)


def test_each_record_of_the_denominator_says_whether_it_counts_and_how_late_it_is(
    visits: Written,
) -> None:
    (name,) = visits.lists
    rows = visits.rows(name)
    over = "Working days over (+) or left (-)"
    shown = [
        (row["Team"], row["child_id"], row["Counted"], row[over], row["Next due"]) for row in rows
    ]
    assert shown == [
        ("East", "3", "No", None, None),
        ("East", "2", "No", 1, date(2023, 7, 28)),
        ("East", "1", "Yes", 0, date(2023, 7, 31)),
        ("West", "4", "Yes", -6, date(2023, 8, 8)),
    ]
    assert [row["Why not"] for row in rows] == [
        "No visit that counts recorded by then", "Outside the time by 1 working day", None, None,
    ]  # fmt: skip
    assert [row["Worker"] for row in rows] == [None, "SW7", None, None]


def test_a_record_says_where_it_stands(visits: Written) -> None:
    first = visits.rows(visits.lists[0])[0]
    # Two rows above the headings say the period.
    assert (first["File"], first["Row"], first["cp_plan_id"]) == ("cp_plans.csv", 6, "P3")


def test_the_summary_by_team_adds_up_to_the_figure(visits: Written) -> None:
    rows = [row[:5] for row in visits.sheets["Summary"] if row[0] in ("East", "West")]
    assert rows == [("East", 1, 3, "=IF(C9=0,\"-\",B9/C9)", 0),
                    ("West", 1, 1, "=IF(C10=0,\"-\",B10/C10)", 0)]  # fmt: skip
    whole = next(row for row in visits.sheets["Summary"] if row[0] == "Whole service")
    assert whole[1:3] == ("=SUM(B9:B10)", "=SUM(C9:C10)")
    measure = visits.sheets["Summary"][3]
    assert measure[1:3] == (2, 4)


def test_name_header_and_footer_carry_the_marking(visits: Written) -> None:
    written = visits.outcome.written
    assert written
    assert written.name == "OFFICIAL-SENSITIVE lists.xlsx"
    with zipfile.ZipFile(written) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        for sheet in sheets:
            text = archive.read(sheet).decode()
            assert "<oddHeader>&amp;C&amp;BOFFICIAL-SENSITIVE</oddHeader>" in text
            assert "&amp;BOFFICIAL-SENSITIVE&amp;B - &amp;A" in text


def test_the_first_list_comes_with_a_warning_and_writing_it_anew_does_not(tmp_path: Path) -> None:
    assert "C006" in listed(tmp_path, [VISITED], PLANS).codes
    assert "C006" not in listed(tmp_path, [VISITED], PLANS).codes


def test_one_team_alone(tmp_path: Path) -> None:
    west = listed(tmp_path, [VISITED], PLANS, team="west")
    assert [row["child_id"] for row in west.rows(west.lists[0])] == ["4"]
    assert not [row for row in west.sheets["Summary"] if row[0] in ("East", "Whole service")]


def test_a_team_that_nobody_is_of(tmp_path: Path) -> None:
    wrong = listed(tmp_path, [VISITED], PLANS, team="Wset")
    assert wrong.outcome.written is None
    (problem,) = [one for one in wrong.outcome.problems if one.code == "C003"]
    assert 'Did you mean "West"?' in problem.what


def test_a_child_in_two_teams_counts_in_each_and_once_in_the_service(tmp_path: Path) -> None:
    cin = [
        {"child_id": child, "cin_plan_id": f"{child}{team}", "cin_plan_start_date": "01/02/2023",
         "disability_team": "N", "team": team}
        for child, team in (("1", "East"), ("1", "West"), ("2", "West"), ("2", "West"))
    ]  # fmt: skip
    cin[3] |= {"cin_plan_id": "2 again"}
    both = listed(tmp_path, ["children_in_need"], {"cin_plans": cin})
    rows = both.rows(both.lists[0])
    assert [(row["Team"], row["child_id"], row["Counted"]) for row in rows] == [
        ("East", "1", "Yes"), ("West", "1", "Yes"), ("West", "2", "Yes"),
        ("West", "2", "Same child"),
    ]  # fmt: skip
    assert "Counted by row" in str(rows[3]["Why not"])
    once = next(row for row in both.sheets["Summary"] if str(row[0]).startswith("In several"))
    assert once[1] == -1
    assert both.sheets["Summary"][3][1] == 2


def test_children_in_any_of_several_lists_count_once(tmp_path: Path) -> None:
    lists = {
        "assessments": [{"child_id": "1", "assessment_start_date": "03/07/2023", "team": "East"}],
        "cin_plans": [
            {"child_id": "1", "cin_plan_start_date": "01/02/2023", "disability_team": "N",
             "team": "East"},
            {"child_id": "2", "cin_plan_start_date": "01/02/2023", "disability_team": "N",
             "team": "East"},
        ],
        "cp_plans": [plan("9", "East")],
        "children_in_care": [{"child_id": "8", "care_start_date": "01/02/2023",
                              "legal_status": "C2", "uasc": "N", "team": "East"}],
    }  # fmt: skip
    written = listed(tmp_path, ["children_in_need_all"], lists)
    rows = written.rows(written.lists[0])
    assert [(row["child_id"], row["Counted"]) for row in rows] == [
        ("2", "Yes"), ("1", "Yes"), ("1", "Same child"),
    ]  # fmt: skip
    assert {row["Start"] for row in rows} == {date(2023, 2, 1), date(2023, 7, 3)}


def test_what_cannot_be_judged_says_which_cell_it_lacks(tmp_path: Path) -> None:
    conferences = [
        {"child_id": str(child), "icpc_date": "31/07/2023", "icpc_transfer_in": "N",
         "icpc_temporary": "N", "icpc_outcome_cp_flag": "Y",
         "icpc_strategy_discussion_date": "17/07/2023"}
        for child in range(60)
    ]  # fmt: skip
    conferences[7] |= {"icpc_strategy_discussion_date": ""}
    conferences[8] |= {"icpc_strategy_discussion_date": "some day"}
    conferences[9] |= {"icpc_date": "the day after"}
    written = listed(
        tmp_path, ["initial_conferences_in_time"], {"initial_conferences": conferences},
        data_quality=True,
    )  # fmt: skip
    rows = {row["child_id"]: row for row in written.rows(written.lists[0])}
    heading = "icpc_strategy_discussion_date"
    assert (rows["7"]["Counted"], rows["7"]["Why not"]) == ("Not judged", f"{heading} is blank")
    assert (rows["8"]["Counted"], rows["8"]["Why not"]) == (
        "Not judged", f"{heading} cannot be read",
    )  # fmt: skip
    assert "9" not in rows  # left out: it is of no month
    quality = {
        row["Row"]: row
        for row in written.rows("Data quality")
        if row["Column"] != "icpc_target_date"
    }  # it is of the measure that stands in
    assert [quality[row]["Column"] for row in (11, 12, 13)] == [heading, heading, "icpc_date"]
    assert quality[11]["What is wrong"] == "The cell is blank"
    assert quality[12]["What is wrong"] == "A cell cannot be read"
    assert quality[12]["Measures that cannot judge it"]
    assert quality[13]["What was done"] == "Not counted."
    assert all(row["What to correct"] for row in quality.values())


DAYS = """
[days_to_conference]
title = "Days to the conference"
average_of = "initial_conferences"
during = "icpc_date"
value = "working_days(icpc_strategy_discussion_date, icpc_date)"

[conferences_in_a_quarter]
title = "Conferences in a quarter"
count_of = "initial_conferences"
during = "icpc_date"
frequency = "quarterly"

[referred_young]
title = "Referred within a year of birth"
percentage_of = "referrals"
during = "referral_date"
where = "days_between(date_of_birth, referral_date) <= 365"
better = "higher"
"""
CONFERENCES = {
    "initial_conferences": [
        {"child_id": "1", "icpc_date": "07/07/2023", "icpc_strategy_discussion_date": "03/07/2023"},
        {"child_id": "2", "icpc_date": "31/07/2023", "icpc_strategy_discussion_date": "27/07/2023"},
    ],
    "referrals": [
        {"child_id": "1", "referral_date": "31/07/2023", "date_of_birth": "01/07/2023"},
        {"child_id": "2", "referral_date": "31/07/2023", "date_of_birth": "01/07/2010"},
    ],
}


def of_own_measures(folder: Path, *measures: str) -> Written:
    """List children behind measures that a council has defined beside the shipped ones."""
    own = folder / "own" / "measures"
    own.mkdir(parents=True)
    (own / "days.toml").write_text(DAYS, encoding="utf-8")
    inputs = write(folder, CONFERENCES)
    (inputs / "council.toml").write_text(ALLOWED, encoding="utf-8")
    request = Request((inputs, folder / "own"), month=JULY, out=folder / "own.xlsx",
                      written=WRITTEN)  # fmt: skip
    outcome = worklist(request, WorklistRequest(measures), quiet)
    return Written(outcome, sheets_of(outcome.written) if outcome.written else {})


def test_an_average_lists_what_it_is_the_mean_of(tmp_path: Path) -> None:
    mean = of_own_measures(tmp_path, "days_to_conference")
    # Monday to Friday is four working days, Thursday to Monday two.
    assert mean.sheets["Summary"][3][1:3] == (6, 2)
    assert [row["Counted"] for row in mean.rows(mean.lists[0])] == ["Yes", "Yes"]


def test_no_day_is_told_from_which_a_birth_follows(tmp_path: Path) -> None:
    written = of_own_measures(tmp_path, "referred_young")
    rows = written.rows(written.lists[0])
    assert {row["child_id"]: row["Counted"] for row in rows} == {"1": "Yes", "2": "No"}
    assert not [heading for heading in rows[0] if "over" in heading or "Due" in heading]
    assert "2010" not in str(rows)


def test_a_month_between_quarters_has_no_list(tmp_path: Path) -> None:
    between = of_own_measures(tmp_path, "days_to_conference", "conferences_in_a_quarter")
    (problem,) = [one for one in between.outcome.problems if one.code == "C005"]
    assert "one figure a quarter" in problem.what


def test_figures_of_another_list_have_its_records(tmp_path: Path) -> None:
    adopted = {"adoption_orders": [
        {"child_id": str(child), "adoption_date": f"{child:02}/07/2023"} for child in (4, 31)
    ]}  # fmt: skip
    written = listed(tmp_path, ["adoptions"], adopted)
    (name,) = written.lists
    assert [row["child_id"] for row in written.rows(name)] == ["4", "31"]
    assert 'Counted as "' in str(written.sheets[name][1])


def test_records_that_say_of_no_team_are_in_no_team_s_list(tmp_path: Path) -> None:
    away = {"missing_episodes": [
        {"child_id": "1", "missing_episode_start_date": "31/07/2023", "missing_episode_type": "M"}
    ]}  # fmt: skip
    written = listed(tmp_path, ["children_missing"], away, team="East")
    assert written.outcome.written is None
    assert {"C004", "C005"} <= written.codes


# What is refused


def test_without_the_leave_of_the_council_nothing_is_read_or_written(tmp_path: Path) -> None:
    for profile in ("", 'marking = "OFFICIAL"\n', "worklists = false\n"):
        refused = listed(tmp_path, [VISITED], PLANS, profile=profile)
        assert refused.codes == {"C001"}
        assert "worklists = true" in refused.outcome.problems[0].to_do
        assert not list(tmp_path.glob("*.xlsx"))
        assert not refused.outcome.sheets


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("cp_visited_in_10_workin_days", "L005", f'Did you mean "{VISITED}"?'),
        ("families_attached", "C002", "comes as finished figures"),
    ],
)
def test_a_measure_that_has_no_list(tmp_path: Path, name: str, code: str, says: str) -> None:
    wrong = listed(tmp_path, [name], PLANS)
    assert wrong.outcome.written is None
    (problem,) = [one for one in wrong.outcome.problems if one.code == code]
    assert says in problem.what


def test_a_month_that_is_blank_says_why_in_place_of_an_empty_list(tmp_path: Path) -> None:
    blank = listed(tmp_path, [VISITED, "children_in_need"], PLANS)
    assert blank.outcome.written
    (problem,) = [one for one in blank.outcome.problems if one.code == "C005"]
    assert "No extract of Child in need plans was given." in problem.what
    assert "No extract of Child in need plans was given." in str(blank.sheets["Summary"])
    assert len(blank.lists) == 1


def test_nothing_is_written_where_every_list_would_be_empty(tmp_path: Path) -> None:
    nothing = listed(tmp_path, ["children_in_need"], PLANS)
    assert nothing.outcome.written is None
    assert {"C004", "C005"} <= nothing.codes


def test_a_file_that_is_open_elsewhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "OFFICIAL-SENSITIVE lists.xlsx").write_bytes(b"what stood there")
    (tmp_path / ".~lock.OFFICIAL-SENSITIVE lists.xlsx#").write_text("")
    written = listed(tmp_path, [VISITED], PLANS)
    assert written.outcome.written == tmp_path / "OFFICIAL-SENSITIVE lists (2).xlsx"
    assert "W002" in written.codes
    assert (tmp_path / "OFFICIAL-SENSITIVE lists.xlsx").read_bytes() == b"what stood there"


def test_a_board_workbook_is_never_written_over(tmp_path: Path, sample_build: Outcome) -> None:
    assert sample_build.written
    board = tmp_path / "OFFICIAL-SENSITIVE lists.xlsx"
    board.write_bytes(sample_build.written.read_bytes())
    refused = listed(tmp_path, [VISITED], PLANS)
    assert refused.outcome.written is None
    assert "R003" in refused.codes
    assert board.read_bytes() == sample_build.written.read_bytes()


def test_a_list_among_the_inputs_is_no_extract(tmp_path: Path) -> None:
    written = listed(tmp_path, [VISITED], PLANS).outcome.written
    assert written
    written.rename(tmp_path / "inputs" / "list.xlsx")
    outcome = check(Request((tmp_path / "inputs",), month=JULY), quiet)
    assert "list.xlsx" not in {sheet.file for sheet in outcome.sheets}
    assert [one.where.file for one in outcome.problems if one.code == "C008"] == ["list.xlsx"]


def test_spark_has_no_lists(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["worklist", VISITED, str(SAMPLE_INPUTS), "--engine", "spark"]) == 2
    assert "[C007]" in capsys.readouterr().err


def test_measures_come_before_the_inputs(tmp_path: Path) -> None:
    folder = str(tmp_path)
    assert measures_and_inputs(["contacts", "referrals", folder, "more.csv"]) == (
        ("contacts", "referrals"), (tmp_path, Path("more.csv")),
    )  # fmt: skip
    assert measures_and_inputs(["Number of contacts in the month", folder])[0] == (
        "Number of contacts in the month",
    )
    titled = "Rate per 10.000 children"
    assert measures_and_inputs([titled, "lost.csv"]) == ((titled,), (Path("lost.csv"),))
    for words in (["worklist", "contacts"], ["worklist", folder]):
        with pytest.raises(SystemExit):
            run_command(words)


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = write(tmp_path, PLANS)
    (inputs / "council.toml").write_text(ALLOWED, encoding="utf-8")
    arguments = ["worklist", VISITED, str(inputs), "--month", "2023-07", "--out", str(tmp_path)]
    assert run_command(arguments) == 0
    said = capsys.readouterr()
    expected = tmp_path / "OFFICIAL-SENSITIVE Children behind the figures, Jul-23.xlsx"
    assert f"Written: {expected}" in said.out
    assert expected.exists()
    assert "[C006]" in said.err
