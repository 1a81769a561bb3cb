"""Payments that recur: which do, how much, and on which days they come next.

Source: docs/definitions.md, 13-week forecast (recurring).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.books import DOCUMENT, Books, Names, named
from rowcol.domain.forecast.result import (
    DAYS,
    DEBT_SERVICE,
    ITEM_COLUMNS,
    RECURRING,
    SET_ASIDE,
    no_items,
    placed_items,
)
from rowcol.domain.payment_habits import Whole, ranked

TRAILING_DAYS = 180
LEAST_TIMES = 3
EVENNESS_DAYS = 3
INTERVALS = (7, 14, 15, 16, 28, 29, 30, 31)
MONTHLY_FROM = 28
DROPPED_AFTER = 1.5
LAST_AMOUNTS = 3
BILLS_WITHIN = 10
"""A bill payment is off its series' median by at most the tenth part."""
TURNS = (DAYS + 2 * max(INTERVALS)) // min(INTERVALS) + 1
"""How often the shortest interval comes at most, up to `LOOKED_FURTHER` after the forecast."""
LOOKED_FURTHER = max(INTERVALS)
"""Days after the forecast up to which occurrences are worked out: what replaces one may stand nearer to a later one."""
KIND_LINES = {
    "operating": RECURRING, "settlement": RECURRING, "financing": DEBT_SERVICE, "investing": DEBT_SERVICE,
    "set_aside": SET_ASIDE,
}  # fmt: skip
"""Class of a movement's part -> the line its series stands on."""
ACCOUNT = "Account"
"""The payee kind of money set aside for which nobody is named: the other account."""
PURPOSES = {"payroll_cents": "payroll", "tax_cents": "tax", "card_cents": "card"}
"""Operating part of a movement -> what a series that is mostly this is for."""
PAYEE = ["business_id", "party_kind", "party_id"]
SERIES = [*PAYEE, "account_id", "kind"]
OCCURRENCE_COLUMNS = {
    **ITEM_COLUMNS, "account_id": "object", "kind": "object", "purpose": "object", "series": "int64", "occurrence": "int64",
    "interval": "int64",
}  # fmt: skip
Days = npt.NDArray[np.datetime64]
_MORE_THAN_DAYS = 10**7
"""Series x this + day number orders by series, then by day."""


