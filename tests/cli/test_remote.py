"""A command does the same, and prints the same, whether it opens the database itself or asks the server that holds it."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from rowcol.cli import run, run_remote_command
from rowcol.cli.output import Console
from rowcol.store.backup import read_backup
from rowcol.web.remote import RemoteCommand
from rowcol.wiring import Services
from tests.kits.clock import unlimited
from tests.kits.practice import FIRST, SECOND, settings_for
from tests.kits.terminal import Answer, Terminal, terminal_at

VOLATILE = re.compile(
    r"""\d+\ requests | [\d.]+\ seconds | intuit_tid\ [^)]+|"?(used|forecast)"?:\ \d+ | [\d,]+\ of\ 500,000.*""",
    re.VERBOSE,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Terminal, Services]]:
    """Give a terminal of two clients, one of them refreshed, and the services a server would hold."""
    with terminal_at(tmp_path_factory.mktemp("remote")) as terminal:
        terminal.connect()
        assert terminal("sync", "--client", FIRST).code == 0
        settings = settings_for(terminal.sandbox.url, terminal.database, qbo_webhook_token="verifier")
        services = Services(settings, terminal.clock, unlimited())
        try:
            yield terminal, services
        finally:
            services.stop()


def here(services: Services, folder: Path, *words: str) -> Answer:
    console = Console(StringIO(), StringIO(), folder)
    code = run(words, lambda: services, console)
    return Answer(code, console.out.getvalue(), console.err.getvalue())


def there(services: Services, folder: Path, *words: str, passphrase: str | None = None) -> Answer:
    answer = run_remote_command(RemoteCommand(words, str(folder), passphrase), services)
    return Answer(int(answer["code"]), str(answer["stdout"]), str(answer["stderr"]))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("report clients --format json", 0), ("report aging-ap --as-of 2026-11-20", 0),
        ("report tray --format csv", 0), ("report tie-out --format json", 0), ("report clients --known-at 2020-01-01", 0),
        ("report aging-ap --out aging.csv --format csv", 0), ("verify", 0), ("health", 1), ("health --format json", 1),
        ("sync --client 9130350000000000001", 0), ("sync --client 9130350000000000001 --strict", 0),
        ("sync --client nobody", 2), ("report poetry", 2), ("client set --client 9130350000000000001 --reserve lots", 2),
        ("connect --realm 7 --refresh-token spent", 3),
    ],
)  # fmt: skip
def test_a_command_prints_the_same_through_the_server(
    home: tuple[Terminal, Services], tmp_path: Path, words: str, code: int
) -> None:
    _, services = home
    direct, through_server = (how(services, tmp_path, *words.split()) for how in (here, there))
    assert direct.code == code, direct.err
    assert same(through_server) == same(direct)
    assert direct.out + direct.err


def same(answer: Answer) -> Answer:
    """Return an answer without what each run has of its own: requests, seconds and QuickBooks' ids."""
    return Answer(answer.code, VOLATILE.sub("#", answer.out), VOLATILE.sub("#", answer.err))


def test_files_lie_in_the_callers_folder_and_its_passphrase_seals_a_backup(
    home: tuple[Terminal, Services], tmp_path: Path
) -> None:
    _, services = home
    done = there(services, tmp_path, "report", "clients", "--format", "csv", "--out", "clients.csv")
    assert (done.code, done.err) == (0, "Wrote 2 rows to clients.csv.\n")
    assert (tmp_path / "clients.csv").read_text().startswith("business_id,")
    done = there(services, tmp_path, "backup", "friday.rowcol", passphrase="the caller's")
    assert (done.code, done.err) == (0, "")
    assert read_backup(tmp_path / "friday.rowcol", tmp_path / "restored.duckdb", "the caller's") > 0


def test_what_needs_the_database_to_itself_says_so(home: tuple[Terminal, Services], tmp_path: Path) -> None:
    answer = there(home[1], tmp_path, "restore", "friday.rowcol")
    assert (answer.code, answer.out) == (3, "")
    assert "Stop the dashboard first" in answer.err


def test_before_the_first_refresh_nothing_was_known_and_that_is_shown(
    home: tuple[Terminal, Services], tmp_path: Path
) -> None:
    _, services = home
    long_ago = here(services, tmp_path, "report", "clients", "--known-at", "2020-01-01", "--format", "csv")
    assert (
        long_ago.err
        == "Nothing was known then of Larch & Daughters, Maple Works: the first refresh came later.\n"
    )
    now = here(services, tmp_path, "report", "aging-ap", "--known-at", services.now().isoformat())
    assert now.err == "Nothing was known then of Maple Works: the first refresh came later.\n"
    words = ("report", "aging-ap", "--client", FIRST, "--known-at", services.now().isoformat())
    assert here(services, tmp_path, *words).err == ""
    assert here(services, tmp_path, "report", "aging-ap", "--client", SECOND).err == ""
