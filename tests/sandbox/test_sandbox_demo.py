"""The demo's books as served: reports of any date agree with the books they are made from."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import requests

from rowcol.sandbox.books import demo_companies
from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger import account_balances
from rowcol.sandbox.reports.balance_sheet import balances_at
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.sandbox.switches import CLIENT_ID, CLIENT_SECRET

TODAY = date(2026, 11, 20)
DAYS = ("2026-11-20", "2026-11-19", "2026-08-22", "2025-12-31")


@pytest.fixture(scope="module")
def companies() -> list[Company]:
    return demo_companies(12, 1, today=TODAY)


@pytest.fixture(scope="module")
def demo(companies: list[Company]) -> Iterator[RunningSandbox]:
    noon = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    with running_sandbox(companies, clock=lambda: noon, throttle=False) as running:
        yield running


def get(demo: RunningSandbox, realm: str, path: str, **parameters: str) -> dict:
    form = {"grant_type": "refresh_token", "refresh_token": demo.grant(realm)}
    tokens = requests.post(
        f"{demo.url}/oauth2/v1/tokens/bearer", data=form, auth=(CLIENT_ID, CLIENT_SECRET), timeout=10
    ).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
    url = f"{demo.url}/v3/company/{realm}/{path}"
    return requests.get(url, params=parameters, headers=headers, timeout=60).json()


@pytest.mark.parametrize("day", DAYS)
def test_balances_rolled_back_from_today_are_what_was_posted_up_to_the_day(
    companies: list[Company], day: str
) -> None:
    with_balances = 0
    for company in companies:
        posted = account_balances(company, day)
        sheet = balances_at(company, date.fromisoformat(day))
        assert {id_: amount for id_, amount in sheet.items() if amount != posted.get(id_, 0)} == {}
        with_balances += any(sheet.values())
    assert with_balances >= 11  # one of the twelve is brand-new


def test_every_companys_aging_sums_to_its_control_accounts(
    companies: list[Company], demo: RunningSandbox
) -> None:
    for company in companies:
        sheet = balances_at(company, TODAY)
        for name, kind, sign in (("AgedPayables", "Payable", -1), ("AgedReceivables", "Receivable", 1)):
            document = get(
                demo, company.realm, f"reports/{name}", report_date="2026-11-20", aging_method="Current"
            )
            rows = document["Rows"].get("Row", [])
            total = rows[-1]["Summary"]["ColData"][-1]["value"] if rows else "0.00"
            accounts = company.of("Account").items()
            owed = sum(sheet[id_] for id_, it in accounts if it["AccountType"] == f"Accounts {kind}")
            assert total == f"{sign * owed / 100:.2f}", company.name


def test_the_large_companys_pages_hold_every_bill_once(
    companies: list[Company], demo: RunningSandbox
) -> None:
    large = max(companies, key=lambda company: len(company.of("Bill")))
    seen: list[str] = []
    for start in range(1, len(large.of("Bill")) + 1, 1000):
        page = f"ORDERBY MetaData.LastUpdatedTime STARTPOSITION {start} MAXRESULTS 1000"
        answer = get(demo, large.realm, "query", query=" ".join(("SELECT * FROM Bill", page)))
        seen += [bill["Id"] for bill in answer["QueryResponse"]["Bill"]]
    assert len(seen) > 1000
    assert sorted(seen) == sorted(large.of("Bill"))
