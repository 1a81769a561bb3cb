"""The named reads the hygiene findings need beyond those of the figures; `Reading` has them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from rowcol.entities import TRANSACTIONS
from rowcol.store.books_reads import BooksReads
from rowcol.store.database import naive
from rowcol.store.reads import create_temp_table
from rowcol.store.revisions import pair_frame, version_frame

Calls = Mapping[str, datetime]
"""business_id -> the moment of its last weekly call."""
_COMPARED = (
    "$.TxnDate", "$.TotalAmt", "$.Amount", "$.VendorRef.value", "$.CustomerRef.value", "$.EntityRef.value", "$.Line",
)  # fmt: skip
"""The paths of which one must differ between two versions for them to be compared."""
_OPENED = pa.schema(
    [("business_id", pa.string()), ("entity", pa.string()), ("qbo_id", pa.string()), ("as_of", pa.date32())]
)


class HygieneReads(BooksReads):
    """Reads over one scope; each returns a frame whose columns its SQL file names."""

    def open_at(self, documents: pd.DataFrame) -> None:
        """Say which bills and invoices are open: business_id, entity, qbo_id, as_of (the day at which they are).

        What is open at a day follows from the books; the mirror holds today's balances. To be called before
        `hygiene_documents`, `outside_payments` and `uncategorized_lines`.
        """
        opened = pa.Table.from_pandas(documents, schema=_OPENED, preserve_index=False)
        create_temp_table(self._cursor, "opened_at", opened)
        self._create("opened_documents")

    def hygiene_documents(self) -> pd.DataFrame:
        """Return bills and invoices a finding may be on or be explained by: open, of nothing, or alike an open one.

        Also those with a balance today, which may be entered ahead, and the bills of a number that several have.
        """
        self._link_payments()
        return self._frame("hygiene_documents")

    def outside_payments(self) -> pd.DataFrame:
        """Return purchases, sales receipts and deposit lines of an open bill's or invoice's party and amount."""
        return self._frame("outside_payments")

    def payeeless_lines(self, since: date) -> pd.DataFrame:
        """Return purchases without a payee, line by line (a purchase without lines once)."""
        return self._frame("payeeless_lines", since=since)

    def uncategorized_lines(self, since: date) -> pd.DataFrame:
        """Return lines on accounts named for what is not yet decided: dated from a day on, or of open bills and invoices."""
        return self._frame("uncategorized_lines", since=since)

    def undeposited_receipts(self, day: date) -> pd.DataFrame:
        """Return what was put into Undeposited Funds, whenever, and is in no deposit dated on or before a day.

        Payments, sales receipts, deposits received with invoices, and refunds (negative `total_cents`, home), each with
        deposited_on and deposit_created_at (UTC) of the later deposit it stands in, if any.
        """
        return self._frame("undeposited_receipts", day=day)

    def duplicate_names(self) -> pd.DataFrame:
        """Return active vendors, and customers, whose names have the same letters and digits as another's."""
        return self._frame("duplicate_names")

    def new_vendor_bills(self, since: date, days: Mapping[str, date]) -> pd.DataFrame:
        """Return bills of vendors created since a day, each with the lower median of all its client's bills.

        Of each client the bills dated up to its own day.
        """
        until: dict[str, Any] = {"businesses": list(days), "days": list(days.values())}
        return self._frame("new_vendor_bills", since=since, **until)

    def last_emailed(self, days: Mapping[str, date]) -> pd.DataFrame:
        """Return business_id, emailed_on: the newest invoice up to each client's day that was e-mailed from QuickBooks."""
        return self._frame("last_emailed", businesses=list(days), days=list(days.values()))

    def clearing_postings(self, since: date) -> pd.DataFrame:
        """Return business_id, account_id, txn_date, debit_cents of clearing, suspense and opening balance accounts."""
        return self._frame("clearing_postings", since=since)

    def backdated_documents(self, calls: Calls) -> pd.DataFrame:
        """Return transactions created since each client's call and dated on or before its day."""
        return self._frame("backdated_documents", **_named(calls))

    def deletions(self, calls: Calls) -> pd.DataFrame:
        """Return transactions deleted since each client's call, as they last were (see `version_frame`)."""
        return version_frame(self._texts("deletions", calls), "deleted_at")

    def revisions(self, calls: Calls) -> pd.DataFrame:
        """Return versions logged since each client's call beside the version before (see `pair_frame`)."""
        # Compared in Python: as a condition of the query the comparison takes twice as long.
        differing = [row for row in self._texts("revisions", calls) if row[-1] is not None]
        return pair_frame(((*row[:-1], *row[-1]) for row in differing), "observed_at")

    def _texts(self, name: str, calls: Calls) -> list[tuple[Any, ...]]:
        values = {**_named(calls), "entities": list(TRANSACTIONS), "parts": list(_COMPARED)}
        return self._read(name, **values).fetchall()


def _named(calls: Calls) -> dict[str, Any]:
    return {"businesses": list(calls), "moments": [naive(moment) for moment in calls.values()]}
