"""The sample inputs, read and ready to be counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook_builder.definitions.load_definitions import known_definitions
from workbook_builder.measures.count import ReadyMeasures, ready_to_count
from workbook_builder.measures.prepare import BoundMeasures, bind_measures
from workbook_builder.problems import Result
from workbook_builder.record_sources import Loaded, sort_request, source_of
from workbook_builder.request import Request
from workbook_builder.store.duckdb_store import DuckDBStore


def ignore(name: str) -> None:
    """Take no notice of the file read next."""


@contextmanager
def ready_sample(
    root: Path,
) -> Iterator[tuple[DuckDBStore, BoundMeasures, Loaded, ReadyMeasures]]:
    """Give the sample's records in a store, and all shipped measures ready to be counted there."""
    request = Request((root / "sample_inputs",))
    definitions = known_definitions().value
    with DuckDBStore(definitions.datasets) as store:
        measures = bind_measures(definitions, definitions.layouts[request.layout])
        inputs = sort_request(request, definitions, ignore).value
        loaded = source_of(request).load(inputs, definitions, store, ignore).value
        ready = ready_to_count(measures, loaded.coverages(None), None, Result({}), store).value
        assert ready
        yield store, measures, loaded, ready
