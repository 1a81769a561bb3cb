"""What a source of invoices must be able to say, whatever rail it comes by."""

from datetime import date
from typing import Protocol

from rowcol.domain.listed import Listed


class ArGateway(Protocol):
    """The invoices of one client."""

    def list_incomplete(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return invoices, their credits, payments and customers that have a finding, a row a finding."""

    def list_collections_ready(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return open invoices 30 or more days past due without a blocking finding, of which netting leaves something."""

    def payment_history(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return what was received on invoices, oldest first."""
