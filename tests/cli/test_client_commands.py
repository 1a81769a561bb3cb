"""Commands that change a client or check the store: settings, disconnecting, verify, health."""

import json
from pathlib import Path

import pytest

from rowcol.errors import RowColError
from tests.kits.command_output import AS_OF, one_line, rows
from tests.kits.practice import FIRST, SECOND
from tests.kits.terminal import Terminal


def test_settings_change_the_figures_they_are_for(synced: Terminal) -> None:
    checking = next(
        id_
        for id_, account in synced.sandbox.companies[FIRST].of("Account").items()
        if account["Name"] == "Checking"
    )
    answer = synced("client", "set", "--client", "larch & daughters", "--reserve", "5,110.00")
    assert (answer.code, answer.out) == (0, "saved reserve_cents of Larch & Daughters\n")
    assert rows(synced, "clients", *AS_OF)[0]["status"] == "critical", "cash is not above the reserve"
    assert synced("client", "set", "--client", FIRST, "--reserve", "5109.99").code == 0
    (row,) = rows(synced, "clients", *AS_OF)
    assert (row["status"], row["cash_out_date"]) == ("critical", "2026-11-20"), (
        "a cent above, and money goes out"
    )
    assert synced("client", "set", "--client", FIRST, "--exclude-account", checking).code == 0
    assert rows(synced, "clients", *AS_OF)[0]["cash_cents"] == 0
    assert synced("client", "set", "--client", FIRST, "--exclude-account", "").code == 0
    assert rows(synced, "clients", *AS_OF)[0]["cash_cents"] == 511_000
    synced.clock.forward(hours=6)
    assert synced("client", "set", "--client", FIRST, "--timezone", "Pacific/Auckland").code == 0
    assert (
        synced(
            "client",
            "set",
            "--client",
            FIRST,
            "--working-hours",
            "07-19",
            "--working-days",
            "Sun-Thu",
            "--pay-day",
            "3",
        ).code
        == 0
    )


def test_an_accounts_class_moves_what_is_burned_until_it_is_cleared(synced: Terminal) -> None:
    """Of 140.00 paid in 80 days 40.00 were spent on one account."""
    (spent,) = synced.sandbox.companies[FIRST].of("Purchase").values()
    account_id = spent["Line"][0]["AccountBasedExpenseLineDetail"]["AccountRef"]["value"]
    accounts = synced.sandbox.companies[FIRST].of("Account").items()
    unused = next(id_ for id_, account in accounts if account["AccountType"] == "Income")

    def buffer_days(account_class: str) -> int:
        words = ("--account-class", f"{account_id}={account_class}", "--account-class", f"{unused}=financing")
        answer = synced("client", "set", "--client", FIRST, *words)
        assert answer.out == "saved account_classes of Larch & Daughters\n"
        (row,) = rows(synced, "clients", *AS_OF)
        return int(row["buffer_days"])

    assert [buffer_days(name) for name in ("financing", "", "operating", "investing")] == [
        511_000 * 80 // cents for cents in (10_000, 14_000, 14_000, 10_000)
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--reserve lots", "is not an amount"), ("--reserve -5", "cannot be negative"), ("--timezone Mars", "time zone"),
        ("--working-hours 18-08", "Working hours"), ("--working-days never", "Working days"),
        ("--pay-day 99", "pay day"), ("", "No setting"),
        ("--reserve nan", "amount"), ("--reserve 1e99", "amount"), ("--reserve infinity", "amount"),
        ("--credit-line 1e20", "that large"),
        ("--account-class 60", "names no account"), ("--account-class =financing", "names no account"),
        ("--account-class 60=owners", "No class is called"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_exit_code_2_in_one_line(
    shared: Terminal, words: str, message: str
) -> None:
    one_line(shared("client", "set", "--client", FIRST, *words.split()), 2, message)


def test_a_disconnected_clients_books_stay(synced: Terminal) -> None:
    answer = synced("disconnect", "--client", FIRST)
    assert (answer.code, answer.out) == (0, f"disconnected Larch & Daughters ({FIRST}); its books stay\n")
    assert rows(synced, "clients") == []
    assert len(rows(synced, "aging-ap", "--client", FIRST, *AS_OF)) == 2
    assert synced("verify").out.startswith("verified ")
    one_line(synced("sync", "--client", FIRST), 2, "disconnected")
    synced.connect(FIRST)
    assert synced("sync").code == 0
    assert len(rows(synced, "clients")) == 1


def test_verify_counts_the_records_and_finds_a_difference(synced: Terminal) -> None:
    expected = sum(
        len(records) for name, records in synced.sandbox.companies[FIRST].entities.items() if name != "Item"
    )
    answer = synced("verify", "--client", FIRST)
    assert answer.code == 0
    assert int(answer.out.split()[1]) in range(expected, expected + 6), "every record, and the reports read"
    tamper(synced.database, "UPDATE mirror_transactions SET balance_cents = 1 WHERE entity = 'Bill'")
    broken = synced("verify")
    assert broken.code == 1
    assert len(broken.out.splitlines()) == 2
    assert all("different in mirror_transactions" in line for line in broken.out.splitlines())


def tamper(path: Path, statement: str) -> None:
    from rowcol.store.database import Database

    database = Database(path)
    with database.write() as cursor:
        cursor.execute(statement)
    database.close()


def test_another_key_does_not_open_the_tokens_and_reports_still_work(synced: Terminal) -> None:
    synced.clock.forward(hours=2)
    synced.more = {"secret_key": "another passphrase"}
    answer = synced("sync")
    assert answer.code == 1
    assert "ROWCOL_SECRET_KEY" in answer.out + answer.err
    assert (answer.out + answer.err).count("\n") == 1
    assert rows(synced, "clients", *AS_OF)[0]["cash_cents"] == 511_000


def test_health_is_exit_code_1_where_a_client_needs_attention(synced: Terminal) -> None:
    fine = synced("health", "--format", "json")
    assert fine.code == 0
    state = json.loads(fine.out)
    assert [(client["realm_id"], client["connection"], client["stale"]) for client in state["clients"]] == [
        (FIRST, "connected", False)
    ]
    synced.connect(SECOND)
    assert synced("health").code == 1


def test_errors_are_one_line_each() -> None:
    assert RowColError("It broke.", "Mend it").line() == "It broke. Mend it."
    assert RowColError("It broke").line() == "It broke."


@pytest.mark.parametrize(
    ("option", "value", "says", "next_step"),
    [
        ("--exclude-account", "999", "has no bank account '999'", "Checking"),
        ("--account-class", "999=financing", "has no account '999'", "QuickBooks"),
    ],
)
def test_an_account_that_is_not_the_clients_is_refused(
    synced: Terminal, option: str, value: str, says: str, next_step: str
) -> None:
    before = rows(synced, "clients", *AS_OF)
    answer = synced("client", "set", "--client", FIRST, option, value)
    assert answer.code == 2
    assert says in answer.err
    assert next_step in answer.err
    assert rows(synced, "clients", *AS_OF) == before
