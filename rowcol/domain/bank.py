"""Bank movements: what each transaction did to each Bank account, classified by its other side.

Source: docs/definitions.md, Bank movements and burn. A movement is one signed change of one Bank account by one
transaction. Its other side are the postings of the opposite sign: a debit of the bank is paid for by the credits. Each
takes its share of the movement, pro rata and to the cent; postings of the bank's own sign are borne by them.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.account_classes import (
    KINDS,
    PARTS,
    AccountClasses,
    Places,
    account_classes,
    counted_accounts,
)
from rowcol.domain.books import DOCUMENT, Books, Superseded
from rowcol.domain.postings import Cents, Postings, postings
from rowcol.domain.window import sheet_positions

KIND_CENTS = [f"{kind}_cents" for kind in KINDS]
PART_CENTS = [f"{part}_cents" for part in PARTS]
MOVEMENT_COLUMNS = [
    *DOCUMENT, "txn_date", "account_id", "amount_cents", *KIND_CENTS, *PART_CENTS, "card_account_id",
    "set_aside_account_id", "party_kind", "party_id", "party_name",
]  # fmt: skip
_DETAILS = [*DOCUMENT, "txn_date", "created_at", "party_kind", "party_id", "party_name"]
_OPERATING, _SET_ASIDE, _CARD = KINDS.index("operating"), KINDS.index("set_aside"), PARTS.index("card")
_EXACT = 2.0**62


def bank_movements(books: Books) -> pd.DataFrame:
    """Return the movements (`MOVEMENT_COLUMNS`) of the accounts that count, of the documents read.

    The kinds add up to the amount. payroll_cents, tax_cents and card_cents are parts of operating_cents: on payroll
    accounts, tax accounts and cards (`card_account_id`). `set_aside_account_id`: the account that does not count.
    """
    return counted_movements(account_movements(books))


def counted_movements(movements: pd.DataFrame) -> pd.DataFrame:
    """Return the movements that count, of those that `account_movements` returned."""
    return movements.loc[movements["counted"], MOVEMENT_COLUMNS]


def account_movements(books: Books) -> pd.DataFrame:
    """Return what every Bank account gained or lost: `MOVEMENT_COLUMNS`, counted (bool), created_at (UTC).

    Balances need it of accounts that do not count as well; for these the kinds mean nothing.
    """
    documents = books.bank_documents.sort_values(DOCUMENT, ignore_index=True)
    accounts = account_classes(books)
    sides, moved = _netted(postings(books, documents, accounts), accounts)
    parent = moved.document % max(len(documents), 1) * len(accounts.kind) + moved.account
    keys, target = np.unique(parent, return_inverse=True)
    amounts = np.zeros(len(keys), dtype="int64")
    np.add.at(amounts, target, moved.debit_cents)
    at, account = keys // len(accounts.kind), keys % len(accounts.kind)
    rows = documents[_DETAILS].take(at).reset_index(drop=True)
    return rows.assign(
        account_id=accounts.account_id[account], amount_cents=amounts, counted=accounts.counted[account],
        **_classified(moved, sides, accounts, target, len(keys)),
    )[[*MOVEMENT_COLUMNS, "counted", "created_at"]]  # fmt: skip


def _netted(rows: Postings, accounts: AccountClasses) -> tuple[Postings, Postings]:
    """Return all postings with those of one bank account in one transaction as one, and these alone."""
    bank = accounts.bank[rows.account]
    held, beside = np.flatnonzero(bank), np.flatnonzero(~bank)
    keys, first, place = np.unique(
        rows.document[held] * len(accounts.kind) + rows.account[held], return_index=True, return_inverse=True
    )
    sums = np.zeros(len(keys), dtype="int64")
    np.add.at(sums, place, rows.debit_cents[held])
    net = rows.debit_cents.copy()
    net[held[first]] = sums
    kept = np.sort(np.concatenate([beside, held[first]]))
    sides = replace(rows, debit_cents=net).chosen(kept)
    sides = sides.chosen(sides.debit_cents != 0)
    return sides, sides.chosen(accounts.bank[sides.account])


def _classified(
    moved: Postings, sides: Postings, accounts: AccountClasses, target: Places, count: int
) -> dict[str, npt.NDArray[Any]]:
    """Return `KIND_CENTS`, `PART_CENTS` and the two accounts of each of `count` movements; `target`: which `moved` is of."""
    of, other = _pairs(moved, sides)
    amounts, weights = moved.debit_cents[of], np.abs(sides.debit_cents[other])
    cents = pro_rata(amounts, weights, of)
    kind, account = sides.kind[other], sides.account[other]
    part = np.where(kind == _OPERATING, accounts.part[account], -1)
    table = np.zeros((count, len(KINDS) + len(PARTS)), dtype="int64")
    at = target[of]
    np.add.at(table, (at, kind), cents)
    np.add.at(table, (at[part >= 0], len(KINDS) + part[part >= 0]), cents[part >= 0])
    alone = np.setdiff1d(np.arange(len(target)), of)
    np.add.at(table[:, _OPERATING], target[alone], moved.debit_cents[alone])
    named = {
        name: _first(at[wanted & (cents != 0)], account[wanted & (cents != 0)], accounts, count)
        for name, wanted in (("card_account_id", part == _CARD), ("set_aside_account_id", kind == _SET_ASIDE))
    }
    return dict(zip([*KIND_CENTS, *PART_CENTS], table.T, strict=True)) | named


def _pairs(moved: Postings, sides: Postings) -> tuple[Places, Places]:
    """Return which movement and which posting of its other side belong together, in the order of both."""
    start, end = (np.searchsorted(sides.document, moved.document, side) for side in ("left", "right"))
    of = np.repeat(np.arange(len(start)), end - start)
    other = np.arange(len(of)) + np.repeat(start - (np.cumsum(end - start) - (end - start)), end - start)
    opposite = (moved.debit_cents[of] < 0) != (sides.debit_cents[other] < 0)
    return of[opposite], other[opposite]


def _first(movement: Places, account: Places, accounts: AccountClasses, count: int) -> npt.NDArray[Any]:
    """Return of each of `count` movements the id of the first of its accounts, None if it has none."""
    place = np.full(count, len(accounts.account_id) - 1)
    place[movement[::-1]] = account[::-1]
    ids: npt.NDArray[Any] = accounts.account_id[place]
    return ids


def pro_rata(amounts: Cents, weights: Cents, groups: Places) -> Cents:
    """Return each row's share of its group's amount by its weight, in whole cents that add up to the amount.

    Cumulative rounding, half up in size: a share is the rounded part up to its row less that up to the one before.
    `amounts`: the same in all rows of a group, of either sign. `weights`: positive. `groups`: ascending.
    """
    if not len(groups):
        return np.zeros(0, dtype="int64")
    first, last = np.searchsorted(groups, groups), np.searchsorted(groups, groups, "right") - 1
    running = np.cumsum(weights)
    before = running[first] - weights[first]
    upto, whole, size = running - before, running[last] - before, np.abs(amounts)
    if 2.0 * float(size.max()) * float(whole.max()) >= _EXACT:
        upto, whole, size = (part.astype("object") for part in (upto, whole, size))
    given: Cents = ((2 * size * upto + whole) // (2 * whole)).astype("int64")
    shares = np.diff(given, prepend=0)
    shares[first] = given[first]
    shares[amounts < 0] *= -1
    return shares


def movements_as_read(books: Books, movements: pd.DataFrame, since: Superseded) -> pd.DataFrame:
    """Return movements (see `account_movements`) as they were known when a report was read.

    Documents changed since then count in their version of that time, so that a bill entered after a sheet
    was read is no unlisted activity.
    """
    if since.changed.empty:
        return movements
    before = account_movements(replace(books, bank_documents=since.documents, bank_lines=since.lines))
    marked = movements.merge(since.changed, on=DOCUMENT, how="left", indicator="changed")
    return pd.concat([movements[(marked["changed"] == "left_only").to_numpy()], before], ignore_index=True)


def unlisted(books: Books, movements: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Return bank activity no entity shows: business_id, account_id, amount_cents, for each window.

    Of accounts that count and are in the home currency: in another the difference may be exchange.

    amount = BalanceSheet(t-1) - BalanceSheet(day before the window) - movements in the window (docs/definitions.md),
    all as known when the two were read. `windows`: business_id, start, end (both included). A client whose two
    reports are not both at hand has no rows; `unreadable` names it.
    """
    sheets = books.bank_sheets.assign(report_date=pd.to_datetime(books.bank_sheets["report_date"]))
    banks = _listed(books)
    readable = windows[~windows["business_id"].isin(unreadable(books, windows))]
    rows = banks.merge(readable, on="business_id")
    keys = ["business_id", "account_id"]
    if rows.empty:
        return rows[keys].assign(amount_cents=pd.Series(dtype="int64"))
    for name, day in (("closing", rows["end"]), ("opening", rows["start"] - pd.Timedelta(days=1))):
        at = rows.assign(report_date=day).merge(sheets, on=[*keys, "report_date"], how="left")
        rows[name] = at["amount_cents"].fillna(0).astype("int64").to_numpy()
    inside = movements_as_read(books, movements, books.since_window).merge(windows, on="business_id")
    dates = pd.to_datetime(inside["txn_date"])
    inside = inside[(dates >= inside["start"]) & (dates <= inside["end"])]
    listed = inside.groupby(keys)["amount_cents"].sum().rename("listed").reset_index()
    rows = rows.merge(listed, on=keys, how="left")
    rows["amount_cents"] = rows["closing"] - rows["opening"] - rows["listed"].fillna(0).astype("int64")
    return rows[rows["amount_cents"] != 0][[*keys, "amount_cents"]].reset_index(drop=True)


def _listed(books: Books) -> pd.DataFrame:
    """Return the accounts of which unlisted activity is derived: business_id, account_id."""
    accounts = books.accounts
    home = accounts["business_id"].map(books.clients.set_index("business_id")["currency"])
    domestic = accounts["currency"].isna() | (accounts["currency"] == home)
    return accounts.loc[counted_accounts(books) & domestic, ["business_id", "account_id"]]


def unreadable(books: Books, windows: pd.DataFrame) -> list[str]:
    """Return the clients whose bank activity is incomplete: their two balance sheets are not both at hand."""
    at_hand = sheet_positions(books.report_reads, windows)
    return [business_id for business_id in windows["business_id"] if business_id not in at_hand]
