"""The command as a person meets it: a process of its own, with its own environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kits.practice import FIRST
from tests.kits.processes import HOLD, in_another_process
from tests.kits.store import PracticeStore
from tests.kits.terminal import Terminal

COMMAND = (sys.executable, "-c", "import sys; from rowcol.cli import main; sys.exit(main())")
ROOT = Path(__file__).parents[2]


def rowcol(folder: Path, *words: str, **named: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder of its own; `named` are settings, in lower case."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ROWCOL_")}
    settings = {f"ROWCOL_{name.upper()}": value for name, value in named.items()}
    environment = inherited | settings | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*COMMAND, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def refused(ran: "subprocess.CompletedProcess[str]", code: int, *words: str) -> None:
    """Hold a run to an exit code and one line on stderr with these words."""
    assert (ran.returncode, ran.stdout) == (code, ""), ran.stderr
    lines = [line for line in ran.stderr.splitlines() if "Made a new key" not in line]
    assert len(lines) == 1, ran.stderr
    for word in words:
        assert word in lines[0]


def test_a_database_another_process_holds_is_exit_code_3_with_its_process_id(tmp_path: Path) -> None:
    path = tmp_path / "rowcol.duckdb"
    holder = in_another_process(HOLD, path)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        ran = rowcol(tmp_path, "report", "clients", database=str(path))
        refused(ran, 3, f"held by process {holder.pid}", "Stop that process")
    finally:
        holder.communicate("\n", timeout=20)


@pytest.mark.parametrize(
    ("settings", "code", "message"),
    [
        ({"database": "notes.txt"}, 3, "notes.txt"),
        ({"database": "notes.txt/deeper.duckdb"}, 3, "ROWCOL_DATABASE"),
        ({"timezone": "Mars/Olympus"}, 3, "ROWCOL_TIMEZONE"),
        ({"qbo_api_url": "ftp://host"}, 3, "ROWCOL_QBO_API_URL"),
        ({"secret_key": " "}, 3, "ROWCOL_SECRET_KEY"),
    ],
)
def test_a_setting_that_cannot_be_used_is_exit_code_3_in_one_line(
    tmp_path: Path, settings: dict[str, str], code: int, message: str
) -> None:
    (tmp_path / "notes.txt").write_text("dear diary " * 1000)
    refused(rowcol(tmp_path, "report", "clients", **settings), code, message)
    assert (tmp_path / "notes.txt").read_text().startswith("dear diary")


def test_an_empty_practice_reports_nothing_and_makes_its_key_aloud(tmp_path: Path) -> None:
    ran = rowcol(tmp_path, "report", "clients", "--format", "json")
    assert (ran.returncode, ran.stdout.strip()) == (0, "[]")
    assert ran.stderr.startswith("Made a new key beside data/rowcol.duckdb")
    assert (tmp_path / "data" / "rowcol.duckdb.key").stat().st_mode & 0o077 == 0


def test_without_an_application_nothing_can_be_connected_and_the_setting_is_named(tmp_path: Path) -> None:
    refused(
        rowcol(tmp_path, "connect", "--realm", "1", "--refresh-token", "t0ken-value"),
        3,
        "ROWCOL_QBO_CLIENT_ID",
    )


def test_a_backup_restores_to_the_same_figures_and_tokens(terminal: Terminal, tmp_path: Path) -> None:
    terminal.connect(FIRST)
    assert terminal("sync").code == 0
    named = {
        "database": str(terminal.database), "backup_passphrase": "correct horse", "qbo_client_id": "sandbox-client",
        "qbo_client_secret": "sandbox-secret", "qbo_api_url": terminal.sandbox.url,
    }  # fmt: skip
    report = ("report", "aging-ap", "--as-of", "2026-11-20", "--format", "json")
    before = rowcol(tmp_path, *report, **named)
    assert '"total_cents": 30000' in before.stdout
    saved = rowcol(tmp_path, "backup", "practice.backup", **named)
    assert (saved.returncode, saved.stderr) == (0, "")
    assert saved.stdout.startswith("backed up ")
    elsewhere = named | {"database": str(tmp_path / "elsewhere" / "rowcol.duckdb")}
    refused(
        rowcol(tmp_path, "restore", "practice.backup", **(elsewhere | {"backup_passphrase": "wrong"})),
        3,
        "passphrase",
    )
    assert not Path(elsewhere["database"]).exists()
    restored = rowcol(tmp_path, "restore", "practice.backup", **elsewhere)
    assert restored.returncode == 0, restored.stderr
    assert restored.stdout.startswith("verified ")
    assert rowcol(tmp_path, *report, **elsewhere).stdout == before.stdout
    assert (
        Path(elsewhere["database"] + ".key").read_text().strip()
        == Path(f"{terminal.database}.key").read_text().strip()
    )


def test_a_passphrase_is_needed_and_cannot_be_prompted_for_without_a_terminal(tmp_path: Path) -> None:
    PracticeStore(tmp_path / "rowcol.duckdb").close()
    ran = rowcol(tmp_path, "backup", "practice.backup", database="rowcol.duckdb")
    refused(ran, 2, "ROWCOL_BACKUP_PASSPHRASE")
    assert not (tmp_path / "practice.backup").exists()


def test_another_file_is_not_restored(tmp_path: Path) -> None:
    (tmp_path / "diary").write_text("dear diary")
    named = {"database": "rowcol.duckdb", "backup_passphrase": "x"}
    refused(rowcol(tmp_path, "restore", "diary", **named), 3, "not a RowCol backup")
    refused(rowcol(tmp_path, "restore", "nowhere", **named), 3, "cannot be read")
