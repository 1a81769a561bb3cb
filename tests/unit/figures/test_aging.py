"""Definitions.md, Aging: which bucket an open item is in, and what a party's row adds up to."""

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rowcol.domain.aging import AMOUNTS, BUCKETS, UNDATED, aged, by_party, totals
from rowcol.domain.books import Books
from tests.kits.examples import examples
from tests.kits.records import (
    AP,
    bill,
    chart,
    credit,
    credit_memo,
    customer,
    debit,
    invoice,
    journal,
    vendor,
    vendor_credit,
)
from tests.kits.store import MEMORY, TODAY, PracticeStore, ago, shuffled

PARTS = [*BUCKETS, UNDATED]


def rows_of(books: Books, side: str) -> pd.DataFrame:
    return by_party(aged(books), books.parties, side)


def row(books: Books, side: str, party: str) -> dict[str, int]:
    """Return what is not zero in one party's row."""
    rows = rows_of(books, side)
    (only,) = rows[rows["party"] == party][AMOUNTS].to_dict("records")
    return {name: cents for name, cents in only.items() if cents}


@pytest.mark.parametrize(
    ("days_past_due", "bucket"),
    [
        (-1, "current_cents"), (0, "current_cents"), (1, "d1_30_cents"), (30, "d1_30_cents"), (31, "d31_60_cents"),
        (60, "d31_60_cents"), (61, "d61_90_cents"), (90, "d61_90_cents"), (91, "d91_over_cents"),
        (4000, "d91_over_cents"),
    ],
)  # fmt: skip
def test_a_bill_is_in_the_bucket_of_its_days_past_due(
    store: PracticeStore, days_past_due: int, bucket: str
) -> None:
    store.land_all([vendor("1", "Acme"), bill("1", ago(5000), ago(days_past_due), "100.01")])
    assert row(store.books(), "ap", "Acme") == {bucket: 10_001, "total_cents": 10_001}


def test_a_bill_without_a_due_date_is_aged_from_its_own_date(store: PracticeStore) -> None:
    store.land_all([vendor("1", "Acme"), bill("1", ago(45), None, 70)])
    assert row(store.books(), "ap", "Acme") == {"d31_60_cents": 7_000, "total_cents": 7_000}


def test_an_invoice_without_any_date_is_open_and_undated(store: PracticeStore) -> None:
    store.land_all([customer("9", "Beta"), invoice("9", None, None, 12.5)])
    assert row(store.books(), "ar", "Beta") == {UNDATED: 1_250, "total_cents": 1_250}


def test_a_bill_with_a_due_date_alone_is_aged_by_it(store: PracticeStore) -> None:
    store.land_all([vendor("1", "Acme"), bill("1", None, ago(95), 8)])
    assert row(store.books(), "ap", "Acme") == {"d91_over_cents": 800, "total_cents": 800}


def test_credits_are_negative_and_aged_from_their_own_date(store: PracticeStore) -> None:
    store.land_all(
        [
            vendor("1", "Acme"), bill("1", ago(20), ago(10), 500), vendor_credit("1", ago(40), "120.25"),
            customer("9", "Beta"), invoice("9", ago(20), ago(-10), 300), credit_memo("9", ago(91), 50),
        ]
    )  # fmt: skip
    books = store.books()
    assert row(books, "ap", "Acme") == {
        "d1_30_cents": 50_000, "d31_60_cents": -12_025, "total_cents": 37_975,
    }  # fmt: skip
    assert row(books, "ar", "Beta") == {
        "current_cents": 30_000, "d91_over_cents": -5_000, "total_cents": 25_000,
    }  # fmt: skip


def test_overdue_is_the_four_past_due_buckets_credits_included(store: PracticeStore) -> None:
    store.land_all(
        [
            vendor("1", "Acme"), bill("1", ago(20), ago(10), 500), bill("1", ago(20), ago(-10), 40),
            vendor_credit("1", ago(40), 120), bill("1", None, None, 7),
        ]
    )  # fmt: skip
    sums = totals(aged(store.books())).loc[store.client()]
    assert (sums["ap_cents"], sums["ap_overdue_cents"]) == (42_700, 38_000)
    assert (sums["ar_cents"], sums["ar_overdue_cents"]) == (0, 0)


def test_the_as_of_date_moves_the_arithmetic_over_the_same_books(store: PracticeStore) -> None:
    store.land_all([vendor("1", "Acme"), bill("1", ago(20), ago(0), 500)])
    later = store.books(TODAY + timedelta(days=31))
    assert row(store.books(), "ap", "Acme") == {"current_cents": 50_000, "total_cents": 50_000}
    assert row(later, "ap", "Acme") == {"d31_60_cents": 50_000, "total_cents": 50_000}


def test_a_document_dated_after_the_as_of_date_is_not_open_yet(store: PracticeStore) -> None:
    store.land_all([vendor("1", "Acme"), bill("1", ago(-1), ago(-30), 500), bill("1", ago(0), ago(-30), 3)])
    assert row(store.books(), "ap", "Acme") == {"current_cents": 300, "total_cents": 300}


