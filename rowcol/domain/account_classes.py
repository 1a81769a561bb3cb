"""Which bank accounts count, and what money from or to each account is.

Source: docs/definitions.md, Bank movements and burn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.books import BANK, CREDIT_CARD, UNDEPOSITED_FUNDS, Books
from rowcol.domain.rates import priced

KINDS = ("internal", "settlement", "financing", "investing", "set_aside", "operating")
PARTS = ("payroll", "tax", "card")
"""Parts of what is operating that dated commitments stand for."""
FINANCING_SUB_TYPES = (
    "LoanPayable", "LineOfCredit", "ShortTermBorrowings", "CurrentPortionOfObligationsUnderFinanceLeases",
)  # fmt: skip
PAYROLL_SUB_TYPES = ("PayrollExpenses", "PayrollClearing", "PayrollTaxPayable", "DirectDepositPayable")
TAX_SUB_TYPES = (
    "SalesTaxPayable",
    "GlobalTaxPayable",
    "StateLocalIncomeTaxPayable",
    "FederalIncomeTaxPayable",
)
CONTROL_TYPES = ("Accounts Payable", "Accounts Receivable")

Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class AccountClasses:
    """The accounts of some clients; every array has one element an account and a last one for an account not known.

    `kind`, `part`: index in `KINDS`, in `PARTS` (-1: none). `bank`: a Bank account; `counted`: one that counts;
    `funds`: Undeposited Funds. `account_id`: None in the last.
    """

    account_id: npt.NDArray[Any]
    kind: Places
    part: Places
    bank: Bools
    counted: Bools
    funds: Bools
    clients: "pd.Index[Any]"
    ids: "pd.Index[Any]"
    places: Places
    """By client and account id, as `clients` and `ids` have them; of one not known the last."""

    def find(self, business_ids: "pd.Series[Any]", account_ids: "pd.Series[Any]") -> Places:
        """Return each account's place in the arrays."""
        at = self.clients.get_indexer(pd.Index(business_ids)), self.ids.get_indexer(pd.Index(account_ids))
        return self.places[at]


def account_classes(books: Books) -> AccountClasses:
    """Return the accounts of the books with what the advisor set for them."""
    accounts, counted = books.accounts, counted_accounts(books)
    clients, ids = pd.Index(accounts["business_id"].unique()), pd.Index(accounts["account_id"].unique())
    places = np.full((len(clients) + 1, len(ids) + 1), len(accounts))
    at = (
        clients.get_indexer(pd.Index(accounts["business_id"])),
        ids.get_indexer(pd.Index(accounts["account_id"])),
    )
    places[at] = np.arange(len(accounts))
    types, sub_types = (
        accounts[name].to_numpy(dtype="object") for name in ("account_type", "account_sub_type")
    )
    bank, funds = (np.asarray(flags, dtype=bool) for flags in (types == BANK, sub_types == UNDEPOSITED_FUNDS))
    kind = _by_type(types, sub_types)
    for business_id, account_id, name in _set_by_advisor(books.clients):
        place = places[clients.get_indexer([business_id])[0], ids.get_indexer([account_id])[0]]
        kind[place : place + 1] = KINDS.index(name)
    kind[funds] = KINDS.index("operating")
    kind[np.isin(types, CONTROL_TYPES)] = KINDS.index("settlement")
    kind[counted] = KINDS.index("internal")
    known = accounts["account_id"].to_numpy(dtype="object")
    return AccountClasses(
        account_id=np.append(known, np.array([None], dtype="object")),
        kind=np.append(kind, KINDS.index("operating")),
        part=np.append(_parts(types, sub_types), -1),
        bank=np.append(bank, [False]),
        counted=np.append(counted, [False]),
        funds=np.append(funds, [False]),
        clients=clients,
        ids=ids,
        places=places,
    )


def _by_type(types: npt.NDArray[Any], sub_types: npt.NDArray[Any]) -> Places:
    """Return the kind of each account (index in `KINDS`) by its type alone."""
    kind = np.full(len(types), KINDS.index("operating"))
    loan = (types == "Other Current Liability") & np.isin(sub_types, FINANCING_SUB_TYPES)
    kind[np.isin(types, ["Equity", "Long Term Liability"]) | loan] = KINDS.index("financing")
    kind[np.isin(types, ["Fixed Asset", "Other Asset"])] = KINDS.index("investing")
    kind[types == BANK] = KINDS.index("set_aside")
    return kind


def _parts(types: npt.NDArray[Any], sub_types: npt.NDArray[Any]) -> Places:
    """Return what of operating money each account is (index in `PARTS`), -1 if none of them."""
    part = np.full(len(types), -1)
    part[np.isin(sub_types, PAYROLL_SUB_TYPES)] = PARTS.index("payroll")
    part[np.isin(sub_types, TAX_SUB_TYPES)] = PARTS.index("tax")
    part[types == CREDIT_CARD] = PARTS.index("card")
    return part


def classable(books: Books) -> pd.DataFrame:
    """Return the accounts whose class the advisor can set: business_id, account_id, name.

    Not those of A/P and A/R, Undeposited Funds and bank accounts that count: what is on them decides.
    """
    accounts = books.accounts
    fixed = accounts["account_type"].isin(CONTROL_TYPES) | (accounts["account_sub_type"] == UNDEPOSITED_FUNDS)
    return accounts.loc[~fixed & ~counted_accounts(books), ["business_id", "account_id", "name"]]


def class_notes(books: Books, business_id: str) -> tuple[str, ...]:
    """Return what the advisor set of one client's accounts as phrases: `Due from affiliate counts as financing`."""
    accounts = books.accounts[books.accounts["business_id"] == business_id]
    names = dict(zip(accounts["account_id"], accounts["name"], strict=True))
    clients = books.clients[books.clients["business_id"] == business_id]
    noted = [
        (names.get(account_id, f"account {account_id}"), kind)
        for _, account_id, kind in _set_by_advisor(clients)
    ]
    return tuple(f"{name} counts as {kind}" for name, kind in noted)


def _set_by_advisor(clients: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield business_id, account_id, kind of the accounts whose class the advisor set."""
    for business_id, classes in zip(clients["business_id"], clients["account_classes"], strict=True):
        for account_id, kind in classes:
            yield business_id, account_id, kind


def counted_accounts(books: Books) -> Bools:
    """Return which of the books' accounts count: Bank accounts that the advisor did not exclude, with a rate if foreign."""
    accounts = books.accounts
    bank = np.array(accounts["account_type"] == BANK, dtype=bool)
    out = books.excluded_accounts | _without_rate(books)
    if not out:
        return bank
    pairs = zip(accounts["business_id"], accounts["account_id"], strict=True)
    counted: Bools = bank & np.fromiter((pair not in out for pair in pairs), bool, len(accounts))
    return counted


def _without_rate(books: Books) -> set[tuple[str, str]]:
    """Return the foreign bank accounts of which neither a rate nor an amount on a balance sheet is known."""
    banks = books.accounts[(books.accounts["account_type"] == BANK) & books.accounts["currency"].notna()]
    home = banks["business_id"].map(books.clients.set_index("business_id")["currency"])
    foreign = banks[banks["currency"] != home]
    if foreign.empty:
        return set()
    rows = priced(books, foreign)
    unrated = rows.loc[rows["unrated"], ["business_id", "account_id"]]
    return set(unrated.itertuples(index=False, name=None))
