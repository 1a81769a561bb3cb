"""Definitions.md, p80: each paid invoice is predicted as of the day it was written, from what was paid before it."""

import statistics
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcol.domain.forecast.held_out import held_out, p80_days
from tests.kits.examples import examples
from tests.kits.store import TODAY

PARENTS = {"2": "1", "4": "2"}


@dataclass(frozen=True)
class PaidInvoice:
    """An invoice by days: written, due after it, and paid after the due day."""

    client: str
    party: str | None
    written: date
    due: date
    closed: date


def settled(*invoices: PaidInvoice) -> pd.DataFrame:
    rows = [
        (
            "Invoice",
            row.client,
            row.party,
            pd.Timestamp(row.written),
            pd.Timestamp(row.due),
            pd.Timestamp(row.closed),
        )
        for row in invoices
    ]
    columns = ["entity", "business_id", "party_id", "txn_date", "due_date", "closed_on"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(settled_on=frame[["txn_date", "closed_on"]].max(axis=1))


def predicted(*invoices: PaidInvoice) -> pd.DataFrame:
    parties = pd.DataFrame(
        [(client, "Customer", child, parent, True) for client in "ab" for child, parent in PARENTS.items()],
        columns=["business_id", "party_kind", "party_id", "parent_id", "bill_with_parent"],
    )
    return held_out(settled(*invoices), clients(), parties)


def clients() -> pd.DataFrame:
    return pd.DataFrame({"business_id": ["a", "b"], "as_of": pd.Timestamp(TODAY)})


def invoice(
    closed: int, late: int, terms: int = 30, party: str | None = "9", client: str = "a"
) -> PaidInvoice:
    """Return an invoice that was paid some days before TODAY, some days late."""
    on = TODAY - timedelta(days=closed)
    due = on - timedelta(days=late)
    return PaidInvoice(client, party, due - timedelta(days=terms), due, on)


def lates(*invoices: PaidInvoice) -> list[int]:
    return predicted(*invoices)["late"].tolist()


def test_only_payments_dated_before_the_day_an_invoice_was_written_teach() -> None:
    before, same_day = [invoice(100, 10)] * 3, [invoice(101, 10)] * 3
    held = invoice(59, 11)
    assert (TODAY - held.written).days == 100
    assert (lates(*before, held), lates(*same_day, held)) == ([11], [1])


def test_what_was_paid_a_year_before_an_invoice_was_written_teaches() -> None:
    held = invoice(10, 6)
    year = (TODAY - held.written).days + 365
    assert lates(*[invoice(year, 4)] * 3, held) == [2]
    assert lates(*[invoice(year + 1, 4)] * 3, held) == [6]


def test_trailing_ninety_days_hold_both_ends_and_nothing_to_come() -> None:
    assert lates(invoice(90, 3), invoice(91, 4), invoice(0, 5), invoice(-1, 6)) == [3, 5]


def test_an_invoice_doubtful_on_its_own_date_is_not_predicted() -> None:
    assert lates(invoice(10, 100, terms=-91), invoice(10, 100, terms=-90)) == [100 - 90 - 7]


def test_ten_are_needed_and_days_before_the_predicted_one_count_as_none() -> None:
    held = pd.DataFrame({"business_id": ["a"] * 10 + ["b"] * 9, "late": [*range(-8, 2), *range(9)]})
    assert p80_days(held, clients()["business_id"]).to_numpy(na_value=None).tolist() == [0, None]
    held["late"] = [0] * 7 + [4, 5, 6] + [0] * 9
    assert p80_days(held, clients()["business_id"]).to_numpy(na_value=None).tolist() == [4, None]


days = st.integers(-40, 60)
parties = st.sampled_from(["1", "2", "3", "4", None])
paid_invoices = st.builds(
    invoice, st.integers(-5, 460), days, st.integers(0, 60), parties, st.sampled_from("ab")
)


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(paid_invoices, max_size=60))
def test_each_is_where_the_rules_put_it(drawn: list[PaidInvoice]) -> None:
    rows = predicted(*drawn)
    assert dict(zip(rows.index, rows["late"], strict=True)) == {
        number: (row.closed - by_the_rules(row, drawn)).days
        for number, row in enumerate(drawn)
        if 0 <= (TODAY - row.closed).days <= 90
    }


def by_the_rules(wanted: PaidInvoice, paid: list[PaidInvoice]) -> date:
    before = [
        row
        for row in paid
        if row.client == wanted.client and wanted.written - timedelta(days=365) <= row.closed < wanted.written
        and row.closed <= TODAY
    ]  # fmt: skip
    chain = [wanted.party]
    while chain[-1] in PARENTS:
        chain.append(PARENTS[str(chain[-1])])
    groups = [[row for row in before if row.party == party and party is not None] for party in chain]
    habit = next(
        (
            statistics.median_low([(row.closed - row.due).days for row in group])
            for group in [*groups, before]
            if len(group) >= 3
        ),
        0,
    )
    return max(wanted.written, wanted.due + timedelta(days=habit))