def outflows(books: Books, movements: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of movements by which money goes to a payee, class by class.

    Columns: `SERIES`, party_name, `DOCUMENT`, on, as_of, out_cents (positive), `PURPOSES`. Bill payments are the
    settlements among them; the payee of money set aside is who is named, else the account it goes to (party_kind
    `ACCOUNT`).
    Movements of any day are in it; what may recur is chosen by `series`, what is entered ahead by `replacement`.
    """
    parts = []
    for kind in KIND_LINES:
        rows = movements[movements[f"{kind}_cents"] < 0]
        if kind == "set_aside":
            unnamed = rows["party_id"].isna()
            rows = rows.assign(
                party_kind=rows["party_kind"].mask(unnamed, ACCOUNT),
                party_id=rows["party_id"].mask(unnamed, rows["set_aside_account_id"]),
            )
        rows = rows[rows["party_id"].notna()]
        if len(rows):
            parts.append(rows.assign(kind=kind, out_cents=-rows[f"{kind}_cents"]))
    columns = [*SERIES, "party_name", *DOCUMENT[1:], "txn_date", "out_cents", *PURPOSES]
    if not parts:
        parts = [movements.iloc[:0].assign(kind="", out_cents=0)]
    dated = books.dated(pd.concat([part[columns] for part in parts], ignore_index=True))
    return dated.assign(on=pd.to_datetime(dated["txn_date"])).drop(columns="txn_date")


def series(outs: pd.DataFrame) -> pd.DataFrame:
    """Return the series that recur among `outflows`, one row each.

    Columns: `SERIES`, party_name, as_of, purpose (see `PURPOSES`, or ''), interval (days), last_on, amount_cents (positive),
    month_day (the day of the month it comes on, 31 for the last; 0 if it is not monthly).
    """
    age = (outs["as_of"] - outs["on"]).dt.days
    rows = outs[(age >= 0) & (age <= TRAILING_DAYS)]
    days, codes = _by_day(rows)
    if days.empty:
        return _no_series(rows)
    even = _even(days, codes)
    described = rows.drop_duplicates(SERIES, keep="last")[[*SERIES, "party_name", "as_of"]]
    even = even.merge(described, on=SERIES)
    ago = (even["as_of"] - even["last_on"]).dt.days
    return even[ago <= even["interval"] * DROPPED_AFTER].reset_index(drop=True)


def _by_day(rows: pd.DataFrame) -> tuple[pd.DataFrame, Whole]:
    """Return what was paid day by day in order to each of the series with enough days, and numbers of the series.

    Columns: `SERIES`, on, out_cents, `PURPOSES`.
    """
    number = rows.groupby(SERIES).ngroup()
    rows, codes = rows[number.notna()], number.dropna().to_numpy(dtype=np.int64)
    # One number for series and day: numpy sorts whole numbers several times faster than pandas groups by six columns.
    day = rows["on"].to_numpy().astype("datetime64[D]").astype(np.int64)
    _, first, place = np.unique(codes * _MORE_THAN_DAYS + day, return_index=True, return_inverse=True)
    codes = codes[first]
    enough = np.flatnonzero((np.bincount(codes) >= LEAST_TIMES)[codes])
    sums = {}
    for name in ("out_cents", *PURPOSES):
        sums[name] = np.zeros(len(first), dtype=np.int64)
        np.add.at(sums[name], place, rows[name].to_numpy(dtype=np.int64))
    days = rows[[*SERIES, "on"]].iloc[first[enough]].reset_index(drop=True)
    days = days.assign(**{name: cents[enough] for name, cents in sums.items()})
    return days, np.unique(codes[enough], return_inverse=True)[1]


def _no_series(rows: pd.DataFrame) -> pd.DataFrame:
    empty = rows.iloc[:0][[*SERIES, "party_name", "as_of"]]
    return empty.assign(purpose="", interval=0, last_on=empty["as_of"], amount_cents=0, month_day=0)


def _even(days: pd.DataFrame, codes: Whole) -> pd.DataFrame:
    """Return the series whose intervals are even, of payments day by day in order; `codes` numbers each one's series."""
    first = np.flatnonzero(np.diff(codes, prepend=-1))
    count, last = len(first), np.append(first[1:], len(codes)) - 1
    on, out = days["on"].to_numpy(), days["out_cents"].to_numpy(dtype=np.int64)
    gaps = np.diff(on, prepend=on[0]) // np.timedelta64(1, "D")
    between = np.ones(len(codes), dtype=bool)
    between[first] = False
    interval = ranked(codes[between], gaps[between].astype(np.int64), count)
    uneven = between & (np.abs(gaps - interval[codes]) > EVENNESS_DAYS)
    median = ranked(codes, out, count)[codes]
    unlike = (days["kind"] == "settlement").to_numpy() & (np.abs(out - median) * BILLS_WITHIN > median)
    recent = last[codes] - np.arange(len(codes)) < LAST_AMOUNTS
    table = days.iloc[last][SERIES].reset_index(drop=True)
    table = table.assign(
        purpose=_purpose(days, first), interval=interval, last_on=on[last],
        amount_cents=ranked(codes[recent], out[recent], count), month_day=_month_day(days["on"], codes, interval),
    )  # fmt: skip
    fails = np.bincount(codes[uneven | unlike], minlength=count) > 0
    return table[~fails & np.isin(interval, INTERVALS)].reset_index(drop=True)


def _purpose(days: pd.DataFrame, first: Whole) -> npt.NDArray[np.object_]:
    """Return what at least half of a series' operating outflow is for."""
    out = np.add.reduceat(days["out_cents"].to_numpy(dtype=np.int64), first)
    operating = (days["kind"] == "operating").to_numpy()[first]
    mostly = [
        operating & (-2 * np.add.reduceat(days[column].to_numpy(dtype=np.int64), first) >= out)
        for column in PURPOSES
    ]
    purposes: npt.NDArray[np.object_] = np.select(mostly, list(PURPOSES.values()), "").astype(object)
    return purposes


def _month_day(on: pd.Series, codes: Whole, interval: Whole) -> Whole:
    """Return each series' day of the month: 31 if all were month-ends, else the most frequent, the greatest if tied."""
    counts = np.zeros((len(interval), 32), dtype=np.int64)
    np.add.at(counts, (codes, on.dt.day.to_numpy()), 1)
    most = 31 - counts[:, ::-1].argmax(axis=1)
    others = np.bincount(codes[~on.dt.is_month_end.to_numpy()], minlength=len(interval))
    days: Whole = np.where(interval < MONTHLY_FROM, 0, np.where(others == 0, 31, most))
    return days


def occurrences(recurring: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return each coming payment of the series as an item with `OCCURRENCE_COLUMNS`, up to `LOOKED_FURTHER` after t+90.

    `due_on` is its own day; one before the as-of date has not come and is expected on that date.
    `series` numbers the series, `occurrence` the payments.
    """
    if recurring.empty:
        return no_items().reindex(columns=list(OCCURRENCE_COLUMNS)).astype(OCCURRENCE_COLUMNS)
    recurring = recurring.assign(party=named(recurring, names), series=np.arange(len(recurring)))
    turns = np.tile(np.arange(TURNS), len(recurring))
    rows = recurring.loc[np.repeat(np.arange(len(recurring)), TURNS)].reset_index(drop=True)
    monthly = rows["month_day"].to_numpy() > 0
    last, interval = rows["last_on"].to_numpy(), rows["interval"].to_numpy()
    steps = last + (turns * interval).astype("timedelta64[D]")
    on = np.where(monthly, _on_month_day(last, turns, rows["month_day"].to_numpy()), steps)
    after, ahead = ((on - day) // np.timedelta64(1, "D") for day in (last, rows["as_of"].to_numpy()))
    late = ahead < 0
    due_on = pd.Series(on, index=rows.index)
    rows = rows.assign(
        due_on=due_on, expected_on=due_on.where(~late, rows["as_of"]), reason="", basis=_basis(rows, late),
        amount_cents=-rows["amount_cents"], line=rows["kind"].map(KIND_LINES),
    )[(2 * after > interval) & (ahead < DAYS + LOOKED_FURTHER)]  # fmt: skip
    items = placed_items(rows)
    more = rows[["account_id", "kind", "purpose", "series", "interval"]]
    return items.join(more).reset_index(drop=True).assign(occurrence=np.arange(len(items)))


def account_names(accounts: pd.DataFrame) -> Names:
    """Return the names of the accounts as those of payees of money set aside."""
    columns = (accounts[name] for name in ("business_id", "account_id", "name"))
    return {(client, ACCOUNT, id_): name for client, id_, name in zip(*columns, strict=True)}


def _on_month_day(last: Days, months: Whole, month_day: Whole) -> Days:
    """Return that day of the month N months after that of `last`, or the month's last day if it is shorter."""
    start = last.astype("datetime64[M]") + months
    end = (start + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    day = start.astype("datetime64[D]") + (month_day - 1)
    on: Days = np.minimum(day, end).astype(last.dtype)
    return on


def _basis(rows: pd.DataFrame, late: npt.NDArray[np.bool_]) -> pd.Series:
    words = "every " + rows["interval"].astype(str) + " days"
    words = words.where(rows["month_day"] == 0, "monthly")
    return words.where(~late, words + ", late")


def in_series(movements: pd.DataFrame, recurring: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return for each movement whether its operating outflow belongs to a series: it leaves the baseline."""
    keys = [*PAYEE, "account_id"]
    operating = recurring[recurring["kind"] == "operating"]
    known = pd.MultiIndex.from_frame(operating[keys])
    belongs = pd.MultiIndex.from_frame(movements[keys]).isin(known)
    result: npt.NDArray[np.bool_] = belongs & (movements["operating_cents"] < 0).to_numpy()
    return result
