"""Which links between payments and what they settle count at a day. Source: docs/definitions.md, The books at t."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.books import DOCUMENT, Books
from rowcol.domain.control_lines import hand_posted_lines, matched_lines, settle
from rowcol.entities import CREDITS

_TARGET = ["business_id", "linked_entity", "linked_id"]


@dataclass(frozen=True)
class PaymentLines:
    """The hand-posted lines of some books, and what their payments are linked to.

    `lines`: the store's read `applications`, by payment and in the order of its lines, with as_of and is_charge (whether a
    line settles what is owed; else it uses a credit up). `control`: see `hand_posted_lines`. `posted`: line (its index in
    `lines`) -> the hand-posted lines (their indexes in `control`, in order) that it settles or uses.
    """

    lines: pd.DataFrame
    control: pd.DataFrame
    posted: Mapping[int, Sequence[int]]


def payment_lines(books: Books) -> PaymentLines:
    """Return the hand-posted lines of the books and the lines of their payments."""
    control = hand_posted_lines(books)
    lines = books.dated(books.applications.sort_values([*DOCUMENT, "line_number"]))
    posted = matched_lines(control, lines)
    raises = control["open_cents"] > 0
    by_hand = {line: bool(raises[places[0]]) for line, places in posted.items()}
    charge = ~lines["linked_entity"].isin(CREDITS)
    lines["is_charge"] = [by_hand.get(line, usual) for line, usual in enumerate(charge)]
    return PaymentLines(lines, control, posted)


@dataclass(frozen=True)
class Applied:
    """The links of payments at a day, each line with what counts of it, in the payment's currency.

    `lines`: `DOCUMENT` of the payment, `_TARGET`, amount_cents, counted_cents (0 .. amount), is_charge. `left`: what is
    left of each hand-posted line, signed, by its index.
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


def applied_at(books: Books, payments: PaymentLines, *, ahead: bool) -> Applied:
    """Return the links of the books' payments at the as-of dates, and what they leave of the hand-posted lines.

    A link counts if the payment and what it settles exist (see `Books.existing`); what a payment sets against each other
    (see `set_against`) counts if both exist.
    """
    lines, control = payments.lines, payments.control
    paid = books.existing(lines, "paid_on", "paid_created_at", ahead=ahead)
    exists = books.existing(lines, "linked_on", "linked_created_at", ahead=ahead)
    counted = lines["amount_cents"].where(paid & exists, 0)
    if not exists.all():
        counted -= _without_counterpart(lines[paid], exists)
    left = dict(zip(control.index.tolist(), control["open_cents"].tolist(), strict=True))
    charges = {line: cents > 0 for line, cents in left.items()}
    cents = counted.tolist()
    for line, places in payments.posted.items():
        settle(left, charges, places, cents[line])
    return Applied(lines.assign(counted_cents=counted), left)


def set_against(lines: pd.DataFrame) -> pd.DataFrame:
    """Return what payments set of credits against charges: line, line_credit (their indexes), cents above 0.

    Both in the order of their lines: the first charge takes the first credits, until it or they are used up. What is left
    of the charges is paid by the payment's own money. `lines` as `PaymentLines.lines`.
    """
    # The sums set against each other of one payment after another lie on one line, which charges and credits both cut
    # into pieces: so it takes no more than the lines, however many one payment has.
    payment = lines.groupby(DOCUMENT, sort=False).ngroup().to_numpy().astype(np.int64)
    cents = lines["amount_cents"].clip(lower=0).to_numpy()
    charge = lines["is_charge"].to_numpy(dtype=bool)
    totals = [_totals(payment, cents * kind) for kind in (charge, ~charge)]
    both = np.minimum(*totals)
    start = np.cumsum(both) - both
    ends = []
    for kind, total in zip((charge, ~charge), totals, strict=True):
        own = payment[kind]
        upto = np.cumsum(cents[kind]) - (np.cumsum(total) - total)[own]
        ends.append(start[own] + np.minimum(upto, both[own]))
    cuts = np.unique(np.concatenate([[0], *ends]))
    line, line_credit = (
        lines.index.to_numpy()[kind][np.searchsorted(end, cuts[1:])]
        for kind, end in zip((charge, ~charge), ends, strict=True)
    )
    return pd.DataFrame({"line": line, "line_credit": line_credit, "cents": np.diff(cuts)})


def _totals(groups: npt.NDArray[np.int64], cents: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the sum of each group 0, 1, …, in whole cents."""
    totals = np.zeros(groups.max(initial=-1) + 1, dtype=np.int64)
    np.add.at(totals, groups, cents)
    return totals


def _without_counterpart(lines: pd.DataFrame, exists: pd.Series) -> pd.Series:
    """Return how much of each line that exists is set against a line of its payment that does not; index as `exists`."""
    absent = (~exists.loc[lines.index]).groupby([lines[name] for name in DOCUMENT]).transform("any")
    pairs = set_against(lines[absent])
    charge, credit = (exists.loc[pairs[name]].to_numpy() for name in ("line", "line_credit"))
    lost = [
        pairs.loc[kept, "cents"].groupby(pairs[name]).sum()
        for kept, name in ((charge & ~credit, "line"), (credit & ~charge, "line_credit"))
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
