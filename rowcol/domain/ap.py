"""What a source of bills must be able to say, whatever rail it comes by."""

from datetime import date
from typing import Protocol

from rowcol.domain.listed import Listed


class ApGateway(Protocol):
    """The bills of one client."""

    def list_incomplete(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return bills, their credits, payments and vendors that have a finding, a row a finding."""

    def list_payment_ready(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return open bills without a blocking finding of which netting leaves something."""

    def payment_history(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return what was paid on bills, oldest first."""
