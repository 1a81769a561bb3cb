"""What the figures share of some books: derived once, so that no two figures derive it again."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from rowcol.domain.aging import in_buckets
from rowcol.domain.applications import PaymentLines, payment_lines
from rowcol.domain.bank import account_movements, counted_movements, unlisted
from rowcol.domain.books import DOCUMENT, Books
from rowcol.domain.cash import bank_accounts, cards, funds_accounts, held_accounts
from rowcol.domain.netting import DOCUMENTS, Netted, net
from rowcol.domain.open_items import open_and_entered
from rowcol.domain.window import windows


@dataclass(frozen=True)
class DerivedBooks:
    """Books with their bank movements and open items; what not every view needs is derived when first used.

    `account_movements`: of every Bank account (`account_movements`). `payments`: what payments are linked to.
    `items`: the aged open items (see `aged`), `entered`: the same with what is entered ahead (see `open_and_entered`).
    """

    books: Books
    account_movements: pd.DataFrame
    payments: PaymentLines
    items: pd.DataFrame
    entered: pd.DataFrame

    @cached_property
    def movements(self) -> pd.DataFrame:
        """The movements of the accounts that count, those up to the as-of date and those entered ahead of it."""
        rows = self.books.dated(self.account_movements)
        return counted_movements(rows[self.books.existing(rows, ahead=True)])

    @cached_property
    def held(self) -> pd.DataFrame:
        """The active bank accounts, cards and Undeposited Funds; see `held_accounts`."""
        return held_accounts(self.books)

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """The active Bank accounts at the as-of date; see `bank_accounts`."""
        return bank_accounts(self.books, self.held)

    @cached_property
    def cards(self) -> pd.DataFrame:
        """The active Credit Card accounts at the as-of date; see `cards`."""
        return cards(self.books, self.held)

    @cached_property
    def funds(self) -> pd.DataFrame:
        """Undeposited Funds at the as-of date; see `funds_accounts`."""
        return funds_accounts(self.held)

    @cached_property
    def netted(self) -> Netted:
        """What is open and what is entered ahead, after netting."""
        return net(self.entered, self.books.parties)

    @cached_property
    def open_documents(self) -> pd.DataFrame:
        """The bills and invoices among the open items at the as-of date, once each."""
        rows = self.items[self.items["entity"].isin(DOCUMENTS) & (self.items["amount_cents"] > 0)]
        return rows.drop_duplicates(DOCUMENT)

    @cached_property
    def documents(self) -> pd.DataFrame:
        """The open bills and invoices with `netted_cents`, what links as entered and netting leave of each, 0 or more."""
        left = self.netted.documents.set_index(DOCUMENT)["netted_cents"]
        rows = self.open_documents
        netted = left.reindex(pd.MultiIndex.from_frame(rows[DOCUMENT])).fillna(0).astype("int64")
        return rows.assign(netted_cents=netted.to_numpy())

    @cached_property
    def window(self) -> pd.DataFrame:
        """Each client's window; see `windows`."""
        return windows(self.books.clients, self.books.first_dates)

    @cached_property
    def unlisted(self) -> pd.DataFrame:
        """The bank activity in the window that no entity shows; see `unlisted`."""
        return unlisted(self.books, self.account_movements, self.window)

    @cached_property
    def in_window(self) -> pd.DataFrame:
        """The movements dated in their client's window."""
        rows, window = self.movements, self.window
        place = pd.Index(window["business_id"]).get_indexer(pd.Index(rows["business_id"]))
        start, end = (window[name].to_numpy()[place] for name in ("start", "end"))
        dates = pd.to_datetime(rows["txn_date"]).to_numpy()
        inside: pd.DataFrame = rows[(place >= 0) & (dates >= start) & (dates <= end)]
        return inside


def derive(books: Books) -> DerivedBooks:
    """Return books with what the figures share of them."""
    payments = payment_lines(books)
    items, entered = open_and_entered(books, payments)
    aged_items = in_buckets(books, items)
    aged_entered = aged_items if entered is items else in_buckets(books, entered)
    return DerivedBooks(books, account_movements(books), payments, aged_items, aged_entered)
