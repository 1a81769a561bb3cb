"""The tray: its rows, their order, their links, and what the client list counts."""

from datetime import timedelta

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.domain.current_decisions import no_decisions
from rowcol.domain.runway import runway_effect_days
from rowcol.errors import UnknownClient
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.clients import clients_view
from rowcol.views.reports import report_frame
from rowcol.views.tray.page import tray_view
from tests.kits.findings import refreshed
from tests.kits.records import (
    AP,
    CARD,
    INCOME,
    account,
    applied,
    bill,
    bill_payment,
    chart,
    credit,
    debit,
    invoice,
    journal,
    purchase,
    spent,
    vendor,
)
from tests.kits.store import MEMORY, NOW, TODAY, PracticeStore, ago, gateway_over

HOST = "qbo.intuit.com"
OTHER_REALM = "9130354982210000016"


def source(store: PracticeStore) -> QuickBooksGateway:
    return gateway_over(store.frames, lambda _: {}, lambda _: no_decisions(), NOW, "America/Los_Angeles")


def test_money_counts_less_with_each_day_until_it_is_due(store: PracticeStore) -> None:
    store.land_all([
        bill("1", ago(9), ago(-7), 100, Id="1"), bill("1", ago(9), ago(1), 12, Id="2"),
        bill("1", ago(9), ago(0), 13, Id="3"), bill("1", ago(9), ago(-14), 200, Id="4"),
    ])  # fmt: skip
    # Due today or before it weighs whole; 100.00 due in 7 days weighs 12.50, 200.00 due in 14 days 13.33.
    rows = tray_view(source(store)).rows
    assert rows["qbo_id"][rows["code"] == "BILL_NO_NUMBER"].tolist() == ["4", "3", "1", "2"]


def test_blocking_findings_come_first_whatever_their_amount(store: PracticeStore) -> None:
    store.land_all([
        bill("1", ago(9), ago(9), 5000, Id="1"), bill("1", ago(9), ago(20), 7, Id="2"),
        bill("1", ago(9), ago(20), 90, Id="3"),
    ])  # fmt: skip
    rows = tray_view(source(store)).rows
    assert rows[["code", "qbo_id"]].head(3).to_numpy().tolist() == [
        ["BILL_DATE_ORDER", "3"], ["BILL_DATE_ORDER", "2"], ["BILL_NO_NUMBER", "1"],
    ]  # fmt: skip


def test_equal_findings_are_in_the_order_of_their_ids_as_numbers(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(9), ago(9), 50 + (id_ == "8"), Id=id_) for id_ in ("1001", "999", "8")])
    rows = tray_view(source(store)).rows
    assert rows["qbo_id"][rows["code"] == "BILL_NO_NUMBER"].tolist() == ["8", "999", "1001"]


@pytest.mark.parametrize(
    ("outflow", "inflow", "effect"),
    [(90_000, 45_000, 2.0), (90_000, 90_000, 1.0), (90_000, 120_000, 1.0), (0, 0, None), (66_700, 0, 1.3)],
)
def test_the_runway_effect_is_money_over_daily_net_burn(
    outflow: int, inflow: int, effect: float | None
) -> None:
    figures = pd.DataFrame({"outflow_cents": [outflow], "inflow_cents": [inflow], "days": [90]}, index=["b"])
    (days,) = runway_effect_days(pd.Series(["b"]), pd.Series([1000]), figures)
    assert (None if pd.isna(days) else days) == effect


def test_only_cash_receivables_and_payables_have_an_effect_on_the_runway(store: PracticeStore) -> None:
    store.land_all([*chart(checking=1000), purchase(ago(9), spent(900), EntityRef={"value": "1"})])
    store.land_all([
        account("70", "Ask My Accountant", "Expense", 0), account("75", "Opening balances", "Equity", -9000,
        AccountSubType="OpeningBalanceEquity"), account("76", "Payroll clearing", "Bank", 30),
        account("77", "Vehicles", "Fixed Asset", 0),
        bill("1", ago(9), ago(9), 90), purchase(ago(5), spent(80, "70")),
        purchase(ago(5), spent(80), account_id=CARD),
        journal(ago(5), debit(60, AP), credit(60, INCOME)),
    ])  # fmt: skip
    rows = tray_view(source(store)).rows.set_index(["code", "entity", "qbo_id"])["runway_effect_days"]
    known = rows.notna().groupby(["code", "entity"]).agg(sorted).to_dict()
    assert known == {
        ("BILL_NO_NUMBER", "Bill"): [True], ("CLEARING_NONZERO", "Account"): [False, True],
        ("UNCATEGORIZED_LINE", "Purchase"): [False], ("PURCHASE_NO_PAYEE", "Purchase"): [False, True],
        ("JE_ON_CONTROL", "JournalEntry"): [True],
    }  # fmt: skip


def test_a_row_opens_its_record_in_quickbooks(store: PracticeStore) -> None:
    refreshed(store)
    store.land_all([bill("1", ago(9), ago(-7), 100, Id="501"), vendor("1", "Acme"), vendor("2", "ACME")])
    rows = tray_view(source(store), store.client()).rows.set_index("code")
    assert rows.at["BILL_NO_NUMBER", "url"] == (
        "https://qbo.intuit.com/app/login?pagereq=bill%3FtxnId%3D501&deeplinkcompanyid=4620816365201690220"
    )
    assert "pagereq=vendordetail%3FnameId%3D2&" in rows.at["PARTY_DUPLICATE", "url"]
    assert rows.at["BOOKS_STALE", "url"] is None
    assert rows.at["BOOKS_STALE", "qbo_id"] is None


