"""What a report states beside its rows: its day, what is known, what is reconstructed and what cash leaves out."""

from pathlib import Path

from rowcol.sandbox.builder import Books
from rowcol.sandbox.run import running_sandbox
from tests.kits.clock import TODAY, FrozenClock
from tests.kits.command_output import rows
from tests.kits.practice import FIRST
from tests.kits.terminal import Terminal

PAST = ("--as-of", "2026-10-06")
GULF = "9130350000000000031"


def test_a_table_of_a_past_day_says_that_it_is_reconstructed_once(shared: Terminal) -> None:
    past = shared("report", "aging-ap", *PAST)
    assert past.out.count("reconstructed") == 1
    stated = "As of Tue 6 Oct 2026, reconstructed. As known at Fri 20 Nov 2026, 12:00 PST."
    assert past.out.splitlines()[-1] == stated
    assert "As of" not in shared("report", "aging-ap").out, "today needs no saying"


def test_rows_alone_are_in_the_other_forms_and_stderr_states_a_past_day(
    shared: Terminal,
) -> None:
    plain = shared("report", "bills", "--format", "json")
    assert (plain.code, plain.err) == (0, "")
    past = shared("report", "bills", "--format", "json", *PAST)
    assert "reconstructed" not in past.out
    assert past.err.startswith("As of Tue 6 Oct 2026, reconstructed.")


def test_clients_have_their_day_and_whether_it_is_reconstructed(shared: Terminal) -> None:
    today, past = rows(shared, "clients"), rows(shared, "clients", *PAST)
    assert {(row["as_of"], row["reconstructed"], str(row["unpriced"])) for row in today} == {
        ("2026-11-20", False, "[]")
    }
    assert {(row["as_of"], row["reconstructed"], row["tie_out"]) for row in past} == {
        ("2026-10-06", True, "unchecked")
    }


def test_an_excluded_account_is_named_beside_cash(terminal: Terminal) -> None:
    terminal.connect(FIRST)
    assert terminal("sync").code == 0
    accounts = terminal.sandbox.companies[FIRST].of("Account").values()
    (checking,) = (account["Id"] for account in accounts if account["Name"] == "Checking")
    assert terminal("client", "set", "--client", FIRST, "--exclude-account", checking).code == 0
    assert terminal("report", "clients").err == "Larch & Daughters: Left out of cash: Checking.\n"
    assert terminal("report", "bills").err == ""


def test_connecting_a_company_in_a_currency_with_three_decimals_says_so(tmp_path: Path) -> None:
    clock = FrozenClock()
    company = Books(GULF, "Gulf Trading", today=TODAY, currency="KWD").finish()
    with running_sandbox([company], clock=clock, throttle=False) as sandbox:
        terminal = Terminal(sandbox, tmp_path / "rowcol.duckdb", clock)
        answer = terminal("connect", "--realm", GULF, "--refresh-token", sandbox.grant(GULF))
        assert (answer.code, answer.out) == (0, f"connected Gulf Trading ({GULF})\n")
        assert "KWD has three decimals: amounts are rounded to two places." in answer.err
        assert terminal("sync").code == 0
        assert "KWD has three decimals" in terminal("report", "clients").err
