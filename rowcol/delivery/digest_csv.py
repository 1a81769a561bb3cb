"""A digest as one CSV table: the file attached to its mail."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import chain

import pandas as pd

from rowcol.delivery.csv import to_csv
from rowcol.views.digest.records import ClientDigest, PracticeDigest


@dataclass(frozen=True)
class Row:
    """One line of the file, as of its client's day."""

    as_of: date
    section: str
    client: str
    party: str = ""
    what: str = ""
    amount_cents: int | None = None
    currency: str = ""
    days: float | int | None = None
    date: date | datetime | None = None


COLUMNS = ["section", "client", "party", "what", "amount_cents", "currency", "days", "date", "as_of"]


def practice_csv(digest: PracticeDigest) -> bytes:
    """Return the practice's digest as CSV: `COLUMNS`, reconstructed, known_at."""
    rolled_back = {(line.name, line.as_of) for line in digest.lines if line.reconstructed}
    return _csv(chain(_clients(digest), _to_do(digest), _new(digest)), rolled_back, digest.known_at)


def client_csv(digest: ClientDigest) -> bytes:
    """Return a client's digest as CSV, in the columns of the practice's."""
    rolled_back = {(digest.name, digest.as_of)} if digest.reconstructed else set()
    return _csv(chain(_cash(digest), _client_to_do(digest)), rolled_back, digest.known_at)


def _csv(rows: Iterable[Row], rolled_back: Set[tuple[str, date]], known_at: datetime) -> bytes:
    """`rolled_back` are the clients, by name and day, whose figures are reconstructed."""
    frame = pd.DataFrame([asdict(row) for row in rows], columns=COLUMNS, dtype="object")
    pairs = zip(frame["client"], frame["as_of"], strict=True)
    frame["reconstructed"] = pd.Series(
        [pair in rolled_back for pair in pairs], index=frame.index, dtype="bool"
    )
    return to_csv(frame.assign(amount_cents=frame["amount_cents"].astype("Int64"), known_at=known_at))


def _clients(digest: PracticeDigest) -> Iterator[Row]:
    for stale in digest.freshness.stale:
        yield Row(stale.as_of, "not safe to discuss", stale.name, what=stale.reason, date=stale.synced_at)
    for line in digest.lines:
        cash = line.cash_cents if line.status else None
        yield Row(
            line.as_of, "client", line.name, "", line.status, cash, line.currency, line.buffer_days, line.cash_out_on
        )  # fmt: skip
        for sentence in line.left_out:
            yield Row(line.as_of, "cash", line.name, "", sentence)
    for lost in digest.lost:
        name, currency, as_of = lost.line.name, lost.line.currency, lost.line.as_of
        yield Row(as_of, "lost runway", name, what=lost.figure, days=-lost.days, date=lost.since)
        for why in lost.reasons:
            yield Row(as_of, "lost runway, why", name, "", why.words, why.amount_cents, currency, why.days)
    for low in digest.below:
        line = low.line
        yield Row(
            line.as_of, "below the reserve", line.name, "", "lowest", low.lowest_cents, line.currency, date=low.on
        )  # fmt: skip
    for score in digest.scored:
        for label, cents in (
            ("forecast a week ago", score.expected_cents),
            ("happened", score.happened_cents),
        ):
            yield Row(
                score.as_of, "forecast", score.client, "", label, cents, score.currency, date=score.through
            )


def _to_do(digest: PracticeDigest) -> Iterator[Row]:
    for bills in digest.to_decide:
        line = bills.line
        for label, cents in (
            ("due", bills.due_cents),
            ("above the reserve", bills.spendable_cents),
            ("safe to pay", bills.safe_cents),
        ):
            yield Row(line.as_of, "bills due", line.name, "", label, cents, line.currency)
    for debtor in digest.chase:
        yield Row(
            debtor.as_of, "chase", debtor.client, debtor.customer, "owes", debtor.owed_cents, debtor.currency,
            debtor.days_past_due, debtor.promised_on or debtor.expected_on,
        )  # fmt: skip
    for task in digest.tasks:
        yield Row(task.as_of, "task", task.client, task.owner, task.what, days=task.age_days, date=task.due)


def _new(digest: PracticeDigest) -> Iterator[Row]:
    for finding in digest.found:
        yield Row(
            finding.as_of, "new finding", finding.client, "", finding.message, finding.amount_cents, finding.currency,
            finding.runway_days,
        )  # fmt: skip
    for record in digest.altered:
        yield Row(
            record.as_of, record.what, record.client, record.party, record.entity, record.amount_cents, record.currency,
            date=record.on,
        )  # fmt: skip
    for line in digest.quiet:
        yield Row(line.as_of, "nothing new", line.name)


def _cash(digest: ClientDigest) -> Iterator[Row]:
    as_of, name, currency = digest.as_of, digest.name, digest.currency
    if digest.figures_known:
        yield Row(
            as_of, "cash", name, "", "in the books", digest.cash_cents, currency, digest.buffer_days, as_of
        )
        yield Row(as_of, "cash", name, "", "reserve", digest.reserve_cents, currency, date=digest.tight_on)
    for sentence in digest.incomplete:
        yield Row(as_of, "cash", name, "", sentence)
    for week in digest.weeks:
        what = "cash at the end of the week"
        yield Row(as_of, "forecast", name, "", what, week.closing_cents, currency, date=week.start)
    for flow in (*digest.came_in, *digest.went_out):
        direction = "came in" if flow.amount_cents > 0 else "went out"
        yield Row(as_of, "cash movement", name, flow.party, direction, flow.amount_cents, currency)


def _client_to_do(digest: ClientDigest) -> Iterator[Row]:
    as_of, name, currency = digest.as_of, digest.name, digest.currency
    for section, bills in (("pay this week", digest.pay_now), ("can wait", digest.can_wait)):
        for bill in bills:
            yield Row(
                as_of, section, name, bill.vendor, bill.number, bill.amount_cents, currency, date=bill.due
            )
    for debtor in digest.chase:
        yield Row(
            as_of, "chase", name, debtor.customer, "late", debtor.amount_cents, currency, debtor.days_past_due
        )
    for question in digest.questions:
        yield Row(as_of, "question", name, what=question)
