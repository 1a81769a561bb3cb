"""`rowcol --version`."""

from importlib.metadata import version

from tests.kits.terminal import Terminal


def test_the_version_is_printed_and_no_database_is_opened(terminal: Terminal) -> None:
    answer = terminal("--version")
    assert (answer.code, answer.out, answer.err) == (0, f"rowcol {version('rowcol')}\n", "")
    assert not terminal.database.exists()
