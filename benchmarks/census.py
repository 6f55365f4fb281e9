"""Measure how long reading a children in need census takes, and how much memory.

    python -m benchmarks.census --children 200000

Writes the XML of a made-up census, reads it in a process of its own, and then has it checked, with
all figures counted, by `workbook-builder check`. Prints the size of the file, and of both the
seconds and the peak of memory, and fails if that is more than is promised.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from benchmarks.spent import ROOT, Command
from workbook_builder.definitions.load_definitions import load_definitions
from workbook_builder.extracts.file_cache import FileCache
from workbook_builder.record_sources import extract_definitions
from workbook_builder.store.duckdb_store import DuckDBStore
from workbook_builder.store.load_extracts import load_extracts

FIRST = date(2022, 4, 1)
DAYS = 365
#: A census of 200,000 children stays below so many million bytes.
MOST_MB = 1_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Write, read and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=200_000)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    wishes = parser.parse_args(arguments)
    if wishes.read:
        read(wishes.read)
        return
    children = wishes.children
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "census.xml"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(census(children))
        print(f"{children:,} children, {path.stat().st_size / 1e6:,.0f} MB of XML")
        commands = {
            "read": Command(("-m", "benchmarks.census", "--read", str(path))),
            "checked": Command(("-m", "workbook_builder", "check", str(path))),
        }
        for what, command in commands.items():
            spent = command.run()
            print(f"{what}: {spent.cpu:.0f} s of the processor, {spent.megabytes:,.0f} MB at most")
            if spent.megabytes >= MOST_MB:
                parser.exit(1, f"{what}: more than {MOST_MB:,} MB\n")


def read(path: Path) -> None:
    """Read a census and load its records, as every run begins."""
    definitions = load_definitions([ROOT / "layouts"]).value
    known = extract_definitions(definitions, "", {})
    with DuckDBStore(definitions.datasets) as store:
        load_extracts([path], known, store, lambda name: None, FileCache(keeps=False))


def census(children: int) -> Iterator[str]:
    """Yield the lines of a census with so many children, half of them with an enquiry or a plan."""
    chance = random.Random(children)
    yield '<?xml version="1.0" encoding="utf-8"?>\n<Message>\n<Header/>\n<Children>\n'
    for number in range(children):
        yield _child(number, chance)
    yield "</Children>\n</Message>\n"


def _child(number: int, chance: random.Random) -> str:
    referred = FIRST + timedelta(days=chance.randrange(DAYS))
    later = [referred + timedelta(days=days) for days in (5, 20, 40, 60, 150)]
    started, discussed, authorised, planned, closed = (
        day.isoformat() if day < FIRST + timedelta(days=DAYS) else "" for day in later
    )
    born = FIRST - timedelta(days=chance.randrange(18 * DAYS))
    enquiry = plan = ""
    if number % 2 and discussed:
        enquiry = (
            f"<Section47>\n<S47ActualStartDate>{discussed}</S47ActualStartDate>\n"
            f"<InitialCPCtarget>{authorised}</InitialCPCtarget>\n"
            f"<DateOfInitialCPC>{authorised}</DateOfInitialCPC>\n"
            "<ICPCnotRequired>false</ICPCnotRequired>\n</Section47>\n"
        )
    if number % 4 == 1 and planned:
        plan = (
            f"<ChildProtectionPlans>\n<CPPstartDate>{planned}</CPPstartDate>\n"
            f"<CPPendDate>{closed}</CPPendDate>\n"
            "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>\n"
            "<LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse>\n"
            "<NumberOfPreviousCPP>0</NumberOfPreviousCPP>\n"
            f"<Reviews>\n<CPPreviewDate>{closed or planned}</CPPreviewDate>\n</Reviews>\n"
            "</ChildProtectionPlans>\n"
        )
    return (
        "<Child>\n<ChildIdentifiers>\n"
        f"<LAchildID>C{number:07}</LAchildID>\n<UPN>A{number:012}</UPN>\n"
        f"<PersonBirthDate>{born}</PersonBirthDate>\n<Sex>M</Sex>\n</ChildIdentifiers>\n"
        "<ChildCharacteristics>\n<Ethnicity>WBRI</Ethnicity>\n<Disabilities>\n"
        "<Disability>NONE</Disability>\n</Disabilities>\n</ChildCharacteristics>\n"
        f"<CINdetails>\n<CINreferralDate>{referred}</CINreferralDate>\n"
        "<ReferralSource>1A</ReferralSource>\n<PrimaryNeedCode>N1</PrimaryNeedCode>\n"
        f"<CINclosureDate>{closed}</CINclosureDate>\n"
        "<ReasonForClosure>RC1</ReasonForClosure>\n<ReferralNFA>false</ReferralNFA>\n"
        f"<Assessments>\n<AssessmentActualStartDate>{started or referred}"
        "</AssessmentActualStartDate>\n"
        f"<AssessmentAuthorisationDate>{authorised}</AssessmentAuthorisationDate>\n"
        "<FactorsIdentifiedAtAssessment>\n<AssessmentFactors>2B</AssessmentFactors>\n"
        "<AssessmentFactors>4A</AssessmentFactors>\n</FactorsIdentifiedAtAssessment>\n"
        "</Assessments>\n"
        f"<CINPlanDates>\n<CINPlanStartDate>{authorised or referred}</CINPlanStartDate>\n"
        f"<CINPlanEndDate>{closed}</CINPlanEndDate>\n</CINPlanDates>\n"
        f"{enquiry}{plan}</CINdetails>\n</Child>\n"
    )


if __name__ == "__main__":
    main()
