"""A past moment of books that are no longer small."""

from datetime import date, timedelta

from rowcol.store.frames import Scope

from .kit import MEMORY, NOW, House, ago
from .records import bill, invoice, vendor

THEN = NOW - timedelta(days=7)
DOCUMENTS, CHANGED, REALMS = 500, 20, ("1", "2")


def test_a_past_moment_of_a_thousand_documents_can_be_joined() -> None:
    """Rows read from the log stood in Arrow, and DuckDB refused larger joins: it pushes filters Arrow has not."""
    house = House(MEMORY)
    for realm in REALMS:
        before = {"realm": realm, "at": THEN - timedelta(days=1)}
        house.land("Vendor", *(vendor(str(n), f"V{n}")[1] for n in range(60)), **before)
        for pages, at in ((DOCUMENTS, before), (CHANGED, {"realm": realm})):
            amount = 10 if at is before else 11
            house.land(
                "Bill", *(bill(str(n % 60), ago(9), ago(1), amount, Id=str(n))[1] for n in range(pages)), **at
            )
            house.land(
                "Invoice", *(invoice("9", ago(9), ago(1), amount, Id=str(n))[1] for n in range(pages)), **at
            )
        house.delete("Bill", *(str(n) for n in range(CHANGED, CHANGED + 5)), realm=realm)
    with house.frames.open(Scope(None, THEN)) as reading:
        assert reading.new_vendor_bills(date(2026, 11, 1)).empty
        open_then = reading.open_documents()
    house.close()
    assert len(open_then) == 2 * len(REALMS) * DOCUMENTS
    assert set(open_then["balance_cents"]) == {1_000}
