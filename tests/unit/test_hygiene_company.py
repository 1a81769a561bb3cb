"""Definitions.md, Hygiene findings: what changed since the last call, and findings on the company itself."""

from datetime import timedelta

import pandas as pd
import pytest

from rowcol.store.control.checks import TieOutRow
from tests.kits.records import (
    EXPENSE,
    INCOME,
    Pair,
    applied,
    bill,
    credit,
    customer,
    debit,
    invoice,
    journal,
    payment,
    purchase,
    spent,
    vendor,
)  # fmt: skip
from tests.kits.store import NOW, TODAY, House, ago
from tests.unit.hygiene_kit import found, made, named, only, refreshed, tray

LONG_AGO = NOW - timedelta(days=100)
LAST_WEEK = NOW - timedelta(days=6)


@pytest.fixture(autouse=True)
def parties(house: House) -> None:
    house.land_all([vendor("1", "Acme"), vendor("3", "Gamma"), customer("2", "Beta")])


def old_bill(amount: int = 100, days_ago: int = 60, vendor_id: str = "1", **more: object) -> Pair:
    fields = {"Line": [spent(amount)], "MetaData": made(days_ago), **more}
    return bill(vendor_id, ago(days_ago), ago(days_ago - 30), amount, **fields)


def test_a_record_deleted_since_the_call_is_found_with_what_it_said(house: House) -> None:
    refreshed(house, 100)
    house.land("Bill", old_bill(240, Id="77", DocNumber="NF-6")[1], at=LONG_AGO)
    house.land("Bill", old_bill(Id="78")[1], at=LONG_AGO)
    house.delete("Bill", "78", at=NOW - timedelta(days=8))
    house.delete("Bill", "77", at=LAST_WEEK)
    row = only(house, "DELETED_SINCE")
    assert (row["qbo_id"], row["amount_cents"], row["party"]) == ("77", 24000, "Acme")
    assert (
        row["message"]
        == "Bill NF-6 of Acme of 21 Sep 2026 over $240.00 was found deleted in QuickBooks on 14 Nov 2026."
    )
    assert row["first_seen"] == pd.Timestamp(LAST_WEEK.replace(tzinfo=None))


def test_a_record_that_came_back_is_not_deleted(house: House) -> None:
    refreshed(house, 100)
    record = old_bill(Id="77")[1]
    house.land("Bill", record, at=LONG_AGO)
    house.delete("Bill", "77", at=LAST_WEEK)
    house.land("Bill", record, at=NOW)
    assert found(house, "DELETED_SINCE") == set()


def test_a_held_call_moves_the_day_from_which_deletions_count(house: House) -> None:
    refreshed(house, 100)
    house.land("Bill", old_bill(Id="77")[1], at=LONG_AGO)
    house.delete("Bill", "77", at=LAST_WEEK)
    held = {house.client(): NOW - timedelta(days=3)}
    assert found(house, "DELETED_SINCE", calls=held) == set()
    assert found(house, "DELETED_SINCE", calls={house.client(): NOW - timedelta(days=30)}) == {("Bill", "77")}


@pytest.mark.parametrize(("dated", "flagged"), [(37, True), (36, False)])
def test_a_record_entered_30_days_before_the_call_is_backdated(
    house: House, dated: int, flagged: bool
) -> None:
    refreshed(house, 100)
    late = bill("1", ago(dated), ago(0), 1380, MetaData=made(2), DocNumber="CF-90")
    house.land_all([late])
    assert found(house, "BACKDATED") == (named(late) if flagged else set())


def test_what_was_entered_before_the_call_is_not_backdated(house: House) -> None:
    refreshed(house, 100)
    house.land_all([bill("1", ago(90), ago(60), 10, MetaData=made(8))])
    assert found(house, "BACKDATED") == set()


def test_a_first_import_backdates_nothing(house: House) -> None:
    house.land_all([bill("1", ago(90), ago(60), 10, MetaData=made(1))])
    refreshed(house, 0)
    assert found(house, "BACKDATED") == set()


