"""The `rowcol` command; prints, never computes."""

import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rowcol.cli.output import Console
from rowcol.cli.parser import parse
from rowcol.cli.remote import through_the_server
from rowcol.errors import RowColError, StoreLocked, UsageError
from rowcol.wiring import Services, services

DONE, WRONG_USE, NOT_DONE = 0, 2, 3
NOT_BY_SERVER = ("app", "demo", "sandbox", "restore")
"""Commands that cannot run inside the server that holds the database."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 with problems stated, 2 wrong use, 3 could not be done."""
    words = list(sys.argv[1:] if argv is None else argv)
    return run(words, services, Console(sys.stdout, sys.stderr), by_server=True)


def run(
    words: Sequence[str], get: Callable[[], Services], console: Console, *, by_server: bool = False
) -> int:
    """Run one command on services made when first needed; a locked store goes through the server where allowed."""
    command, options = parse(words, console)
    if command is None or options is None:
        return WRONG_USE if options is None else DONE
    try:
        return command(options, get, console)
    except StoreLocked as locked:
        answered = through_the_server(words, console) if by_server else None
        return _refused(locked, console) if answered is None else answered
    except RowColError as error:
        return _refused(error, console)
    except KeyboardInterrupt:
        console.say("Stopped.")
        return NOT_DONE
    except BrokenPipeError:
        return DONE


def _refused(error: RowColError, console: Console) -> int:
    console.say(error.line())
    return WRONG_USE if isinstance(error, UsageError) else NOT_DONE


@dataclass(frozen=True)
class Order:
    """A command handed to the running server: its words, the caller's folder, a passphrase where one was asked."""

    words: Sequence[str]
    folder: str
    passphrase: str | None = None


def served(order: Order, running: Services) -> dict[str, int | str]:
    """Run a command inside the server and return its exit code and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    console = Console(out, err, Path(order.folder), order.passphrase, by_server=True)
    if order.words and order.words[0] in NOT_BY_SERVER:
        console.say(f"`rowcol {order.words[0]}` needs the database to itself. Stop the dashboard first.")
        code = NOT_DONE
    else:
        code = run(order.words, lambda: running, console)
    return {"code": code, "stdout": out.getvalue(), "stderr": err.getvalue()}
