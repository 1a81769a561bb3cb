"""The books of some clients, as known at one moment: what every figure is a function of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from rowcol.domain.window import base_sheets, sheet_positions, windows
from rowcol.money import home_cents

DOCUMENT = ["business_id", "entity", "qbo_id"]
"""What names a transaction among all clients."""
Names = Mapping[tuple[str, str, str], str]
"""business_id, party_kind, party_id -> the name in the client's list."""
NO_NAME = "No name"
BANK, CREDIT_CARD, UNDEPOSITED_FUNDS = "Bank", "Credit Card", "UndepositedFunds"
"""Account types of bank accounts and cards, and the account sub-type of Undeposited Funds."""


@dataclass(frozen=True)
class Superseded:
    """What changed after a report was read: which documents (`DOCUMENT`), and how they and their lines were then.

    The latter two in the form of `bank_documents` and `bank_lines`.
    """

    changed: pd.DataFrame
    documents: pd.DataFrame
    lines: pd.DataFrame


@dataclass(frozen=True)
class Books:
    """Frames of one or many clients; money in cents, dates as days, one `as_of` a client.

    `clients`: business_id, currency (home), as_of, today (the client's own day at known-at), reserve_cents,
    excluded_accounts (tuple of account ids), account_classes (tuple of account id and class).
    The others are the store's named reads of the same names; their columns are given there. `bank_documents` and
    `bank_lines` are its read `bank_activity`.
    """

    clients: pd.DataFrame
    accounts: pd.DataFrame
    parties: pd.DataFrame
    open_documents: pd.DataFrame
    applications: pd.DataFrame
    control_lines: pd.DataFrame
    bank_documents: pd.DataFrame
    bank_lines: pd.DataFrame
    funds_taken: pd.DataFrame
    first_dates: pd.DataFrame
    rates: pd.DataFrame
    bank_sheets: pd.DataFrame
    report_reads: pd.DataFrame
    tie_outs: pd.DataFrame
    since_window: Superseded
    """What changed after the window's balance sheets were read."""
    base_sheets: pd.DataFrame
    """The balance sheet that each client's balances rest on, see `window.base_sheets`."""
    balance_postings: pd.DataFrame
    """What was posted to bank accounts, cards and Undeposited Funds since the base sheet, see the store's read."""
    cards_before: pd.DataFrame
    """The balances at the base sheet of cards that changed since, see the store's read."""

    def dated(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a frame with each row's client's `as_of` beside it; rows of other clients are dropped."""
        # Looked up, not merged: this is done some twenty times a view, and a merge has a fixed cost of a millisecond.
        at = self._client_index.get_indexer(pd.Index(frame["business_id"]))
        known = at >= 0
        rows = frame if known.all() else frame[known]
        return rows.reset_index(drop=True).assign(as_of=self.clients["as_of"].array[at[known]])

    def at(self, day: date) -> "Books":
        """Return the same books with a day as every client's as-of date: what is dated later does not exist then.

        The books must have been read with `open_since` no later than that day. What follows from them is
        *reconstructed* if the day has passed: it does not know of records changed or deleted since.
        """
        return replace(self, clients=self.clients.assign(as_of=pd.Timestamp(day)))

    def existing(
        self, rows: pd.DataFrame, on: str = "txn_date", created: str = "created_at", *, ahead: bool = False
    ) -> pd.Series:
        """Return which rows exist at their client's as-of date: those dated up to it, or not at all.

        With `ahead` also what is entered ahead: dated later, created (`created`, UTC; absent: its date) on or before the
        as-of date, as the client's zone has it. `rows` have business_id and as_of, as `dated` returns them.
        """
        later = pd.to_datetime(rows[on]) > rows["as_of"]
        if not ahead or not later.any():
            return ~later
        known = self._created_on(rows[later], created) <= rows.loc[later, "as_of"]
        return ~later | known.reindex(rows.index, fill_value=False)

    def entered_ahead(self, rows: pd.DataFrame) -> pd.Series:
        """Return which rows (business_id, as_of, txn_date, created_at) are dated after the as-of date and created by it."""
        later = pd.to_datetime(rows["txn_date"]) > rows["as_of"]
        return later & self.existing(rows, ahead=True)

    @cached_property
    def excluded_accounts(self) -> set[tuple[str, str]]:
        """The accounts that the advisor excluded: business_id, account_id."""
        clients = zip(self.clients["business_id"], self.clients["excluded_accounts"], strict=True)
        return {(business_id, account_id) for business_id, ids in clients for account_id in ids}

    @cached_property
    def base_amounts(self) -> pd.Series:
        """The amounts of each account on its client's base sheet, in home cents; index business_id, account_id."""
        rows = self.bank_sheets.merge(self.base_sheets, on=["business_id", "report_date"])
        return rows.set_index(["business_id", "account_id"])["amount_cents"]

    @cached_property
    def posted(self) -> pd.DataFrame:
        """The sums of `balance_postings` of each account, in home cents, debit positive; index business_id, account_id.

        later_cents: dated after the as-of date. after_sheet_cents: dated after the base sheet, as known when it was read.
        entered_cents: by what was entered, changed or deleted since it was read, whatever its date.
        """
        rows = self.dated(self.balance_postings)
        dates, debits, state = pd.to_datetime(rows["txn_date"]), rows["debit_cents"], rows["state"]
        sheet_days = self.sheet_days(rows["business_id"])
        parts = {
            "later_cents": debits.where((state != "then") & (dates > rows["as_of"]), 0),
            "after_sheet_cents": debits.where((state != "now") & (dates > sheet_days), 0),
            "entered_cents": debits.where(state == "now", -debits).where(state != "same", 0),
        }
        return pd.DataFrame(parts).groupby([rows["business_id"], rows["account_id"]]).sum()

    def sheet_days(self, business_ids: pd.Series) -> pd.Series:
        """Return the day of each row's client's base sheet, NaT if there is none."""
        days = self.base_sheets.set_index("business_id")["report_date"].reindex(business_ids)
        return pd.Series(pd.to_datetime(days.to_numpy()), index=business_ids.index, dtype="datetime64[us]")

    def _created_on(self, rows: pd.DataFrame, created: str) -> pd.Series:
        """Return the day each row was created in its client's zone, NaT if that is unknown."""
        zones = rows["business_id"].map(self.clients.set_index("business_id")["zone"])
        moments = pd.to_datetime(rows[created])
        parts = [
            moments[zones == zone]
            .dt.tz_localize("UTC")
            .dt.tz_convert(zone)
            .dt.tz_localize(None)
            .dt.normalize()
            for zone in zones.unique()
        ]
        days: pd.Series = pd.concat(parts).reindex(rows.index)
        return days

    @cached_property
    def _client_index(self) -> "pd.Index[Any]":
        index: pd.Index[Any] = pd.Index(self.clients["business_id"])
        return index


class Reads(Protocol):
    """The named reads over one scope, as the store gives them."""

    def accounts(self) -> pd.DataFrame: ...
    def parties(self) -> pd.DataFrame: ...
    def open_documents(self, day: date) -> pd.DataFrame: ...
    def applications(self, day: date) -> pd.DataFrame: ...
    def control_lines(self) -> pd.DataFrame: ...
    def bank_activity(self, since: date, payees_since: date) -> tuple[pd.DataFrame, pd.DataFrame]: ...
    def funds_taken(self) -> pd.DataFrame: ...
    def first_dates(self) -> pd.DataFrame: ...
    def rates(self) -> pd.DataFrame: ...
    def bank_sheets(self) -> pd.DataFrame: ...
    def report_reads(self) -> pd.DataFrame: ...
    def tie_outs(self) -> pd.DataFrame: ...
    def superseded(
        self, positions: Mapping[str, int], since: date, payees_since: date
    ) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None: ...
    def balance_postings(self, since: date, positions: Mapping[str, int]) -> pd.DataFrame: ...
    def cards_before(self, positions: Mapping[str, int]) -> pd.DataFrame: ...


def read_books(
    reads: Reads,
    clients: pd.DataFrame,
    bank_since: date,
    payees_since: date | None = None,
    open_since: date | None = None,
) -> Books:
    """Return the books of `clients` (see `Books`); bank movements from `bank_since` on, the rest whole.

    Of movements since the earlier day `payees_since`, those that may recur: money to a payee, and money between accounts.
    What is open can be worked out for any day from `open_since` on; without it, from the as-of date on.
    """
    days = (bank_since, min(payees_since or bank_since, bank_since))
    open_since = open_since or _first_as_of(clients, bank_since)
    first_dates, report_reads = reads.first_dates(), reads.report_reads()
    window_positions = sheet_positions(report_reads, windows(clients, first_dates))
    sheets = base_sheets(report_reads, clients)
    positions = dict(zip(sheets["business_id"], sheets["books_position"].astype("int64"), strict=True))
    documents, lines = reads.bank_activity(*days)
    accounts = reads.accounts()
    return Books(
        clients=clients,
        accounts=accounts,
        parties=reads.parties(),
        open_documents=reads.open_documents(open_since),
        applications=reads.applications(open_since),
        control_lines=reads.control_lines(),
        bank_documents=documents,
        bank_lines=lines,
        funds_taken=_funds_taken(reads, accounts, documents, lines),
        first_dates=first_dates,
        rates=reads.rates(),
        bank_sheets=reads.bank_sheets(),
        report_reads=report_reads,
        tie_outs=reads.tie_outs(),
        since_window=_superseded(reads.superseded(window_positions, *days), documents, lines),
        base_sheets=sheets,
        balance_postings=reads.balance_postings(_posted_since(sheets, open_since), positions),
        cards_before=reads.cards_before(positions),
    )


def _first_as_of(clients: pd.DataFrame, without: date) -> date:
    """Return the first of the clients' as-of dates, another day if there are none."""
    return clients["as_of"].min().date() if len(clients) else without


def _superseded(
    changed: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None,
    documents: pd.DataFrame,
    lines: pd.DataFrame,
) -> Superseded:
    """Return the read of that name, with frames of no rows if nothing changed."""
    return Superseded(*(changed or (documents[DOCUMENT].iloc[:0], documents.iloc[:0], lines.iloc[:0])))


def _funds_taken(
    reads: Reads, accounts: pd.DataFrame, documents: pd.DataFrame, lines: pd.DataFrame
) -> pd.DataFrame:
    """Return the read of that name, empty without asking if no bank movement comes out of Undeposited Funds.

    Few clients bank by transfers, and the read looks at every payment there is.
    """
    funds = accounts["account_id"][accounts["account_sub_type"] == UNDEPOSITED_FUNDS]
    coded = lines["account_id"][lines["linked_type"].isna()]
    if documents["account_id"].isin(funds).any() or coded.isin(funds).any():
        return reads.funds_taken()
    return pd.DataFrame(columns=[*DOCUMENT, "txn_date", "taken_cents", "held_cents"])


def _posted_since(sheets: pd.DataFrame, since: date) -> date:
    """Return the day after which postings are read: the first of the base sheets' days and `since`."""
    return since if sheets.empty else min(since, pd.to_datetime(sheets["report_date"]).min().date())


def in_home(foreign_cents: pd.Series, rates: pd.Series) -> pd.Series:
    """Return cents at each row's exchange rate, rounded half up; rows without a rate are home already."""
    foreign = rates.notna()
    if not foreign.any():
        return foreign_cents.astype("int64")
    pairs = zip(foreign_cents[foreign], rates[foreign], strict=True)
    exact = [home_cents(int(amount), rate) for amount, rate in pairs]
    home = foreign_cents.astype("int64").copy()
    home.loc[foreign] = pd.Series(exact, index=home.index[foreign], dtype="int64")
    return home


def party_names(rows: pd.DataFrame, parties: pd.DataFrame) -> pd.Series:
    """Return each row's party as the client's list names it, else as its document does, else its id."""
    return named(rows, listed_names(parties))


def listed_names(parties: pd.DataFrame) -> Names:
    """Return each party's name."""
    keys = (parties[name] for name in ("business_id", "party_kind", "party_id"))
    return dict(zip(zip(*keys, strict=True), parties["name"], strict=True))


def named(rows: pd.DataFrame, names: Names) -> pd.Series:
    """Return `party_names` by names looked up once (`listed_names`)."""
    keys = zip(rows["business_id"], rows["party_kind"], rows["party_id"], strict=True)
    listed = pd.Series([names.get(key) for key in keys], index=rows.index, dtype="object")
    return listed.fillna(rows["party_name"]).fillna(rows["party_id"]).fillna(NO_NAME).astype("object")
