"""Activity: what refreshes did, how fresh each part of the books is, and what the log holds of each record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import pandas as pd

from rowcol.domain.changes import Difference, differences
from rowcol.domain.freshness import freshness_of
from rowcol.entities import ENTITIES
from rowcol.errors import UnknownClient
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.store.control.reads import EVERY_RUN
from rowcol.store.frames import Reading
from rowcol.views.common.columns import freshness_columns

RUNS_SHOWN = 500
RECORDS_SHOWN = 200
VERSIONS_SHOWN = 200
FIELDS_NAMED = 4
DANGER = {"never": 0, "stale": 1, "fresh": 2}
PLACES = {entity: place for place, entity in enumerate(ENTITIES)}


@dataclass(frozen=True)
class ActivityView:
    """What happened to one client or to all connected ones, at a moment.

    `clients`: business_id, name, synced_at (UTC or NaT), stale (bool), stale_reason, by_plan (bool); by name.
    `runs`, newest first and at most RUNS_SHOWN: business_id, client, run_id, kind, started_at, finished_at, seconds,
    outcome (`done`, `throttled`, `reconnect`, `failed`), reason, hint, requests, retries, rows_in, rows_changed,
    rows_deleted. `outcomes` counts every run by outcome, whichever outcome was requested.
    `freshness`, one row a client and entity, never read and longest stale first, fresh ones by client: business_id,
    client, entity, refreshed_at (UTC or NaT), fresh_seconds, state (`fresh`, `stale`, `never`), records.
    """

    now: datetime
    clients: pd.DataFrame
    runs: pd.DataFrame
    outcomes: Mapping[str, int]
    freshness: pd.DataFrame


@dataclass(frozen=True)
class RecordsFound:
    """The records of one client that were searched for; `total` counts those beyond RECORDS_SHOWN too.

    `rows`, newest in the log first: entity, qbo_id, number, name, txn_date, amount_cents, currency, state (`current`,
    `voided`, `deleted`), versions, seen_at (UTC).
    """

    rows: pd.DataFrame
    total: int


@dataclass(frozen=True)
class RecordHistory:
    """The versions of one record, newest first and at most VERSIONS_SHOWN of `total`.

    `versions`: version (1 is the first ever seen), seen_at (UTC), what (`first`, `changed`, `voided`, `deleted`,
    `back`), fields (words of what changed), intuit_tid. `texts`: version -> JSON as sent, None if it was deleted.
    `title`: its newest document number and name; empty if it never had one.
    """

    entity: str
    qbo_id: str
    title: str
    versions: pd.DataFrame
    texts: Mapping[int, str | None]
    total: int


def activity_view(
    gateway: QuickBooksGateway, business_id: str | None = None, outcome: str = "", most: int = RUNS_SHOWN
) -> ActivityView:
    """Return the activity of one client (None: all connected); `outcome` narrows the runs. Raises UnknownClient."""
    with gateway.frames.open(
        gateway.frames.scope(None if business_id is None else (business_id,))
    ) as reading:
        names, companies = _names(reading), reading.companies()
        last = reading.last_runs().set_index("business_id")
        runs, outcomes, entities = (
            reading.sync_runs(outcome, most),
            reading.run_outcomes(),
            reading.entity_freshness(),
        )
    if business_id is not None and business_id not in names:
        raise UnknownClient("This client is not in your practice")
    ever = dict(
        zip(companies["business_id"], companies["name"], strict=True)
    )  # a run outlives its connection
    runs.insert(1, "client", runs["business_id"].map(ever))
    return ActivityView(
        gateway.now(), _clients(gateway, names, last), runs, outcomes, _freshness(gateway, names, entities)
    )


def every_run(gateway: QuickBooksGateway, business_id: str | None = None, outcome: str = "") -> pd.DataFrame:
    """Return all runs of `ActivityView.runs`, however many."""
    return activity_view(gateway, business_id, outcome, EVERY_RUN).runs


def find_records(
    gateway: QuickBooksGateway, business_id: str, entity: str = "", words: str = ""
) -> RecordsFound:
    """Return one client's records by id, or part of a number or name that any version had; empty finds all."""
    entities = (entity,) if entity else ENTITIES
    with gateway.frames.open(gateway.frames.scope((business_id,))) as reading:
        rows, total = reading.search_records(business_id, entities, " ".join(words.split()), RECORDS_SHOWN)
    return RecordsFound(rows, total)


