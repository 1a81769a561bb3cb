"""Rendering a digest: subject, HTML, plain text, and a CSV file with every row. The same digest gives the same bytes."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from rowcol.delivery.digest_csv import client_csv, practice_csv
from rowcol.delivery.mail import file_name, one_line
from rowcol.delivery.templating import ACCENT, BAD, change, money, render_template
from rowcol.store.control.sent_mail import PRACTICE_ITSELF
from rowcol.views.digest.records import (
    AlteredRecord,
    Bill,
    ClientDigest,
    ClientLine,
    CustomerToChase,
    Digest,
    PracticeDigest,
    ShorterRunway,
)
from rowcol.wording import as_of_text, counted, date_text, near_day, short_day, signed_days, weekday

SHOWN = 10
"""Rows of a list in a mail; the rest are in its file and on the dashboard."""
CLIENT_SHOWN = 6
REASONS_SHOWN = 3
WAIT_WORDS = "Paid this week, these would leave too little for what comes later. Let us decide together which go first."
TALLEST = 64
"""Pixels from the highest balance to the lowest, or to zero."""
LEAST = 2
"""Pixels of a bar whose value is 0, so that it is visible."""


@dataclass(frozen=True)
class RenderedDigest:
    """One digest as mail and files; `business_id` '' is the practice itself.

    `slug` names its files; `figures` are its values as JSON, with their hash.
    """

    business_id: str
    digest: PracticeDigest | ClientDigest
    subject: str
    html: str
    text: str
    csv: bytes
    slug: str
    figures: str
    figures_hash: str


@dataclass(frozen=True)
class Bar:
    """One week's bar: its pixels above zero or, negative, below, its colour and class, its label or ''."""

    height: int
    colour: str
    kind: str
    label: str


def render_all(digest: Digest) -> list[RenderedDigest]:
    """Render the practice's digest and every client's, in the order of the client list."""
    return [render_practice(digest.practice), *(render_client(client) for client in digest.clients.values())]


def render_practice(digest: PracticeDigest) -> RenderedDigest:
    """Render the practice's digest."""
    values = {
        "d": digest, "shown": SHOWN, "headline": headline(digest), "fresh_words": fresh_words(digest),
        "reasons_words": reasons_words, "altered_words": altered_words, "then_words": then_words, "chase_words": chase_words,
        "named": partial(client_words, digest), "as_of_words": as_of_words(digest), "left_out": left_out_words(digest),
    }  # fmt: skip
    subject = f"Weekly digest, {date_text(digest.as_of)}: {headline(digest)}"
    return _rendered("practice", values, subject, practice_csv(digest), f"practice-{digest.as_of}", digest)


def render_client(digest: ClientDigest) -> RenderedDigest:
    """Render one client's digest."""
    values = {
        "d": digest, "shown": CLIENT_SHOWN, "change_words": change_words(digest), "tight_words": tight_words(digest),
        "lasts_words": lasts_words(digest), "bars": bars(digest), "bars_words": bars_words(digest),
        "bill_words": bill_words, "wait_words": WAIT_WORDS,
        "pay_now_words": _sum_words(digest.pay_now, digest.currency),
        "can_wait_words": _sum_words(digest.can_wait, digest.currency),
        "as_of_words": as_of_text([digest.as_of], [digest.reconstructed]),
    }  # fmt: skip
    subject = f"{one_line(digest.name)}: your week in cash, {date_text(digest.as_of)}"
    slug = f"{file_name(digest.name)}-{digest.business_id[:6]}-{digest.as_of}"
    return _rendered("client", values, subject, client_csv(digest), slug, digest)


def client_words(digest: PracticeDigest, name: str, as_of: date) -> str:
    """Return a client's name, with its day if the clients are as of different days."""
    return one_line(name) if len(digest.days) < 2 else f"{one_line(name)}, as of {short_day(as_of)}"


def as_of_words(digest: PracticeDigest) -> str:
    """Return of which day the figures of the clients are."""
    days = [line.as_of for line in digest.lines] or [digest.as_of]
    return as_of_text(days, [line.reconstructed for line in digest.lines])


def left_out_words(digest: PracticeDigest) -> list[str]:
    """Return what the clients' cash leaves out and what is rounded, a sentence for each, with the client's name."""
    return [f"{one_line(line.name)}: {one_line(text)}." for line in digest.lines for text in line.left_out]


def headline(digest: PracticeDigest) -> str:
    """Return the week in one line: who is critical, who lost runway, who is not safe to discuss."""
    critical = sum(line.status == "critical" for line in digest.lines)
    parts = [
        f"{counted(critical, 'client')} critical" if critical else "",
        f"{len(digest.lost)} lost runway" if digest.lost else "",
        f"{counted(len(digest.freshness.stale), 'client')} not safe to discuss"
        if digest.freshness.stale
        else "",
    ]
    return ", ".join(part for part in parts if part) or "nobody got worse"


def fresh_words(digest: PracticeDigest) -> str:
    """Return how many clients are up to date and tie."""
    fresh = digest.freshness
    ties = [
        f"{fresh.tied} tied to QuickBooks" if fresh.tied else "",
        f"{len(fresh.broken)} not tied" if fresh.broken else "",
        f"{fresh.unchecked} not checked" if fresh.unchecked else "",
    ]
    up_to_date = f"{fresh.clients - len(fresh.stale)} of {counted(fresh.clients, 'client')} up to date"
    tied = ", ".join(part for part in ties if part)
    return f"{up_to_date}; {tied}." if tied else f"{up_to_date}."


