"""How invoices and bills were settled: when they came to zero, and through which accounts.

Source: docs/definitions.md, The books at t, and New business.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rowcol.domain.applications import PaymentLines, set_against
from rowcol.domain.bank import pro_rata
from rowcol.domain.books import DOCUMENT, in_home
from rowcol.entities import CHARGES, CREDITS, SIDE_OF

_BY_ACCOUNT_COLUMNS = ["business_id", "side", "account_id", "on_day", "cents"]
_TARGET = ["business_id", "linked_entity", "linked_id"]


@dataclass(frozen=True)
class MixedPayments:
    """The payments that settle or use anything but plain invoices or bills.

    `charges`: the lines of theirs that settle invoices and bills, as `PaymentLines.lines`. `pairs`: what they set against
    each other, with the columns of the charge's line, and entity, id and date of the credit (`credit_*`).
    """

    charges: pd.DataFrame
    pairs: pd.DataFrame

    @property
    def hand_posted(self) -> pd.DataFrame:
        """The pairs by which something posted by hand took off an invoice or bill."""
        return self.pairs[
            self.pairs["linked_entity"].isin(CHARGES) & ~self.pairs["credit_entity"].isin(CREDITS)
        ]


def mixed_payments(payments: PaymentLines) -> MixedPayments:
    """Return those of the payments that use credits or settle what was posted by hand."""
    lines, documents = payments.lines, payments.lines["linked_entity"].isin(CHARGES)
    mixed = (~documents).groupby([lines[name] for name in DOCUMENT]).transform("any").astype(bool)
    pairs = set_against(lines[mixed])
    credit = lines.loc[pairs["line_credit"], ["linked_entity", "linked_id", "linked_on"]]
    credit = credit.set_axis(["credit_entity", "credit_id", "credit_on"], axis=1).set_axis(pairs.index)
    return MixedPayments(lines[mixed & documents], pairs.join(lines, on="line").join(credit))


def with_settled_on(settled: pd.DataFrame, mixed: MixedPayments) -> pd.DataFrame:
    """Return the store's read `settled_documents` with `settled_on`: the day from which on the document is open no more.

    It is the last of its own date and those of its payments and of the credits that were set against it.
    """
    settled_on = settled["closed_on"].where(settled["closed_on"] >= settled["txn_date"], settled["txn_date"])
    rows = settled.assign(settled_on=settled_on.fillna(settled["closed_on"]))
    late = mixed.pairs[mixed.pairs["credit_on"] > mixed.pairs["paid_on"]]
    if late.empty:
        return rows
    last = late.groupby(_TARGET)["credit_on"].max().reindex(pd.MultiIndex.from_frame(rows[DOCUMENT]))
    used_on = pd.Series(last.to_numpy(), index=rows.index)
    return rows.assign(settled_on=rows["settled_on"].where(~(used_on > rows["settled_on"]), used_on))


def settled_by_account(
    plain: pd.DataFrame, mixed: MixedPayments, read_offsetting: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """Return what was taken off invoices (side `ar`) and bills (`ap`) by account and day.

    Columns: business_id, side, account_id ('' if none is named), on_day (of payment, document and credit the last), cents
    (home, at the document's own rate). Credit memos and vendor credits alone take nothing off. Money counts with the
    account it was put into or paid from; what a payment uses of a journal, with the accounts of the journal's other side,
    pro rata; of a deposit or purchase posted to A/R or A/P, with its account.

    `plain`: the store's read `settled_by_account`, of payments that are not mixed; `read_offsetting` its read
    `offsetting_accounts`, not called if nothing of it is needed.
    """
    charges, pairs = mixed.charges, mixed.pairs
    if charges.empty:
        return plain
    by_credits = pairs.groupby("line")["cents"].sum().reindex(charges.index, fill_value=0)
    money = charges.assign(
        cents=charges["amount_cents"] - by_credits, on_day=_last(charges, "paid_on", "linked_on")
    )
    rows, credits = [_at_home(money)], mixed.hand_posted
    if len(credits):
        credits = credits.assign(on_day=_last(credits, "paid_on", "linked_on", "credit_on"))
        rows.append(_by_account(_at_home(credits), read_offsetting()))
    return pd.concat([plain, *(part[_BY_ACCOUNT_COLUMNS] for part in rows)], ignore_index=True)


def _last(rows: pd.DataFrame, *columns: str) -> pd.Series:
    last: pd.Series = rows[list(columns)].apply(pd.to_datetime).max(axis=1)
    return last


def _at_home(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        side=rows["entity"].map(SIDE_OF),
        account_id=rows["account_id"].fillna(""),
        cents=in_home(rows["cents"], rows["linked_rate"]),
    )


def _by_account(credits: pd.DataFrame, used: pd.DataFrame) -> pd.DataFrame:
    """Return credits with the accounts of their document's other side, a row an account."""
    rows = credits.drop(columns="account_id").assign(
        debit=credits["side"] == "ar", number=np.arange(len(credits))
    )
    weights = used.set_axis(
        ["business_id", "credit_entity", "credit_id", "debit", "account_id", "weight"], axis=1
    )
    rows = rows.merge(weights, on=["business_id", "credit_entity", "credit_id", "debit"]).sort_values(
        "number", kind="stable"
    )
    shares = pro_rata(*(rows[name].to_numpy(dtype="int64") for name in ("cents", "weight", "number")))
    return rows.assign(cents=shares)
