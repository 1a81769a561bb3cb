"""How each customer pays, and how the client pays its bills, learned from what was paid.

Source: docs/definitions.md, 13-week forecast (habit) and Working capital. Days late = date of the payment that
brought the document to zero less its effective due date; days to pay likewise from its TxnDate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

TRAILING_DAYS = 365
LEAST_PAID = 3
DAYS_TO_PAY = 30
"""If fewer than `LEAST_PAID` were paid."""
SPREAD_SHARE = 0.8
RECENT_DAYS = 90
ONE_DAY = np.timedelta64(1, "D")
Whole = npt.NDArray[np.int64]
Dates = npt.NDArray[np.datetime64]
CUSTOMER = ["business_id", "party_id"]
OWN, PARENT, CLIENT, NONE = "own", "parent", "client", "none"
"""Whose payments a habit was learned from."""


@dataclass(frozen=True)
class PaymentHabits:
    """How customers and the client pay, as of each client's date.

    `customers`, one row a customer with a paid invoice: business_id, party_id, paid (count), days_late (median),
    days_late_p80, days_to_pay (median), trend_days (median days late of the last 90 days less that of the days
    before, Int64, NA if either has fewer than 3).
    `clients`, one row a client: business_id, paid, days_late (Int64, NA if fewer than 3 were paid), days_to_pay,
    bills_paid, bill_days_to_pay (30 if fewer than 3 were paid).
    Medians of an even count are the lower middle; the 80th percentile is the least value that 80 % do not exceed.
    """

    customers: pd.DataFrame
    clients: pd.DataFrame


def payment_habits(settled: pd.DataFrame, clients: pd.DataFrame) -> PaymentHabits:
    """Return the behaviour over the documents paid off in the 365 days up to each client's as_of, that day included.

    `settled`: business_id, entity, party_id, txn_date, due_date (effective), closed_on (by the last payment), settled_on
    (from when on it is open no more, see `with_settled_on`); what was closed by credit or came to nothing is not in it.
    `clients`: business_id, as_of.
    """
    client, today = client_days(settled, clients)
    closed, due, written, settled_on = (
        as_days(settled[name]) for name in ("closed_on", "due_date", "txn_date", "settled_on")
    )
    within = (settled_on <= today) & (today - closed <= TRAILING_DAYS * ONE_DAY) & ~np.isnat(due)
    rows = settled[["entity", *CUSTOMER]].assign(
        client=client,
        late=(closed - due).astype(np.int64),
        taken=(closed - written).astype(np.int64),
        dated=~np.isnat(written),
        recent=today - closed < RECENT_DAYS * ONE_DAY,
    )[within]
    invoices, bills = (rows[rows["entity"] == entity] for entity in ("Invoice", "Bill"))
    return PaymentHabits(_customers(invoices), _clients(invoices, bills, clients["business_id"]))


def client_days(rows: pd.DataFrame, clients: pd.DataFrame) -> tuple[Whole, Dates]:
    """Return each row's place among the clients, and its client's as_of; -1 and NaT if it is of none of them."""
    place = pd.Index(clients["business_id"]).get_indexer(pd.Index(rows["business_id"]))
    days = np.append(as_days(clients["as_of"]), np.datetime64("NaT", "D"))
    return place.astype(np.int64), days[place]


def as_days(column: pd.Series) -> Dates:
    """Return a column of days as numpy has them, NaT if one is absent."""
    days: Dates = pd.to_datetime(column).to_numpy().astype("datetime64[D]")
    return days


def quantile(rows: pd.DataFrame, keys: Sequence[str], column: str, share: float = 0.5) -> pd.Series:
    """Return each group's quantile of a column as int64: the least value that `share` of the group do not exceed.

    At a half it is the median, of an even count the lower middle. Rows without a value are left out.
    """
    known = rows[rows[column].notna()]
    groups = known.groupby(list(keys))
    index = groups.size().index
    quantiles = ranked(_codes(groups), known[column].to_numpy(dtype="int64"), len(index), share)
    return pd.Series(quantiles, index=index, name=column, dtype="int64")


def ranked(groups: Whole, values: Whole, count: int, share: float = 0.5) -> Whole:
    """Return the quantile (see `quantile`) of each group 0 .. count-1, none of them empty."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    # One number for group and value: numpy sorts whole numbers several times faster than it sorts by two keys.
    low = values.min()
    wide = values.max() - low + 1
    ordered = np.sort(groups * wide + (values - low))
    sizes = np.bincount(groups, minlength=count)
    rank = np.maximum(np.ceil(sizes * share - 1e-9).astype(np.int64), 1)
    quantiles: Whole = ordered[np.cumsum(sizes) - sizes + rank - 1] % wide + low
    return quantiles


