"""Commands on the books: connect, sync, report, verify."""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import pandas as pd

from rowcol.cli.output import Console
from rowcol.clock import Moment
from rowcol.decisions.client_settings import check
from rowcol.domain.books import BANK
from rowcol.errors import GrantDead, RailError, Unauthorized, UsageError
from rowcol.money import THREE_DECIMALS, cents
from rowcol.store.control.clients import Client
from rowcol.sync.orchestrator import Hint
from rowcol.sync.progress import Outcome
from rowcol.views.common.left_out import rounding_text
from rowcol.views.reports import Report, changes_report
from rowcol.wiring import Services

CHANGES = "changes"
"""The report that compares two moments."""
Get = Callable[[], Services]

NO_BANK_ACTIVITY = ("aging-ap", "aging-ar", "tie-out")
"""Reports that need no balance sheets around the window of a past date."""


def connect(options: argparse.Namespace, get: Get, console: Console) -> int:
    """Connect a company by its refresh token."""
    services = get()
    client = services.connect(options.realm, options.refresh_token, options.name)
    console.print(f"connected {client.name} ({client.realm_id})")
    try:
        currency = services.connections.home_currency(client)
    except RailError as error:
        console.note(f"Its home currency could not be read: {error.line()}")
        return 0
    if currency in THREE_DECIMALS:
        console.note(f"{rounding_text((currency,))}.")
    return 0


def disconnect(options: argparse.Namespace, get: Get, console: Console) -> int:
    """End a connection; the books stay."""
    client = get().clients.find(options.client)
    get().disconnect(client.business_id)
    console.print(f"disconnected {client.name} ({client.realm_id}); its books stay")
    return 0


def client_set(options: argparse.Namespace, get: Get, console: Console) -> int:
    """Change what the figures need to know of a client."""
    client = get().clients.find(options.client)
    settings = get().settings_of(client.business_id)
    changes = {
        "reserve_cents": _money(options.reserve, "--reserve"),
        "credit_line_cents": _money(options.credit_line, "--credit-line"),
        "excluded_accounts": _accounts(options.exclude_account),
        "account_classes": _classes(options.account_class, settings.account_classes),
        "time_zone": options.timezone,
        "working_hours": options.working_hours,
        "working_days": options.working_days,
        "pay_day_offset": options.pay_day,
    }
    given = {name: value for name, value in changes.items() if value is not None}
    if not given:
        raise UsageError("No setting was named", "`rowcol client set --help` lists them")
    changed = replace(settings, **given)
    check(changed)  # Before the accounts: a class that does not exist is the nearer mistake.
    _check_accounts(get(), client, options.exclude_account or [], options.account_class or [])
    get().save_settings(client.business_id, changed)
    console.print(f"saved {', '.join(given)} of {client.name}")
    return 0


def _check_accounts(
    services: Services, client: Client, excluded: Sequence[str], classed: Sequence[str]
) -> None:
    """Raise UsageError if one of the accounts is not the client's; of a client never read none is known."""
    with services.frames.open(services.frames.scope((client.business_id,))) as reading:
        accounts = reading.accounts().set_index("account_id")
    if accounts.empty:
        return
    banks = accounts[accounts["account_type"] == BANK]
    for account_id in excluded:
        if account_id and account_id not in banks.index:
            listed = ", ".join(f"{id_} {name}" for id_, name in banks["name"].items())
            raise UsageError(
                f"{client.name} has no bank account {account_id!r}", f"It has {listed or 'none'}"
            )
    for account_id, _, name in (text.partition("=") for text in classed):
        if name and account_id not in accounts.index:
            raise UsageError(
                f"{client.name} has no account {account_id!r}",
                "Use the id that QuickBooks has in the account's address",
            )


def sync(options: argparse.Namespace, get: Get, console: Console) -> int:
    """Refresh clients: one line each, exit code 1 if one could not be refreshed."""
    named = None if options.client is None else [get().clients.find(text) for text in options.client]
    wanted = None if named is None else [client.business_id for client in named]
    for client in named or []:
        if client.disconnected_at is not None:
            raise UsageError(f"{client.name} is disconnected", "Connect it again first")
    clients = get().clients.connected(wanted)
    hint = Hint.STRICT if options.strict else Hint.CACHED_OK
    outcomes = get().refresh([client.business_id for client in clients], hint=hint, full=options.full)
    by_client = {outcome.business_id: outcome for outcome in outcomes}
    for client in clients:
        outcome = by_client.get(client.business_id)
        console.print(fresh_line(client.name) if outcome is None else outcome_line(outcome))
    if not clients:
        console.print("no client is connected")
    return 0 if all(outcome.ok for outcome in outcomes) else 1


def outcome_line(outcome: Outcome) -> str:
    """Return one refresh as a line: what came in, or why nothing did."""
    name = " ".join(outcome.name.split())
    if outcome.ok:
        return (
            f"{name}: {outcome.entities} entities, {outcome.rows_in} rows in, {outcome.rows_changed} rows changed, "
            f"{outcome.rows_deleted} rows deleted, {outcome.requests} requests, {outcome.seconds:.1f} seconds"
        )
    if isinstance(outcome.error, GrantDead | Unauthorized):
        return f"{name}: reconnect: {outcome.error.line()}"
    return f"{name}: {outcome.error.line() if outcome.error else outcome.message}"


