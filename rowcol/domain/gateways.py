"""What any source of a client's books must be able to answer, whichever rail the books come by."""

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from rowcol.domain.freshness import Freshness


class OpenBooks(Protocol):
    """The books of some clients at one moment; frames have one row or more a client, keyed by `business_id`."""

    @property
    def freshness(self) -> Mapping[str, Freshness]:
        """How old each client's books are, and why they are stale if they are."""

    def list_incomplete(self) -> pd.DataFrame:
        """Return the findings that are not dismissed, as `ranked`: `FINDING_COLUMNS`."""

    def list_payment_ready(self) -> pd.DataFrame:
        """Return the bills ready for a decision, see `readiness.payment_ready`."""

    def list_collections_ready(self) -> pd.DataFrame:
        """Return the invoices to collect, see `readiness.collections_ready`."""

    def payment_history(self) -> pd.DataFrame:
        """Return every payment of a bill or an invoice up to the as-of date, oldest first: `HISTORY_COLUMNS`."""

    def balances(self) -> pd.DataFrame:
        """Return the bank accounts with their balances at the as-of date, see `cash.bank_accounts`."""


HISTORY_COLUMNS = [
    "business_id", "side", "qbo_id", "entity", "party_id", "party", "paid_on", "due_date", "days_late", "amount_cents",
    "document_entity", "document_id", "document_number",
]  # fmt: skip
"""A payment (entity, qbo_id) of one document. `side`: `ap` or `ar`; `days_late` counts from the document's effective due
date (Int64, NA if it is unknown); `amount_cents` is what the payment paid of the document, in home cents."""
