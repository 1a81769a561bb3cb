"""Definitions.md, Tie-out: a difference is shown with the records that may explain it, the likeliest first."""

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.domain.current_decisions import no_decisions
from rowcol.domain.tie_out.clues import MOST, TotalOff, differences_of
from rowcol.errors import UnknownClient
from rowcol.store.control.checks import TieOutRow
from rowcol.views.client.tie_out import TieOutView, tie_out_view
from tests.kits.records import (
    AP,
    AR,
    CHECKING,
    SAVINGS,
    account,
    applied,
    bill,
    chart,
    credit,
    credit_memo,
    customer,
    debit,
    invoice,
    journal,
    payment,
    purchase,
    spent,
    vendor,
    vendor_credit,
)
from tests.kits.store import MEMORY, NOW, TODAY, PracticeStore, ago, gateway_over

LATER = NOW + timedelta(minutes=5)
HOST = "qbo.intuit.com"


@pytest.fixture
def store() -> Iterator[PracticeStore]:
    store = PracticeStore(MEMORY)
    store.land_all([*chart(checking=1000), vendor("1", "Acme"), customer("9", "Beta")])
    yield store
    store.close()


def checked(store: PracticeStore, *rows: TieOutRow) -> None:
    """Keep a check of now: every report read at the books' present position."""
    for report in ("AgedPayables", "AgedReceivables", "BalanceSheet"):
        store.sheet(TODAY, {}, report=report)
    store.check(TODAY, list(rows))


def view(store: PracticeStore) -> TieOutView:
    source = gateway_over(store.frames, lambda _: {}, lambda _: no_decisions(), LATER, "America/Los_Angeles")
    return tie_out_view(source, store.client())


def clues(store: PracticeStore) -> list[tuple[str, str | None]]:
    """Return (kind, id) of each clue, in order."""
    rows = view(store).clues
    return list(
        rows[["clue", "qbo_id"]]
        .astype("object")
        .where(rows[["clue", "qbo_id"]].notna(), None)
        .itertuples(index=False, name=None)
    )


def test_the_record_of_exactly_the_difference_comes_first(store: PracticeStore) -> None:
    store.land_all([
        bill("1", ago(9), ago(1), 70, Id="501"), bill("1", ago(9), ago(1), 50, Id="502"),
        journal(ago(5), credit(20, AP, Type="Vendor", id="1"), debit(20, "60"), Id="700"),
        vendor_credit("1", ago(2), 5, Id="503"),
    ])  # fmt: skip
    checked(store, TieOutRow("ap", "1", "Acme", 13_500, 8_500))
    assert clues(store) == [("exact", "502"), ("by hand", "700"), ("credit", "503")]
    first = view(store).clues.iloc[0]
    assert (first["says"], first["amount_cents"]) == ("comes to exactly the difference", 5_000)
    assert "bill%3FtxnId%3D502" in first["url"]


def test_what_changed_after_the_report_was_read_is_named_even_where_it_is_gone(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(9), ago(1), 70, Id="501"), bill("1", ago(9), ago(1), 40, Id="502")])
    checked(store, TieOutRow("ap", "1", "Acme", 11_000, 10_100))
    store.land("Bill", bill("1", ago(9), ago(1), 61, Id="501")[1], at=LATER)
    store.delete("Bill", "502", at=LATER)
    assert clues(store) == [("changed", "501"), ("changed", "502")]
    changed = view(store).changed
    assert changed[["qbo_id", "deleted"]].to_numpy().tolist() == [["501", False], ["502", True]]
    assert changed["url"].isna().tolist() == [False, True]
    assert changed["changed_at"].tolist() == [LATER, LATER]


def test_another_party_s_records_explain_nothing(store: PracticeStore) -> None:
    store.land_all(
        [vendor("2", "Brook"), bill("2", ago(9), ago(1), 50, Id="501"), invoice("9", ago(9), ago(1), 50)]
    )
    checked(store, TieOutRow("ap", "1", "Acme", 0, 5_000))
    assert clues(store) == []


def test_documents_of_nobody_may_belong_to_anybody(store: PracticeStore) -> None:
    store.land_all(
        [bill(None, ago(9), ago(1), 50, Id="501"), journal(ago(5), credit(8, AP), debit(8, "60"), Id="700")]
    )
    checked(store, TieOutRow("ap", None, "No name", 5_800, 0), TieOutRow("ap", "1", "Acme", 0, 5_000))
    assert clues(store) == [
        ("by hand", "700"), ("no name", "501"),  # nobody's own row, the larger difference
        ("exact", "501"), ("by hand", "700"),
    ]  # fmt: skip


