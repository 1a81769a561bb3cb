"""What becomes of a record somebody sends: checked, filled in as QuickBooks fills it in, or voided."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rowcol.sandbox.calls import Call
from rowcol.sandbox.catalog import LISTS, TRANSACTIONS
from rowcol.sandbox.company import Record, currency_ref, to_amount, to_cents
from rowcol.sandbox.links import unapplied
from rowcol.sandbox.refusals import Refusal, missing, not_found

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "Bill": ("VendorRef", "Line"),
    "VendorCredit": ("VendorRef", "Line"),
    "BillPayment": ("VendorRef", "TotalAmt", "PayType"),
    "Invoice": ("CustomerRef", "Line"),
    "CreditMemo": ("CustomerRef", "Line"),
    "Payment": ("CustomerRef", "TotalAmt"),
    "Purchase": ("AccountRef", "PaymentType", "Line"),
    "Deposit": ("DepositToAccountRef", "Line"),
    "Transfer": ("FromAccountRef", "ToAccountRef", "Amount"),
    "JournalEntry": ("Line",),
    "Vendor": ("DisplayName",),
    "Customer": ("DisplayName",),
    "Account": ("Name",),
}
PARTIES = {"VendorRef": "Vendor", "CustomerRef": "Customer"}
ONE_NAME_SPACE = ("Customer", "Vendor", "Employee")
NUMBERED = ("Bill", "Invoice")  # document numbers are refused when used twice
TOTALLED = ("Bill", "VendorCredit", "Invoice", "CreditMemo", "Purchase", "SalesReceipt", "RefundReceipt")
OPEN = ("Bill", "VendorCredit", "Invoice", "CreditMemo")  # kinds that carry a Balance
WITHOUT_TOTAL = ("Transfer", "CreditCardPayment")
UNCOUNTED_LINES = ("SubTotalLineDetail", "DescriptionOnly")
ALLOW_DUPLICATES = "allowduplicatedocnum"


def pruned(value: Any) -> Any:
    """Return a sent value without empty attributes, and without objects that had nothing else."""
    if isinstance(value, list):
        return [pruned(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    kept = {name: (inner, pruned(inner)) for name, inner in value.items() if inner not in (None, "")}
    return {name: new for name, (sent, new) in kept.items() if new != {} or sent == {}}


def checked(call: Call, entity: str, fields: Record) -> None:
    """Refuse what QuickBooks refuses: something missing, unknown, inactive or twice."""
    for name in REQUIRED.get(entity, ()):
        if not fields.get(name):
            raise missing(name)
    for name, kind in PARTIES.items():
        if name in fields:
            _check_party(call, kind, str(fields[name].get("value")))
    if entity in ONE_NAME_SPACE:
        _check_name(call, fields)
    if entity in NUMBERED and call.parameters.get("include", "").lower() != ALLOW_DUPLICATES:
        _check_number(call, entity, fields)


def completed(call: Call, entity: str, old: Record | None, fields: Record) -> Record:
    """Return a record with what QuickBooks works out itself: dates, line ids, totals, open balance."""
    if entity in LISTS:
        return _listed(entity, fields)
    if entity not in TRANSACTIONS:
        return fields
    record = {"TxnDate": call.company.today(call.now).isoformat(), **fields}
    record.setdefault("CurrencyRef", currency_ref(call.company.currency))
    if not record.get("ExchangeRate"):
        record.pop("ExchangeRate", None)
    for name, kind in PARTIES.items():
        if name in record:
            party = call.company.of(kind)[str(record[name]["value"])]
            record[name] = {"value": party["Id"], "name": party["DisplayName"]}
    if entity in ("Bill", "Invoice") and "DueDate" not in record:
        record.update(_due_by_terms(call, record))
    if "Line" in record:
        record["Line"] = [_numbered(at, line) for at, line in enumerate(record["Line"], start=1)]
    return _totalled(entity, old, record)


def voided(entity: str, record: Record, note: str) -> Record:
    """Return a record as voiding leaves it: zeros, no links, and the note that is the only sign of it."""
    said = record.get("PrivateNote")
    new = {**record, "TotalAmt": 0, "LinkedTxn": [], "PrivateNote": f"{note} - {said}" if said else note}
    zeros = ("Balance", "HomeBalance", "HomeTotalAmt", "UnappliedAmt", "Deposit")
    new.update({name: 0 for name in zeros if name in record})
    cleared = entity in ("Payment", "BillPayment")
    new["Line"] = [] if cleared else [_zeroed(line) for line in record.get("Line", [])]
    if "TxnTaxDetail" in record:
        new["TxnTaxDetail"] = {**record["TxnTaxDetail"], "TotalTax": 0}
    return new


def _check_party(call: Call, kind: str, id_: str) -> None:
    party = call.company.of(kind).get(id_)
    if party is None:
        detail = f"Invalid Reference Id : {kind} {id_} does not exist"
        raise Refusal("2500", "Invalid Reference Id", detail, element=f"{kind}Ref")
    if not party.get("Active", True):
        raise not_found(f"{kind} {id_} is inactive")


def _check_name(call: Call, fields: Record) -> None:
    name = str(fields["DisplayName"]).casefold()
    for kind in ONE_NAME_SPACE:
        for id_, record in call.company.of(kind).items():
            if id_ != fields.get("Id") and record.get("DisplayName", "").casefold() == name:
                detail = f"The name supplied already exists. : Id={id_}"
                raise Refusal("6240", "Duplicate Name Exists Error", detail)


def _check_number(call: Call, entity: str, fields: Record) -> None:
    number, party = fields.get("DocNumber"), fields.get("VendorRef", {}).get("value")
    if not number:
        return
    for id_, record in call.company.of(entity).items():
        same_party = record.get("VendorRef", {}).get("value") == party
        if id_ != fields.get("Id") and same_party and record.get("DocNumber") == number:
            detail = f"Duplicate Document Number Error : DocNumber={number} is already used by {entity} {id_}"
            raise Refusal("6140", "Duplicate Document Number Error", detail)


def _listed(entity: str, fields: Record) -> Record:
    zero = {"CurrentBalance": 0, "CurrentBalanceWithSubAccounts": 0} if entity == "Account" else {}
    if entity in ("Vendor", "Customer"):
        zero = {"Balance": 0}
    names = {"FullyQualifiedName": fields["Name"]} if entity == "Account" else {}
    return {**zero, **names, **fields}


def _due_by_terms(call: Call, record: Record) -> Record:
    term = call.company.of("Term").get(record.get("SalesTermRef", {}).get("value", ""), {})
    if "DueDays" not in term:
        return {}
    due = date.fromisoformat(record["TxnDate"][:10]) + timedelta(days=int(term["DueDays"]))
    return {"DueDate": due.isoformat()}


def _numbered(at: int, line: Record) -> Record:
    amount = {"Amount": to_amount(to_cents(line["Amount"]))} if "Amount" in line else {}
    return {"Id": str(at), "LineNum": at, **line, **amount}


def _totalled(entity: str, old: Record | None, record: Record) -> Record:
    if entity in WITHOUT_TOTAL:
        return record
    total = to_cents(record.get("TotalAmt")) or sum(to_cents(line.get("Amount")) for line in _charged(record))
    if entity in TOTALLED:
        tax = to_cents(record.get("TxnTaxDetail", {}).get("TotalTax"))
        total = sum(_sign(line) * to_cents(line.get("Amount")) for line in _charged(record)) + tax
    record["TotalAmt"] = to_amount(total)
    if entity == "Payment":
        record["UnappliedAmt"] = unapplied(record)
    if entity in OPEN:
        applied = to_cents(old["TotalAmt"]) - to_cents(old.get("Balance")) if old else 0
        record["Balance"] = to_amount(total - applied)
    if "ExchangeRate" in record:
        rate = Decimal(str(record["ExchangeRate"]))
        record["HomeTotalAmt"] = to_amount(to_cents(Decimal(str(record["TotalAmt"])) * rate))
        if "Balance" in record:
            record["HomeBalance"] = to_amount(to_cents(Decimal(str(record["Balance"])) * rate))
    return record


def _charged(record: Record) -> list[Record]:
    return [line for line in record.get("Line", []) if line.get("DetailType") not in UNCOUNTED_LINES]


def _sign(line: Record) -> int:
    return -1 if line.get("DetailType") == "DiscountLineDetail" else 1


def _zeroed(line: Record) -> Record:
    new = {**line, "Amount": 0}
    detail = line.get(line.get("DetailType", ""))
    if isinstance(detail, dict) and "Qty" in detail:
        new[line["DetailType"]] = {**detail, "Qty": 0}
    return new
