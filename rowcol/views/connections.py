"""The companies connected: who, since when, how fresh, and what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pandas as pd

from rowcol.domain.freshness import freshness_of
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.sync.budget import Budget
from rowcol.views.common.columns import freshness_columns

COLUMNS = [
    "business_id", "realm_id", "name", "state", "reason", "connected_at", "synced_at", "stale", "stale_reason",
    "by_plan", "breaker", "home_currency",
]  # fmt: skip


class Circuit(Protocol):
    """The breaker of Intuit as a whole."""

    @property
    def state(self) -> str: ...
    @property
    def until(self) -> datetime | None: ...


@dataclass(frozen=True)
class ConnectionsView:
    """The companies connected, and whether more can be.

    `rows`: business_id, realm_id, name, state (`connected`, `ended`, `disconnected`), reason, connected_at,
    synced_at, stale (bool), stale_reason, by_plan (bool), breaker (`closed`, `open`: left alone after repeated failures,
    `half-open`: asked once to see whether it answers), home_currency (None before it was read).
    `unconfigured` names the settings that are missing before a company can be connected; empty when none.
    `intuit` is the state of Intuit as a whole, `intuit_until` when it is tried again.
    `budget`: this month's reads, used, limit, forecast, slowed, and `words()` that say so.
    """

    rows: pd.DataFrame
    environment: str
    unconfigured: tuple[str, ...]
    budget: Budget | None = None
    intuit: str = "closed"
    intuit_until: datetime | None = None


@dataclass(frozen=True)
class ConnectionState:
    """What the connections view needs beyond the store's rows; callables return the state at the call.

    `ended`: business_id -> why its grant no longer works. `breaker`: a realm -> its circuit breaker's state; `intuit`:
    that of Intuit as a whole. `scheduler`: the state of what runs by the clock.
    """

    environment: str
    unconfigured: tuple[str, ...]
    ended: Callable[[], Mapping[str, str]]
    breaker: Callable[[str], str]
    intuit: Callable[[], Circuit]
    budget: Callable[[], Budget]
    scheduler: Callable[[], Mapping[str, object]]
    database: Path


def connections_view(gateway: QuickBooksGateway, state: ConnectionState) -> ConnectionsView:
    """Return every company ever connected."""
    ended, intuit = state.ended(), state.intuit()
    with gateway.frames.open(gateway.frames.scope()) as reading:
        rows, runs = reading.companies(), reading.last_runs().set_index("business_id")
    fresh = [freshness_of(runs, business_id, gateway.now()) for business_id in rows["business_id"]]
    gone = rows["disconnected_at"].notna()
    rows["reason"] = pd.Series(
        [ended.get(business_id, "") for business_id in rows["business_id"]], index=rows.index, dtype="object"
    )
    rows["state"] = (
        (rows["reason"] != "").map({True: "ended", False: "connected"}).where(~gone, "disconnected")
    )
    rows["connected_at"] = rows["connected_at"].dt.tz_localize("UTC")
    rows = rows.join(freshness_columns(fresh, rows.index))
    rows["breaker"] = pd.Series(
        [state.breaker(realm) for realm in rows["realm_id"]], index=rows.index, dtype="object"
    )
    order = rows.sort_values(["name", "business_id"], ignore_index=True)
    return ConnectionsView(
        order[COLUMNS], state.environment, state.unconfigured, state.budget(), intuit.state, intuit.until
    )


def health_state(gateway: QuickBooksGateway, state: ConnectionState) -> dict[str, object]:
    """Return the state for a person or a program; `breaker` is that of Intuit as a whole, `clients` have their own.

    A client's `connection` is `connected`, `ended` or `disconnected`; moments are ISO text, None if there is none.
    """
    view, database = connections_view(gateway, state), state.database
    budget = view.budget or state.budget()
    return {
        "database": str(database),
        "database_bytes": database.stat().st_size if database.exists() else 0,
        "log_position": gateway.frames.log_position(),
        "environment": view.environment,
        "breaker": view.intuit,
        "breaker_until": None if view.intuit_until is None else view.intuit_until.isoformat(),
        "scheduler": dict(state.scheduler()),
        "budget": {
            "used": budget.used,
            "limit": budget.limit,
            "forecast": budget.forecast,
            "slowed": budget.slowed,
            "words": budget.words(),
        },
        "clients": [
            {
                "realm_id": row["realm_id"],
                "name": row["name"],
                "connection": row["state"],
                "reason": row["reason"] or row["stale_reason"],
                "synced_at": None if pd.isna(row["synced_at"]) else row["synced_at"].isoformat(),
                "stale": bool(row["stale"]),
                "breaker": row["breaker"],
            }
            for row in view.rows.to_dict("records")
        ],
    }
