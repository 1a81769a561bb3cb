"""The tie-out ties to the cent on every sandbox client whose books allow it, and names a planted difference."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.domain.tie_out.clues import EXACT, UNLISTED
from rowcol.sandbox.books import demo_companies
from rowcol.sandbox.company import Company
from rowcol.sandbox.reports.balance_sheet import balances_at
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.views.client.tie_out import TieOutView
from rowcol.wiring import Services
from tests.kits.clock import NOON, TODAY, FrozenClock, unlimited
from tests.kits.company_sync import product

SCHEDULED = "Harbor Point Studio"
"""A payroll tax dated ahead is in its bank balance, in no record, and not in the BalanceSheet of today."""
PLANTED = "Castellan IT Services"


@pytest.fixture(scope="module")
def clock() -> FrozenClock:
    return FrozenClock(NOON)


@pytest.fixture(scope="module")
def sandbox(clock: FrozenClock) -> Iterator[RunningSandbox]:
    with running_sandbox(demo_companies(12, today=TODAY), clock=clock, throttle=False) as running:
        yield running


@pytest.fixture(scope="module")
def services(
    tmp_path_factory: pytest.TempPathFactory, sandbox: RunningSandbox, clock: FrozenClock
) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("tied")
    with product(folder, sandbox, clock=clock, rate_limiter=unlimited()) as running:
        assert all(outcome.ok for outcome in running.refresh())
        yield running


def named(sandbox: RunningSandbox, name: str) -> Company:
    return next(company for company in sandbox.companies.values() if company.name == name)


def checked(services: Services, name: str) -> TieOutView:
    return services.tie_out_view(services.clients.find(name).business_id)


def test_every_client_ties_to_the_cent_whose_books_allow_it(services: Services) -> None:
    rows = services.clients_view().rows
    assert len(rows) == 12
    assert set(rows["name"][rows["tie_out"] != "tied"]) == {SCHEDULED}
    assert set(rows["tie_out"]) == {"tied", "broken"}


@pytest.mark.parametrize("days", [0, 45, 200])
def test_every_bank_account_is_the_balance_sheet_of_that_day(
    services: Services, sandbox: RunningSandbox, days: int
) -> None:
    """But for what is dated ahead of today, in a balance and in no record: nothing says when to take it off."""
    day = TODAY - timedelta(days=days)
    services.read_bank_sheets(None, day)
    with services.gateway.open(moment=Moment(day if days else None)) as books:
        rows = books.balances().merge(books.clients[["business_id", "realm_id"]], on="business_id")
    assert rows["realm_id"].nunique() == 12
    for realm, accounts in rows.groupby("realm_id"):
        company = sandbox.companies[str(realm)]
        sheet = balances_at(company, day)
        for row in company.unlisted:
            if not days and row.date > day.isoformat():
                sheet[row.account] += row.amount_cents
        ours = dict(zip(accounts["account_id"], accounts["balance_cents"], strict=True))
        assert ours == {account: sheet[account] for account in ours}, company.name


def test_their_books_hold_what_is_hard_to_tie(sandbox: RunningSandbox) -> None:
    """Otherwise the test above would prove little."""
    counts: dict[str, int] = {}
    for company in sandbox.companies.values():
        for kind, count in _hard(company).items():
            counts[kind] = counts.get(kind, 0) + count
    assert all(count > 0 for count in counts.values()), counts
    assert len(counts) == 8


def _hard(company: Company) -> dict[str, int]:
    def of(entity: str) -> list[dict[str, Any]]:
        return list(company.of(entity).values())

    def posted(account_type: str) -> int:
        ids = {record["Id"] for record in of("Account") if record["AccountType"] == account_type}
        lines = [line["JournalEntryLineDetail"] for entry in of("JournalEntry") for line in entry["Line"]]
        return sum(line["AccountRef"]["value"] in ids for line in lines)

    return {
        "sub-customers": sum(record.get("Job", False) for record in of("Customer")),
        "foreign documents": sum("ExchangeRate" in record for record in (*of("Invoice"), *of("Bill"))),
        "journal lines on A/P": posted("Accounts Payable"),
        "journal lines on A/R": posted("Accounts Receivable"),
        "credits not used up": sum(record["RemainingCredit"] > 0 for record in of("CreditMemo"))
        + sum(record["Balance"] > 0 for record in of("VendorCredit")),
        "payments not applied": sum(record["UnappliedAmt"] > 0 for record in of("Payment")),
        "voided documents": sum(
            record.get("PrivateNote", "").startswith("Voided") for record in (*of("Invoice"), *of("Bill"))
        ),
        "documents dated ahead": sum(
            record["TxnDate"] > TODAY.isoformat() for record in (*of("Invoice"), *of("Bill"))
        ),
    }


def test_activity_no_record_shows_is_named_for_what_it_is(services: Services) -> None:
    view = checked(services, SCHEDULED)
    off = view.totals[view.totals["difference_cents"] != 0]
    assert off[["subject", "party", "difference_cents"]].to_numpy().tolist() == [
        ["bank", "Checking", -41_210]
    ]
    assert view.clues["clue"].tolist() == [UNLISTED]
    findings = services.tray_view(view.business_id).rows
    (broken,) = findings[findings["code"] == "TIE_OUT_BROKEN"].to_dict("records")
    assert (broken["amount_cents"], broken["entity"]) == (41_210, None)


def test_a_tied_client_has_no_finding_and_nothing_to_explain(services: Services) -> None:
    view = checked(services, "Maple Row Interiors")
    assert (view.state, len(view.changed), len(view.clues)) == ("tied", 0, 0)
    assert "TIE_OUT_BROKEN" not in set(services.tray_view(view.business_id).rows["code"])


def test_a_bill_that_vanished_without_a_trace_is_named(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    """QuickBooks no longer has it and never reported it: the report is short of exactly that bill."""
    company = named(sandbox, PLANTED)
    bill = next(
        record
        for record in company.of("Bill").values()
        if record["Balance"] > 0 and record["TxnDate"] <= str(TODAY)
    )
    with company.lock:
        company.entities["Bill"].pop(bill["Id"])
        company.versions["Bill"] = company.version("Bill") + 1
    clock.forward(minutes=1)
    client = services.clients.find(PLANTED)
    services.check_tie_out(client.business_id)
    view = services.tie_out_view(client.business_id)
    assert view.state == "broken"
    (off,) = view.totals[view.totals["difference_cents"] != 0].to_dict("records")
    assert (off["subject"], off["party_id"], off["difference_cents"]) == (
        "ap", bill["VendorRef"]["value"], round(100 * bill["Balance"]),
    )  # fmt: skip
    first = view.clues.iloc[0]
    assert (first["clue"], first["entity"], first["qbo_id"]) == (EXACT, "Bill", bill["Id"])
    assert view.checked_at == clock()
    assert services.clients_view().rows.set_index("name").loc[PLANTED, "tie_out"] == "broken"


def test_what_changed_since_the_check_is_counted_and_a_new_check_ties_again(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    company = named(sandbox, "Ternary Labs")
    client = services.clients.find("Ternary Labs")
    bill = next(
        record
        for record in company.of("Bill").values()
        if record["Balance"] > 0 and record["TxnDate"] <= str(TODAY)
    )
    clock.forward(minutes=1)
    company.put("Bill", {**bill, "DocNumber": "CHANGED-1"}, clock())
    clock.forward(minutes=1)
    services.refresh([client.business_id])
    since = services.tie_out_view(client.business_id)
    assert since.changed[["entity", "qbo_id", "doc_number", "deleted"]].to_numpy().tolist() == [
        ["Bill", bill["Id"], "CHANGED-1", False]
    ]
    assert since.checked_at is not None
    assert since.checked_at < clock() - timedelta(seconds=90)
    services.check_tie_out(client.business_id)
    again = services.tie_out_view(client.business_id)
    assert (again.state, len(again.changed), again.checked_at) == ("tied", 0, clock())


def test_the_report_tie_out_has_the_contract_s_columns_and_every_total(services: Services) -> None:
    report = services.report("tie-out", services.clients.find(SCHEDULED).business_id)
    assert report.columns.tolist() == [
        "realm_id", "subject", "party_id", "ours_cents", "qbo_cents", "difference_cents", "checked_at",
    ]  # fmt: skip
    view = checked(services, SCHEDULED)
    assert len(report) == len(view.totals)
    assert (report["difference_cents"] == report["ours_cents"] - report["qbo_cents"]).all()
    past = services.report(
        "tie-out", services.clients.find(SCHEDULED).business_id, Moment(TODAY - timedelta(90))
    )
    pd.testing.assert_frame_equal(report, past)