def customer_habits(habits: PaymentHabits, parties: pd.DataFrame, wanted: pd.DataFrame) -> pd.DataFrame:
    """Return habit and learned_from for each customer wanted.

    `wanted`: business_id, party_id (may be None). A customer with fewer than 3 paid invoices has its parent's
    habit if it is billed with it, and so on upwards; else the client's; else 0. Index as `wanted`.
    """
    known = habits.customers[habits.customers["paid"] >= LEAST_PAID].set_index(CUSTOMER)["days_late"]
    sources, level = _learned_of(wanted, parties, set(known.index))
    learned = known.reindex(pd.MultiIndex.from_arrays([wanted["business_id"], sources])).to_numpy()
    of_client = wanted["business_id"].map(habits.clients.set_index("business_id")["days_late"])
    client = of_client.to_numpy(dtype="float64", na_value=np.nan)
    has_learned, has_client = ~np.isnan(learned), ~np.isnan(client)
    learned_from = np.select([has_learned, has_client], [np.array(level, dtype=object), CLIENT], NONE)
    habit = np.nan_to_num(np.where(has_learned, learned, client)).astype("int64")
    return pd.DataFrame({"habit": habit, "learned_from": learned_from}, index=wanted.index)


def parents_billed(parties: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return (business_id, customer) -> the parent it is billed with, of the customers that are."""
    billed = parties[
        (parties["party_kind"] == "Customer")
        & parties["bill_with_parent"].fillna(False).astype(bool)
        & parties["parent_id"].notna()
    ]
    return {(b, p): up for b, p, up in zip(*(billed[c] for c in (*CUSTOMER, "parent_id")), strict=True)}


def _learned_of(
    wanted: pd.DataFrame, parties: pd.DataFrame, known: set[tuple[str, str]]
) -> tuple[list[str | None], list[str]]:
    """Return for each customer wanted who its habit is learned from, itself or a parent it is billed with."""
    parent = parents_billed(parties)
    sources: list[str | None] = []
    level: list[str] = []
    for business_id, party_id in zip(wanted["business_id"], wanted["party_id"], strict=True):
        source, seen = party_id, {party_id}
        while (business_id, source) not in known and parent.get((business_id, source), source) not in seen:
            source = parent[(business_id, source)]
            seen.add(source)
        sources.append(source if isinstance(source, str) else None)
        level.append(OWN if source == party_id else PARENT)
    return sources, level


def _customers(invoices: pd.DataFrame) -> pd.DataFrame:
    named = invoices[invoices["party_id"].notna() & invoices["dated"]]
    groups = named.groupby(CUSTOMER)
    rows = groups.size().rename("paid").reset_index()
    codes = _codes(groups)
    late, taken = (named[name].to_numpy() for name in ("late", "taken"))
    return rows.assign(
        days_late=ranked(codes, late, len(rows)),
        days_late_p80=ranked(codes, late, len(rows), SPREAD_SHARE),
        days_to_pay=ranked(codes, taken, len(rows)),
        trend_days=_trend(codes, late, named["recent"].to_numpy(), len(rows)),
    )


def _trend(codes: Whole, late: Whole, recent: npt.NDArray[np.bool_], count: int) -> pd.Series:
    """Return the median of the recent less that of the rest, NA if either are too few."""
    now, before = (_medians(codes[rows], late[rows], count, LEAST_PAID) for rows in (recent, ~recent))
    return now - before


def _medians(groups: Whole, values: Whole, count: int, least: int = 1) -> pd.Series:
    """Return the median of each group 0 .. count-1 (Int64), NA if it has fewer values than `least`."""
    sizes = np.bincount(groups, minlength=count)
    enough = np.flatnonzero(sizes >= least)
    kept = (sizes >= least)[groups]
    medians = ranked(np.searchsorted(enough, groups[kept]), values[kept], len(enough))
    return pd.Series(medians, index=enough, dtype="Int64").reindex(range(count))


def _codes(groups: Any) -> Whole:
    codes: Whole = groups.ngroup().to_numpy(dtype="int64")
    return codes


def _clients(invoices: pd.DataFrame, bills: pd.DataFrame, business_ids: pd.Series) -> pd.DataFrame:
    count = len(business_ids)
    columns: dict[str, Any] = {"business_id": business_ids.array}
    for rows, paid, days_to_pay in (
        (invoices, "paid", "days_to_pay"), (bills, "bills_paid", "bill_days_to_pay"),
    ):  # fmt: skip
        columns[paid] = np.bincount(rows["client"], minlength=count)
        dated = rows[rows["dated"]]
        taken = _medians(dated["client"].to_numpy(), dated["taken"].to_numpy(), count)
        enough = columns[paid] >= LEAST_PAID
        columns[days_to_pay] = taken.where(enough).fillna(DAYS_TO_PAY).astype("int64")
    late = _medians(invoices["client"].to_numpy(), invoices["late"].to_numpy(), count, LEAST_PAID)
    return pd.DataFrame(columns | {"days_late": late})
