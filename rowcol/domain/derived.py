"""What the figures share of some books: derived once, so that no two figures derive it again."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from rowcol.domain.aging import in_buckets
from rowcol.domain.bank import account_movements, counted_movements, unlisted
from rowcol.domain.books import Books
from rowcol.domain.cash import bank_accounts
from rowcol.domain.netting import Netted, net
from rowcol.domain.open_items import open_and_later
from rowcol.domain.window import windows


@dataclass(frozen=True)
class DerivedBooks:
    """Books with their bank movements and open items; what not every view needs is derived when first used.

    `account_movements`: of every Bank account (`account_movements`). `items`: the aged open items (see `aged`), `later`:
    those dated after the as-of date, aged as well.
    """

    books: Books
    account_movements: pd.DataFrame
    items: pd.DataFrame
    later: pd.DataFrame

    @cached_property
    def movements(self) -> pd.DataFrame:
        """The movements of the accounts that count; see `bank_movements`."""
        return counted_movements(self.account_movements)

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """The active Bank accounts at the as-of date; see `bank_accounts`."""
        return bank_accounts(self.books, self.account_movements)

    @cached_property
    def netted(self) -> Netted:
        """The open items after netting."""
        return net(self.items, self.books.parties)

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
        inside = self.movements.merge(self.window, on="business_id")
        dates = pd.to_datetime(inside["txn_date"])
        return inside[(dates >= inside["start"]) & (dates <= inside["end"])]


def derive(books: Books) -> DerivedBooks:
    """Return books with what the figures share of them."""
    items, later = (in_buckets(books, part) for part in open_and_later(books))
    return DerivedBooks(books, account_movements(books), items, later)
