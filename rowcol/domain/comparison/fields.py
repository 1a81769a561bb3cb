"""What was edited in a record: one row a field, named as QuickBooks names it, amounts as decimals."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from rowcol.domain.changes import HOUSEKEEPING, Difference, differences
from rowcol.money import cents, decimal_text

Record = Mapping[str, Any]

FOLLOWING = (
    "Balance", "HomeBalance", "HomeTotalAmt", "RemainingCredit", "UnappliedAmt", "LinkedTxn", "CurrentBalance",
    "CurrentBalanceWithSubAccounts", "BalanceWithJobs",
)  # fmt: skip
"""Fields that follow from another record, or from another field: payments and balances are changes of their own."""
_LEFT_OUT = frozenset((*FOLLOWING, *HOUSEKEEPING))
_MONEY = re.compile(r"(?:^|\.)\w*(?:Amt|Amount|Balance|TotalTax)$")
_ITEM = re.compile(r"^Line\[[^\]]*\]")
_REFERENCE = re.compile(r"^(?P<ref>.*Ref)\.(?:name|value|type)$")


@dataclass(frozen=True)
class Edit:
    """One field that was edited; None if it was not there."""

    field: str
    before: str | None
    after: str | None


def edits(before: Record, after: Record) -> list[Edit]:
    """Return the fields edited between two versions of a record, in the order of the later.

    What QuickBooks keeps for itself and what only follows is left out. A line that came or went is one row, and
    so is a reference, by its name; a party or account that was merely renamed is no edit of what refers to it.
    """
    by_field: dict[str, Edit] = {}
    # Compared part by part first: most of a record is as it was, and comparing field by field takes its time.
    names = [
        name for name in {**before, **after} if name not in _LEFT_OUT and before.get(name) != after.get(name)
    ]
    then, now = ({name: record[name] for name in names if name in record} for record in (before, after))
    items = _items(then), _items(now)
    for difference in differences(then, now):
        edit = _edit(difference, (then, now), items)
        if edit is not None:
            by_field.setdefault(edit.field, edit)
    return list(by_field.values())


def _edit(
    change: Difference,
    records: tuple[Record, Record],
    items: tuple[Mapping[str, Record], Mapping[str, Record]],
) -> Edit | None:
    item = _ITEM.match(change.path)
    if item and (item[0] in items[0]) != (item[0] in items[1]):
        texts = (_line_text(lines[item[0]]) if item[0] in lines else None for lines in items)
        return Edit(item[0], *texts)
    reference = _REFERENCE.match(change.path)
    if reference:
        return _referred(reference["ref"], records, items)
    return Edit(change.path, _text(change.path, change.before), _text(change.path, change.after))


def _referred(
    path: str, records: tuple[Record, Record], items: tuple[Mapping[str, Record], Mapping[str, Record]]
) -> Edit | None:
    then, now = (_at(path, record, lines) for record, lines in zip(records, items, strict=True))
    if then is not None and now is not None and then.get("value") == now.get("value"):
        return None
    names = [None if ref is None else str(ref.get("name") or ref.get("value")) for ref in (then, now)]
    if names[0] == names[1] and then is not None and now is not None:
        names = [f"{name} ({ref.get('value')})" for name, ref in zip(names, (then, now), strict=True)]
    return Edit(path, *names)


def _at(path: str, record: Record, items: Mapping[str, Record]) -> Record | None:
    """Return the object at a path such as `VendorRef` or `Line[1].AccountBasedExpenseLineDetail.AccountRef`."""
    item = _ITEM.match(path)
    place: Any = items.get(item[0]) if item else record
    for name in (path[item.end() + 1 :] if item else path).split("."):
        place = place.get(name) if isinstance(place, Mapping) else None
    return place if isinstance(place, Mapping) else None


def _items(record: Record) -> dict[str, Record]:
    """Return the lines that have an id of their own, by their path."""
    lines = record.get("Line")
    objects = [line for line in lines if isinstance(line, Mapping)] if isinstance(lines, list) else []
    by_id: dict[str, Record] = {}
    for line in objects:
        if line.get("Id") is not None:
            by_id.setdefault(f"Line[{line['Id']}]", line)
    return by_id


def _line_text(line: Record) -> str:
    """Return a line as a reader knows it: amount, account, description."""
    detail = line.get(str(line.get("DetailType")))
    refs = detail if isinstance(detail, Mapping) else {}
    account = refs.get("AccountRef") or refs.get("ItemRef")
    name = account.get("name") or account.get("value") if isinstance(account, Mapping) else None
    amount = _text("Amount", None if line.get("Amount") is None else str(line["Amount"]))
    return " · ".join(str(part) for part in (amount, name, line.get("Description")) if part)


def _text(path: str, sent: str | None) -> str | None:
    """Return a value as shown: an amount with two places, if that is exact."""
    if sent is None or not _MONEY.search(path):
        return sent
    try:
        amount = Decimal(sent)
        whole = cents(amount)
    except (InvalidOperation, ValueError, OverflowError):
        return sent
    return decimal_text(whole) if amount.scaleb(2) == whole else sent
