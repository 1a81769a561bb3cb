"""Netting, per party, of what no known link has used: for the consoles and the forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.oracle.books import Books, Party
from tests.oracle.fold import Item, known_by, ledger, open_items


@dataclass
class Net:
    """An item and what is left of it after netting, home cents, not signed."""

    item: Item
    left: int

    @property
    def when(self) -> date:
        """Return the document's date, for pairs and the order of credits."""
        return self.item.doc.date or date.min


def netting_party(books: Books, party: Party | None) -> Party | None:
    """Return the party whose documents are netted together: the parent if it is billed for this one."""
    seen = set()
    while party and party[0] == "Customer" and party not in seen:
        seen.add(party)
        customer = books.customers.get(party[1], {})
        parent = (customer.get("ParentRef") or {}).get("value")
        if not customer.get("BillWithParent") or not parent:
            break
        party = ("Customer", parent)
    return party


def netted(books: Books, side: str, t: date) -> list[Net]:
    """Return every known charge and credit of one side with what is left of it."""
    rows = [
        Net(item, abs(amount))
        for item, amount in open_items(ledger(books, side), known_by(t))
        if amount * item.sign > 0
    ]
    groups: dict[Party, list[Net]] = {}
    for row in rows:
        party = netting_party(books, row.item.party)
        if party:
            groups.setdefault(party, []).append(row)
    for group in groups.values():
        cancel_pairs(group)
        apply_credits(group)
    return rows


def cancel_pairs(group: list[Net]) -> None:
    """Cancel hand-posted amounts, equal and opposite: fewest days apart, then earliest date, then id."""
    charges = [row for row in group if row.item.hand_posted and row.item.sign > 0]
    credits = [row for row in group if row.item.hand_posted and row.item.sign < 0]
    found = [(plus, minus) for plus in charges for minus in credits if plus.left == minus.left]
    found.sort(
        key=lambda pair: (
            abs((pair[0].when - pair[1].when).days),
            min(pair[0].when, pair[1].when),
            *sorted((pair[0].item.doc.number_id, pair[1].item.doc.number_id)),
        )
    )
    for plus, minus in found:
        if plus.left and minus.left:
            plus.left = minus.left = 0


def apply_credits(group: list[Net]) -> None:
    """Apply credits, oldest first, to charges by effective due date; undated charges last."""
    charges = sorted(
        (row for row in group if row.item.sign > 0),
        key=lambda row: (row.item.due is None, row.item.due or date.min, row.item.doc.number_id),
    )
    for credit in sorted(
        (row for row in group if row.item.sign < 0), key=lambda row: (row.when, row.item.doc.number_id)
    ):
        for charge in charges:
            used = min(credit.left, charge.left)
            credit.left -= used
            charge.left -= used