def test_foreign_documents_inactive_parties_and_unused_payments_are_named(store: PracticeStore) -> None:
    euro = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": "1.1"}
    store.land_all([
        customer("9", "Beta", Active=False), invoice("9", ago(9), ago(1), 10, Id="601", **euro),
        payment("9", ago(2), 3, UnappliedAmt=3, Id="602"), credit_memo("9", ago(2), 4, Id="603"),
    ])  # fmt: skip
    checked(store, TieOutRow("ar", "9", "Beta", 400, 401))
    assert clues(store) == [("foreign", "601"), ("credit", "603"), ("credit", "602"), ("inactive", "9")]
    says = view(store).clues.set_index("clue")["says"]
    assert says["foreign"] == "is in EUR: its home amount is rounded at its own rate"
    assert says["inactive"] == "Beta was made inactive in QuickBooks"


def test_a_settled_document_is_no_clue(store: PracticeStore) -> None:
    sold = invoice("9", ago(9), ago(1), 0, TotalAmt=50, Id="601")
    store.land_all([sold, payment("9", ago(2), 50, applied(50, "Invoice", "601"), UnappliedAmt=0)])
    checked(store, TieOutRow("ar", "9", "Beta", 0, 5_000))
    assert clues(store) == []


def test_hand_posted_receivables_are_named_as_such(store: PracticeStore) -> None:
    store.land_all([journal(ago(5), debit(8, AR, Type="Customer", id="9"), credit(8, "79"), Id="700")])
    checked(store, TieOutRow("ar", "9", "Beta", 800, 0))
    rows = view(store).clues
    assert rows["clue"].tolist() == ["exact"]
    store.check(TODAY, [TieOutRow("ar", "9", "Beta", 800, 100)], at=LATER)
    assert view(store).clues["says"].tolist() == ["posted to accounts receivable by hand"]


def test_a_bank_s_difference_is_a_movement_s_or_no_record_s(store: PracticeStore) -> None:
    store.land_all([purchase(ago(3), spent(12), Id="801"), purchase(ago(-4), spent(99), Id="802")])
    checked(store, TieOutRow("bank", CHECKING, "Checking", 100_000, 101_200))
    assert clues(store) == [("exact", "801"), ("later", "802")]
    store.check(TODAY, [TieOutRow("bank", CHECKING, "Checking", 100_000, 100_777)], at=LATER)
    assert clues(store) == [("later", "802"), ("unlisted", None)]


def test_a_bank_account_closed_or_foreign_is_named(store: PracticeStore) -> None:
    euro = account(SAVINGS, "Euro", "Bank", 5, Active=False, CurrencyRef={"value": "EUR"})
    store.land_all([euro])
    checked(store, TieOutRow("bank", SAVINGS, "Euro", 500, 550))
    rows = view(store).clues
    assert rows["clue"].tolist() == ["foreign", "unlisted"]
    assert rows["says"].iloc[0] == "The account is in EUR: its home amount is rounded at its own rate"


def test_the_largest_difference_is_explained_first_and_no_more_than_is_useful(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(9), ago(1), 10 + number, VendorRef={"value": "1"}) for number in range(9)])
    store.land_all(
        [
            journal(ago(5), credit(number + 1, AP, Type="Vendor", id="1"), debit(number + 1, "60"))
            for number in range(40)
        ]
    )
    checked(store, TieOutRow("ap", "1", "Acme", 1, 3), TieOutRow("ar", "9", "Beta", 500, 0))
    assert differences_of(store.books().tie_outs) == [
        TotalOff("ar", "9", "Beta", 500),
        TotalOff("ap", "1", "Acme", -2),
    ]
    assert len(view(store).clues) == MOST


def test_a_check_that_ties_explains_nothing(store: PracticeStore) -> None:
    checked(store, TieOutRow("ap", "1", "Acme", 5, 5))
    shown = view(store)
    assert (shown.state, len(shown.totals), len(shown.clues), shown.report_date) == ("tied", 1, 0, TODAY)


def test_before_the_first_check_there_is_nothing_but_the_reason(store: PracticeStore) -> None:
    store.sheet(TODAY, None, report="AgedPayables")
    shown = view(store)
    assert (shown.state, shown.checked_at, shown.refused) == ("unchecked", None, "The report was refused")
    assert shown.totals.empty
    assert shown.changed.empty


def test_a_past_moment_knows_the_check_of_then(store: PracticeStore) -> None:
    checked(store, TieOutRow("ap", "1", "Acme", 5, 5))
    store.check(TODAY, [TieOutRow("ap", "1", "Acme", 5, 9)], at=LATER)
    source = gateway_over(store.frames, lambda _: {}, lambda _: no_decisions(), LATER, "America/Los_Angeles")
    assert view(store).state == "broken"
    assert tie_out_view(source, store.client(), Moment(known_at=NOW)).state == "tied"
    with pytest.raises(UnknownClient):
        tie_out_view(source, "nobody")


def test_totals_come_differences_first(store: PracticeStore) -> None:
    checked(
        store,
        TieOutRow("ap", "1", "Acme", 5, 5),
        TieOutRow("ar", "9", "Beta", 5, 6),
        TieOutRow("ar", "8", "Cy", 9, 1),
    )
    rows = view(store).totals
    pd.testing.assert_series_equal(
        rows["difference_cents"], pd.Series([8, -1, 0], name="difference_cents"), check_dtype=False
    )
