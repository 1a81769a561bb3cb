"""AgedPayables and AgedReceivables: what is open by party and by days past due."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from rowcol.sandbox.company import Company, Record
from rowcol.sandbox.ledger import OpenItem, open_items
from rowcol.sandbox.reports.rows import Row, cells, money, money_or_empty, section

BUCKET_ENDS = (0, 30, 60, 90)  # last day past due of each bucket but the last
WIDTH = len(BUCKET_ENDS) + 1
NO_NAME = "No name"

Sums = dict[str, list[int]]  # party -> cents by bucket


def aging_rows(company: Company, party_kind: str, at: date) -> list[Row]:
    """Return the rows of an aging report: sub-customers under their parents, the grand total last.

    Open amounts are those of the books at the end of that day: what is dated later does not exist.
    """
    sums = bucket_sums(open_items(company, at.isoformat()), party_kind, at)
    if not sums:
        return []
    parties = company.of(party_kind)
    shown = {*sums, *(parent for id_ in sums for parent in _ancestors(parties, id_))}
    tops = [id_ for id_ in shown if not any(parent in shown for parent in _ancestors(parties, id_))]
    rows = [_party_row(parties, sums, shown, id_) for id_ in _by_name(parties, tops)]
    total = _added(sums.values())
    return [*rows, section(None, (), _amounts("TOTAL", None, total, money), "GrandTotal")]


def bucket_sums(items: Iterable[OpenItem], party_kind: str, at: date) -> Sums:
    """Return home cents by party and bucket of the items dated up to `at`, parties without any left out."""
    sums: Sums = defaultdict(lambda: [0] * WIDTH)
    for item in items:
        if item.party_kind == party_kind and item.date <= at.isoformat():
            past_due = (at - date.fromisoformat((item.due_date or item.date)[:10])).days
            bucket = sum(past_due > end for end in BUCKET_ENDS)
            sums[item.party][bucket] += item.amount_cents
    return {party: amounts for party, amounts in sums.items() if any(amounts)}


def _party_row(parties: dict[str, Record], sums: Sums, shown: set[str], id_: str) -> Row:
    name = parties.get(id_, {}).get("DisplayName", NO_NAME)
    own = sums.get(id_, [0] * WIDTH)
    children = _by_name(parties, [child for child in shown if _parent(parties, child) == id_])
    known = id_ or None
    if not children:
        return {"ColData": _amounts(name, known, own, money_or_empty)}
    rows = [_party_row(parties, sums, shown, child) for child in children]
    family = [id_, *(child for child in shown if id_ in _ancestors(parties, child))]
    total = _added(sums[member] for member in family if member in sums)
    header = _amounts(name, known, own, money_or_empty)
    return section(header, rows, _amounts(f"Total {name}", None, total, money))


def _amounts(
    title: str, id_: str | None, buckets: list[int], as_text: Callable[[int], str]
) -> list[dict[str, str]]:
    return cells(title, id_, [as_text(amount) for amount in (*buckets, sum(buckets))])


def _added(rows: Iterable[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _by_name(parties: dict[str, Record], ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=lambda id_: (parties.get(id_, {}).get("DisplayName", NO_NAME).casefold(), id_))


def _parent(parties: dict[str, Record], id_: str) -> str | None:
    parent = parties.get(id_, {}).get("ParentRef", {}).get("value")
    return str(parent) if parent in parties else None


def _ancestors(parties: dict[str, Record], id_: str) -> Iterator[str]:
    parent = _parent(parties, id_)
    while parent is not None:
        yield parent
        parent = _parent(parties, parent)
