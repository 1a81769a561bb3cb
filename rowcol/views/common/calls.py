"""The contents of the tab Calls: the last call, and the outcome of its decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.decisions.reading import planned
from rowcol.domain.accuracy import call_accuracy
from rowcol.domain.books import in_home
from rowcol.domain.calls import KEPT_FIGURES, Call
from rowcol.domain.comparison.snapshot import Snapshot, snapshot_content, snapshot_from_content
from rowcol.domain.hygiene.findings import BLOCKING_CODES
from rowcol.domain.outcomes import PLAN_OUTCOMES, plan_outcomes, promise_outcomes
from rowcol.errors import UsageError
from rowcol.gateways.client_books import ForecastBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.store.control.decisions import Decisions
from rowcol.views.common.changes import current_snapshot
from rowcol.views.common.columns import Stated

BANK_DAYS = 92
PAST_COLUMNS = [
    "held_at",
    "as_of",
    "by",
    "notes",
    *KEPT_FIGURES,
    "expected_cents",
    "happened_cents",
    "came_true",
]
DOCUMENT_COLUMNS = ["qbo_id", "doc_number", "party", "open_cents"]
_CENTS = [name for name in PAST_COLUMNS if name.endswith("_cents")]
_COUNTS = ["buffer_days", "net_burn_runway_days", "findings", "blocking", "plans", "promises"]
_KINDS = {
    "held_at": "datetime64[us, UTC]", "as_of": "datetime64[us]", "cash_out_on": "datetime64[us]", "came_true": "boolean",
    **dict.fromkeys([*_CENTS, *_COUNTS], "Int64"),
}  # fmt: skip
Kept = Mapping[tuple[str, datetime], Mapping[str, Any]]


@dataclass(frozen=True)
class CallView:
    """The calls held with one client, and the outcome of the decisions at the last.

    `known`: the books were read at least once. `last`: the last call up to the as-of date, None before any. `held`:
    the calls up to that one, newest first; `past`, likewise: `PAST_COLUMNS`; the last three hold that call's forecast
    for the day of the next (of the last call: for the as-of date) against the cash there was, missing if they fall
    on one day or are 91 days apart.
    `plans`: `PLAN_OUTCOMES` of planned_paid, of the plans in force at the last call; `promises`:
    `PROMISE_OUTCOMES` likewise. Of `scored` forecasts `came_true` did.
    """

    business_id: str
    name: str
    currency: str
    as_of: date
    reconstructed: bool
    known_at: datetime
    known: bool
    last: Call | None
    held: tuple[Call, ...]
    past: pd.DataFrame
    plans: pd.DataFrame
    promises: pd.DataFrame
    came_true: int
    scored: int

    @property
    def stated(self) -> Stated:
        """Of which day and knowledge these figures are, for a file."""
        return Stated(self.known_at, self.as_of, self.reconstructed)


def call_view(
    gateway: QuickBooksGateway, decisions: Decisions, business_id: str, moment: Moment = NOW
) -> CallView:
    """Return the calls held with a client and the outcome of the last one's decisions. Raises UnknownClient."""
    with gateway.open_with_forecast((business_id,), moment, BANK_DAYS) as books:
        last = books.last_calls.get(business_id)
        plans = planned(decisions, business_id, moment.known_at if last is None else last.held_at)
        return _view(gateway, books, last, plans)


def _view(
    gateway: QuickBooksGateway, books: ForecastBooks, last: Call | None, plans: pd.DataFrame
) -> CallView:
    client = books.clients.iloc[0]
    business_id = client["business_id"]
    past = [
        call for call in books.calls.get(business_id, []) if last is not None and call.held_at <= last.held_at
    ]
    rows = _past(past, gateway.records.call_snapshots(past), current_snapshot(books))
    plan_outcomes, promises = _outcomes(gateway, books, last, plans)
    judged = rows["came_true"].dropna()
    return CallView(
        business_id, client["name"], client["currency"], client["as_of"].date(), bool(client["reconstructed"]),
        books.known_at, books.freshness[business_id].synced_at is not None, last, tuple(past[::-1]), rows, plan_outcomes,
        promises, int(judged.sum()), len(judged),
    )  # fmt: skip


