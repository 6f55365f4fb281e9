"""How Spark is started: on this computer alone, quietly, and a sentence where it is not there."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

import workbook_builder
from workbook_builder.cli.commands import run_command

_LISTENING = "0A"
_LOOPBACK = ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_it_listens_on_the_loopback_address_only(session: Any) -> None:
    process = session.sparkContext._gateway.proc
    own = _sockets(process.pid)
    lines = [line.split() for name in ("tcp", "tcp6")
             for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]  # fmt: skip
    found = [line[1] for line in lines if line[3] == _LISTENING and line[9] in own]
    assert found, "the driver listens for its own executors"
    assert all(address.partition(":")[0] in _LOOPBACK for address in found)


def _sockets(process: int) -> set[str]:
    """Return the inodes of the sockets that a process holds."""
    found = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            target = str(link.readlink())
        except OSError:
            continue
        found |= set(re.findall(r"socket:\[(\d+)\]", target))
    return found


def test_there_is_no_web_page_and_no_trace(session: Any) -> None:
    assert session.sparkContext.uiWebUrl is None
    assert session.conf.get("spark.sql.catalogImplementation") == "in-memory"
    folder = Path(session.conf.get("spark.sql.warehouse.dir").removeprefix("file:")).parent
    assert folder == Path(session.sparkContext.getConf().get("spark.local.dir"))
    assert not [one for one in Path.cwd().iterdir() if one.name in ("spark-warehouse", "derby.log")]


def test_a_missing_java_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyspark")
    for name in ("SPARK_REMOTE", "PYSPARK_GATEWAY_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert run_command(["build", str(tmp_path), "--engine", "spark", "--authority", "all"]) == 2
    said = capsys.readouterr().err
    assert "[E002]" in said and "Traceback" not in said


def test_a_missing_pyspark_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_spark = ("workbook_builder.store.spark", "workbook_builder.councils")
    for name in [module for module in sys.modules if module.startswith(on_spark)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(workbook_builder, "councils", raising=False)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert run_command(["check", str(tmp_path), "--engine", "spark", "--region", "North"]) == 2
    assert "[E001]" in capsys.readouterr().err


def test_a_file_is_no_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("child_id\n", encoding="utf-8")
    assert run_command(["build", str(file), "--engine", "spark", "--authority", "all"]) == 2
    assert "[E020]" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--authority", "all"], ["--region", "North"]])
def test_authorities_are_for_spark_only(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_command(["build", str(tmp_path), *words])
    assert ended.value.code == 2
    assert "need --engine spark" in capsys.readouterr().err
