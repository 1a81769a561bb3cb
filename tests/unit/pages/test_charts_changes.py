"""The runway bridge as a waterfall, and the words of changes."""

import pandas as pd
import pytest

from rowcol.ui.client.changes import field_text
from rowcol.ui.client.changes_chart import bridge_chart
from rowcol.ui.kit.palette import Palette

PALETTE = Palette(
    "#000001", "#000002", "#000003", "#000004", "#000005", "#000006", "#000007", "#000008", "#000009",
    ("#0000a1", "#0000a2", "#0000a3"),
)  # fmt: skip
STEPS = pd.DataFrame(
    {
        "words": ["Received from customers", "Paid to <b>vendors</b>", "Burn"],
        "cash_cents": pd.array([36_050, -12_000, None], "Int64"),
        "buffer_days": pd.array([3, -1, 2], "Int64"),
    }
)


def test_the_bars_lead_from_what_was_to_what_is() -> None:
    (trace,) = bridge_chart(STEPS, "cash_cents", 100_000, 124_050, "USD", PALETTE).data
    assert list(trace.measure) == ["absolute", "relative", "relative", "total"]
    assert list(trace.x) == [1000.0, 360.5, -120.0, 1240.5]
    assert list(trace.y) == ["Then", "Received from customers", "Paid to &lt;b&gt;vendors&lt;/b&gt;", "Now"]
    assert list(trace.text) == ["$1,000", "+$361", "-$120", "$1,241"]
    assert list(trace.customdata) == ["$1,000.00", "$360.50", "-$120.00", "$1,240.50"]
    assert (trace.increasing.marker.color, trace.decreasing.marker.color) == (
        PALETTE.receipts,
        PALETTE.payments,
    )


def test_days_are_whole_days() -> None:
    chart = bridge_chart(STEPS, "buffer_days", 10, 14, "USD", PALETTE)
    (trace,) = chart.data
    assert list(trace.x) == [10, 3, -1, 2, 14]
    assert list(trace.text) == ["10 days", "+3 days", "-1 day", "+2 days", "14 days"]
    low, high = chart.layout.xaxis.range
    assert low <= 0 < 14 < high


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("DueDate", "Due date"), ("TotalAmt", "Total"), ("VendorRef", "Vendor"), ("Line[2]", "Line 2"),
        ("Line[1].AccountBasedExpenseLineDetail.AccountRef", "Line 1 · Account"), ("Line[1].Amount", "Line 1 · Amount"),
        ("BILL_NO_NUMBER", "Bill without number"), (None, ""),
    ],
)  # fmt: skip
def test_a_field_is_shown_in_words(field: str | None, words: str) -> None:
    assert field_text(field) == words
