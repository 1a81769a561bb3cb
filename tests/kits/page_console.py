"""The console's page on a real store's books, and its charts."""

import json
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from streamlit.testing.v1 import AppTest

from rowcol.clock import NOW, Moment
from rowcol.ui.kit import navigation
from rowcol.views.console.forecast import forecast_view
from rowcol.views.console.inputs import ConsoleInputs, console_inputs
from tests.kits.call_console import Call
from tests.kits.page_app import Open
from tests.kits.page_services import Practice
from tests.kits.page_views import client_row

At = Callable[..., AppTest]


_INPUTS: dict[Hashable, ConsoleInputs] = {}


def shared_inputs(call: Call) -> Callable[..., ConsoleInputs]:
    """Return a reader of console inputs: books as another test had them, and unchanged since, are not read again."""
    begun = call.books

    def read(business_id: str, moment: Moment) -> ConsoleInputs:
        if business_id != call.business_id or moment != NOW or call.books != begun:
            return console_inputs(call.source(), business_id, moment)
        if begun not in _INPUTS:
            _INPUTS[begun] = console_inputs(call.source(), business_id, moment)
        return _INPUTS[begun]

    return read


def seat(practice: Practice, call: Call) -> None:
    """Have the practice serve this client's console."""
    practice.rows = [client_row(call.business_id, "Client", "watch", 2_000, 20), *practice.rows]
    practice.console_inputs = shared_inputs(call)
    practice.forecast_view = partial(forecast_view, call.source())
    practice.decision_log = call.log
    practice.other_position = call.store.frames.log_position


def console_opener(open_page: Open, practice: Practice, call: Call) -> At:
    """Return a function that opens the console's page at a tab, with a name to decide under."""
    seat(practice, call)

    def opened(tab: str = "", name: str = "Ada") -> AppTest:
        at = open_page(navigation.CONSOLE, client=call.business_id)
        at.session_state["advisor_name"] = name
        if tab:
            at.session_state[f"console_tabs_{call.business_id}"] = next(
                shown.label for shown in at.tabs if shown.label.startswith(tab)
            )
        at.run()
        assert not at.exception, at.exception
        return at

    return opened


def chart_of(at: AppTest, number: int = 0) -> dict[str, Any]:
    chart: dict[str, Any] = json.loads(at.get("plotly_chart")[number].proto.spec)
    return chart
