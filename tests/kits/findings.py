"""Findings of a store's books, and records with the day they were created."""

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from rowcol.domain.calls import Call
from rowcol.domain.hygiene.findings import Findings, describe, first_seen_in
from rowcol.store.control import control_rows
from rowcol.store.control.runs import SyncRun, record_run
from tests.kits.records import Pair
from tests.kits.store import NOW, PracticeStore, ago, gateway_over

Record = tuple[str | None, str | None]


def tray(store: PracticeStore, *codes: str, calls: dict[str, datetime] | None = None) -> pd.DataFrame:
    """Return the findings of some codes (of all, if none is named), first seen included."""
    held_calls = {client: [Call(client, at, at.date())] for client, at in (calls or {}).items()}
    with gateway_over(store.frames, calls=lambda _: held_calls).open() as books:
        rows = describe(Findings(books.evidence, codes) if codes else books.findings)
    return first_seen_in(rows, store.frames.newest_versions(rows, None))


def findings_of(store: PracticeStore, code: str, calls: dict[str, datetime] | None = None) -> set[Record]:
    """Return the records (entity, id) a code is found on."""
    rows = tray(store, code, calls=calls)
    return set(zip(rows["entity"], rows["qbo_id"], strict=True))


def only(store: PracticeStore, code: str) -> dict[str, Any]:
    """Return the one finding of a code."""
    (row,) = tray(store, code).to_dict("records")
    return {str(name): value for name, value in row.items()}


def named(*pairs: Pair) -> set[Record]:
    """Return records as a finding names them."""
    return {(entity, str(record["Id"])) for entity, record in pairs}


def created_ago(days_ago: int) -> dict[str, str]:
    """Return the MetaData of a record created at noon N days ago."""
    return {
        "CreateTime": f"{ago(days_ago)}T12:00:00-08:00",
        "LastUpdatedTime": f"{ago(days_ago)}T12:00:00-08:00",
    }


def refreshed(store: PracticeStore, days_ago: int = 0, outcome: str = "done", reason: str = "") -> None:
    """Record a refresh of the one client that ended N days ago."""
    at = NOW - timedelta(days=days_ago)
    run = SyncRun(store.client(), f"run-{days_ago}-{outcome}", "full", at, at, outcome, reason=reason)
    with store.database.write() as cursor:
        record_run(control_rows(cursor), store.advisor_id, run)
