"""What changed between two moments: the list of changes, and the bridge from one runway to the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pandas as pd

from rowcol.clock import NOW, Moment, OwnMoments
from rowcol.domain.bank import bank_movements
from rowcol.domain.books import DOCUMENT, Books
from rowcol.domain.calls import Call, CallsByClient
from rowcol.domain.comparison.bridge import bridge
from rowcol.domain.comparison.cash import PeriodMovements, cash_causes
from rowcol.domain.comparison.changes import change_frame, finding_changes, record_changes
from rowcol.domain.comparison.snapshot import Snapshot, concat_snapshots, snapshot, snapshot_from_content
from rowcol.domain.hygiene.evidence import call_moments
from rowcol.domain.hygiene.findings import describe
from rowcol.domain.window import WINDOW_DAYS
from rowcol.errors import UsageError
from rowcol.gateways.client_books import ForecastBooks
from rowcol.gateways.quickbooks import QuickBooksGateway

Since = date | datetime | None
"""The first moment: a day begins at midnight on each client's own calendar; None is the last call."""
_ORDER = ["business_id", "changed_at", "entity", "qbo_id"]


@dataclass(frozen=True)
class Changes:
    """What changed in some clients between two moments.

    `clients`: business_id, realm_id, name, currency, zone, since (UTC; NaT if the client was never refreshed), first_day
    and as_of (the days the figures are as of), reconstructed (bool, of the latter), called (bool: since is a call held),
    known (bool: something was known then; without it the client has no rows in the rest). `changes`: `CHANGE_COLUMNS`,
    findings last. `causes`: `CAUSE_COLUMNS`, `steps`: `STEP_COLUMNS`. `first`, `second`: the snapshots of both moments.
    """

    known_at: datetime
    clients: pd.DataFrame
    changes: pd.DataFrame
    causes: pd.DataFrame
    steps: pd.DataFrame
    first: Snapshot
    second: Snapshot


def changes_between(
    gateway: QuickBooksGateway, business_id: str | None = None, since: Since = None, moment: Moment = NOW
) -> Changes:
    """Return what changed in one client, or in all connected ones, up to a moment.

    Raises UnknownClient, and UsageError if the first moment is not before the second.
    """
    known_at = moment.known_at or gateway.now()
    _check(since, moment.as_of, known_at)
    days = bank_days(gateway, since, moment.known_at)
    only = None if business_id is None else (business_id,)
    with gateway.open_with_forecast(only, moment, days) as books:
        return changes_of(gateway, books, since)


def changes_of(gateway: QuickBooksGateway, books: ForecastBooks, since: Since = None) -> Changes:
    """Return what changed in the clients whose books are open, up to the same moment.

    The books need the bank movements of `bank_days` at least.
    """
    clients, calls = _clients(books, since)
    known = clients[clients["known"]]
    touched, *versions = books.reading.changed_since(_moments(known))
    second = current_snapshot(books)
    first = _first(gateway, known, calls)
    moved = _period_movements(books, touched, versions)
    causes = cash_causes(first, second, moved)
    changes = _listed(books.books, known, touched, first, second)
    return Changes(books.known_at, clients, changes, causes, bridge(first, second, causes), first, second)


def bank_days(gateway: QuickBooksGateway, since: Since = None, known_at: datetime | None = None) -> int:
    """Return how many days of bank movements a comparison needs: back to the first moment and its window."""
    return _bank_days(gateway.records.calls(known_at), since, known_at or gateway.now())


def _check(since: Since, as_of: date | None, moment: datetime) -> None:
    day = None if since is None else _day(since)
    late = isinstance(since, datetime) and since >= moment
    if late or (day is not None and day > (as_of or moment.date())):
        raise UsageError(f"{since} is not before the moment it is compared with", "Give an earlier one")


def _bank_days(calls_by_client: CallsByClient, since: Since, moment: datetime) -> int:
    """Return how many days of bank movements reach back to the first moment, and to the window's beginning."""
    days = [call.as_of for calls in calls_by_client.values() for call in calls[-1:]]
    first = min([*days, moment.date()]) if since is None else _day(since)
    return WINDOW_DAYS + 1 + max((moment.date() - first).days, 0)


def _day(since: date | datetime) -> date:
    return since.date() if isinstance(since, datetime) else since