def call_held_now(
    gateway: QuickBooksGateway, business_id: str, notes: str = ""
) -> tuple[Call, Mapping[str, Any]]:
    """Return a call held now with the figures of now, and the snapshot of the client that it keeps.

    Raises UnknownClient, and UsageError before the first refresh.
    """
    with gateway.open_with_forecast((business_id,), NOW, BANK_DAYS) as books:
        if books.freshness[business_id].synced_at is None:
            raise UsageError("Nothing is known of this client yet", "Refresh it, then mark the call as held")
        snapshot = current_snapshot(books)
        call = Call(
            business_id, books.known_at, books.clients["as_of"].iloc[0].date(), "", notes,
            gateway.frames.log_position(), _kept_figures(books, snapshot),
        )  # fmt: skip
        return call, snapshot_content(snapshot, business_id)


def _kept_figures(books: ForecastBooks, snapshot: Snapshot) -> dict[str, Any]:
    """Return what a call keeps of the figures of the one client whose books are open (`KEPT_FIGURES`)."""
    business_id = books.clients["business_id"].iloc[0]
    decisions = books.decisions.of(business_id)
    counts = {
        "findings": len(snapshot.findings), "blocking": int(snapshot.findings["code"].isin(BLOCKING_CODES).sum()),
        "plans": len(decisions.plans), "promises": len(decisions.promises),
    }  # fmt: skip
    figures = {**snapshot_content(snapshot, business_id)["figures"], **counts}
    return {name: figures[name] for name in KEPT_FIGURES}


def _past(calls: Sequence[Call], kept: Kept, now: Snapshot) -> pd.DataFrame:
    rows = [
        {"held_at": call.held_at, "as_of": call.as_of, "by": call.by, "notes": call.notes, **call.figures}
        for call in calls
    ]
    frame = pd.DataFrame(rows, columns=PAST_COLUMNS, dtype="object")
    snapshots = [
        snapshot_from_content({call.business_id: kept[call.business_id, call.held_at]}) for call in calls
    ]
    for number, (first, second) in enumerate(zip(snapshots, [*snapshots[1:], now], strict=False)):
        for score in call_accuracy(first, second).to_dict("records"):
            for name in PAST_COLUMNS[-3:]:
                frame.loc[number, name] = score[name]
    for name in ("held_at", "as_of", "cash_out_on"):
        frame[name] = pd.to_datetime(frame[name], utc=name == "held_at")
    return frame.astype(_KINDS).iloc[::-1].reset_index(drop=True)


def _outcomes(
    gateway: QuickBooksGateway, books: ForecastBooks, last: Call | None, planned: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the outcomes of the plans and promises in force at the last call; none before any."""
    business_id, as_of = books.clients[["business_id", "as_of"]].iloc[0]
    decided_by = books.moment.known_at if last is None else last.held_at
    promises = gateway.records.decisions(decided_by).of(business_id).promises
    if last is None:
        planned, promises = planned.head(0), promises.head(0)
    bills, invoices, paid = _documents(books, planned, promises)
    since = as_of if last is None else pd.Timestamp(last.as_of)
    paid_bills, received = (paid[paid["entity"] == entity] for entity in ("Bill", "Invoice"))
    plans = (
        plan_outcomes(planned, paid_bills, bills, as_of)
        if len(planned)
        else pd.DataFrame(columns=PLAN_OUTCOMES)
    )
    return plans, promise_outcomes(promises, received, invoices, since, as_of)


def _documents(
    books: ForecastBooks, planned: pd.DataFrame, promises: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return (bills planned or paid since, invoices promised, what was paid on any; amounts in home cents)."""
    business_id = books.clients["business_id"].iloc[0]
    keys = ["entity", "qbo_id"]
    paid = books.reading.settlements()
    since = paid[pd.to_datetime(paid["paid_on"]) >= planned["planned_on"].min()]
    wanted = [
        *(("Bill", qbo_id) for qbo_id in {*planned["qbo_id"], *since["qbo_id"][since["entity"] == "Bill"]}),
        *(("Invoice", qbo_id) for qbo_id in promises["qbo_id"]),
    ]
    entities, qbo_ids = ([pair[place] for pair in wanted] for place in (0, 1))
    named = books.reading.named_documents(business_id, entities, qbo_ids)
    open_now = books.documents[[*keys, "netted_cents"]]
    names = books.books.parties[["party_kind", "party_id", "name"]]
    rows = named.merge(open_now, on=keys, how="left").merge(names, on=["party_kind", "party_id"], how="left")
    rows["open_cents"] = rows["netted_cents"].fillna(0).astype("int64")
    rows["party"] = rows["name"].fillna(rows["party_name"])
    bills, invoices = (rows[rows["entity"] == entity][DOCUMENT_COLUMNS] for entity in ("Bill", "Invoice"))
    home = in_home(paid["amount_cents"], paid["exchange_rate"])
    return bills, invoices, paid.assign(amount_cents=home)