def reasons_words(lost: ShorterRunway) -> str:
    """Return the causes of a runway lost, the largest first, each with its money and its days."""
    currency = lost.line.currency
    causes = []
    for reason in lost.reasons[:REASONS_SHOWN]:
        amount = "" if reason.amount_cents is None else f" {change(reason.amount_cents, currency)}"
        effect = f" ({signed_days(reason.days)})" if reason.days else ""
        causes.append(f"{one_line(reason.words)}{amount}{effect}")
    return "; ".join(causes)


def altered_words(record: AlteredRecord) -> str:
    """Return which record was altered: its kind and its party."""
    return one_line(f"{record.entity} {record.party}".strip())


def chase_words(debtor: CustomerToChase) -> str:
    """Return when a customer pays: as promised, as expected, or not counted on."""
    if debtor.promised_on:
        return f"promised for {weekday(debtor.promised_on)}"
    return weekday(debtor.expected_on) if debtor.expected_on else "not counted on"


def then_words(line: ClientLine) -> str:
    """Return how cash changed since the last call, '' if that is not known."""
    if line.cash_then_cents is None:
        return ""
    return change(line.cash_cents - line.cash_then_cents, line.currency)


def change_words(digest: ClientDigest) -> str:
    """Return how a client's cash changed since the last call, '' if that is not known."""
    if digest.cash_then_cents is None or digest.since is None:
        return ""
    return (
        f"{change(digest.cash_cents - digest.cash_then_cents, digest.currency)} since {weekday(digest.since)}"
    )


def lasts_words(digest: ClientDigest) -> str:
    """Return what the cash buffer assumes, or why there is none."""
    if digest.buffer_days is None:
        return "nothing was spent in the last 90 days"
    return "at your usual spending, with nothing coming in"


def tight_words(digest: ClientDigest) -> str:
    """Return what tight means for a client."""
    return _floor_words(digest) if digest.tight_on or digest.reserve_cents > 0 else ""


def bill_words(bill: Bill, today: date) -> str:
    """Return a bill's number and due date."""
    number = f"bill {one_line(bill.number)}" if bill.number else "bill without a number"
    return f"{number}, due {near_day(bill.due, today)}" if bill.due else number


def bars(digest: ClientDigest) -> list[Bar]:
    """Return the 13 weeks' closing balances as bars up or down; those below the reserve, or below zero, in red."""
    closing = [week.closing_cents for week in digest.weeks]
    span = max(*closing, 0) - min(*closing, 0) if closing else 0
    drawn = []
    for place, week in enumerate(digest.weeks):
        pixels = TALLEST * abs(week.closing_cents) // span if span else 0
        height = max(pixels, LEAST) * (-1 if week.closing_cents < 0 else 1)
        low = week.closing_cents < digest.reserve_cents or week.closing_cents < 0
        label = short_day(week.start) if place % 4 == 0 else ""
        drawn.append(Bar(height, BAD if low else ACCENT, "low" if low else "bar", label))
    return drawn


def bars_words(digest: ClientDigest) -> str:
    """Return what the bars show in sentences, for readers who do not see them."""
    if not digest.weeks:
        return ""
    low = min(digest.weeks, key=lambda week: week.closing_cents)
    last = digest.weeks[-1]
    week_end, last_end = (week.start + timedelta(days=6) for week in (low, last))
    red = f"Red: {_floor_words(digest)}. " if any(bar.kind == "low" for bar in bars(digest)) else ""
    return (
        f"{red}Lowest at the end of a week: {money(low.closing_cents, digest.currency)} on {weekday(week_end)}. "
        f"After 13 weeks: {money(last.closing_cents, digest.currency)} on {weekday(last_end)}."
    )


def _floor_words(digest: ClientDigest) -> str:
    if digest.reserve_cents > 0:
        return f"below your reserve of {money(digest.reserve_cents, digest.currency)}"
    return "below zero"


def figures_json(digest: PracticeDigest | ClientDigest) -> str:
    """Return the values of a digest as JSON, its keys sorted."""
    return json.dumps(asdict(digest), sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no figure")


def _sum_words(bills: Sequence[Bill], currency: str) -> str:
    return f"{counted(len(bills), 'bill')}, {money(sum(bill.amount_cents for bill in bills), currency)}"


def _rendered(
    name: str,
    values: dict[str, Any],
    subject: str,
    csv: bytes,
    slug: str,
    digest: PracticeDigest | ClientDigest,
) -> RenderedDigest:
    figures = figures_json(digest)
    return RenderedDigest(
        business_id=digest.business_id if isinstance(digest, ClientDigest) else PRACTICE_ITSELF,
        digest=digest,
        subject=subject,
        html=render_template(f"{name}.html", values),
        text=render_template(f"{name}.txt", values),
        csv=csv,
        slug=slug,
        figures=figures,
        figures_hash=hashlib.sha256(figures.encode("utf-8", "surrogatepass")).hexdigest(),
    )
