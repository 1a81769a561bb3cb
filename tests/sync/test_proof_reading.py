"""A refresh never keeps a reader waiting."""

import threading
import time
from pathlib import Path

from rowcol.sandbox.run import running_sandbox
from tests.kits.clock import unlimited
from tests.kits.company_sync import REALM, Bookkeeper, agency, product


def test_the_pages_answer_from_the_mirror_while_a_refresh_waits_for_quickbooks(tmp_path: Path):
    with (
        running_sandbox([agency()], throttle=False) as sandbox,
        product(tmp_path, sandbox, rate_limiter=unlimited()) as services,
    ):
        services.refresh()
        (client,) = services.clients.all()
        owed = int(services.clients_view().rows["ap_cents"].iloc[0])
        people = Bookkeeper(sandbox)
        bill = max(people.unlinked("Bill"), key=lambda record: float(record["Balance"]))
        people.delete("Bill", bill["Id"])
        refresh = threading.Thread(target=services.refresh)
        with sandbox.companies[REALM].lock:  # QuickBooks does not answer until the pages have
            refresh.start()
            while "cdc" not in sandbox.stats()["realms"][REALM]["requests"]:
                time.sleep(0.005)
            rows = services.clients_view().rows
            pages = [
                (int(rows["ap_cents"].iloc[0]), len(services.client_view(client.business_id).open_bills))
            ]
            assert refresh.is_alive()
        refresh.join()
        assert pages == [(owed, len(people.records("Bill")) + 1)]
        assert int(services.clients_view().rows["ap_cents"].iloc[0]) == owed - round(100 * bill["Balance"])


def test_an_open_transaction_of_the_writer_holds_no_reader_up_and_shows_nothing_unfinished(tmp_path: Path):
    with (
        running_sandbox([agency()], throttle=False) as sandbox,
        product(tmp_path, sandbox, rate_limiter=unlimited()) as services,
    ):
        services.refresh()
        owed = int(services.clients_view().rows["ap_cents"].iloc[0])
        read: list[int] = []
        with services.database.write() as cursor:
            cursor.execute("DELETE FROM mirror_transactions WHERE entity = 'Bill'")
            reader = threading.Thread(
                target=lambda: read.append(int(services.clients_view().rows["ap_cents"].iloc[0]))
            )
            reader.start()
            reader.join(30)
            assert read == [owed]
