"""What the digests of a week are made from: every client's books at one moment, what changed, and what was decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from rowcol.clock import today_in, zone_or
from rowcol.domain.current_decisions import CurrentDecisions, apply_decisions
from rowcol.domain.forecast.inputs import BANK_DAYS
from rowcol.domain.forecast.result import PAYMENTS, PLACED, WEEK
from rowcol.domain.hygiene.findings import describe
from rowcol.domain.safe_to_pay import DUE_GROUPS, Cents, SafeToPay, safe_to_pay
from rowcol.errors import UnknownClient
from rowcol.views.clients import client_rows
from rowcol.views.common.changes import Changes, bank_days, changes_of
from rowcol.views.common.follow_up import FollowUpView, follow_up_view
from rowcol.views.common.gather import Ahead, Gathered, Source, gather
from rowcol.views.common.ready import bills, collections

Noted = Callable[[datetime | None], pd.DataFrame]


@dataclass(frozen=True)
class ClientInputs:
    """Bills of one client that are due, with what was decided of them, and how far down the list one can go."""

    due: pd.DataFrame
    safe: SafeToPay
    reserve_cents: int


@dataclass(frozen=True)
class DigestInputs:
    """Every client at one moment. `rows` are those of the client list; `findings` of the tray; `scores` business_id,
    through, expected_cents, happened_cents: cash at the end of last week, forecast and as it came.
    """

    as_of: date
    known_at: datetime
    zone: str
    found: Gathered
    ahead: Ahead
    rows: pd.DataFrame
    changes: Changes
    findings: pd.DataFrame
    desks: Mapping[str, ClientInputs]
    collections: pd.DataFrame
    follow_up: FollowUpView
    scores: pd.DataFrame


def ground(
    source: Source,
    questions: Noted,
    tasks: Noted,
    link_host: str,
    as_of: date,
    known_at: datetime,
    business_id: str | None = None,
) -> DigestInputs:
    """Return what the digests of one client or of every connected one (None) are made from.

    All as of one day and as known at one moment. Raises UnknownClient.
    """
    only = None if business_id is None else (business_id,)
    days = max(BANK_DAYS, bank_days(source, None, known_at))
    found = gather(source, only, as_of, known_at, days, calls={}, ahead=True)
    if business_id is not None and found.books.clients.empty:
        raise UnknownClient("This client is not in your practice")
    if found.ahead is None or found.evidence is None:
        raise ValueError("the forecast and the findings were not gathered")
    return DigestInputs(
        as_of=as_of,
        known_at=known_at,
        zone=zone_or(None, source.default_zone).key,
        found=found,
        ahead=found.ahead,
        rows=client_rows(found),
        changes=changes_of(source, found, business_id, None, known_at),
        findings=describe(found.findings),
        desks=_desks(found, found.ahead, as_of),
        collections=collections(found),
        follow_up=follow_up_view(
            source, questions(known_at), tasks(known_at), business_id, link_host, as_of, known_at
        ),
        scores=_scores(source, found, as_of),
    )


def _desks(found: Gathered, ahead: Ahead, as_of: date) -> dict[str, ClientInputs]:
    """Return every client's due bills by what was decided, and which of them are safe to pay."""
    ready = bills(found)
    items = ahead.forecast.items
    placed = items[(items["line"] == PAYMENTS) & (items["entity"] == "Bill") & (items["state"] == PLACED)]
    on = (placed["expected_on"] - pd.Timestamp(as_of)).dt.days
    paid_on = on.groupby([placed["business_id"], placed["qbo_id"]]).max()
    closing = ahead.forecast.days.groupby("business_id")["closing_cents"]
    closings = {str(one): cents.to_numpy(dtype=np.int64) for one, cents in closing}
    reserves = {str(one): int(cents) for one, cents in found.figures["reserve_cents"].items()}
    return {
        one: _desk(
            ready[ready["business_id"] == one], ahead.advice.of(one), as_of, paid_on, closings[one], reserve
        )
        for one, reserve in reserves.items()
    }


def _desk(
    ready: pd.DataFrame,
    advice: CurrentDecisions,
    as_of: date,
    paid_on: pd.Series,
    closing_cents: Cents,
    reserve_cents: int,
) -> ClientInputs:
    mine = apply_decisions(ready, advice, pd.Timestamp(as_of))
    at = pd.MultiIndex.from_frame(mine[["business_id", "qbo_id"]])
    mine["placed_day"] = paid_on.reindex(at).set_axis(mine.index).astype("Int64")
    mine["free"] = (mine["held"] == "") & mine["pay_on"].isna()
    mine["amount_cents"] = mine["balance_cents"]
    safe = safe_to_pay(mine, closing_cents, reserve_cents)
    return ClientInputs(mine[mine["group"].isin(DUE_GROUPS)], safe, reserve_cents)


def _scores(source: Source, found: Gathered, as_of: date) -> pd.DataFrame:
    """Return cash at the end of the last seven days as forecast a week ago, and as it came, of clients known then."""
    made_on = as_of - timedelta(days=WEEK)
    clients = found.books.clients
    back = [
        today_in(zone_or(zone, source.default_zone), found.known_at) - made_on for zone in clients["zone"]
    ]
    moments = pd.Series([found.known_at - one for one in back], index=clients.index, dtype="object")
    with source.frames.open(source.frames.scope()) as reading:
        first = reading.first_refreshes().set_index("business_id")["refreshed_at"].dt.tz_localize("UTC")
    parts = []
    for moment, rows in clients["business_id"].groupby(moments):
        known = tuple(one for one in rows if one in first.index and first[one] <= moment)
        if known and made_on <= as_of:
            parts.append(_foretold(source, known, made_on, moment))
    if not parts:
        return pd.DataFrame(columns=["business_id", "through", "expected_cents", "happened_cents"])
    scores = pd.concat(parts, ignore_index=True)
    return scores.merge(_closing(found), on="business_id").assign(through=as_of - timedelta(days=1))


def _foretold(source: Source, business_ids: tuple[str, ...], made_on: date, moment: datetime) -> pd.DataFrame:
    then = gather(source, business_ids, made_on, moment, BANK_DAYS, ahead=True)
    if then.ahead is None:
        raise ValueError("the forecast was not gathered")
    days = then.ahead.forecast.days
    last = days[days["day"] == pd.Timestamp(made_on) + pd.Timedelta(days=WEEK - 1)]
    return last[["business_id", "closing_cents"]].rename(columns={"closing_cents": "expected_cents"})


def _closing(found: Gathered) -> pd.DataFrame:
    """Return business_id, happened_cents: cash at the end of the day before the as-of date, as known now."""
    if found.ahead is None:
        raise ValueError("the forecast was not gathered")
    accounts = found.ahead.outlook.accounts[["business_id", "account_id", "balance_cents"]]
    movements = found.books.dated(
        found.movements.merge(accounts[["business_id", "account_id"]], on=["business_id", "account_id"])
    )
    today = movements[pd.to_datetime(movements["txn_date"]) == movements["as_of"]]
    held = accounts.groupby("business_id")["balance_cents"].sum()
    happened = held.sub(today.groupby("business_id")["amount_cents"].sum(), fill_value=0).astype("int64")
    return happened.rename("happened_cents").rename_axis("business_id").reset_index()
