"""The console's page on a real store's books, and its charts."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from streamlit.testing.v1 import AppTest

from rowcol.ui.kit import navigation
from rowcol.views.console.accuracy import accuracy_view
from tests.kits.call_console import Call
from tests.kits.pages.app import Open
from tests.kits.pages.services import Practice
from tests.kits.pages.views import client_row

At = Callable[..., AppTest]


def seat(practice: Practice, call: Call) -> None:
    """Have the practice serve this client's console."""
    practice.rows = [client_row(call.business_id, "Client", "watch", 2_000, 20), *practice.rows]
    practice.console_inputs = call.inputs
    practice.accuracy_view = partial(accuracy_view, call.source())
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
