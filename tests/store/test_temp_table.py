"""The books of a past moment, however many clients there are."""

from datetime import date, timedelta

from tests.kits.records import bill, vendor
from tests.kits.store import MEMORY, NOW, TODAY, PracticeStore, ago

CLIENTS, VENDORS = 100, 60
"""From about here on DuckDB 1.5 hands a join's Bloom filter down to the scan, which Arrow refused."""


def test_a_past_moment_of_many_clients_can_be_read() -> None:
    store = PracticeStore(MEMORY)
    metadata = {"MetaData": {"CreateTime": f"{ago(3)}T00:00:00Z"}}
    yesterday = NOW - timedelta(days=1)
    vendors = [vendor(str(number), f"Vendor {number}", **metadata)[1] for number in range(VENDORS)]
    bills = [bill(str(number // 2), ago(40), ago(10), 80)[1] for number in range(2 * VENDORS)]
    for realm in map(str, range(CLIENTS)):
        store.land("Vendor", *vendors, realm=realm, at=yesterday)
        store.land("Bill", *bills, realm=realm, at=yesterday)
    days = {store.client(realm): TODAY for realm in map(str, range(CLIENTS))}
    with store.frames.open(store.frames.scope(), NOW) as reading:
        assert len(reading.new_vendor_bills(date(2026, 1, 1), days)) == 2 * CLIENTS * VENDORS
    store.close()
