"""The Console page below its head: what to pay, whom to collect from and the forecast, behind tabs."""

from collections.abc import Callable, Mapping
from functools import partial

from rowcol.ui.console.collect import show_collect
from rowcol.ui.console.forecast import show_forecast
from rowcol.ui.console.pay import show_pay
from rowcol.ui.kit.charts import whole_text
from rowcol.ui.kit.known_at import ago_text, known_at_text
from rowcol.ui.kit.tables import draw_open_tab
from rowcol.ui.kit.wording import STATUS_LABELS, known, plain, tie_out_sentence
from rowcol.views.console.page import ConsoleView
from rowcol.wording import as_of_text, counted, short_day


def console_caption(view: ConsoleView) -> str:
    """Return the caption: status, as-of date, age of the refresh, the forecast's opening balance, tie-out."""
    inputs = view.inputs
    typed = bool(view.expected.outcome["opening_typed"].iloc[0])
    parts = [
        STATUS_LABELS.get(inputs.status, inputs.status),
        as_of_text([inputs.as_of], [inputs.reconstructed]),
        known_at_text(),
        f"refreshed {ago_text(inputs.freshness.synced_at)}",
        f"opens from {'the bank balance typed in' if typed else 'book cash'}, {inputs.currency}",
        tie_out_sentence(inputs.tie_out_state, reconstructed=inputs.reconstructed),
        *map(plain, inputs.left_out.sentences()),
    ]
    return " · ".join(part for part in parts if part)


def show_console(view: ConsoleView) -> None:
    """Draw the tabs; only the open one is drawn."""
    tabs = {label: partial(draw, view) for label, draw in console_tabs(view).items()}
    draw_open_tab(f"console_tabs_{view.inputs.business_id}", tabs)


def console_tabs(view: ConsoleView) -> Mapping[str, Callable[[ConsoleView], None]]:
    """Return label -> what draws the tab: `Pay · 9 bills, $31,204`, `Forecast · below reserve 3 Dec`."""
    bills, invoices = view.bills, view.inputs.invoices
    below = view.expected.outcome["cash_out_on"].iloc[0]
    ahead = f"below reserve {short_day(below)}" if known(below) else "above reserve for 13 weeks"

    def amount(count: int, noun: str, cents: int) -> str:
        return plain(f"{counted(count, noun)}, {whole_text(cents, view.inputs.currency)}")

    return {
        f"Pay · {amount(len(bills), 'bill', int(bills['balance_cents'].sum()))}": show_pay,
        f"Collect · {amount(len(invoices), 'invoice', int(invoices['balance_cents'].sum()))}": show_collect,
        f"Forecast · {ahead}": show_forecast,
    }
