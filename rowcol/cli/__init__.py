"""The `rowcol` command; prints, never computes."""

import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rowcol.cli.output import Console
from rowcol.cli.parser import parse
from rowcol.cli.remote import run_in_server
from rowcol.errors import RowColError, StoreLocked, UsageError
from rowcol.web.remote import RemoteCommand
from rowcol.wiring import Services, services

DONE, WRONG_USE, NOT_DONE = 0, 2, 3
NOT_IN_SERVER = ("app", "demo", "sandbox", "restore")
"""Commands that cannot run inside the server that holds the database."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 with problems stated, 2 wrong use, 3 could not be done."""
    words = list(sys.argv[1:] if argv is None else argv)
    return run(words, services, Console(sys.stdout, sys.stderr), may_use_server=True)


def run(
    words: Sequence[str], get: Callable[[], Services], console: Console, *, may_use_server: bool = False
) -> int:
    """Run one command and return its exit code; `get` makes the services when they are first needed.

    If the database is locked and `may_use_server`, the command runs in the server that holds it.
    """
    command, options = parse(words, console)
    if command is None or options is None:
        return WRONG_USE if options is None else DONE
    try:
        return command(options, get, console)
    except StoreLocked as locked:
        code = run_in_server(words, console) if may_use_server else None
        return _refused(locked, console) if code is None else code
    except RowColError as error:
        return _refused(error, console)
    except KeyboardInterrupt:
        console.note("Stopped.")
        return NOT_DONE
    except BrokenPipeError:
        return DONE


def _refused(error: RowColError, console: Console) -> int:
    console.note(error.line())
    return WRONG_USE if isinstance(error, UsageError) else NOT_DONE


def run_remote_command(command: RemoteCommand, services: Services) -> dict[str, int | str]:
    """Run a command inside the server, for a caller that met the lock; return its exit code and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    console = Console(out, err, Path(command.folder), command.passphrase, in_server=True)
    if command.words and command.words[0] in NOT_IN_SERVER:
        console.note(f"`rowcol {command.words[0]}` needs the database to itself. Stop the dashboard first.")
        code = NOT_DONE
    else:
        code = run(command.words, lambda: services, console)
    return {"code": code, "stdout": out.getvalue(), "stderr": err.getvalue()}
