"""The named reads that the books and their forecast are made from."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from rowcol.entities import LINKED_AS
from rowcol.store.reads import Reads

_ALIASES: dict[str, Any] = {"aliases": list(LINKED_AS), "names": list(LINKED_AS.values())}


class BooksReads(Reads):
    """Reads over one scope; each returns a frame whose columns its SQL file names."""

    _payments_linked = False
    """Whether the temporary tables `payment_lines` and `payments_to_apply` are there."""
    _application_lines_of: date | None = None
    """The day of the temporary table `application_lines`."""

    def accounts(self) -> pd.DataFrame:
        """Return business_id, account_id, name, account_type, account_sub_type, active, currency, balance_cents."""
        return self._frame("accounts")

    def parties(self) -> pd.DataFrame:
        """Return business_id, party_kind, party_id, name, active, parent_id, email, phone."""
        return self._frame("parties")

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

    def control_lines(self) -> pd.DataFrame:
        """Return lines posted to an A/P or A/R account by hand, with their document."""
        return self._frame("control_lines")

    def bank_activity(self, since: date, payees_since: date) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the documents dated from a day on that touch a bank account, and their lines.

        Of those since the other day what may recur: money to a payee, and money between accounts.
        """
        return self._bank_activity(since, payees_since)

    def funds_taken(self) -> pd.DataFrame:
        """Return what transfers, journals and unlinked deposit lines took out of Undeposited Funds, of any date.

        Columns: business_id, entity, qbo_id, txn_date, taken_cents, held_cents (home): payments put there up to that
        date less those that deposits took by then; `Invoice.Deposit` is such a payment.
        """
        return self._frame("funds_taken")

    def first_dates(self) -> pd.DataFrame:
        """Return business_id, first_date: the earliest TxnDate of any record."""
        return self._frame("first_dates")

    def rates(self) -> pd.DataFrame:
        """Return business_id, currency, txn_date, exchange_rate, quoted, the newest last.

        `quoted`: QuickBooks' own rate of that day (entity ExchangeRate); else one seen on a document of that date.
        """
        return self._frame("rates")

    def bank_sheets(self) -> pd.DataFrame:
        """Return business_id, report_date, account_id, amount_cents of bank accounts and cards on each BalanceSheet read."""
        return self._frame("bank_sheets")

    def settlements(self) -> pd.DataFrame:
        """Return what was paid on each bill and invoice, line by line, oldest first; amounts in the payment's currency."""
        return self._frame("settlements")

    def bills_paid(self, since: date) -> pd.DataFrame:
        """Return what was paid on bills on a day since, line by line, oldest first; amounts in the payment's currency."""
        self._link_payments()
        return self._frame("bills_paid", since=since)

    def settled_documents(self, since: date, held_out_since: date | None) -> pd.DataFrame:
        """Return bills and invoices that a payment of money brought to zero on a day since, one row each.

        Columns: `DOCUMENT`, party_id, txn_date, due_date (effective), closed_on, the date of the last payment applied. If
        that one only applied a credit (its total is zero) the document is not among them. Of a client with invoices closed
        on or after `held_out_since` (None: none), what was closed in the 365 days before the oldest of those was written is
        there too.
        """
        self._link_payments()
        return self._frame("settled_documents", since=since, held_out_since=held_out_since)

    def settled_by_account(self, first_day: date, last_day: date, trailing_days: int) -> pd.DataFrame:
        """Return what payments of nothing but invoices (side `ar`) or bills (`ap`) took off them, by account.

        Columns: business_id, side, account_id ('' if none is named: with `ar` Undeposited Funds), on_day, cents (home).
        A payment counts on the later of its date and the document's; `Invoice.Deposit` with its account on the
        invoice's date. Read for looking back from each day, the first to the last: what all of them see is one sum, on
        the first day.
        """
        self._link_payments()
        return self._frame(
            "settled_by_account", first_day=first_day, last_day=last_day, trailing_days=trailing_days
        )

    def offsetting_accounts(self) -> pd.DataFrame:
        """Return what was posted beside A/R or A/P by journals, deposits and purchases that payments are linked to.

        Columns: business_id, entity, qbo_id, debit, account_id ('' if none is named), cents (home, above 0). Of a deposit or
        purchase it is the account of its header.
        """
        return self._frame("offsetting_accounts", **_ALIASES)

    def daily_charges(self, since: date, alike: tuple[date, date] | None = None) -> pd.DataFrame:
        """Return the home total of charges and credits dated on each day since, A/P by vendor, voided ones left out.

        Columns: business_id, entity, txn_date, party_id (None for invoices and credit memos), total_cents. The days from the
        first to the last of `alike` are one, the last.
        """
        first, last = alike or (None, None)
        return self._frame("daily_charges", since=since, alike_from=first, alike_until=last)

    def bill_lines(self, since: date) -> pd.DataFrame:
        """Return business_id, qbo_id, account_id, home_cents: bills due since a day, summed by balance sheet account.

        Their lines on accounts of income and expense are left out, and so is tax.
        """
        return self._frame("bill_lines", since=since)

    def _link_payments(self, day: date | None = None) -> None:
        """Create the temporary tables on what payments are linked to, unless they are there.

        `payment_lines`: their lines, each with what the payment and the linked document say of themselves.
        `payments_to_apply`: those whose links have to be worked out, as they are linked to anything but plain bills or
        invoices (`mixed`) or to what states no balance (`unstated`), or are not wholly applied. With a day
        `application_lines`: the lines of these, and of the payments that join something dated after it (`later`).
        """
        if not self._payments_linked:
            self._create("payment_lines", **_ALIASES)
            self._create("payments_to_apply")
            self._payments_linked = True
        if day is not None and self._application_lines_of != day:
            self._create("application_lines", day=day)
            self._application_lines_of = day

    def _bank_activity(
        self, since: date, payees_since: date, relations: Mapping[str, str] | None = None
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return `bank_activity`; `relations` gives other tables to read in place of typed ones."""
        self._create("bank_transactions", relations, since=since, payees_since=payees_since)
        return self._frame("bank_documents", relations), self._frame("bank_lines", relations)
