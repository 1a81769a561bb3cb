"""What each kind of transaction but payments posts, in its own currency, before rates."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from rowcol.sandbox.ledger.amounts import cents
from rowcol.sandbox.ledger.chart import Chart

Record = dict[str, Any]

SUMMARY_LINES = ("SubTotalLineDetail", "DescriptionOnly", "TaxLineDetail")


class Leg(NamedTuple):
    """One side of a transaction: own-currency cents, debit positive."""

    account: str
    amount: int
    party_kind: str
    party: str
    line: str


class Form(NamedTuple):
    """A document with a header and lines: where its total goes and whose it is."""

    header_sign: int  # +1: the header is a debit and the lines are credits
    header: Callable[[Record, Chart], str]
    party_field: str
    party_kind: str


FORMS = {
    "Bill": Form(-1, lambda record, chart: chart.payable(record), "VendorRef", "Vendor"),
    "VendorCredit": Form(+1, lambda record, chart: chart.payable(record), "VendorRef", "Vendor"),
    "Invoice": Form(+1, lambda record, chart: chart.receivable(record), "CustomerRef", "Customer"),
    "CreditMemo": Form(-1, lambda record, chart: chart.receivable(record), "CustomerRef", "Customer"),
    "SalesReceipt": Form(+1, lambda record, chart: chart.received_into(record), "CustomerRef", "Customer"),
    "RefundReceipt": Form(-1, lambda record, chart: chart.received_into(record), "CustomerRef", "Customer"),
    "Purchase": Form(-1, lambda record, _: _ref(record, "AccountRef"), "EntityRef", "Vendor"),
}


def legs_of(entity: str, record: Record, chart: Chart) -> list[Leg]:
    """Return what a transaction posts in its own currency; nothing for a void one.

    Payments are not here: what they relieve depends on what they are linked to.
    """
    if is_void(record):
        return []
    if entity in FORMS:
        return _document(FORMS[entity], entity, record, chart)
    return _OTHERS[entity](record, chart)


def is_void(record: Record) -> bool:
    """Say whether a transaction was voided: QuickBooks keeps no more of that than a note and a zero.

    A note that is the word alone says it whatever the amounts: some old voids kept theirs.
    """
    note = str(record.get("PrivateNote", "")).strip().casefold()
    return note == "voided" or (note.startswith("voided") and not record.get("TotalAmt"))


def lines_total(record: Record, chart: Chart) -> int:
    """Return the sum of a document's lines with its tax, discounts taken off, in own-currency cents."""
    total = sum(leg.amount for leg in _line_legs(record, chart, "", "", chart.income))
    return total + cents(record.get("TxnTaxDetail", {}).get("TotalTax"))


def party_of_line(detail: Record) -> tuple[str, str] | None:
    """Return the kind and id of the party a line names itself, if it does."""
    entity = detail.get("Entity")
    if not entity:
        return None
    ref = entity.get("EntityRef", entity)
    kind = entity.get("Type") or entity.get("type") or ref.get("type") or ""
    return kind.capitalize(), str(ref.get("value", ""))


def _document(form: Form, entity: str, record: Record, chart: Chart) -> list[Leg]:
    ref = record.get(form.party_field) or {}
    party = ref.get("value", "")
    kind = ref.get("type", form.party_kind).capitalize() if party else ""
    sign = form.header_sign * (-1 if entity == "Purchase" and record.get("Credit") else 1)
    fallback = chart.expense if form.party_kind == "Vendor" else chart.income
    prepaid = cents(record.get("Deposit")) if entity == "Invoice" else 0
    total = cents(record.get("TotalAmt")) - prepaid
    legs = [Leg(form.header(record, chart), sign * total, kind, party, "")]
    lines = _line_legs(record, chart, kind, party, fallback)
    legs += [leg._replace(amount=-leg.amount) for leg in lines] if sign > 0 else lines
    tax = cents(record.get("TxnTaxDetail", {}).get("TotalTax"))
    if tax:
        legs.append(Leg(chart.sales_tax, -sign * tax, kind, party, "tax"))
    if prepaid:
        legs.append(Leg(chart.received_into(record), sign * prepaid, kind, party, "deposit"))
    return legs


def _line_legs(record: Record, chart: Chart, kind: str, party: str, fallback: str) -> Iterator[Leg]:
    for number, line in enumerate(record.get("Line", ())):
        detail_type = line.get("DetailType", "")
        if detail_type in SUMMARY_LINES:
            continue
        detail = line.get(detail_type, {})
        if detail_type == "GroupLineDetail":
            yield from _line_legs(detail, chart, kind, party, fallback)
            continue
        amount = cents(line.get("Amount"))
        own = party_of_line(detail)
        line_kind, line_party = own or (kind, party)
        yield Leg(
            _line_account(detail, chart) or fallback,
            -amount if detail_type == "DiscountLineDetail" else amount,
            line_kind,
            line_party,
            line.get("Id") or str(number),
        )


def _line_account(detail: Record, chart: Chart) -> str:
    for field in ("AccountRef", "ItemAccountRef", "DiscountAccountRef"):
        if field in detail:
            return str(detail[field]["value"])
    item = detail.get("ItemRef", {}).get("value", "")
    return chart.items.get(item, "")


def _deposit(record: Record, chart: Chart) -> list[Leg]:
    legs = []
    cash_back = record.get("CashBack", {})
    back = cents(cash_back.get("Amount"))
    for number, line in enumerate(record.get("Line", ())):
        detail = line.get("DepositLineDetail", {})
        own = party_of_line(detail) or ("", "")
        account = chart.undeposited if line.get("LinkedTxn") else _line_account(detail, chart)
        amount = -cents(line.get("Amount"))
        legs.append(Leg(account or chart.income, amount, *own, line.get("Id") or str(number)))
    tax = cents(record.get("TxnTaxDetail", {}).get("TotalTax"))
    if tax:
        legs.append(Leg(chart.sales_tax, -tax, "", "", "tax"))
    if back:
        legs.append(Leg(_ref(cash_back, "AccountRef"), back, "", "", "cash back"))
    banked = -sum(leg.amount for leg in legs)
    return [Leg(chart.received_into(record), banked, "", "", ""), *legs]


def _transfer(record: Record, _: Chart) -> list[Leg]:
    return _moved(record, "FromAccountRef", "ToAccountRef")


def _card_payment(record: Record, _: Chart) -> list[Leg]:
    return _moved(record, "BankAccountRef", "CreditCardAccountRef")


def _moved(record: Record, source: str, target: str) -> list[Leg]:
    amount = cents(record.get("Amount"))
    return [
        Leg(_ref(record, source), -amount, "", "", "from"),
        Leg(_ref(record, target), amount, "", "", "to"),
    ]


def _journal(record: Record, _: Chart) -> list[Leg]:
    legs = []
    for number, line in enumerate(record.get("Line", ())):
        detail = line.get("JournalEntryLineDetail")
        if not detail:
            continue
        sign = 1 if detail["PostingType"] == "Debit" else -1
        own = party_of_line(detail) or ("", "")
        legs.append(
            Leg(
                _ref(detail, "AccountRef"),
                sign * cents(line.get("Amount")),
                *own,
                line.get("Id", str(number)),
            )
        )
    return legs


def _ref(record: Record, field: str) -> str:
    return str(record.get(field, {}).get("value", f"({field})"))


_OTHERS: dict[str, Callable[[Record, Chart], list[Leg]]] = {
    "Deposit": _deposit,
    "Transfer": _transfer,
    "CreditCardPayment": _card_payment,
    "JournalEntry": _journal,
}
DOCUMENTS = (*FORMS, *_OTHERS)
