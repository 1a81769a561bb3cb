"""Which links between payments and what they settle count at a day. Source: docs/definitions.md, The books at t."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from rowcol.domain.books import DOCUMENT, Books
from rowcol.domain.control_lines import matched_lines, settle
from rowcol.entities import CREDITS

_TARGET = ["business_id", "linked_entity", "linked_id"]


@dataclass(frozen=True)
class Applied:
    """The links of payments at a day, each line with what counts of it, in the payment's currency.

    `lines`: `DOCUMENT` of the payment, `_TARGET`, amount_cents, counted_cents (0 .. amount), is_charge (what the line
    settles; else it uses a credit up). `left`: what is left of each hand-posted line, signed, by its index.
    """

    lines: pd.DataFrame
    left: Mapping[int, int]

    def undone_of(self, documents: pd.DataFrame) -> pd.Series:
        """Return what links settled or used of each document that does not count."""
        return _sums(documents, self.lines, _TARGET, self.lines["amount_cents"] - self.lines["counted_cents"])

    def used_of(self, documents: pd.DataFrame) -> pd.Series:
        """Return what links that count settled or used of each document."""
        return _sums(documents, self.lines, _TARGET, self.lines["counted_cents"])

    def returned_to(self, payments: pd.DataFrame) -> pd.Series:
        """Return what each payment has again because of links that do not count: charges less credits."""
        undone = self.lines["amount_cents"] - self.lines["counted_cents"]
        return _sums(payments, self.lines, DOCUMENT, self._signed(undone))

    def spent_by(self, payments: pd.DataFrame) -> pd.Series:
        """Return what each payment spent on charges less the credits it used, of the links that count."""
        return _sums(payments, self.lines, DOCUMENT, self._signed(self.lines["counted_cents"]))

    def _signed(self, cents: pd.Series) -> pd.Series:
        return cents.where(self.lines["is_charge"], -cents)


def applied_at(books: Books, control: pd.DataFrame, *, ahead: bool) -> Applied:
    """Return the links of the books' payments at the as-of dates, and what they leave of `hand_posted_lines`.

    A link counts if the payment and what it settles exist (see `Books.existing`). A payment sets the credits that it
    uses against its charges, both in the order of its lines, and its own money takes what is left of them: what is set
    against each other counts if both exist.
    """
    lines = books.dated(books.applications.sort_values([*DOCUMENT, "line_number"]))
    matched = matched_lines(control, lines)
    left = dict(zip(control.index.tolist(), control["open_cents"].tolist(), strict=True))
    charges = {line: cents > 0 for line, cents in left.items()}
    by_hand = {index: charges[posted[0]] for index, posted in matched.items()}
    charge = ~lines["linked_entity"].isin(CREDITS)
    lines["is_charge"] = [by_hand.get(index, usual) for index, usual in enumerate(charge)]
    paid = books.existing(lines, "paid_on", "paid_created_at", ahead=ahead)
    exists = books.existing(lines, "linked_on", "linked_created_at", ahead=ahead)
    lines["counted_cents"] = lines["amount_cents"].where(paid & exists, 0)
    if not exists.all():
        lines["counted_cents"] -= _without_counterpart(lines[paid], exists)
    counted = lines["counted_cents"].tolist()
    for index, posted in matched.items():
        settle(left, charges, posted, counted[index])
    return Applied(lines, left)


def _without_counterpart(lines: pd.DataFrame, exists: pd.Series) -> pd.Series:
    """Return how much of each line that exists is set against a line of its payment that does not; index as `exists`."""
    keys = [lines[name] for name in DOCUMENT]
    mixed = lines["is_charge"].groupby(keys).transform("nunique") == 2
    rows = lines[mixed & (~exists.loc[lines.index]).groupby(keys).transform("any")]
    end = rows["amount_cents"].groupby([*(rows[name] for name in DOCUMENT), rows["is_charge"]]).cumsum()
    rows = rows[[*DOCUMENT, "is_charge"]].assign(
        start=end - rows["amount_cents"], end=end, exists=exists.loc[rows.index], line=rows.index
    )
    pairs = rows[rows["is_charge"]].merge(rows[~rows["is_charge"]], on=DOCUMENT, suffixes=("", "_credit"))
    both_end = pairs["end"].where(pairs["end"] < pairs["end_credit"], pairs["end_credit"])
    both_start = pairs["start"].where(pairs["start"] > pairs["start_credit"], pairs["start_credit"])
    pairs["cents"] = (both_end - both_start).clip(lower=0)
    lost = [
        pairs.loc[pairs[own] & ~pairs[other], "cents"].groupby(pairs[line]).sum()
        for own, other, line in (
            ("exists", "exists_credit", "line"),
            ("exists_credit", "exists", "line_credit"),
        )
    ]
    cents: pd.Series = pd.concat(lost).astype("int64").reindex(exists.index, fill_value=0)
    return cents


def _sums(documents: pd.DataFrame, lines: pd.DataFrame, keys: list[str], cents: pd.Series) -> pd.Series:
    """Return the cents of the lines that belong to each document, by `keys` of the lines."""
    wanted = cents != 0
    if not wanted.any():
        return pd.Series(0, index=documents.index, dtype="int64")
    sums = cents[wanted].groupby([lines.loc[wanted, key] for key in keys]).sum()
    totals = sums.reindex(pd.MultiIndex.from_frame(documents[DOCUMENT])).fillna(0)
    return pd.Series(totals.to_numpy().astype("int64"), index=documents.index)
