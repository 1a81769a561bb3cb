"""Settings the advisor gives for a client are checked, recorded, and hold from then on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from rowcol.decisions.client_settings import all_settings, check, save
from rowcol.decisions.recording import OPERATOR, DecisionLog
from rowcol.domain.clients import ClientSettings, client_frame, settings_from, weekday_text, weekdays
from rowcol.errors import UsageError
from rowcol.store.control.decisions import Decisions
from tests.kits.store import NOW, PRACTICE, PracticeStore

SETTINGS = ClientSettings(
    reserve_cents=2_500_000,
    excluded_accounts=("36", "37"),
    time_zone="Europe/London",
    working_hours="07-19",
    pay_day_offset=3,
    credit_line_cents=100,
    working_days="Sun-Thu",
    account_classes=(("60", "financing"), ("61", "operating")),
)


@pytest.fixture
def decisions(store: PracticeStore) -> Decisions:
    return Decisions(store.database, PRACTICE, store.positions)


def at(decisions: Decisions, now: datetime = NOW) -> DecisionLog:
    return DecisionLog(decisions, lambda: now)


def test_settings_come_back_as_they_were_saved(decisions: Decisions) -> None:
    save(at(decisions), OPERATOR, "b1", SETTINGS)
    assert all_settings(decisions) == {"b1": SETTINGS}


def test_the_newest_settings_hold_and_the_older_still_held_then(decisions: Decisions) -> None:
    save(at(decisions), OPERATOR, "b1", SETTINGS)
    save(at(decisions, NOW + timedelta(days=1)), OPERATOR, "b1", replace(SETTINGS, reserve_cents=0))
    save(at(decisions, NOW + timedelta(days=1)), OPERATOR, "b2", ClientSettings())
    assert all_settings(decisions)["b1"].reserve_cents == 0
    assert all_settings(decisions, NOW + timedelta(hours=1)) == {"b1": SETTINGS}
    assert all_settings(decisions, NOW - timedelta(hours=1)) == {}


def test_two_decisions_of_one_moment_hold_in_the_order_they_were_made(decisions: Decisions) -> None:
    save(at(decisions), OPERATOR, "b1", SETTINGS)
    save(at(decisions), OPERATOR, "b1", replace(SETTINGS, reserve_cents=7))
    assert all_settings(decisions)["b1"].reserve_cents == 7


def test_another_practices_settings_are_not_seen(store: PracticeStore, decisions: Decisions) -> None:
    save(at(Decisions(store.database, "another", store.positions)), OPERATOR, "b1", SETTINGS)
    assert all_settings(decisions) == {}


def test_older_settings_keep_the_default_of_a_field_they_lack() -> None:
    assert settings_from({"reserve_cents": 5, "forgotten": 1}) == ClientSettings(reserve_cents=5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reserve_cents": -1}, {"credit_line_cents": -1}, {"reserve_cents": 10**15 + 1},
        {"time_zone": "Mars/Olympus"}, {"time_zone": ""},
        {"working_hours": "18-08"}, {"working_hours": "08-08"}, {"working_hours": "8 to 6"}, {"working_hours": "08-25"},
        {"working_days": ""}, {"working_days": "Mon-Funday"}, {"working_days": "weekdays"},
        {"working_hours": "24-24"}, {"pay_day_offset": -1}, {"pay_day_offset": 61},
        {"account_classes": (("60", "settlement"),)}, {"account_classes": (("60", ""),)},
        {"account_classes": (("60", "financing"), ("60", "operating"))},
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_and_nothing_is_saved(
    decisions: Decisions, wrong: dict[str, object]
) -> None:
    with pytest.raises(UsageError):
        save(at(decisions), OPERATOR, "b1", replace(SETTINGS, **wrong))
    assert all_settings(decisions) == {}


@pytest.mark.parametrize(
    ("text", "days", "canonical"),
    [
        ("Mon-Fri", {0, 1, 2, 3, 4}, "Mon-Fri"), ("sun-thu", {6, 0, 1, 2, 3}, "Sun-Thu"), ("Wed", {2}, "Wed"),
        ("Mon, Wed,Fri", {0, 2, 4}, "Mon,Wed,Fri"), ("Mon-Sun", set(range(7)), "Mon-Sun"),
        ("Mon-Wed,Sat", {0, 1, 2, 5}, "Mon,Tue,Wed,Sat"), ("Sat-Mon", {5, 6, 0}, "Sat-Mon"),
    ],
)  # fmt: skip
def test_working_days_are_named_as_ranges_and_lists(text: str, days: set[int], canonical: str) -> None:
    assert weekdays(text) == days
    assert weekday_text(days) == canonical
    assert weekdays(canonical) == days


@pytest.mark.parametrize("right", [{"working_hours": "00-24"}, {"pay_day_offset": 0}, {"pay_day_offset": 60}])
def test_the_bounds_themselves_are_allowed(right: dict[str, object]) -> None:
    check(replace(SETTINGS, **right))


def test_a_clients_day_is_in_the_advisors_zone_then_its_own_then_the_default() -> None:
    companies = pd.DataFrame(
        {
            "business_id": ["said", "own", "default"],
            "time_zone": ["America/Los_Angeles", "Pacific/Auckland", None],
            "home_currency": ["CAD", None, "GBP"],
        }
    )
    late = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    frame = client_frame(
        companies, {"said": ClientSettings(time_zone="UTC")}, late, None, "America/Los_Angeles"
    )
    assert [day.date() for day in frame["as_of"]] == [
        date(2026, 11, 21),
        date(2026, 11, 21),
        date(2026, 11, 20),
    ]
    assert frame["currency"].tolist() == ["CAD", "USD", "GBP"]
    dated = client_frame(companies, {}, late, date(2026, 1, 2), "UTC")
    assert {day.date() for day in dated["as_of"]} == {date(2026, 1, 2)}