def _clients(books: ForecastBooks, since: Since) -> tuple[pd.DataFrame, dict[str, Call]]:
    """Return `Changes.clients` and the calls that are compared with."""
    rows = books.clients[
        ["business_id", "realm_id", "name", "currency", "as_of", "reconstructed", "zone"]
    ].copy()
    first_refreshes, calls = books.reading.first_refreshes(), books.last_calls
    read_on = dict(
        zip(
            first_refreshes["business_id"], first_refreshes["refreshed_at"].dt.tz_localize("UTC"), strict=True
        )
    )
    if since is None:
        moments = call_moments(rows, {key: call.held_at for key, call in calls.items()}, first_refreshes)
    else:
        moments = {
            key: _moment(since, zone) for key, zone in zip(rows["business_id"], rows["zone"], strict=True)
        }
    called = {key: call for key, call in calls.items() if since is None and moments.get(key) == call.held_at}
    ids = rows["business_id"]
    rows["since"] = pd.to_datetime(ids.map(moments), utc=True)
    rows["called"] = ids.isin(list(called))
    days = [
        called[key].as_of if key in called else None if pd.isna(at) else at.tz_convert(zone).date()
        for key, at, zone in zip(ids, rows["since"], rows["zone"], strict=True)
    ]
    rows["first_day"] = pd.to_datetime(pd.Series(days, index=rows.index, dtype="object"))
    read = pd.Series([key in read_on and moments[key] >= read_on[key] for key in ids], index=rows.index)
    rows["known"] = read & (rows["first_day"] <= rows["as_of"])
    return rows, called


def _moments(clients: pd.DataFrame) -> dict[str, datetime]:
    return {
        business_id: at.to_pydatetime()
        for business_id, at in zip(clients["business_id"], clients["since"], strict=True)
    }


def _moment(since: date | datetime, zone: str) -> datetime:
    if isinstance(since, datetime):
        return since.astimezone(UTC)
    return datetime.combine(since, time.min, ZoneInfo(zone)).astimezone(UTC)


def current_snapshot(books: ForecastBooks) -> Snapshot:
    """Return the snapshot of the clients whose books are open."""
    return snapshot(books.derived, books.figures, describe(books.findings), books.forecast)


def _first(gateway: QuickBooksGateway, known: pd.DataFrame, calls: Mapping[str, Call]) -> Snapshot:
    """Return the earlier snapshot: as the call kept it, else from the log, each client at its own moment."""
    compared = [calls[key] for key in known["business_id"] if key in calls]
    kept = {
        business_id: content for (business_id, _), content in gateway.records.call_snapshots(compared).items()
    }
    missing = known[~known["business_id"].isin(list(kept))]
    parts = [snapshot_from_content(kept)]
    if len(missing):
        days = dict(zip(missing["business_id"], missing["first_day"].dt.date, strict=True))
        with gateway.open_each(OwnMoments(days, _moments(missing))) as books:
            parts.append(current_snapshot(books))
    return concat_snapshots(parts)


def _period_movements(
    books: ForecastBooks, touched: pd.DataFrame, versions: Sequence[pd.DataFrame]
) -> PeriodMovements:
    pairs = (versions[:2], versions[2:])
    then, now = (
        bank_movements(replace(books.books, bank_documents=documents, bank_lines=lines))
        for documents, lines in pairs
    )
    return PeriodMovements(books.movements, then, now, touched[touched["existed"]][DOCUMENT])


def _listed(
    books: Books, known: pd.DataFrame, touched: pd.DataFrame, first: Snapshot, second: Snapshot
) -> pd.DataFrame:
    """Return the changes of records, oldest first, then those of findings."""
    days = [at.tz_convert(zone).date() for at, zone in zip(known["since"], known["zone"], strict=True)]
    since = known[["business_id", "currency"]].assign(
        called_at=known["since"].dt.tz_localize(None),
        call_day=pd.to_datetime(pd.Series(days, index=known.index)),
    )
    records = record_changes(touched, books.parties, since).sort_values(_ORDER, ignore_index=True)
    now = second.findings[second.findings["business_id"].isin(known["business_id"])]
    findings = finding_changes(first.findings, now, touched)
    rows = pd.concat([records, findings], ignore_index=True) if len(findings) else records
    rows = change_frame(rows)
    return rows.assign(changed_at=rows["changed_at"].dt.tz_localize("UTC"))
