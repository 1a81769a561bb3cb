"""The mirror of any past moment: what was known then, by the log alone, whatever came later."""

from datetime import datetime, timedelta
from pathlib import Path

from rowcol.sandbox.run import running_sandbox
from rowcol.store.database import Cursor
from rowcol.store.reads import Scope
from rowcol.store.replay import create_known_tables, replayed
from rowcol.store.typed import TABLES
from tests.kits.clock import NOON, FrozenClock
from tests.kits.company_sync import Bookkeeper, CompanySync, agency, company_sync
from tests.kits.store import PRACTICE


def test_every_past_moment_is_what_the_log_alone_gives_and_what_the_mirror_was(tmp_path: Path):
    clock = FrozenClock()
    with (
        running_sandbox([agency()], clock=clock, throttle=False) as sandbox,
        company_sync(tmp_path, sandbox, clock=clock) as company,
    ):
        people, mirrors = Bookkeeper(sandbox), []
        bills = sorted(bill["Id"] for bill in people.unlinked("Bill"))
        gone = people.company.of("Bill")[bills[0]]
        for deed in (
            lambda: None,
            lambda: people.edit("Bill", bills[1], DocNumber="E-1"),
            lambda: people.delete("Bill", bills[0]),
            lambda: people.pay_bill(bills[2], 5.0),
            lambda: people.save("Bill", gone),
            lambda: people.delete("Bill", bills[1]),
        ):
            deed()
            company.sync()
            mirrors.append((clock.now, _rows(company, "mirror")))
            clock.forward(hours=1)
        for moment, mirror in mirrors:
            for later in (moment, moment + timedelta(minutes=59)):
                assert _known(company, later) == mirror
        assert _known(company, NOON - timedelta(seconds=1)) == {table: [] for table in TABLES}


def _known(company: CompanySync, moment: datetime) -> dict[str, list[str]]:
    """Return the rows known at a moment, after holding them against a replay of the log alone."""
    with company.database.read() as cursor:
        create_known_tables(cursor, Scope(PRACTICE), moment)
        known = _known_rows(cursor)
        create_known_tables(cursor, Scope(PRACTICE), {company.client.business_id: moment})
        assert _known_rows(cursor) == known, "the client's own moment, as one of many"
        for table, rows in replayed(cursor, Scope(PRACTICE), known_at=moment).items():
            cursor.register(f"alone_{table}", rows)
            alone = cursor.execute(f"SELECT * FROM alone_{table}").fetchall()
            assert sorted(map(repr, alone)) == known[table], table
    return known


def _known_rows(cursor: Cursor) -> dict[str, list[str]]:
    return {
        table: sorted(map(repr, cursor.execute(f"SELECT * FROM known_{table}").fetchall()))
        for table in TABLES
    }


def _rows(company: CompanySync, prefix: str) -> dict[str, list[str]]:
    with company.database.read() as cursor:
        return {
            table: sorted(map(repr, cursor.execute(f"SELECT * FROM {prefix}_{table}").fetchall()))
            for table in TABLES
        }
