"""The month's reads: the forecast, and what is slowed first."""

import pytest

from rowcol.sync.budget import Budget, Planned, budget


def test_a_month_that_fits_is_not_slowed() -> None:
    result = budget(100_000, Planned(200_000, 100_000, 20_000))
    assert result == Budget(100_000, 500_000, 420_000)
    assert not result.slowed
    assert result.words() == "100,000 of 500,000 reads used this month, 420,000 expected by its end"


def test_the_hours_outside_work_are_slowed_first() -> None:
    result = budget(100_000, Planned(300_000, 150_000, 35_000))
    assert (result.working_factor, result.outside_factor) == (1, 3)
    assert result.forecast == 485_000
    assert result.words().endswith(
        "to stay within, clients are refreshed 3 times longer outside working hours"
    )


def test_working_hours_are_slowed_only_where_that_is_not_enough() -> None:
    result = budget(300_000, Planned(300_000, 60_000, 20_000))
    assert (result.working_factor, result.outside_factor) == (2, 6)
    assert result.forecast == 300_000 + 150_000 + 10_000 + 20_000
    assert "2 times longer within them" in result.words()


def test_once_all_is_used_everything_is_as_slow_as_it_may_be() -> None:
    result = budget(499_000, Planned(1_000, 1_000, 0))
    assert (result.working_factor, result.outside_factor) == (12, 6)


def test_nothing_planned_slows_nothing() -> None:
    assert budget(499_999, Planned()) == Budget(499_999, 500_000, 499_999)


@pytest.mark.parametrize("used", range(0, 480_000, 60_000))
def test_the_forecast_stays_within_the_limit_while_slowing_can_help(used: int) -> None:
    left = 485_000 - used
    result = budget(used, Planned(left * 3, left * 2, 0))
    assert result.slowed
    assert result.forecast <= 485_000