def fresh_line(name: str) -> str:
    """Return the line of a client that was not refreshed because its mirror is fresh."""
    nothing = "0 entities, 0 rows in, 0 rows changed, 0 rows deleted, 0 requests, 0.0 seconds"
    return f"{' '.join(name.split())}: {nothing} (fresh, nothing asked)"


def report(options: argparse.Namespace, get: Get, console: Console) -> int:
    """Print a report's rows."""
    business_id = None if options.client is None else get().clients.find(options.client).business_id
    name = options.name
    if name == CHANGES:
        return _report_changes(options, business_id, get, console)
    if options.since is not None:
        raise UsageError(f"{name} has no --since", f"`rowcol report {CHANGES}` has")
    if options.detail:
        name = f"{name} --detail"
    if options.known_at is None and options.as_of is not None and name not in NO_BANK_ACTIVITY:
        get().read_bank_sheets(None if business_id is None else [business_id], options.as_of)
    moment = Moment(options.as_of, options.known_at)
    _print_report(get().stated_report(name, business_id, moment), options, console)
    if options.known_at is not None:
        unknown = get().unknown_at(options.known_at, business_id)
        _note_unknown(unknown, console)
    return 0


def _report_changes(options: argparse.Namespace, business_id: str | None, get: Get, console: Console) -> int:
    changes = get().changes_between(business_id, options.since, Moment(options.as_of, options.known_at))
    _print_report(changes_report(changes, get().settings.timezone), options, console)
    _note_unknown(sorted(changes.clients["name"][~changes.clients["known"]]), console)
    return 0


def _print_report(report: Report, options: argparse.Namespace, console: Console) -> None:
    """Print a report's rows, of which day they are if that needs to be said, and what their cash leaves out.

    A table says it below its rows; the other forms hold rows alone, so that it is noted.
    """
    table = options.format == "table"
    console.print_rows(report.rows, options.format, options.out, report.stated if table else "")
    if report.stated and not table:
        console.note(report.stated)
    for sentence in report.left_out:
        console.note(sentence)


def _note_unknown(names: Sequence[str], console: Console) -> None:
    if names:
        console.note(f"Nothing was known then of {', '.join(names)}: the first refresh came later.")


def verify(options: argparse.Namespace, get: Get, console: Console) -> int:
    """Replay the log; exit code 1 on a difference."""
    wanted = None if options.client is None else [get().clients.find(options.client).business_id]
    result = get().verify(wanted)
    for difference in result.differences:
        record = f"{difference.business_id} {difference.entity} {difference.qbo_id}"
        console.print(f"{record}: {difference.what} in mirror_{difference.table}")
    if not result.differences:
        console.print(f"verified {result.records} records")
    return 1 if result.differences else 0


def health(options: argparse.Namespace, get: Get, console: Console) -> int:
    """Print the state of the installation; exit code 1 if a client needs attention."""
    state = get().health()
    clients = state["clients"]
    if options.format == "json":
        console.print(json.dumps(state, indent=2, ensure_ascii=False))
    else:
        for line in _lines({name: value for name, value in state.items() if name != "clients"}):
            console.print(line)
        if isinstance(clients, list) and clients:
            console.print_rows(pd.DataFrame(clients), "table", None)
    troubled = isinstance(clients, list) and any(
        client["connection"] == "ended" or client["stale"] for client in clients
    )
    return 1 if troubled else 0


def _lines(state: Mapping[str, object]) -> Iterator[str]:
    """Return a state as lines; nested values have the names of what they are in before their own."""
    for name, value in state.items():
        if isinstance(value, Mapping):
            yield from (f"{name} {line}" for line in _lines(value))
        elif isinstance(value, list):
            for item in value:
                yield from (f"{name} {line}" for line in _lines(item))
        else:
            yield f"{name}: {value}"


def _money(text: str | None, option: str) -> int | None:
    if text is None:
        return None
    try:
        return cents(Decimal(text.replace(",", "")))
    except (InvalidOperation, ValueError):  # ValueError: `nan`
        raise UsageError(
            f"{option} {text!r} is not an amount", "Give one such as 25000 or 25000.50"
        ) from None


def _classes(
    given: list[str] | None, before: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...] | None:
    """Return the classes after `ID=CLASS` of some accounts; `ID=` clears one. Raises UsageError."""
    if given is None:
        return None
    classes = dict(before)
    for text in given:
        account_id, equals, name = text.partition("=")
        if not account_id or not equals:
            raise UsageError(
                f"{text!r} names no account and class",
                "Give --account-class ID=financing, or ID= to clear it",
            )
        classes.pop(account_id, None)
        if name:
            classes[account_id] = name
    return tuple(sorted(classes.items()))


def _accounts(ids: list[str] | None) -> tuple[str, ...] | None:
    return None if ids is None else tuple(dict.fromkeys(account_id for account_id in ids if account_id))
