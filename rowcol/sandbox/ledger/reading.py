"""A company's books read once: postings, what stands on A/P and A/R, and what was settled of it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger.amounts import at_rate, rate_of
from rowcol.sandbox.ledger.chart import Chart, chart_of
from rowcol.sandbox.ledger.legs import DOCUMENTS, Leg, legs_of
from rowcol.sandbox.ledger.settling import (
    Application,
    Control,
    applications_of,
    control_of,
    linked_entity,
    payers_of,
)

Record = dict[str, Any]


class Posting(NamedTuple):
    """One side of a transaction: home cents, debit positive; `own_cents` in the account's currency."""

    date: str
    account: str
    amount_cents: int
    party_kind: str  # Vendor, Customer, Employee or nothing
    party: str
    entity: str
    txn_id: str
    line: str
    own_cents: int


@dataclass(frozen=True)
class Reading:
    """The books as one reading gives them; a payer's `own` is its total, to be less what it settled."""

    chart: Chart
    postings: list[Posting]
    controls: list[Control]
    payers: list[Control]
    applications: list[Application]


def read_books(company: Company) -> Reading:
    """Return the postings, controls and applications of a company's records."""
    chart = chart_of(company)
    postings: list[Posting] = []
    controls: list[Control] = []
    for entity in DOCUMENTS:
        for record in company.of(entity).values():
            date = record.get("TxnDate", "")
            for leg, home in _sides(company, entity, record, chart):
                postings.append(_posting(date, leg, home, entity, record["Id"], chart))
                if leg.account in chart.control:
                    controls.append(control_of(entity, record, leg, home, chart))
    payers = list(payers_of(company, chart))
    applications = applications_of(company, payers, controls)
    postings += _payments_posted(company, payers, applications, chart)
    return Reading(chart, postings, controls, payers, applications)


def _sides(company: Company, entity: str, record: Record, chart: Chart) -> list[tuple[Leg, int]]:
    """Return a transaction's legs that are not nothing, with their home cents."""
    legs = legs_of(entity, record, chart)
    rate = rate_of(record)
    home = [leg.amount for leg in legs] if rate is None else [at_rate(leg.amount, rate) for leg in legs]
    if entity == "Deposit" and rate is not None:
        home = _received_at(company, record, legs, home)
    off = sum(home)
    if off:
        legs, home = _balanced(legs, home, off, chart)
    return [(leg, amount) for leg, amount in zip(legs, home, strict=True) if amount or leg.amount]


def _balanced(legs: list[Leg], home: list[int], off: int, chart: Chart) -> tuple[list[Leg], list[int]]:
    """Give the cents lost to rounding to the last leg that is nobody's balance."""
    free = [index for index, leg in enumerate(legs) if index and leg.account not in chart.control]
    if free:
        home[free[-1]] -= off
        return legs, home
    return [*legs, Leg(chart.exchange, -off, "", "", "rounding")], [*home, -off]


def _posting(date: str, leg: Leg, home: int, entity: str, txn_id: str, chart: Chart) -> Posting:
    own = leg.amount if leg.account in chart.foreign else home
    return Posting(date, leg.account, home, leg.party_kind, leg.party, entity, txn_id, leg.line, own)


def _received_at(company: Company, record: Record, legs: list[Leg], home: list[int]) -> list[int]:
    """Take a payment out of Undeposited Funds at the rate it came in; what the bank gives is at today's."""
    lines = [line.get("LinkedTxn") for line in record.get("Line", ())]
    for index, links in enumerate(lines, start=1):
        if links:
            source = company.of(linked_entity(links[0]["TxnType"])).get(links[0]["TxnId"], record)
            home[index] = at_rate(legs[index].amount, rate_of(source))
    return home


def _payments_posted(
    company: Company, payers: list[Control], applications: list[Application], chart: Chart
) -> Iterator[Posting]:
    settled: dict[tuple[str, str], list[Application]] = defaultdict(list)
    for application in applications:
        settled[application.payer.entity, application.payer.txn_id].append(application)
    for payer in payers:
        record = company.entities[payer.entity][payer.txn_id]
        yield from _payment_posted(record, payer, settled[payer.entity, payer.txn_id], chart)


def _payment_posted(
    record: Record, payer: Control, settled: list[Application], chart: Chart
) -> Iterator[Posting]:
    sign = 1 if payer.kind == "Vendor" else -1  # paying a vendor debits A/P, a customer paying credits A/R
    rate = rate_of(record)
    rest = payer.own - sum(application.own for application in settled)
    paid = Leg(_money_account(record, payer, chart), -sign * payer.own, payer.kind, payer.party, "")
    sides = [(paid, -sign * at_rate(payer.own, rate))]
    for application in settled:
        target = application.target
        leg = Leg(target.account, sign * application.own, payer.kind, target.party, "")
        sides.append((leg, sign * application.home))
    sides.append(
        (Leg(payer.account, sign * rest, payer.kind, payer.party, ""), sign * at_rate(rest, payer.rate))
    )
    gain = -sum(home for _, home in sides)
    sides.append((Leg(chart.exchange, gain, "", "", "exchange"), gain))
    for leg, home in sides:
        if home or leg.amount:
            yield _posting(payer.date, leg, home, payer.entity, payer.txn_id, chart)


def _money_account(record: Record, payer: Control, chart: Chart) -> str:
    if payer.kind == "Customer":
        return chart.received_into(record)
    for detail, field in (("CheckPayment", "BankAccountRef"), ("CreditCardPayment", "CCAccountRef")):
        if field in record.get(detail, {}):
            return str(record[detail][field]["value"])
    return "(bank)"