def test_a_sub_customer_is_a_party_of_its_own(store: PracticeStore) -> None:
    job = {"ParentRef": {"value": "9"}, "Job": True, "BillWithParent": True}
    store.land_all(
        [
            customer("9", "Beta"), customer("10", "Beta:Roof", **job),
            invoice("9", ago(0), ago(-1), 10), invoice("10", ago(0), ago(-1), 20),
        ]
    )  # fmt: skip
    owed = rows_of(store.books(), "ar").set_index("party")["total_cents"].to_dict()
    assert owed == {"Beta": 1_000, "Beta:Roof": 2_000}


def test_a_document_without_a_party_is_in_a_row_named_no_name(store: PracticeStore) -> None:
    store.land_all([bill(None, ago(0), ago(-1), 10), bill(None, ago(0), ago(-1), 5)])
    (only,) = rows_of(store.books(), "ap").to_dict("records")
    assert (only["party_id"], only["party"], only["total_cents"]) == (None, "No name", 1_500)


def test_a_customer_and_a_vendor_of_one_id_are_two_parties(store: PracticeStore) -> None:
    """Ids of vendors and customers are numbered together at Intuit, but nothing promises it."""
    store.land_all(
        [
            vendor("1", "Acme"), customer("1", "Beta"),
            bill("1", ago(0), ago(-1), 10), invoice("1", ago(0), ago(-1), 20),
        ]
    )  # fmt: skip
    books = store.books()
    assert rows_of(books, "ap")[["party", "total_cents"]].to_numpy().tolist() == [["Acme", 1_000]]
    assert rows_of(books, "ar")[["party", "total_cents"]].to_numpy().tolist() == [["Beta", 2_000]]


def test_a_party_whose_every_bucket_is_zero_has_no_row_and_one_that_nets_to_zero_has(
    store: PracticeStore,
) -> None:
    store.land_all(
        [
            vendor("1", "Even"), bill("1", ago(20), ago(10), 50), vendor_credit("1", ago(10), 50),
            vendor("2", "Spread"), bill("2", ago(80), ago(70), 50), vendor_credit("2", ago(10), 50),
        ]
    )  # fmt: skip
    books = store.books()
    assert rows_of(books, "ap")["party"].tolist() == ["Spread"]
    assert row(books, "ap", "Spread") == {"d1_30_cents": -5_000, "d61_90_cents": 5_000}


def test_parties_come_by_their_total_the_largest_first(store: PracticeStore) -> None:
    for id_, name, sum_ in (("1", "Small", 5), ("2", "Large", 500), ("3", "Middle", 50)):
        store.land_all([vendor(id_, name), bill(id_, ago(0), ago(-1), sum_)])
    assert rows_of(store.books(), "ap")["party"].tolist() == ["Large", "Middle", "Small"]


def test_a_vendor_the_list_does_not_know_goes_by_the_name_its_bill_carries(store: PracticeStore) -> None:
    entity, record = bill("77", ago(0), ago(-1), 10)
    store.land(entity, {**record, "VendorRef": {"value": "77", "name": "Merged & Gone"}})
    assert rows_of(store.books(), "ap")["party"].tolist() == ["Merged & Gone"]


day = st.none() | st.integers(-40, 200)
item = st.tuples(st.sampled_from(["1", "2", None]), day, day, st.integers(1, 10**9), st.sampled_from("bcj"))


def pair_of(drawn: tuple[str | None, int | None, int | None, int, str]) -> tuple[str, dict[str, object]]:
    """Return a bill, a vendor credit or a journal line on A/P of a drawn party, dates and cents."""
    party, on, due, cents, kind = drawn
    dated, amount = None if on is None else ago(on), f"{cents // 100}.{cents % 100:02d}"
    if kind == "b":
        return bill(party, dated, None if due is None else ago(due), amount)
    if kind == "c":
        return vendor_credit(party or "1", dated or ago(3), amount)
    by = {"Type": "Vendor", "id": party} if party else {}
    return journal(dated or ago(3), credit(amount, AP, **by), debit(amount, "60"))


@pytest.fixture(scope="module")
def realms() -> Iterator[tuple[PracticeStore, Iterator[int]]]:
    store = PracticeStore(MEMORY)
    yield store, iter(range(10**6))
    store.close()


@given(drawn=st.lists(item, min_size=1, max_size=12), seed=st.integers(0, 1000))
@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_aging_of_any_books_adds_up_and_knows_no_order(
    realms: tuple[PracticeStore, Iterator[int]],
    drawn: list[tuple[str | None, int | None, int | None, int, str]],
    seed: int,
) -> None:
    store, numbers = realms
    realm = f"{next(numbers)}"
    store.land_all([*chart(), *map(pair_of, drawn)], realm=realm)
    books = store.books(realms=[realm])
    items = aged(books)
    expected = sum(
        -cents if kind == "c" else cents
        for _, on, _, cents, kind in drawn
        if kind == "c" or on is None or on >= 0
    ) + sum(cents for _, on, _, cents, kind in drawn if kind == "c" and on is not None and on < 0)
    assert items["amount_cents"].sum() == expected, "every item dated by the as-of date counts once"
    assert items["bucket"].isin(PARTS).all(), "every open item is in exactly one bucket"
    rows = rows_of(books, "ap")
    assert (rows[PARTS].sum(axis=1) == rows["total_cents"]).all(), "buckets and undated add up to the total"
    assert rows["total_cents"].sum() == expected
    pd.testing.assert_frame_equal(rows_of(shuffled(books, seed), "ap"), rows)
