"""A digest as one CSV table: the file attached to its mail."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from itertools import chain

import pandas as pd

from rowcol.delivery.csv import to_csv
from rowcol.views.digest.records import ClientDigest, PracticeDigest


@dataclass(frozen=True)
class Row:
    """One line of the file."""

    section: str
    client: str
    party: str = ""
    what: str = ""
    amount_cents: int | None = None
    currency: str = ""
    days: float | int | None = None
    date: date | datetime | None = None


def practice_csv(digest: PracticeDigest) -> bytes:
    """Return the practice's digest as CSV: section, client, party, what, amount, currency, days, date."""
    return _csv(chain(_clients(digest), _to_do(digest), _new(digest)))


def client_csv(digest: ClientDigest) -> bytes:
    """Return a client's digest as CSV, in the columns of the practice's."""
    return _csv(chain(_cash(digest), _client_to_do(digest)))


def _csv(rows: Iterable[Row]) -> bytes:
    frame = pd.DataFrame(
        [asdict(row) for row in rows], columns=[column.name for column in fields(Row)], dtype="object"
    )
    return to_csv(frame.assign(amount_cents=frame["amount_cents"].astype("Int64")))


def _clients(digest: PracticeDigest) -> Iterator[Row]:
    for stale in digest.freshness.stale:
        yield Row("not safe to discuss", stale.name, what=stale.reason, date=stale.synced_at)
    for line in digest.lines:
        cash = line.cash_cents if line.status else None
        yield Row(
            "client", line.name, "", line.status, cash, line.currency, line.buffer_days, line.cash_out_on
        )
    for lost in digest.lost:
        name, currency = lost.line.name, lost.line.currency
        yield Row("lost runway", name, what=lost.figure, days=-lost.days, date=lost.since)
        for why in lost.reasons:
            yield Row("lost runway, why", name, "", why.words, why.amount_cents, currency, why.days)
    for low in digest.below:
        currency = low.line.currency
        yield Row("below the reserve", low.line.name, "", "lowest", low.lowest_cents, currency, date=low.on)
    for score in digest.scored:
        for label, cents in (
            ("forecast a week ago", score.expected_cents),
            ("happened", score.happened_cents),
        ):
            yield Row("forecast", score.client, "", label, cents, score.currency, date=score.through)


def _to_do(digest: PracticeDigest) -> Iterator[Row]:
    for bills in digest.to_decide:
        for label, cents in (
            ("due", bills.due_cents),
            ("above the reserve", bills.spendable_cents),
            ("safe to pay", bills.safe_cents),
        ):
            yield Row("bills due", bills.line.name, "", label, cents, bills.line.currency)
    for debtor in digest.chase:
        day = debtor.promised_on or debtor.expected_on
        yield Row(
            "chase",
            debtor.client,
            debtor.customer,
            "owes",
            debtor.owed_cents,
            debtor.currency,
            debtor.days_past_due,
            day,
        )
    for task in digest.tasks:
        yield Row("task", task.client, task.owner, task.what, days=task.age_days, date=task.due)


def _new(digest: PracticeDigest) -> Iterator[Row]:
    for finding in digest.found:
        yield Row(
            "new finding",
            finding.client,
            "",
            finding.message,
            finding.amount_cents,
            finding.currency,
            finding.runway_days,
        )
    for record in digest.altered:
        yield Row(
            record.what,
            record.client,
            record.party,
            record.entity,
            record.amount_cents,
            record.currency,
            date=record.on,
        )
    for name in digest.quiet:
        yield Row("nothing new", name)


def _cash(digest: ClientDigest) -> Iterator[Row]:
    name, currency = digest.name, digest.currency
    if digest.figures_known:
        yield Row(
            "cash", name, "", "in the books", digest.cash_cents, currency, digest.buffer_days, digest.as_of
        )
        yield Row("cash", name, "", "reserve", digest.reserve_cents, currency, date=digest.tight_on)
    for week in digest.weeks:
        yield Row(
            "forecast", name, "", "cash at the end of the week", week.closing_cents, currency, date=week.start
        )
    for flow in (*digest.came_in, *digest.went_out):
        direction = "came in" if flow.amount_cents > 0 else "went out"
        yield Row("cash movement", name, flow.party, direction, flow.amount_cents, currency)


def _client_to_do(digest: ClientDigest) -> Iterator[Row]:
    name, currency = digest.name, digest.currency
    for section, bills in (("pay this week", digest.pay_now), ("can wait", digest.can_wait)):
        for bill in bills:
            yield Row(section, name, bill.vendor, bill.number, bill.amount_cents, currency, date=bill.due)
    for debtor in digest.chase:
        yield Row("chase", name, debtor.customer, "late", debtor.amount_cents, currency, debtor.days_past_due)
    for question in digest.questions:
        yield Row("question", name, what=question)
