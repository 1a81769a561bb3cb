"""What Intuit leaves undocumented or changes at will, as switches of the sandbox."""

from dataclasses import dataclass
from typing import Literal

CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-secret"


@dataclass(frozen=True)
class Switches:
    """The doubtful points of QuickBooks' wire, each with the default the sandbox speaks.

    Durations are seconds, latency is milliseconds.
    """

    # OAuth
    access_ttl: int = 3600
    refresh_ttl: int = 8_726_400  # 101 days, as in most captured bodies
    hard_ttl: int = 157_680_000  # five years
    rotation: Literal["every call", "24h", "never"] = "every call"
    old_value_grace: int = 0  # how long a superseded refresh token still works
    double_refresh_kills: bool = False  # a superseded refresh token ends the whole grant
    invalid_grant_description: bool = True
    # Queries, change-data-capture and reports
    max_results: Literal["clamp", "fault"] = "clamp"  # MAXRESULTS above 1000
    total_count: bool = False  # totalCount outside COUNT(*)
    card_balance: Literal["negative", "positive"] = "negative"  # CurrentBalance of a card that owes
    card_payment_key: Literal["CreditCardPayment", "CreditCardPaymentTxn"] = "CreditCardPayment"  # in answers
    voided_note: str = "Voided"  # localized user interfaces may write another word
    # Limits
    throttle: bool = True
    throttle_form: Literal["json", "xml"] = "xml"
    retry_after: int | None = None  # header of the sandbox's own 429 answers
    latency_ms: int = 0
