"""One hygiene rule: its code, its texts, and the pure function that finds what breaks it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rowcol.domain.books import BANK, DOCUMENT
from rowcol.domain.hygiene.evidence import Evidence
from rowcol.domain.netting import DOCUMENTS

Find = Callable[[Evidence], pd.DataFrame]
BLOCKING, HIGH, MEDIUM, LOW = SEVERITIES = ("blocking", "high", "medium", "low")
MONEY_ACCOUNTS = (BANK, "Accounts Payable", "Accounts Receivable")
"""The types of the accounts whose amounts have an effect on the runway."""
HIT = [
    *DOCUMENT, "doc_number", "party_kind", "party_id", "party_name", "amount_cents", "near_on", "severity", "seen_at",
    "version", "account_type",
]  # fmt: skip
"""What a hit may have, business_id and amount_cents always; entity and qbo_id are absent on the company itself.

`near_on` is the day the money is due, NaT if none is; `severity` is given if it differs from the rule's,
`seen_at` if it is not the time the record's version was logged. `version` is given on the company itself alone:
a number that changes with what the finding rests on, as the log's version does on a record. `account_type` is the type of
the account that the amount stands on, given if that may be none of cash, A/R and A/P.
"""


@dataclass(frozen=True)
class Rule:
    """A rule of the table of hygiene findings.

    `says` is the finding as a sentence; its braces are columns of a hit (`HIT` and the rule's own), with `what`
    (the record by name and number), `whose` (` of ` and its party, or nothing). `label` is what the kind of finding is
    called on a page; `question` asks the client what only the client knows.
    """

    code: str
    severity: str
    find: Find
    label: str
    says: str
    why: str
    what_to_do: str
    question: str


NO_HITS = pd.DataFrame(columns=HIT)
"""What a rule returns that found nothing."""


def hits(rows: pd.DataFrame, amount_cents: Any, **more: Any) -> pd.DataFrame:
    """Return rows as hits: what they have of `HIT`, and `more` columns, those of the sentence among them."""
    if rows.empty:
        return NO_HITS
    if "due" in rows:
        more["near_on"] = rows["due"]
    amounts = pd.Series(amount_cents, index=rows.index, dtype="Int64")
    more["amount_cents"] = amounts.fillna(0).astype("int64").abs()
    return rows[[name for name in HIT if name in rows and name not in more]].assign(**more)


def due_day(rows: pd.DataFrame) -> pd.Series:
    """Return the effective due date of bills and invoices; NaT for other records."""
    due: pd.Series = rows["due_date"].fillna(rows["txn_date"])
    return due.where(rows["entity"].isin(DOCUMENTS))


def letters(text: Any) -> str:
    """Return a name or number as it is compared: upper-case, letters and digits only; nothing for an absent one."""
    return "".join(filter(str.isalnum, text.upper())) if isinstance(text, str) else ""


def blank(numbers: pd.Series) -> pd.Series:
    """Return which document numbers are absent or empty."""
    return numbers.isna() | (numbers.astype("str").str.strip() == "")


def id_order(ids: pd.Series) -> pd.Series:
    """Return ids as numbers to sort by; ids that are none come last."""
    return pd.to_numeric(ids, errors="coerce").astype("float64").fillna(math.inf)
