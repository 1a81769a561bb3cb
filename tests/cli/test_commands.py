"""The command line as docs/operations.md has it: exit codes, one-line errors, and what each command prints."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.kits.command_output import AS_OF, one_line, rows
from tests.kits.practice import FIRST
from tests.kits.terminal import Terminal

COMMANDS = ("", "demo", "app", "sandbox", "connect", "disconnect", "client", "client set", "sync", "report", "verify",
            "health", "backup", "restore")  # fmt: skip
CLIENTS = [
    "business_id", "realm_id", "name", "currency", "cash_cents", "card_debt_cents", "ar_cents", "ar_overdue_cents",
    "ap_cents", "ap_overdue_cents", "buffer_days", "net_burn_runway_days", "cash_out_date", "status", "findings",
    "blocking", "tie_out", "synced_at", "stale", "as_of", "reconstructed", "unpriced",
]  # fmt: skip
AGING = [
    "realm_id", "party_id", "party", "current_cents", "d1_30_cents", "d31_60_cents", "d61_90_cents", "d91_over_cents",
    "undated_cents", "total_cents",
]  # fmt: skip
FORECAST = [
    "realm_id", "week_start", "opening_cents", "receipts_cents", "payments_cents", "baseline_in_cents",
    "baseline_out_cents", "recurring_out_cents", "debt_service_cents", "new_business_in_cents",
    "new_business_out_cents", "closing_cents", "committed_closing_cents",
]  # fmt: skip
BILLS = [
    "realm_id", "qbo_id", "doc_number", "vendor", "due_date", "days_past_due", "group", "balance_cents",
    "runway_days_effect",
]  # fmt: skip
COLLECTIONS = [
    "realm_id", "qbo_id", "doc_number", "customer", "due_date", "days_past_due", "balance_cents", "expected_date",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(shared: Terminal, command: str) -> None:
    answer = shared(*command.split(), "--help")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("usage: rowcol")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("teleport", "invalid choice"),
        ("connect --realm 1", "--refresh-token"),
        ("report clients --as-of tomorrow", "is not a date"),
        ("report clients --as-of 2026-02-30", "is not a date"),
        ("report clients --known-at lately", "is not a time"),
        ("report clients --format xml", "invalid choice"),
        ("report", "NAME"),
        ("client", "required"),
        ("client set --reserve 5", "--client"),
        ("disconnect", "--client"),
    ],
)
def test_wrong_use_is_exit_code_2_and_says_what_was_wrong(shared: Terminal, words: str, message: str) -> None:
    answer = shared(*words.split())
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("report fortune", "There is no report called 'fortune'"),
        ("report clients --client Nobody", "No client has the name or realm 'Nobody'"),
        ("sync --client 123", "No client has the name or realm '123'"),
        ("verify --client 123", "No client"),
        ("client set --client 123 --reserve 5", "No client"),
        ("disconnect --client 123", "No client"),
    ],
)
def test_what_is_not_there_is_exit_code_2_in_one_line(shared: Terminal, words: str, message: str) -> None:
    shared("verify")
    one_line(shared(*words.split()), 2, message)


def test_connecting_names_the_company_and_refreshing_shows_what_came(terminal: Terminal) -> None:
    answer = terminal("connect", "--realm", FIRST, "--refresh-token", terminal.sandbox.grant(FIRST))
    assert (answer.code, answer.out) == (0, f"connected Larch & Daughters ({FIRST})\n")
    answer = terminal("sync")
    assert (answer.code, answer.err) == (0, "")
    (line,) = answer.out.splitlines()
    assert line.startswith("Larch & Daughters: ")
    for part in ("entities", "rows in", "rows changed", "0 rows deleted", "requests", "seconds"):
        assert part in line


def test_a_given_name_is_the_clients_until_its_books_say_their_own(terminal: Terminal) -> None:
    answer = terminal(
        "connect", "--realm", FIRST, "--refresh-token", terminal.sandbox.grant(FIRST), "--name", "Larch"
    )
    assert answer.out == f"connected Larch ({FIRST})\n"


def test_an_unknown_realm_and_a_dead_token_cannot_be_connected_and_leave_nothing(terminal: Terminal) -> None:
    foreign = terminal("connect", "--realm", "999", "--refresh-token", terminal.sandbox.grant(FIRST))
    dead = terminal("connect", "--realm", FIRST, "--refresh-token", "spent-and-gone")
    for answer in (foreign, dead):
        assert (answer.code, answer.out) == (3, "")
        line = [text for text in answer.err.splitlines() if "Made a new key" not in text]
        assert len(line) == 1
        assert "reconnect" in line[0].lower() or "connect" in line[0].lower()
    assert "spent-and-gone" not in dead.err
    assert terminal("sync").out == "no client is connected\n"


def test_a_dead_grant_is_reported_with_the_word_reconnect_and_the_others_go_on(terminal: Terminal) -> None:
    terminal.connect()
    terminal.clock.forward(hours=2)
    terminal.sandbox.state.grants.revoke(terminal.sandbox.grant(FIRST))
    terminal.sandbox.faults({"kind": "invalid_grant", "times": 1})
    answer = terminal("sync")
    assert answer.code == 1
    lines = (answer.out + answer.err).splitlines()
    assert len(lines) == 2
    assert sum("reconnect" in line for line in lines) == 1
    assert sum("0 rows deleted" in line for line in lines) == 1


def test_a_fresh_mirror_is_not_refreshed_again_unless_strict_or_full(synced: Terminal) -> None:
    before = synced.sandbox.stats()["realms"][FIRST]["total"]
    assert "fresh" in synced("sync").out
    assert synced.sandbox.stats()["realms"][FIRST]["total"] == before
    assert "0 rows changed" in synced("sync", "--strict").out
    strict = synced.sandbox.stats()["realms"][FIRST]["total"] - before
    assert 0 < strict < 5
    assert "0 rows changed" in synced("sync", "--full", "--client", FIRST).out
    assert synced.sandbox.stats()["realms"][FIRST]["total"] - before - strict > 20


def test_a_refused_report_is_exit_code_0_and_unchecked(terminal: Terminal) -> None:
    terminal.connect(FIRST)
    terminal.sandbox.faults(
        {"kind": "fault", "match": "reports/", "times": None, "code": "5020", "status": 400}
    )
    assert terminal("sync").code == 0
    assert [row["tie_out"] for row in rows(terminal, "clients", *AS_OF)] == ["unchecked"]


def test_the_client_report_has_exactly_the_fields_of_the_contract(shared: Terminal) -> None:
    (row,) = rows(shared, "clients")
    assert list(row) == CLIENTS
    figures = {
        name: row[name]
        for name in CLIENTS
        if name not in ("business_id", "synced_at", "findings", "blocking")
    }
    assert figures == {
        "realm_id": FIRST, "name": "Larch & Daughters", "currency": "USD", "cash_cents": 511_000, "card_debt_cents": 0,
        "ar_cents": 50_000, "ar_overdue_cents": 50_000, "ap_cents": 36_000, "ap_overdue_cents": 30_000,
        "buffer_days": 2_920, "net_burn_runway_days": None, "cash_out_date": None, "status": "steady",
        "tie_out": "tied", "stale": False, "as_of": "2026-11-20", "reconstructed": False, "unpriced": [],
    }  # fmt: skip
    assert row["synced_at"] == "2026-11-20T20:00:00+00:00"


def test_the_aging_reports_have_exactly_the_fields_of_the_contract(shared: Terminal) -> None:
    acme, brook = rows(shared, "aging-ap", *AS_OF)
    assert list(acme) == AGING
    assert (acme["party"], acme["d1_30_cents"], acme["total_cents"]) == ("Acme", 30_000, 30_000)
    assert (brook["party"], brook["current_cents"], brook["total_cents"]) == ("Brook", 6_000, 6_000)
    (clear,) = rows(shared, "aging-ar", *AS_OF)
    assert list(clear) == AGING
    assert (clear["party"], clear["d31_60_cents"], clear["undated_cents"]) == ("Clear Co", 50_000, 0)


def test_csv_has_the_same_columns_and_money_as_decimals(shared: Terminal) -> None:
    answer = shared("report", "aging-ap", *AS_OF, "--format", "csv")
    header, acme, brook = list(csv.reader(io.StringIO(answer.out)))
    assert header == AGING
    assert dict(zip(header, acme, strict=True))["total_cents"] == "300.00"
    assert dict(zip(header, brook, strict=True))["current_cents"] == "60.00"


def test_the_table_is_for_reading(shared: Terminal) -> None:
    header, *lines = shared("report", "aging-ap", *AS_OF).out.splitlines()
    assert header.split()[-1] == "total"
    assert [line.split()[-1] for line in lines] == ["300.00", "60.00"]


def test_a_report_goes_to_a_file_if_requested(shared: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "aging.csv"
    answer = shared("report", "aging-ap", *AS_OF, "--format", "csv", "--out", str(target))
    assert (answer.code, answer.out) == (0, "")
    assert target.read_text().splitlines()[1].endswith("300.00")
    one_line(shared("report", "aging-ap", "--out", str(tmp_path / "no" / "folder")), 2, "cannot be written")


def test_as_of_moves_the_dates_and_known_at_the_knowledge(synced: Terminal) -> None:
    (before,) = rows(synced, "clients", "--as-of", "2026-11-10")
    assert (before["ap_overdue_cents"], before["cash_cents"]) == (0, 521_000), (
        "the check of the 12th is not out yet"
    )
    then = synced.clock.now
    synced.clock.forward(minutes=20)
    company = synced.sandbox.companies[FIRST]
    bill = next(record for record in company.of("Bill").values() if record["DocNumber"] == "A-1")
    company.put("Bill", {**bill, "Balance": 1.0}, synced.clock.now)
    assert (rows(synced, "clients")[0]["stale"], synced("sync").code) == (True, 0)
    known = ("--known-at", then.isoformat())
    assert rows(synced, "clients", *AS_OF)[0]["ap_cents"] == 6_100
    assert rows(synced, "clients", *AS_OF, *known)[0]["ap_cents"] == 36_000
    assert sum(int(str(row["total_cents"])) for row in rows(synced, "aging-ap", *AS_OF, *known)) == 36_000


def test_the_forecast_report_is_thirteen_weeks_that_can_be_added_up_by_hand(shared: Terminal) -> None:
    """0.50 goes out a day; 500.00 and 300.00 overdue come and go in a week; new business from the 30th day on."""
    weeks = rows(shared, "forecast", *AS_OF)
    assert list(weeks[0]) == FORECAST
    assert [week["week_start"] for week in weeks] == [
        (date(2026, 11, 20) + timedelta(days=7 * number)).isoformat() for number in range(13)
    ]
    first, second, fourth, fifth = weeks[0], weeks[1], weeks[3], weeks[4]
    assert (first["opening_cents"], first["baseline_out_cents"], first["closing_cents"]) == (
        511_000,
        350,
        510_650,
    )
    assert (second["receipts_cents"], second["payments_cents"], second["closing_cents"]) == (
        50_000,
        30_000,
        530_300,
    )
    assert (weeks[2]["payments_cents"], fourth["new_business_in_cents"]) == (6_000, 0)
    assert (fifth["new_business_in_cents"], fifth["new_business_out_cents"]) == (4_688, 2_875), (
        "five days of each"
    )
    for week in weeks:
        ins = sum(week[f"{name}_cents"] for name in ("receipts", "baseline_in", "new_business_in"))
        outs = sum(
            week[f"{name}_cents"]
            for name in ("payments", "baseline_out", "recurring_out", "debt_service", "new_business_out")
        )
        assert week["closing_cents"] == week["opening_cents"] + ins - outs
    assert weeks[-1]["committed_closing_cents"] == 524_300 - 350 * 11


def test_the_forecast_in_detail_lists_every_item_with_its_date(shared: Terminal) -> None:
    items = rows(shared, "forecast", "--detail", *AS_OF)
    shown = [(item["line"], item["amount_cents"], item["expected_on"], item["basis"]) for item in items]
    assert sorted(shown) == [
        ("payments", -30_000, "2026-11-27", "next pay day"),
        ("payments", -6_000, "2026-12-10", "due date"),
        ("receipts", 50_000, "2026-11-27", "overdue, within a week"),
    ]
    one_line(shared("report", "clients", "--detail"), 2, "--detail")


def test_the_decision_lists_have_exactly_the_fields_of_the_contract(shared: Terminal) -> None:
    late, coming = rows(shared, "bills", *AS_OF)
    assert late == {
        "realm_id": FIRST, "qbo_id": late["qbo_id"], "doc_number": "A-1", "vendor": "Acme", "due_date": "2026-11-10",
        "days_past_due": 10, "group": "overdue", "balance_cents": 30_000, "runway_days_effect": 171.4,
    }  # fmt: skip
    assert list(late) == BILLS
    assert (coming["vendor"], coming["group"], coming["balance_cents"]) == ("Brook", "upcoming", 6_000)
    (owed,) = rows(shared, "collections", *AS_OF)
    assert owed == {
        "realm_id": FIRST, "qbo_id": owed["qbo_id"], "doc_number": "1001", "customer": "Clear Co",
        "due_date": "2026-10-20", "days_past_due": 31, "balance_cents": 50_000, "expected_date": "2026-11-27",
    }  # fmt: skip
    assert list(owed) == COLLECTIONS
