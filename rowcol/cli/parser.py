"""The commands and their options."""

import argparse
import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from rowcol.cli import backup, books, digest, serve
from rowcol.cli.output import Console
from rowcol.views.reports import REPORTS
from rowcol.wiring import Services

Command = Callable[[argparse.Namespace, Callable[[], Services], Console], int]
REALM_HELP = "the client's realm, name or id"


def parse(words: Sequence[str], console: Console) -> tuple[Command | None, argparse.Namespace | None]:
    """Return the command and its options; no command if help was printed, no options if they were wrong."""
    parser = build()
    try:
        with _printing(console):
            options = parser.parse_args(list(words))
            if getattr(options, "run", None) is None:
                parser.print_help()
                return None, None
    except SystemExit as ended:
        return None, None if ended.code else argparse.Namespace()
    return options.run, options


@contextlib.contextmanager
def _printing(console: Console) -> Iterator[None]:
    """Let the parser print to the console's streams; inside the server its own streams, shared by threads, are not touched.

    A command that reaches the server was parsed by its caller already, so that there is nothing to print.
    """
    if console.in_server:
        yield
        return
    with contextlib.redirect_stdout(console.out), contextlib.redirect_stderr(console.err):
        yield


def build() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        "rowcol", description="Every client's cash, runway and books on one dashboard."
    )
    parser.add_argument("--version", action="version", version=f"rowcol {version('rowcol')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _serving(commands)
    _connecting(commands)
    _reading(commands)
    _keeping(commands)
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Command, says: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=says, description=says)
    parser.set_defaults(run=run)
    return parser


def _serving(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = _add(
        commands, "demo", serve.demo, "Start a local QuickBooks, connect its companies, serve the dashboard."
    )
    demo.add_argument("--port", type=int, default=8501, help="the dashboard's port (default 8501)")
    demo.add_argument("--clients", type=int, default=12, help="how many companies (default 12)")
    app = _add(commands, "app", serve.app, "Serve the dashboard.")
    app.add_argument("--port", type=int, default=8501, help="the dashboard's port (default 8501)")
    sandbox = _add(commands, "sandbox", serve.sandbox, "Serve a local QuickBooks alone.")
    sandbox.add_argument("--port", type=int, default=8100, help="its port (default 8100)")
    sandbox.add_argument("--clients", type=int, default=12, help="how many built-in companies (default 12)")
    sandbox.add_argument("--seed", type=int, default=1, help="another seed gives other books")
    sandbox.add_argument("--latency-ms", type=int, default=0, help="how long each answer waits")
    sandbox.add_argument(
        "--company", type=Path, action="append", default=[], help="serve this company file instead"
    )


def _connecting(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    connect = _add(commands, "connect", books.connect, "Connect a company without a browser.")
    connect.add_argument("--realm", required=True, help="the company's realm id")
    connect.add_argument("--refresh-token", required=True, help="a refresh token for it")
    connect.add_argument("--name", help="what to call it (default: its own name)")
    disconnect = _add(
        commands, "disconnect", books.disconnect, "Revoke a grant and forget its tokens; the books stay."
    )
    disconnect.add_argument("--client", required=True, help=REALM_HELP)
    client = commands.add_parser("client", help="What the figures need to know of a client.")
    changing = _add(
        client.add_subparsers(title="commands", required=True), "set", books.client_set, "Change settings."
    )
    changing.add_argument("--client", required=True, help=REALM_HELP)
    changing.add_argument("--reserve", metavar="N", help="the amount below which cash should not fall")
    changing.add_argument(
        "--exclude-account",
        metavar="ID",
        action="append",
        help="leave a bank account out of cash; '' for none",
    )
    changing.add_argument(
        "--account-class",
        metavar="ID=CLASS",
        action="append",
        help="what money from or to an account is: operating, financing or investing; ID= clears it",
    )
    changing.add_argument("--timezone", metavar="Z", help="such as America/New_York")
    changing.add_argument("--working-hours", metavar="HH-HH", help="such as 08-18")
    changing.add_argument("--working-days", metavar="DAYS", help="such as Mon-Fri or Mon,Wed,Fri")
    changing.add_argument("--pay-day", metavar="N", type=int, help="days until the next pay day")
    changing.add_argument(
        "--credit-line", metavar="N", help="an undrawn credit line, shown beside the reserve"
    )


def _reading(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sync = _add(commands, "sync", books.sync, "Refresh clients from QuickBooks.")
    sync.add_argument("--client", action="append", help=f"{REALM_HELP} (default: all)")
    sync.add_argument("--strict", action="store_true", help="even where the mirror is fresh")
    sync.add_argument("--full", action="store_true", help="read everything again and check the tie-out")
    report = _add(commands, "report", books.report, "Print any figure of the dashboard.")
    report.add_argument("name", metavar="NAME", help=", ".join(REPORTS))
    report.add_argument("--client", help=f"{REALM_HELP} (default: all)")
    _add_as_of(report, "the date of the arithmetic")
    report.add_argument(
        "--known-at", type=_moment, metavar="TIMESTAMP", help="the books as known then (default: now)"
    )
    report.add_argument(
        "--since", type=_since, metavar="D", help="of changes: a date or time (default: the last call)"
    )
    report.add_argument("--detail", action="store_true", help="of the forecast: every item it is made of")
    report.add_argument("--format", choices=("table", "csv", "json"), default="table")
    report.add_argument("--out", type=Path, metavar="FILE", help="write it there instead")
    week = _add(
        commands,
        "digest",
        digest.digest,
        "Refresh, then write the weekly digest: HTML, plain text and .eml files.",
    )
    week.add_argument("--client", help=f"{REALM_HELP} (default: all, and the practice's own)")
    _add_as_of(week, "the day it is of")
    week.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to write to")
    verify = _add(commands, "verify", books.verify, "Replay the log and compare it with the mirror.")
    verify.add_argument("--client", help=f"{REALM_HELP} (default: all)")
    health = _add(commands, "health", books.health, "Print the state of store, tokens and freshness.")
    health.add_argument("--format", choices=("table", "json"), default="table")


def _add_as_of(parser: argparse.ArgumentParser, meaning: str) -> None:
    by_default = "default: today, for each client its own"
    parser.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help=f"{meaning} ({by_default})")


def _keeping(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for name, run, says in (
        ("backup", backup.backup, "Write database and key into one encrypted file."),
        ("restore", backup.restore, "Put a backup in place, once it has been verified."),
    ):
        _add(commands, name, run, says).add_argument("file", type=Path, metavar="FILE")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-20") from None


def _since(text: str) -> date:
    for read in (_day, _moment):
        with contextlib.suppress(argparse.ArgumentTypeError):
            return read(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a date or time such as 2026-11-20")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-11-20T09:00:00Z") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
