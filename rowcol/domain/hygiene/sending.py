"""Rules on invoices the customer may never have got."""

from collections.abc import Iterator

import pandas as pd

from rowcol.domain.hygiene.documents import INVOICE
from rowcol.domain.hygiene.evidence import YEAR_DAYS, Evidence
from rowcol.domain.hygiene.rule import HIGH, NO_HITS, Rule, blank, hits

NEED_TO_SEND, NOT_SET = "NeedToSend", "NotSet"


def invoice_unreachable(evidence: Evidence) -> pd.DataFrame:
    """Return open invoices of a customer with no address on the invoice, the customer or its parent."""
    invoices = evidence.opened[INVOICE]
    invoices = invoices[invoices["party_id"].notna() & blank(invoices["bill_email"])]
    if invoices.empty:
        return NO_HITS
    parties = evidence.books.parties
    customers = parties[parties["party_kind"] == "Customer"]
    parents = dict(zip(_keys(customers), customers["parent_id"], strict=True))
    reached = {*_keys(customers[~blank(customers["email"]) | ~blank(customers["phone"])])}
    lost = [key not in reached and (key[0], parents.get(key)) not in reached for key in _keys(invoices)]
    invoices = invoices[lost]
    return hits(invoices, invoices["balance_cents"])


def _keys(parties: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(parties["business_id"], parties["party_id"], strict=True)


def invoice_not_sent(evidence: Evidence) -> pd.DataFrame:
    """Return open invoices waiting to be sent, or past due and never sent if this client e-mails its invoices."""
    invoices = evidence.opened[INVOICE]
    invoices = invoices[invoices["email_status"].isin((NEED_TO_SEND, NOT_SET))]
    if invoices.empty:
        return NO_HITS
    emailed = evidence.records.last_emailed
    invoices = invoices.merge(emailed, on="business_id", how="left")
    in_year = (invoices["as_of"] - invoices["emailed_on"]).dt.days <= YEAR_DAYS
    forgotten = (
        (invoices["email_status"] == NOT_SET)
        & (invoices["days_late"] > 0)
        & invoices["delivered_at"].isna()
        & in_year
    )
    waiting = invoices["email_status"] == NEED_TO_SEND
    invoices = invoices[waiting | forgotten]
    says = (invoices["email_status"] == NEED_TO_SEND).map(
        {True: "still waits to be sent", False: "is past due and was never sent from QuickBooks"}
    )
    return hits(invoices, invoices["balance_cents"], state=says)


RULES = (
    Rule(
        code="INVOICE_UNREACHABLE", severity=HIGH, find=invoice_unreachable,
        label="Customer out of reach",
        says="{what}{whose} over {amount_cents} has no e-mail address and no phone number to chase it on.",
        why="Nobody can be reminded, so it will be paid late or not at all.",
        what_to_do="Ask the client for an e-mail address or a phone number and enter it with the customer.",
        question="Whom do we write to or call about it?",
    ),
    Rule(
        code="INVOICE_NOT_SENT", severity=HIGH, find=invoice_not_sent,
        label="Invoice not sent",
        says="{what}{whose} over {amount_cents} {state}.",
        why="An invoice nobody got is not paid.",
        what_to_do="Send it from QuickBooks, or mark it as sent if it went another way.",
        question="Did the customer get it, and how?",
    ),
)  # fmt: skip
"""Invoices that may not have reached the customer."""