def record_history(gateway: QuickBooksGateway, business_id: str, entity: str, qbo_id: str) -> RecordHistory:
    """Return the versions of one record; none if the log does not know it."""
    with gateway.frames.open(gateway.frames.scope((business_id,))) as reading:
        rows, total = reading.record_versions(business_id, entity, qbo_id, VERSIONS_SHOWN + 1)
    numbers = range(total, total - len(rows), -1)
    texts = dict(zip(numbers, rows["raw"], strict=True))
    states = dict(zip(numbers, rows["state"], strict=True))
    changes = [_change_text(number, states, texts) for number in numbers]
    versions = pd.DataFrame(
        {
            "version": list(numbers), "seen_at": rows["seen_at"], "what": [kind for kind, _ in changes],
            "fields": [fields for _, fields in changes], "intuit_tid": rows["intuit_tid"],
        }
    )  # fmt: skip
    named = [rows[column].dropna() for column in ("number", "name")]
    title = " · ".join(str(values.iloc[0]) for values in named if len(values))
    return RecordHistory(entity, qbo_id, title, versions.head(VERSIONS_SHOWN), texts, total)


def compared(history: RecordHistory, earlier: int, later: int) -> pd.DataFrame:
    """Return field, before, after, path, housekeeping (bool) of two versions of a record."""
    changes = _between(history.texts, earlier, later)
    columns = ["field", "before", "after", "path", "housekeeping"]
    rows = [[getattr(difference, column) for column in columns] for difference in changes]
    return pd.DataFrame(rows, columns=columns, dtype="object")


def _names(reading: Reading) -> dict[str, str]:
    rows = reading.companies()
    rows = rows[rows["disconnected_at"].isna()].sort_values(["name", "business_id"])
    return dict(zip(rows["business_id"], rows["name"], strict=True))


def _clients(gateway: QuickBooksGateway, names: Mapping[str, str], last: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame({"business_id": list(names), "name": list(names.values())}, dtype="object")
    fresh = [freshness_of(last, business_id, gateway.now()) for business_id in names]
    return rows.join(freshness_columns(fresh, rows.index))


def _freshness(gateway: QuickBooksGateway, names: Mapping[str, str], entities: pd.DataFrame) -> pd.DataFrame:
    rows = entities[entities["business_id"].isin(list(names))].reset_index(drop=True)
    rows.insert(1, "client", rows["business_id"].map(names))
    state = pd.Series("fresh", index=rows.index, dtype="object")
    state = state.mask(_old(rows, gateway.now()), "stale").mask(rows["refreshed_at"].isna(), "never")
    minute = rows["refreshed_at"].dt.floor("min").where(state == "stale")
    rows = rows.assign(state=state, danger=state.map(DANGER), minute=minute, place=rows["entity"].map(PLACES))
    rows = rows.sort_values(["danger", "minute", "client", "place"], ignore_index=True)
    return rows.drop(columns=["danger", "minute", "place", "marked"])


def _old(entities: pd.DataFrame, now: datetime) -> "pd.Series[bool]":
    """Tell which entities are older than their time to live, or named by a webhook since they were read."""
    age = (pd.Timestamp(now) - entities["refreshed_at"]).dt.total_seconds()
    old: pd.Series[bool] = (age > entities["fresh_seconds"]) | entities["marked"].astype(bool)
    return old


def _change_text(number: int, states: Mapping[int, str], texts: Mapping[int, str | None]) -> tuple[str, str]:
    """Return how a version differs from the one before: the kind of change, and the names of the fields."""
    state, before = states[number], states.get(number - 1)
    if state == "deleted":
        return "deleted", ""
    if before is None:
        return ("first" if number == 1 else "changed"), ""
    kind = "back" if before == "deleted" else "voided" if state == "voided" != before else "changed"
    fields = [
        difference.field for difference in _between(texts, number - 1, number) if not difference.housekeeping
    ]
    more = f" and {len(fields) - FIELDS_NAMED} more" if len(fields) > FIELDS_NAMED else ""
    return kind, "" if kind == "back" else ", ".join(fields[:FIELDS_NAMED]) + more


def _between(texts: Mapping[int, str | None], earlier: int, later: int) -> list[Difference]:
    return differences(_record(texts.get(earlier)), _record(texts.get(later)))


def _record(text: str | None) -> dict[str, Any] | None:
    return orjson.loads(text) if text else None
