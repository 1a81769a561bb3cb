"""The named reads of what is open, what payments settled of it, and when."""

from datetime import date
from typing import Any

import pandas as pd

from rowcol.entities import LINKED_AS
from rowcol.store.reads import Reads

_ALIASES: dict[str, Any] = {"aliases": list(LINKED_AS), "names": list(LINKED_AS.values())}


class PaymentReads(Reads):
    """Reads over one scope; each returns a frame whose columns its SQL file names."""

    _payments_linked = False
    """Whether the temporary tables `payment_lines` and `unusual_payments` are there."""
    _open_links_of: date | None = None
    """The day of the temporary table `open_links`."""

    def open_documents(self, day: date) -> pd.DataFrame:
        """Return what may be owed or credited on a day or later: bills, invoices, credits, payments not wholly applied.

        Those are open now, or joined by a payment with something dated after that day.
        """
        self._link_payments(day)
        return self._frame("open_documents")

    def applications(self, day: date) -> pd.DataFrame:
        """Return the payment lines that what is open on a day or later depends on, with both dates.

        They are all lines of payments that settle or use anything but bills or invoices, are not wholly applied, settle
        what states no balance, or join something dated after that day.
        """
        self._link_payments(day)
        return self._frame("applications")

    def settlements(self) -> pd.DataFrame:
        """Return what was paid on each bill and invoice, line by line, oldest first; amounts in the payment's currency."""
        return self._frame("settlements")

    def bills_paid(self, since: date) -> pd.DataFrame:
        """Return what was paid on bills on a day since, line by line, oldest first; amounts in the payment's currency."""
        self._link_payments()
        return self._frame("bills_paid", since=since)

    def settled_documents(self, since: date, held_out_since: date) -> pd.DataFrame:
        """Return bills and invoices that a payment of money brought to zero on a day since, one row each.

        Columns: `DOCUMENT`, party_id, txn_date, due_date (effective), closed_on, the date of the last payment applied. If
        that one only applied a credit (its total is zero) the document is not among them. Of a client with invoices closed
        on or after `held_out_since`, what was closed in the 365 days before the oldest of those was written is there too.
        """
        self._link_payments()
        return self._frame("settled_documents", since=since, held_out_since=held_out_since)

    def settled_through(self, since: date) -> pd.DataFrame:
        """Return what payments of nothing but invoices (side `ar`) or bills (`ap`) took off them since a day, by account.

        Columns: business_id, side, account_id ('' if none is named: with `ar` Undeposited Funds), on_day, cents (home).
        A payment counts on the later of its date and the document's; `Invoice.Deposit` with its account on the
        invoice's date.
        """
        self._link_payments()
        return self._frame("settled_through", since=since)

    def used_documents(self) -> pd.DataFrame:
        """Return what was posted beside A/R or A/P by journals, deposits and purchases that payments are linked to.

        Columns: business_id, entity, qbo_id, debit, account_id ('' if none is named), cents (home, above 0). Of a deposit or
        purchase it is the account of its header.
        """
        return self._frame("used_documents", **_ALIASES)

    def _link_payments(self, day: date | None = None) -> None:
        """Create the temporary tables on what payments are linked to, unless they are there.

        `payment_lines`: their lines, each with what the payment and the linked document say of themselves.
        `unusual_payments`: those that are linked to anything but plain bills or invoices (`elsewhere`) or to what states no
        balance (`unstated`), or are not wholly applied. With a day `open_links`: the lines of these, and of the payments
        that join something dated after it (`later`).
        """
        if not self._payments_linked:
            self._create("payment_lines", **_ALIASES)
            self._create("unusual_payments")
            self._payments_linked = True
        if day is not None and self._open_links_of != day:
            self._create("open_links", day=day)
            self._open_links_of = day
