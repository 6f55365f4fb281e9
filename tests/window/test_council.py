"""Whose workbooks these are: asked once, shown, changed and kept in the profile."""

from __future__ import annotations

from pathlib import Path

from tests.window.conftest import User
from tests.window.fakes import KNOWN, SEEN, Bench, fault
from workbook_builder.own_definitions import choose_authority, own_profile
from workbook_builder.problems import Level
from workbook_builder.window.messages import (
    AuthorityChoice,
    ChooseCouncil,
    FileLookedAt,
    InputsOpened,
    LookAtFile,
    OutputProposed,
    ProfileRefused,
)
from workbook_builder.window.settings import Settings

A = Path("/in/a.csv")
CHOICES = (AuthorityChoice("Leeds", "Yorkshire"), AuthorityChoice("Southampton", "South East"))
OPEN = KNOWN._replace(authorities=CHOICES)
OURS = OPEN._replace(authority="Southampton", renewed=True)


def test_it_is_asked_once_and_can_be_skipped_for_good() -> None:
    bench = Bench()
    bench.presenter.start([])
    bench.hear(OPEN)
    assert bench.state.asking_council
    bench.presenter.ask_council(wanted=False)
    assert not bench.state.asking_council
    again = Bench(bench.kept[-1])
    again.presenter.start([])
    assert not again.hear(OPEN).state.asking_council
    known = Bench()
    known.presenter.start([])
    assert not known.hear(OPEN._replace(authority="Leeds")).state.asking_council


def test_a_council_is_written_down_and_the_files_are_looked_at_again() -> None:
    bench = Bench()
    bench.presenter.start([A])
    bench.hear(OPEN).looked(A).hear(OutputProposed(None))
    bench.presenter.choose_council(" Southampton ")
    assert bench.last() == ChooseCouncil("Southampton")
    bench.hear(OURS)
    assert (bench.state.authority, bench.state.asking_council) == ("Southampton", False)
    assert bench.view.announced[-1] == "These are the workbooks of Southampton."
    assert bench.kept[-1].council_asked
    assert bench.last() == LookAtFile(A, {})
    bench.hear(FileLookedAt(A, SEEN))
    bench.presenter.ask_council()
    assert bench.state.asking_council, "the button at the top asks again"


def test_a_name_that_nobody_has_is_told_and_asked_on() -> None:
    bench = Bench()
    bench.presenter.start([])
    bench.hear(OPEN)
    bench.presenter.choose_council("Atlantis")
    bench.hear(ProfileRefused((fault(level=Level.ERROR),)))
    assert bench.view.announced[-1] == "A cell cannot be read. Mend it."
    assert bench.state.asking_council
    assert bench.kept == []


def test_a_profile_among_the_files_counts_and_is_told() -> None:
    bench = Bench(Settings(output_folder="/out", council_asked=True))
    bench.presenter.start([A])
    bench.hear(OPEN, InputsOpened(A, (A,), (), "Leeds"))
    assert bench.state.authority == "Leeds"
    bench.hear(FileLookedAt(A, SEEN), OutputProposed(None))
    bench.presenter.choose_council("Southampton")
    bench.hear(OURS._replace(authority="Leeds"))
    assert "A profile among the files says Leeds" in bench.state.message


def test_a_profile_that_is_there_keeps_all_else_with_its_comments(own_folder: Path) -> None:
    profile = own_profile()
    try:
        assert choose_authority("Atlantis").problems[0].code == "R008"
        assert choose_authority("Leeds City Council").value == profile
        text = profile.read_text(encoding="utf-8")
        assert 'authority = "Leeds"' in text
        profile.write_text(
            text.replace('authority = "Leeds"', "authority='Leeds'  # since 1974")
            + "\n# agreed in April\n[targets.re_referrals]\nyears = { '2026-27' = 0.2 }\n",
            encoding="utf-8",
        )
        before = profile.read_text(encoding="utf-8")
        assert choose_authority("852").value == profile
        after = profile.read_text(encoding="utf-8")
        assert after == before.replace("authority='Leeds'", 'authority="Southampton"')
        profile.write_text("authority = [", encoding="utf-8")
        assert [one.code for one in choose_authority("852").problems] == ["L001"]
        assert profile.read_text(encoding="utf-8") == "authority = [", "it is left as it was"
    finally:
        profile.unlink(missing_ok=True)


def test_a_council_is_found_by_part_of_its_name_and_keys(user: User) -> None:
    bar = user.window.council
    try:
        bar.top.click()
        user.until(bar.isVisible)
        user.keys("s", "o", "u", "t", "h", "a", "m")
        user.picture("council")
        user.keys("Return")
        user.until(lambda: user.state.authority == "Southampton")
        user.until(lambda: not bar.isVisible())
        assert bar.top.accessibleName() == "Council: Southampton"
        assert own_profile().read_text(encoding="utf-8").count('authority = "Southampton"') == 1
    finally:
        own_profile().unlink(missing_ok=True)


def test_a_profile_among_the_files_answers_the_question() -> None:
    bench = Bench()
    bench.presenter.start([A])
    bench.hear(OPEN)
    assert bench.state.asking_council
    bench.hear(InputsOpened(A, (A,), (), "Leeds"))
    assert not bench.state.asking_council
    assert not any(kept.council_asked for kept in bench.kept), "another time it is asked again"
