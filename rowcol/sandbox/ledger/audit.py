"""Where a company's books contradict themselves."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger.amounts import cents
from rowcol.sandbox.ledger.legs import FORMS, is_void, lines_total
from rowcol.sandbox.ledger.reading import Reading, read_books
from rowcol.sandbox.ledger.restate import restated
from rowcol.sandbox.ledger.settling import linked_entity


def inconsistencies(company: Company) -> list[str]:
    """Return a sentence for each contradiction; none if the books are sound.

    Checked: every transaction sums to zero, totals are the sum of their lines, links lead to what can be
    settled and settle no more than there is, and each derived field is what the records make it.
    """
    books = read_books(company)
    return [
        *_unbalanced(books),
        *_totals(company, books),
        *_broken_links(company, books),
        *_overapplied(books),
        *_misstated(company),
    ]


def _unbalanced(books: Reading) -> Iterator[str]:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for posting in books.postings:
        sums[posting.entity, posting.txn_id] += posting.amount_cents
        if posting.account.startswith("("):
            yield f"{posting.entity} {posting.txn_id} posts to no account of the chart: {posting.account}"
    for (entity, id_), total in sums.items():
        if total:
            yield f"{entity} {id_} is off balance by {total} cents"


def _totals(company: Company, books: Reading) -> Iterator[str]:
    for entity in FORMS:
        for id_, record in company.of(entity).items():
            stated, summed = cents(record.get("TotalAmt")), lines_total(record, books.chart)
            if stated != summed:
                yield f"{entity} {id_} has a total of {stated} cents, its lines sum to {summed}"


def _broken_links(company: Company, books: Reading) -> Iterator[str]:
    known = {(control.entity, control.txn_id) for control in books.controls}
    for payer in books.payers:
        for line in company.entities[payer.entity][payer.txn_id].get("Line", ()):
            for link in line.get("LinkedTxn", ()):
                key = (linked_entity(link["TxnType"]), link["TxnId"])
                if key not in known:
                    yield f"{payer.entity} {payer.txn_id} settles {key[0]} {key[1]}, which is not there"
    yield from _deposited_twice(company)


def _deposited_twice(company: Company) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for id_, deposit in company.of("Deposit").items():
        for line in deposit.get("Line", ()):
            for link in line.get("LinkedTxn", ()):
                key = (linked_entity(link["TxnType"]), link["TxnId"])
                source = company.of(key[0]).get(key[1])
                if source is None or is_void(source) or "DepositToAccountRef" in source or key in seen:
                    yield f"Deposit {id_} banks {link['TxnType']} {link['TxnId']}, which is not undeposited"
                seen.add(key)


def _overapplied(books: Reading) -> Iterator[str]:
    settled: dict[tuple[str, str, str], int] = defaultdict(int)
    used: dict[tuple[str, str], int] = defaultdict(int)
    for application in books.applications:
        target, payer = application.target, application.payer
        settled[target.entity, target.txn_id, target.line] += application.own
        used[payer.entity, payer.txn_id] += application.own
    for control in books.controls:
        done = settled[control.entity, control.txn_id, control.line]
        if abs(done) > abs(control.own):
            yield f"{control.entity} {control.txn_id} is settled by more than it is"
    for payer in books.payers:
        if used[payer.entity, payer.txn_id] > payer.own:
            yield f"{payer.entity} {payer.txn_id} settles more than it pays"


def _misstated(company: Company) -> Iterator[str]:
    for entity, record in restated(company):
        was: dict[str, Any] = company.entities[entity][record["Id"]]
        for field, value in record.items():
            if was.get(field) != value:
                yield f"{entity} {record['Id']} states {field} {was.get(field)}, the books give {value}"
