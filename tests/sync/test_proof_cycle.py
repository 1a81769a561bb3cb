"""A cycle: one request a company, everything that changed seen, nothing that did not logged again."""

from pathlib import Path

from rowcol.sandbox.run import running_sandbox
from tests.kits.clock import FrozenClock, unlimited
from tests.kits.company_sync import (
    REALM,
    Bookkeeper,
    agency,
    company_of_bills,
    company_sync,
    logged,
    product,
    requests_of,
)

OTHERS = tuple(str(int(REALM) + step) for step in (1, 2))


def test_a_second_refresh_of_the_day_costs_one_request_a_company_and_logs_nothing(tmp_path: Path):
    clock = FrozenClock()
    companies = [agency(realm) for realm in (REALM, *OTHERS)]
    with (
        running_sandbox(companies, clock=clock, throttle=False) as sandbox,
        product(tmp_path, sandbox, clock=clock, rate_limiter=unlimited()) as services,
    ):
        assert all(outcome.ok for outcome in services.refresh())
        versions = logged(services.database)
        for minutes in (15, 30):
            clock.forward(minutes=15)
            sandbox.state.stats.clear()
            outcomes = services.refresh()
            assert [outcome.ok for outcome in outcomes] == [True] * 3
            assert {realm: requests_of(sandbox, realm) for realm in sandbox.companies} == {
                realm: {"cdc": 1} for realm in sandbox.companies
            }, f"after {minutes} minutes"
            assert [(outcome.requests, outcome.rows_changed) for outcome in outcomes] == [(1, 0)] * 3
        assert logged(services.database) == versions
        assert services.verify().differences == ()


def test_fifty_changes_with_five_deletes_among_many_come_with_one_request(tmp_path: Path):
    clock = FrozenClock()
    with (
        running_sandbox([company_of_bills(2500)], clock=clock, throttle=False) as sandbox,
        company_sync(tmp_path, sandbox, clock=clock) as company,
    ):
        assert company.sync().rows_in == 2506
        assert company.sync().changed == 0
        versions, people = company.versions_logged(), Bookkeeper(sandbox)
        clock.forward(minutes=20)
        for number in range(45):
            people.edit("Bill", str(1000 + 50 * number), PrivateNote=f"Edited {number}")
        for number in range(5):
            people.delete("Bill", str(1007 + 300 * number))
        company.requests()
        landed = company.sync()
        (only,) = company.requests()
        assert "/cdc?" in only
        # Beside the bills: the deletes moved their vendor's balance and two accounts... counted below as they are.
        assert (landed.deleted, company.at_rest()) == (5, True)
        moved = landed.changed - 45
        assert company.versions_logged() == versions + 45 + 5 + moved
        assert 0 < moved <= 3
