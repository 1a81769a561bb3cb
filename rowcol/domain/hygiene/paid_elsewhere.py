"""Rules on open bills and invoices that seem to have been paid by a record that does not settle them."""

from typing import Any

import numpy as np
import pandas as pd

from rowcol.domain.hygiene.documents import BILL, INVOICE
from rowcol.domain.hygiene.evidence import Evidence, of_client
from rowcol.domain.hygiene.rule import HIGH, Rule, hits, id_order
from rowcol.entities import label

DAYS_BEFORE_BILL = 3
DAYS_AFTER_DUE = 60
REGULAR_COUNT = 3
REGULAR_DAYS = 120
"""`REGULAR_COUNT` payments of one amount within this many days are a habit, not a mistake."""
_LIKE = ["business_id", "party_id", "currency", "amount_cents"]


def bill_paid_as_expense(evidence: Evidence) -> pd.DataFrame:
    """Return open bills that a purchase of the same vendor and amount may have paid."""
    return _matched(evidence, BILL, -DAYS_BEFORE_BILL)


def invoice_paid_as_deposit(evidence: Evidence) -> pd.DataFrame:
    """Return open invoices that a later deposit line or sales receipt of the same customer and amount may have paid."""
    return _matched(evidence, INVOICE, 1)


def _matched(evidence: Evidence, entity: str, first_day: int) -> pd.DataFrame:
    """Return open documents each explained by one payment dated from `first_day` on; each payment explains one at most."""
    documents, payments = evidence.opened[entity], _payments(evidence, entity)
    if payments.empty:
        return hits(documents[:0], 0)
    documents = documents[documents["txn_date"].notna() & documents["party_id"].isin(payments["party_id"])]
    pairs = documents.reset_index().merge(payments, on=_LIKE, suffixes=("", "_paid"))
    wait = (pairs["txn_date_paid"] - pairs["txn_date"]).dt.days
    after_due = (pairs["txn_date_paid"] - pairs["due"]).dt.days
    pairs = pairs.assign(distance=wait.abs(), order=id_order(pairs["qbo_id"]))
    pairs = pairs[(wait >= first_day) & (after_due <= DAYS_AFTER_DUE)]
    pairs = pairs.sort_values(["distance", "order", "business_id", "paid_order", "line_number"])
    chosen = pairs.loc[_nearest(pairs)].set_index("index")
    matches = documents.loc[chosen.index]
    paid_by = chosen["entity_paid"].map(lambda entity: label(entity).lower())
    return hits(matches, matches["balance_cents"], paid_by=paid_by, paid_on=chosen["txn_date_paid"])


def _payments(evidence: Evidence, entity: str) -> pd.DataFrame:
    """Return the payments that may explain documents of one kind: up to the as-of date, no habit among them."""
    rows = evidence.records.outside_payments
    rows = evidence.books.dated(rows[rows["settles"] == entity])
    rows = rows[~(rows["txn_date"] > rows["as_of"])]
    if rows.empty:
        return rows
    home = of_client(rows, evidence.books.clients, "currency")
    rows = rows.assign(currency=rows["currency"].fillna(home), paid_order=id_order(rows["qbo_id"]))
    rows = rows.sort_values([*_LIKE, "txn_date"], ignore_index=True)
    like = rows.groupby(_LIKE).ngroup().to_numpy()
    day = rows["txn_date"].to_numpy().astype("datetime64[D]").astype("int64")
    apart = REGULAR_COUNT - 1
    near = (like[apart:] == like[:-apart]) & (day[apart:] - day[:-apart] <= REGULAR_DAYS)
    regular = np.zeros(len(rows), dtype=bool)
    for first in np.flatnonzero(near):
        regular[first : first + REGULAR_COUNT] = True
    return rows[~regular].drop(columns=["as_of", "settles", "doc_number"])


def _nearest(pairs: pd.DataFrame) -> list[Any]:
    """Return the rows to keep of pairs in order of nearness, so that no document and no payment occurs twice."""
    taken: set[tuple[Any, ...]] = set()
    kept: list[Any] = []
    columns = ["business_id", "qbo_id", "entity_paid", "qbo_id_paid", "line_number"]
    for row, business, document, *payment in pairs[columns].itertuples(name=None):
        ends = {(business, document), (business, *payment)}
        if not ends & taken:
            taken |= ends
            kept.append(row)
    return kept


RULES = (
    Rule(
        code="BILL_PAID_AS_EXPENSE", severity=HIGH, find=bill_paid_as_expense,
        label="Bill paid as an expense",
        says="{what}{whose} over {amount_cents} is open, and an {paid_by} of {paid_on} has the same vendor and amount.",
        why="The bill would be paid again, and the cost is in the books twice.",
        what_to_do="Turn the expense into a payment of the bill, or delete the bill.",
        question="Was that payment for this bill?",
    ),
    Rule(
        code="INVOICE_PAID_AS_DEPOSIT", severity=HIGH, find=invoice_paid_as_deposit,
        label="Invoice paid as a deposit",
        says="{what}{whose} over {amount_cents} is open, and a {paid_by} of {paid_on} has the same customer and amount.",
        why="A customer who paid would be chased, and the income is in the books twice.",
        what_to_do="Receive the payment against the invoice and put that into the deposit.",
        question="Was that money the payment of this invoice?",
    ),
)  # fmt: skip
"""Bills and invoices paid past themselves."""
