"""The digest's figures are the pages' own, to the cent, for the same day and moment."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from rowcol.clock import Moment
from rowcol.sandbox.books import demo_companies
from rowcol.views.digest.practice import digest
from rowcol.views.digest.records import Digest
from tests.kits.clock import TODAY
from tests.kits.consoles import ConsoleStage
from tests.kits.digest_practice import DigestPractice, digest_practice_at
from tests.kits.servers.mail import postbox

AS_OF = TODAY


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DigestPractice, Digest]]:
    """Give two of the built-in companies, one with poor books, and their digests."""
    companies = demo_companies(2, today=TODAY)
    with postbox() as box, digest_practice_at(tmp_path_factory.mktemp("figures"), box, companies) as practice:
        practice.clock.forward(minutes=1)
        yield practice, digest(practice.digests.inputs(None, AS_OF, practice.clock.now))


def test_every_line_is_the_client_list_s(built: tuple[DigestPractice, Digest]) -> None:
    practice, digests = built
    page = practice.services.clients_view(Moment(AS_OF, practice.clock.now)).rows
    assert [line.business_id for line in digests.practice.lines] == page["business_id"].tolist()
    for line, row in zip(digests.practice.lines, page.to_dict("records"), strict=True):
        assert (line.cash_cents, line.buffer_days, line.runway_days, line.cash_out_on, line.status) == (
            row["cash_cents"], row["buffer_days"], row["net_burn_runway_days"], row["cash_out_date"], row["status"],
        )  # fmt: skip


def test_a_client_s_half_page_is_its_pages_own(built: tuple[DigestPractice, Digest]) -> None:
    """Cash, buffer and cash-out date of the Client page; the weeks of the forecast; what is safe to pay of the console."""
    practice, digests = built
    for business_id, half in digests.clients.items():
        page = practice.services.client_view(business_id, Moment(AS_OF, practice.clock.now)).figures
        assert page is not None
        assert (half.cash_cents, half.buffer_days, half.tight_on) == (
            page.cash_cents, page.buffer_days, page.cash_out_date,
        )  # fmt: skip
        with practice.services.gateway.open_with_forecast(
            (business_id,), Moment(AS_OF, practice.clock.now)
        ) as books:
            assert [week.closing_cents for week in half.weeks] == books.forecast.weeks[
                "closing_cents"
            ].tolist()
        moment = Moment(AS_OF, practice.clock.now)
        stage = ConsoleStage(practice.services.gateway, practice.services.decision_log.decisions)
        console = stage.view(stage.inputs(business_id, moment), moment)
        assert sum(bill.amount_cents for bill in half.pay_now) == console.safe.sum_cents
        assert len(half.pay_now) == len(console.safe.taken)
        due = console.bills[console.bills["group"].isin(["overdue", "urgent"])]
        assert (
            sum(bill.amount_cents for bill in (*half.pay_now, *half.can_wait)) == due["balance_cents"].sum()
        )


def test_on_the_day_of_its_first_reading_a_client_sees_no_change(
    built: tuple[DigestPractice, Digest],
) -> None:
    """`no change since today` gives nothing new, and reads as if the week had been looked at."""
    for half in built[1].clients.values():
        assert (half.since, half.cash_then_cents) == (None, None)


def test_a_week_after_its_first_reading_a_client_sees_the_change(
    built: tuple[DigestPractice, Digest],
) -> None:
    practice, _ = built
    later = digest(practice.digests.inputs(None, AS_OF + timedelta(days=7), practice.clock.now))
    assert {half.since for half in later.clients.values()} == {AS_OF}
    assert all(half.cash_then_cents is not None for half in later.clients.values())


def test_whom_to_chase_is_the_report_of_collections(built: tuple[DigestPractice, Digest]) -> None:
    practice, digests = built
    report = practice.services.report("collections", None, Moment(AS_OF, practice.clock.now))
    assert sum(chase.owed_cents for chase in digests.practice.chase) == report["balance_cents"].sum() > 0
    assert sum(half.chase_cents for half in digests.clients.values()) == report["balance_cents"].sum()
    assert sum(chase.invoices for chase in digests.practice.chase) == len(report)


def test_a_client_alone_gets_the_digest_it_gets_among_all(built: tuple[DigestPractice, Digest]) -> None:
    """Or a digest approved on its own could not be the one that was previewed."""
    practice, digests = built
    business_id, half = next(iter(digests.clients.items()))
    alone = digest(practice.digests.inputs(business_id, AS_OF, practice.clock.now))
    assert alone.clients == {business_id: half}


def test_the_same_moment_gives_the_same_digest_later(built: tuple[DigestPractice, Digest]) -> None:
    practice, digests = built
    known_at = practice.clock.now
    practice.clock.forward(days=2)
    again = digest(practice.digests.inputs(None, AS_OF, known_at))
    practice.clock.now -= timedelta(days=2)
    assert again == digests
