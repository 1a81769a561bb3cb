"""What commands print, read back."""

import json

from tests.kits.terminal import Answer, Terminal

AS_OF = ("--as-of", "2026-11-20")


def one_line(answer: Answer, code: int, *words: str) -> None:
    """Hold an answer to an exit code and one line on stderr that has these words."""
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.strip().count("\n") == 0, answer.err
    for word in words:
        assert word in answer.err
    assert "Traceback" not in answer.err


def rows(terminal: Terminal, *words: str) -> list[dict[str, object]]:
    """Return the rows of a report."""
    answer = terminal("report", *words, "--format", "json")
    assert answer.code == 0, answer.err
    records: list[dict[str, object]] = json.loads(answer.out)
    return records
