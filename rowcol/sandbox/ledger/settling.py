"""What stands on A/P and A/R, and what payments settled of it."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger.amounts import at_rate, cents, rate_of
from rowcol.sandbox.ledger.chart import Chart
from rowcol.sandbox.ledger.legs import Leg, is_void

Record = dict[str, Any]

# The names QuickBooks gives a linked transaction's type, if they are not the entity's own.
LINKED_ENTITY = {
    "BillPaymentCheck": "BillPayment",
    "BillPaymentCreditCard": "BillPayment",
    "Expense": "Purchase",
    "Check": "Purchase",
    "CreditCardCredit": "Purchase",
}


class Control(NamedTuple):
    """Something standing on A/P or A/R that payments can settle: a document, or a line of another kind.

    `own` and `home` are cents in the transaction's and the home currency; charges are positive, credits
    negative. A payment is one too: `own` is its total, positive.
    """

    entity: str
    txn_id: str
    line: str
    date: str
    account: str
    kind: str  # Vendor (A/P) or Customer (A/R)
    party: str
    own: int
    home: int
    rate: Decimal | None


class Application(NamedTuple):
    """What a payment settled of a control; cents, positive for a charge, negative for a credit."""

    payer: Control
    target: Control
    date: str  # the later of the two: before, neither was settled
    own: int
    home: int


def linked_entity(txn_type: str) -> str:
    """Return the entity a LinkedTxn's type names."""
    return LINKED_ENTITY.get(txn_type, txn_type)


def control_of(entity: str, record: Record, leg: Leg, home: int, chart: Chart) -> Control:
    """Return what a transaction's side on an A/P or A/R account leaves standing there."""
    kind = chart.control[leg.account]
    sign = -1 if kind == "Vendor" else 1
    date = record.get("TxnDate", "")
    rate = rate_of(record)
    own = sign * leg.amount
    return Control(entity, record["Id"], leg.line, date, leg.account, kind, leg.party, own, sign * home, rate)


def payers_of(company: Company, chart: Chart) -> Iterator[Control]:
    """Yield the payments made and received, void ones left out."""
    for entity, kind, field in (
        ("BillPayment", "Vendor", "VendorRef"),
        ("Payment", "Customer", "CustomerRef"),
    ):
        for id_, record in company.of(entity).items():
            if is_void(record):
                continue
            account = chart.payable(record) if kind == "Vendor" else chart.receivable(record)
            total, rate = cents(record.get("TotalAmt")), rate_of(record)
            party = (record.get(field) or {}).get("value", "")
            date = record.get("TxnDate", "")
            yield Control(entity, id_, "", date, account, kind, party, total, at_rate(total, rate), rate)


def applications_of(company: Company, payers: list[Control], controls: list[Control]) -> list[Application]:
    """Apply the payments in the order of their dates, so that the last one takes the odd cent of a rate."""
    found: dict[tuple[str, str], list[Control]] = defaultdict(list)
    for control in controls:
        found[control.entity, control.txn_id].append(control)
    left = {(c.entity, c.txn_id, c.line): (c.own, c.home) for c in controls}
    applications = []
    for payer in sorted(payers, key=lambda payer: (payer.date, len(payer.txn_id), payer.txn_id)):
        for line in company.entities[payer.entity][payer.txn_id].get("Line", ()):
            target = _target(found, payer, line.get("LinkedTxn"))
            if target is not None:
                applications.append(_applied(payer, target, cents(line.get("Amount")), left))
    return applications


def _applied(
    payer: Control, target: Control, amount: int, left: dict[tuple[str, str, str], tuple[int, int]]
) -> Application:
    own = amount if target.own >= 0 else -amount
    key = (target.entity, target.txn_id, target.line)
    open_own, open_home = left[key]
    still_home = open_home - own if target.rate is None else at_rate(open_own - own, target.rate)
    left[key] = (open_own - own, still_home)
    return Application(payer, target, max(payer.date, target.date), own, open_home - still_home)


def _target(
    found: dict[tuple[str, str], list[Control]], payer: Control, links: list[Record] | None
) -> Control | None:
    """Return what a payment's line settles: of a journal entry, the line named, else one of the same party."""
    if not links:
        return None
    link = links[0]
    linked = found.get((linked_entity(link["TxnType"]), link["TxnId"]), ())
    same_side = [control for control in linked if control.kind == payer.kind]
    if len(same_side) <= 1:
        return same_side[0] if same_side else None
    line = link.get("TxnLineId")
    exact = [control for control in same_side if control.line == line]
    same_party = [control for control in same_side if control.party == payer.party]
    return (exact or same_party or same_side)[0]