def test_a_finding_was_first_seen_when_the_version_that_shows_it_was_logged(store: PracticeStore) -> None:
    record = bill("1", ago(9), ago(-7), 100, Id="501", DocNumber="A")[1]
    store.land("Bill", record, at=NOW - timedelta(days=3))
    store.land("Bill", {**record, "DocNumber": ""}, at=NOW - timedelta(days=2))
    rows = tray_view(source(store)).rows.set_index("code")
    assert rows.at["BILL_NO_NUMBER", "first_seen"] == NOW - timedelta(days=2)
    earlier = tray_view(source(store), None, Moment(known_at=NOW - timedelta(days=2, hours=1))).rows
    assert "BILL_NO_NUMBER" not in earlier["code"].tolist()


def test_a_past_moment_is_stated_as_of_its_own_day(store: PracticeStore) -> None:
    store.land("Bill", bill("1", ago(9), ago(-7), 100, Id="501")[1], at=NOW - timedelta(days=3))
    seen = tray_view(source(store), None, Moment(known_at=NOW - timedelta(days=2)))
    assert seen.days == (TODAY - timedelta(days=2),)


def test_a_changed_record_has_another_version(store: PracticeStore) -> None:
    record = bill("1", ago(9), ago(-7), 100, Id="501")[1]
    store.land("Bill", record)
    before = tray_view(source(store)).rows.set_index("code").at["BILL_NO_NUMBER", "version"]
    store.land("Bill", {**record, "TotalAmt": 101}, at=NOW + timedelta(seconds=1))
    after = tray_view(source(store)).rows.set_index("code").at["BILL_NO_NUMBER", "version"]
    assert after > before


def test_one_client_or_all_and_nothing_of_another_practice(store: PracticeStore) -> None:
    stranger = PracticeStore(MEMORY, "another practice", store.database)
    for practice, realm, number in ((store, OTHER_REALM, "601"), (stranger, OTHER_REALM, "701")):
        practice.land_all(chart(checking=5), realm=realm)
        practice.land_all([bill("1", ago(9), ago(-7), 100, Id=number)], realm=realm)
    store.land_all([bill("1", ago(9), ago(-7), 100, Id="501")])
    everyone = tray_view(source(store)).rows
    assert set(everyone["qbo_id"].dropna()) == {"501", "601"}
    rows = tray_view(source(store), store.client(OTHER_REALM)).rows
    assert set(rows["qbo_id"].dropna()) == {"601"}
    with pytest.raises(UnknownClient):
        tray_view(source(store), "nobody")


def test_the_counts_by_code_add_up_to_the_rows(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(9), ago(-7), 100), bill("1", ago(9), ago(11), 50)])
    view = tray_view(source(store))
    counted = view.by_code.set_index("code")
    assert counted["findings"].sum() == len(view.rows)
    assert counted.loc["BILL_NO_NUMBER"].tolist() == ["low", 2, 15000]
    assert counted.index.tolist().index("BILL_DATE_ORDER") < counted.index.tolist().index("BILL_NO_NUMBER")


def test_the_report_has_the_columns_of_the_contract(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(9), ago(-7), 100)])
    rows = report_frame(source(store), "tray")
    assert rows.columns.tolist() == [
        "realm_id", "code", "severity", "blocking", "entity", "qbo_id", "party", "amount_cents", "runway_days_effect",
        "message", "first_seen",
    ]  # fmt: skip


def test_the_same_day_and_log_give_the_same_tray(store: PracticeStore) -> None:
    due = bill("1", ago(200), ago(190), 300, DocNumber="A")
    store.land_all(
        [due, bill("1", ago(9), ago(20), 300), purchase(ago(9), spent(300), EntityRef={"value": "1"})]
    )
    store.land_all(
        [invoice("2", ago(9), ago(3), 50), bill_payment("1", ago(3), 9, applied(1, "Bill", due[1]["Id"]))]
    )
    once, again = (tray_view(source(store), None, Moment(TODAY, NOW)).rows for _ in range(2))
    pd.testing.assert_frame_equal(once, again)
    assert len(once) > 5


def test_the_client_list_counts_what_the_tray_shows(store: PracticeStore) -> None:
    refreshed(store)
    store.land_all([bill("1", ago(9), None, 100), bill("1", ago(9), ago(11), 50, DocNumber="B")])
    (row,) = clients_view(source(store)).rows.to_dict("records")
    shown = tray_view(source(store)).rows
    assert (row["findings"], row["blocking"]) == (len(shown), 2)


def test_a_client_never_refreshed_has_no_counts(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(9), None, 100)])
    (row,) = clients_view(source(store)).rows.to_dict("records")
    assert pd.isna(row["findings"])
    assert pd.isna(row["blocking"])


def test_a_practice_without_clients_has_an_empty_tray() -> None:
    empty = PracticeStore(MEMORY)
    view = tray_view(source(empty))
    assert (len(view.rows), len(view.by_code)) == (0, 0)
    assert clients_view(source(empty)).rows.empty
    empty.close()
