"""How transactions are linked: payments and deposits to the documents they settle or bank."""

from collections import Counter
from typing import NamedTuple

from rowcol.sandbox.company import Record, to_amount, to_cents

ENTITY_OF_TYPE = {"BillPaymentCheck": "BillPayment", "BillPaymentCreditCard": "BillPayment"}
TYPE_OF_ENTITY = {"BillPayment": "BillPaymentCheck"}  # even for card payments, as captured
PAYMENT_TYPES = ("Payment", "BillPayment", *ENTITY_OF_TYPE, "Deposit")
CREDITS = ("CreditMemo", "VendorCredit")


class Link(NamedTuple):
    """A document some line is linked to."""

    entity: str
    id: str


def applied(record: Record) -> Counter[Link]:
    """Return the cents a record's lines put to each document they are linked to."""
    amounts: Counter[Link] = Counter()
    for line in record.get("Line", []):
        for link in line.get("LinkedTxn", []):
            kind = ENTITY_OF_TYPE.get(link["TxnType"], link["TxnType"])
            amounts[Link(kind, str(link["TxnId"]))] += to_cents(line.get("Amount"))
    return amounts


def unapplied(payment: Record) -> float:
    """Return what is left of a payment after the charges and credits it is linked to."""
    amounts = applied(payment).items()
    used = sum(-amount if link.entity in CREDITS else amount for link, amount in amounts)
    return to_amount(to_cents(payment.get("TotalAmt")) - used)


def linked_payments(record: Record) -> list[str]:
    """Name the payments and deposits a record is linked to, as `Payment 12`."""
    links = record.get("LinkedTxn", [])
    return [f"{link['TxnType']} {link['TxnId']}" for link in links if link["TxnType"] in PAYMENT_TYPES]


def with_link(target: Record, entity: str, id_: str, *, linked: bool) -> Record:
    """Return a document with, or without, its link back to a payment or deposit."""
    others = [link for link in target.get("LinkedTxn", []) if link["TxnId"] != id_]
    link = {"TxnId": id_, "TxnType": TYPE_OF_ENTITY.get(entity, entity)}
    return {**target, "LinkedTxn": [*others, link] if linked else others}
