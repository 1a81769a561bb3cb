"""The top of the Client page: its caption, and the four figures with how each moved since the last call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rowcol.domain.calls import Call
from rowcol.money import exact_text, short_text
from rowcol.ui.kit.cards import BOOK_CASH, BUFFER, CASH_OUT, RUNWAY, Card
from rowcol.ui.kit.known_at import ago_text, known_at_text
from rowcol.ui.kit.wording import (
    BEYOND_FORECAST,
    CASH_GENERATIVE,
    STATUS_LABELS,
    money_or_missing,
    tie_out_sentence,
)
from rowcol.views.client.page import ClientView, Figures
from rowcol.wording import as_of_text, days, listed, short_day

MINUS = "−"


def client_caption(view: ClientView) -> str:
    """Return one client's caption: status, as-of date, freshness with age, currency, tie-out."""
    checked = f", checked {ago_text(view.tie_out_checked_at)}" if view.tie_out_checked_at else ""
    parts = [
        STATUS_LABELS.get(view.status, view.status) if view.figures else "no figures yet",
        as_of_text([view.as_of], [view.reconstructed]),
        known_at_text(),
        f"refreshed {ago_text(view.freshness.synced_at)}",
        f"book figures in {view.currency}",
        tie_out_sentence(view.tie_out_state, reconstructed=view.reconstructed) + checked,
    ]
    return " · ".join(part for part in parts if part)


def client_cards(view: ClientView, figures: Figures) -> list[Card]:
    """Return one client's four figures, exact to the cent and the day, with the window they rest on.

    The note under each is its change since the last call; before the first call, what it is computed from.
    """
    window = _window_text(figures, view.class_notes)
    marks = f" Mark: {listed(figures.marks)}." if figures.marks else ""
    call = view.last_call
    moved = Moved("", "", "", "") if call is None else moved_since(call, figures, view.currency)
    return [
        _moved_card(
            "Cash in the books",
            money_or_missing(figures.cash_cents, view.currency),
            beside_cash(figures, view.currency),
            moved.cash,
            BOOK_CASH + _excluded_text(view),
        ),
        _moved_card(
            "Cash buffer",
            "n/a" if figures.buffer_days is None else days(figures.buffer_days),
            _daily("out", figures.outflow_cents, figures, view.currency),
            moved.buffer,
            f"{BUFFER} {window}{marks}",
        ),
        _moved_card(
            "Net-burn runway",
            _runway_text(figures),
            _daily("net burn", figures.outflow_cents - figures.inflow_cents, figures, view.currency),
            moved.runway,
            f"{RUNWAY} {window}{marks}",
        ),
        _moved_card(
            "Cash-out date",
            short_day(figures.cash_out_date) if figures.cash_out_date else BEYOND_FORECAST.capitalize(),
            _until_text(figures.cash_out_date, view.as_of),
            moved.cash_out,
            CASH_OUT + marks,
        ),
    ]


def _moved_card(label: str, value: str, rests_on: str, moved: str, definition: str) -> Card:
    if not moved:
        return Card(label, value, rests_on, definition)
    return Card(label, value, moved, f"{rests_on[0].upper()}{rests_on[1:]}. {definition}")


def _until_text(cash_out: date | None, as_of: date) -> str:
    if cash_out is None:
        return "stays above the reserve"
    ahead = (cash_out - as_of).days
    return f"in {days(ahead)}" if ahead else "today"


def _runway_text(figures: Figures) -> str:
    if figures.cash_generative:
        return CASH_GENERATIVE.capitalize()
    return "n/a" if figures.net_burn_runway_days is None else days(figures.net_burn_runway_days)


def _window_text(figures: Figures, class_notes: Sequence[str]) -> str:
    as_set = f" By your settings {listed(class_notes)}." if class_notes else ""
    return (
        f"Averages of {short_day(figures.window_start)} to {short_day(figures.window_end)}, "
        f"{figures.window_days} days; owners' and lenders' money, equipment bought or sold and money set aside in "
        f"excluded accounts are left out.{as_set}"
    )


def _daily(name: str, cents: int, figures: Figures, currency: str) -> str:
    if name == "net burn" and cents < 0:
        return f"{short_text(round(-cents / figures.window_days), currency)} a day more in than out"
    return f"{short_text(round(cents / figures.window_days), currency)} a day {name}"


def beside_cash(figures: Figures, currency: str) -> str:
    """Return what stands beside cash: card debt with the credit on other cards, Undeposited Funds, reserve, credit line."""
    credit = figures.card_credit_cents
    in_credit = f" ({short_text(credit, currency)} in credit on a card)" if credit else ""
    beside = [
        (figures.card_debt_cents, f"card debt{in_credit}"),
        (figures.undeposited_cents, "undeposited"),
        (figures.reserve_cents, "reserve"),
        (figures.credit_line_cents, "credit line"),
    ]
    amounts = [f"{short_text(cents, currency)} {name}" for cents, name in beside if cents]
    if credit and not figures.card_debt_cents:
        amounts = [f"no card debt{in_credit}", *amounts]
    return " · ".join(amounts[:2]) if amounts else "no card debt"


def _excluded_text(view: ClientView) -> str:
    excluded = view.left_out.excluded
    return f" Excluded: {listed(excluded)}." if excluded else ""


@dataclass(frozen=True)
class Moved:
    """How each figure changed, '' if it was undefined both times."""

    cash: str
    buffer: str
    runway: str
    cash_out: str


def moved_since(call: Call, figures: Figures, currency: str) -> Moved:
    """Return how the figures differ from those recorded with a call."""
    then, on = call.figures, short_day(call.as_of)
    return Moved(
        _moved(then["cash_cents"], figures.cash_cents, on, lambda cents: exact_text(cents, currency)),
        _moved(then["buffer_days"], figures.buffer_days, on, days),
        _moved(then["net_burn_runway_days"], figures.net_burn_runway_days, on, days),
        _day_moved(then["cash_out_on"], figures.cash_out_date, on),
    )


def _moved(then: int | None, now: int | None, on: str, text: Callable[[int], str]) -> str:
    if now is None:
        return "" if then is None else f"{text(then)} on {on}"
    if then is None:
        return f"no figure on {on}"
    if now == then:
        return f"unchanged since {on}"
    return f"{'+' if now > then else MINUS}{text(abs(now - then))} since {on}"


def _day_moved(then: str | None, now: date | None, on: str) -> str:
    before = None if then is None else date.fromisoformat(then)
    if before == now:
        return f"unchanged since {on}"
    if before is None:
        return f"{BEYOND_FORECAST} on {on}"
    if now is None:
        return f"{short_day(before)} on {on}"
    return f"{days(abs((now - before).days))} {'later' if now > before else 'sooner'} than on {on}"