CHANGES = {
    "the total": {"TotalAmt": 120},
    "the party": {"VendorRef": {"value": "3"}},
    "the date, back": {"TxnDate": ago(70)},
    "the date, into the open period": {"TxnDate": ago(3)},
    "a line's amount": {"Line": [spent(60), spent(40)]},
    "a line's account": {"Line": [spent(100, INCOME)]},
}
HARMLESS = {
    "its balance": {"Balance": 10},
    "its links": {"LinkedTxn": [{"TxnId": "9", "TxnType": "BillPaymentCheck"}]},
    "its e-mail status": {"EmailStatus": "EmailSent"},
    "its note": {"PrivateNote": "called them"},
    "a line's text": {"Line": [{**spent(100), "Description": "paper"}]},
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_the_past_is_found(house: House, what: str) -> None:
    refreshed(house, 100)
    record = old_bill(Id="77")[1]
    house.land("Bill", record, at=LONG_AGO)
    house.land("Bill", {**record, **CHANGES[what]}, at=LAST_WEEK)
    assert found(house, "BACKDATED") == {("Bill", "77")}


@pytest.mark.parametrize("what", HARMLESS)
def test_a_change_that_moves_no_figure_of_the_past_is_not(house: House, what: str) -> None:
    refreshed(house, 100)
    record = old_bill(Id="77")[1]
    house.land("Bill", record, at=LONG_AGO)
    house.land("Bill", {**record, **HARMLESS[what]}, at=LAST_WEEK)
    assert found(house, "BACKDATED") == set()


def test_a_payment_applied_elsewhere_is_a_change_of_links_alone(house: House) -> None:
    refreshed(house, 100)
    one, other = invoice("2", ago(80), ago(50), 40), invoice("2", ago(80), ago(50), 60)
    paid = payment(
        "2", ago(60), 100, applied(40, "Invoice", one[1]["Id"]), UnappliedAmt=60, MetaData=made(60)
    )[1]
    house.land("Payment", paid, at=LONG_AGO)
    both = [*paid["Line"], applied(60, "Invoice", other[1]["Id"])]
    house.land("Payment", {**paid, "Line": both, "UnappliedAmt": 0}, at=LAST_WEEK)
    assert found(house, "BACKDATED") == set()


def test_a_change_of_the_open_period_or_before_the_call_is_not_backdated(house: House) -> None:
    refreshed(house, 100)
    recent, earlier = old_bill(Id="77", days_ago=20)[1], old_bill(Id="78")[1]
    house.land("Bill", recent, earlier, at=LONG_AGO)
    house.land("Bill", {**earlier, "TotalAmt": 5}, at=NOW - timedelta(days=8))
    house.land("Bill", {**recent, "TotalAmt": 120}, at=LAST_WEEK)
    assert found(house, "BACKDATED") == set()


def test_a_journal_entry_recoded_in_the_past_says_what_changed(house: House) -> None:
    refreshed(house, 100)
    record = journal(
        ago(60), debit(50, EXPENSE), credit(50, INCOME), DocNumber="ADJ-1", Id="77", MetaData=made(60)
    )[1]
    house.land("JournalEntry", record, at=LONG_AGO)
    house.land("JournalEntry", {**record, "Line": [debit(50, INCOME), credit(50, INCOME)]}, at=LAST_WEEK)
    assert only(house, "BACKDATED")["message"].startswith(
        "Journal entry ADJ-1 of 21 Sep 2026 had its lines changed on 14 Nov"
    )


def test_what_a_changed_total_puts_at_stake_is_the_difference(house: House) -> None:
    refreshed(house, 100)
    record = old_bill(Id="77")[1]
    house.land("Bill", record, at=LONG_AGO)
    house.land("Bill", {**record, "TotalAmt": 130}, at=LAST_WEEK)
    assert only(house, "BACKDATED")["amount_cents"] == 3000


@pytest.mark.parametrize(("days", "flagged"), [(14, False), (15, True)])
def test_books_are_stale_without_a_movement_for_14_days(house: House, days: int, flagged: bool) -> None:
    refreshed(house)
    house.land_all([purchase(ago(days), spent(10)), purchase(ago(-3), spent(10))])
    assert found(house, "BOOKS_STALE") == ({(None, None)} if flagged else set())


def test_books_never_read_are_not_stale_but_not_refreshed(house: House) -> None:
    assert found(house, "BOOKS_STALE") == set()
    assert only(house, "SYNC_STALE")["message"] == "The books are not fresh: Not refreshed yet."


def test_a_tie_out_that_differs_by_a_cent_is_broken(house: House) -> None:
    house.check(TODAY, [TieOutRow("ap", "1", "Acme", 100, 99), TieOutRow("ar", "2", "Beta", 50, 50)])
    row = only(house, "TIE_OUT_BROKEN")
    assert (row["amount_cents"], row["entity"], row["qbo_id"]) == (1, None, None)
    assert row["message"] == "Our totals differ from QuickBooks' own reports by $0.01 in 1 place."
    assert row["first_seen"] == pd.Timestamp(NOW.replace(tzinfo=None))


def test_a_tie_out_that_is_tied_or_could_not_be_read_is_not_broken(house: House) -> None:
    house.check(TODAY, [TieOutRow("ap", "1", "Acme", 100, 100)])
    assert found(house, "TIE_OUT_BROKEN") == set()
    house.check(TODAY, [TieOutRow("unreadable", None, "", 0, 0)], at=NOW + timedelta(minutes=1))
    assert found(house, "TIE_OUT_BROKEN") == set()


SYNC = ["SYNC_STALE", "SYNC_THROTTLED", "SYNC_FAILED", "AUTH_EXPIRED"]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("throttled", "SYNC_THROTTLED"), ("failed", "SYNC_FAILED"), ("reconnect", "AUTH_EXPIRED")],
)
def test_the_last_refresh_that_failed_is_told_by_what_it_met(house: House, outcome: str, code: str) -> None:
    refreshed(house, 1)
    refreshed(house, 0, outcome, "It answered 503")
    rows = tray(house, *SYNC)
    assert rows["code"].tolist() == [code]
    assert "It answered 503." in rows["message"].iloc[0]


def test_a_client_refreshed_since_has_no_sync_finding(house: House) -> None:
    refreshed(house, 1, "failed", "It answered 503")
    refreshed(house, 0)
    assert tray(house, *SYNC).empty


def test_a_mirror_older_than_its_time_to_live_is_stale(house: House) -> None:
    refreshed(house, 1)
    assert tray(house, *SYNC)["code"].tolist() == ["SYNC_STALE"]
