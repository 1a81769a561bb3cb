"""What a client's cash leaves out or rounds, stated wherever cash is: pages, files, digests, letters, commands."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from rowcol.gateways.client_books import ClientBooks
from rowcol.money import THREE_DECIMALS
from rowcol.wording import listed


@dataclass(frozen=True)
class LeftOut:
    """What one client's cash leaves out, as names, and the currencies whose amounts are rounded.

    `excluded`: names of the bank accounts that the advisor excluded. `unpriced`: accounts for which no balance or
    exchange rate is known, each with its own amount. `rounded`: codes of currencies with three decimals that its books use.
    """

    excluded: tuple[str, ...] = ()
    unpriced: tuple[str, ...] = ()
    rounded: tuple[str, ...] = ()

    def sentences(self) -> tuple[str, ...]:
        """Return it in sentences without a full stop, none if nothing is left out or rounded."""
        sentences = []
        if self.excluded:
            sentences.append(f"Left out of cash: {listed(self.excluded)}")
        if self.unpriced:
            sentences.append(f"Left out, no exchange rate or balance is known: {listed(self.unpriced)}")
        if self.rounded:
            sentences.append(rounding_text(self.rounded))
        return tuple(sentences)


def rounding_text(currencies: tuple[str, ...]) -> str:
    """Return the sentence that amounts in currencies with three decimals are rounded: `KWD has three decimals: …`."""
    verb = "has" if len(currencies) == 1 else "have"
    return f"{listed(currencies)} {verb} three decimals: amounts are rounded to two places"


def left_out(books: ClientBooks) -> Mapping[str, LeftOut]:
    """Return business_id -> what its cash leaves out, of the clients whose books are open."""
    accounts = books.derived.accounts
    excluded = _names(accounts[accounts["excluded"]])
    unpriced = books.figures["unpriced"]
    rounded = _rounded(books)
    return {
        business_id: LeftOut(
            excluded.get(business_id, ()), unpriced[business_id], rounded.get(business_id, ())
        )
        for business_id in books.clients["business_id"]
    }


def _names(accounts: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for business_id, name in accounts[["business_id", "name"]].itertuples(index=False, name=None):
        names[business_id] = (*names.get(business_id, ()), str(name))
    return names


def _rounded(books: ClientBooks) -> dict[str, tuple[str, ...]]:
    """Return business_id -> the currencies with three decimals in which it, an account or an open document is."""
    frames = [
        rows.loc[rows["currency"].isin(THREE_DECIMALS), ["business_id", "currency"]]
        for rows in (books.clients, books.books.accounts, books.books.open_documents)
    ]
    used: dict[str, set[str]] = {}
    for rows in frames:
        for business_id, currency in rows.itertuples(index=False, name=None):
            used.setdefault(business_id, set()).add(str(currency))
    return {business_id: tuple(sorted(currencies)) for business_id, currencies in used.items()}
