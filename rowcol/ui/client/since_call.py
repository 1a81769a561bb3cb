"""How one client's four figures moved since the last call, in the few words that stand under each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rowcol.domain.calls import Call
from rowcol.money import exact_text
from rowcol.ui.kit.wording import BEYOND_FORECAST, days, short_day
from rowcol.views.common.records import Figures

MINUS = "−"


@dataclass(frozen=True)
class Moved:
    """What became of each figure, '' where neither then nor now it was defined."""

    cash: str
    buffer: str
    runway: str
    cash_out: str


def moved_since(call: Call, figures: Figures, currency: str) -> Moved:
    """Return how the figures differ from those kept with a call."""
    then, on = call.figures, short_day(call.as_of)
    return Moved(
        _moved(then["cash_cents"], figures.cash_cents, on, lambda cents: exact_text(cents, currency)),
        _moved(then["buffer_days"], figures.buffer_days, on, days),
        _moved(then["net_burn_runway_days"], figures.net_burn_runway_days, on, days),
        _day_moved(then["cash_out_on"], figures.cash_out_date, on),
    )


def _moved(then: int | None, now: int | None, on: str, told: Callable[[int], str]) -> str:
    if now is None:
        return "" if then is None else f"{told(then)} on {on}"
    if then is None:
        return f"no figure on {on}"
    if now == then:
        return f"unchanged since {on}"
    return f"{'+' if now > then else MINUS}{told(abs(now - then))} since {on}"


def _day_moved(then: str | None, now: date | None, on: str) -> str:
    before = None if then is None else date.fromisoformat(then)
    if before == now:
        return f"unchanged since {on}"
    if before is None:
        return f"{BEYOND_FORECAST} on {on}"
    if now is None:
        return f"{short_day(before)} on {on}"
    return f"{days(abs((now - before).days))} {'later' if now > before else 'sooner'} than on {on}"
