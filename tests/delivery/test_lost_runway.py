"""Who lost runway: the nearest cash-out first, and nobody whose cash lasts for more than a year."""

from dataclasses import replace
from datetime import date

import pytest

from rowcol.views.digest.practice import in_danger_first
from rowcol.views.digest.records import ShorterRunway
from tests.kits.digests import AS_OF, HARBOR


def loss(name: str, was: int, now: int, cash_out_on: date | None = None) -> ShorterRunway:
    line = replace(HARBOR, business_id=name, name=name, cash_out_on=cash_out_on)
    return ShorterRunway(line, "net-burn runway", was, now, AS_OF, ())


def names(*losses: ShorterRunway) -> list[str]:
    return [listed.line.name for listed in in_danger_first(losses)]


def test_the_nearest_cash_out_comes_first_however_little_was_lost() -> None:
    assert names(
        loss("long", 300, 90),
        loss("second", 200, 100, date(2026, 12, 20)),
        loss("short", 81, 80),
        loss("first", 41, 40, date(2026, 11, 30)),
    ) == ["first", "second", "short", "long"]


@pytest.mark.parametrize(("now", "listed"), [(365, ["one"]), (366, [])])
def test_a_runway_beyond_a_year_is_not_listed(now: int, listed: list[str]) -> None:
    assert names(loss("one", 900, now)) == listed
