"""What pages and their files say, as figures."""

from datetime import date
from typing import Any

import pandas as pd

from rowcol.clock import Moment
from rowcol.delivery.csv import to_csv
from rowcol.domain.aging import OVERDUE
from rowcol.domain.forecast.result import PERIOD_COLUMNS
from rowcol.ui.clients.table import CLIENT_FILE
from rowcol.ui.console.page import console_tabs
from rowcol.ui.kit.charts import whole_text
from rowcol.ui.kit.tables import STATED_FILE
from rowcol.ui.kit.wording import plain
from rowcol.views.clients import ClientsView
from rowcol.views.common.columns import Stated
from rowcol.views.console.page import collection_list
from rowcol.wiring import Services
from tests.kits.consoles import ConsoleStage
from tests.kits.outputs.printed import COUNTS, cents_of, day_of, plain_value, read_csv

Figures = dict[tuple[str, Any], Any]
"""(business_id, figure) -> value: cents, days, dates, counts or words."""
MONEY = ["cash_cents", "card_debt_cents", "ar_cents", "ar_overdue_cents", "ap_cents", "ap_overdue_cents"]
SAID = ["cash_out_date", "status", "tie_out", "as_of", "reconstructed"]


def clients_page(view: ClientsView) -> Figures:
    """Return the client list; its totals are checked to be the sums of its rows, currency by currency."""
    for total in view.totals.to_dict("records"):
        rows = view.rows[view.rows["currency"] == total["currency"]]
        assert {name: total[name] for name in MONEY} == {name: rows[name].sum() for name in MONEY}
    figures: Figures = {}
    for row in view.rows.to_dict("records"):
        for name in (*MONEY, *COUNTS, *SAID, "excluded"):
            figures[row["business_id"], name] = plain_value(row[name])
        figures[row["business_id"], "weeks"] = tuple(row["weeks_ahead"])
    return figures


def clients_file(view: ClientsView) -> Figures:
    """Return the file of the client list."""
    stated = Stated(view.known_at).on(view.rows)
    figures: Figures = {}
    for row in read_csv(to_csv(stated, {**CLIENT_FILE, **STATED_FILE})):
        assert row["known_at"] == view.known_at.isoformat(timespec="seconds")
        client = row["client_id"]
        for name in MONEY:
            figures[client, name] = cents_of(row[CLIENT_FILE[name]])
        for name in COUNTS:
            figures[client, name] = (
                int(row[CLIENT_FILE[name]]) if row.get(CLIENT_FILE.get(name, "")) else None
            )
        figures.pop((client, "blocking"))
        figures[client, "cash_out_date"] = day_of(row["cash_out_date"])
        figures[client, "status"], figures[client, "tie_out"] = row["status"], row["tie_out"]
        figures[client, "as_of"] = day_of(row["as_of"])
        figures[client, "reconstructed"] = row["reconstructed"] == "yes"
        figures[client, "excluded"] = tuple(filter(None, row["excluded_accounts"].split("; ")))
    return figures


def client_pages(services: Services, as_of: date | None) -> Figures:
    """Return every client's page: its figures, aging, accounts, open documents and weeks."""
    figures: Figures = {}
    for client in services.clients.names():
        view = services.client_view(client, Moment(as_of))
        page = view.figures
        assert page is not None
        for name in ("cash_cents", "card_debt_cents", "buffer_days", "net_burn_runway_days", "cash_out_date"):
            figures[client, name] = getattr(page, name)
        for side, rows in (("ap", view.aging_ap), ("ar", view.aging_ar)):
            figures[client, f"{side}_cents"] = int(rows["total_cents"].sum())
            figures[client, f"{side}_overdue_cents"] = int(rows[OVERDUE].sum().sum())
            for row in rows.to_dict("records"):
                key = (f"aging-{side}", plain_value(row["party_id"]))
                figures[client, key] = tuple(int(row[name]) for name in (*OVERDUE, "total_cents"))
        figures[client, "status"], figures[client, "tie_out"] = view.status, view.tie_out_state
        figures[client, "as_of"], figures[client, "reconstructed"] = view.as_of, view.reconstructed
        figures[client, "excluded"] = view.left_out.excluded
        counted = view.bank_accounts[~view.bank_accounts["excluded"]]
        assert int(counted["balance_cents"].sum()) == page.cash_cents
        figures[client, "weeks"] = tuple(int(cents) for cents in view.weeks_ahead["closing_cents"])
    return figures


def console_pages(services: Services, as_of: date | None) -> Figures:
    """Return every client's console: its lists with their totals in the labels, what is safe to pay, the weeks."""
    stage = ConsoleStage(services.gateway, services.decision_log.decisions)
    figures: Figures = {}
    for client in services.clients.names():
        inputs = stage.inputs(client, Moment(as_of))
        view = stage.view(inputs, Moment(as_of))
        customers = collection_list(view).customers
        to_pay, to_collect = (int(rows["balance_cents"].sum()) for rows in (view.bills, inputs.invoices))
        labels = list(console_tabs(view))
        assert plain(whole_text(to_pay, inputs.currency)) in labels[0]
        assert plain(whole_text(to_collect, inputs.currency)) in labels[1]
        assert int(customers["owed_cents"].sum()) == to_collect
        figures |= listed_figures(client, "bill", view.bills, to_pay)
        figures |= listed_figures(client, "invoice", inputs.invoices, to_collect)
        for row in customers.to_dict("records"):
            figures[client, ("owes", row["customer"])] = int(row["owed_cents"])
        due = view.bills[view.bills["group"].isin(["overdue", "urgent"])]
        figures[client, "due_cents"] = int(due["balance_cents"].sum())
        figures[client, "safe_cents"] = view.safe.sum_cents
        figures[client, "cash_out_date"] = plain_value(view.expected.outcome["cash_out_on"].iloc[0])
        figures[client, "status"], figures[client, "tie_out"] = inputs.status, inputs.tie_out_state
        figures[client, "as_of"], figures[client, "reconstructed"] = inputs.as_of, inputs.reconstructed
        figures[client, "excluded"] = inputs.left_out.excluded
        figures |= week_figures(client, view.expected.weeks)
    return figures


def tray_page(services: Services, as_of: date | None) -> Figures:
    """Return the findings of every client, and how many there are."""
    view = services.tray_view(None, Moment(as_of))
    figures: Figures = {}
    for row in view.clients.to_dict("records"):
        client = row["business_id"]
        rows = view.rows[view.rows["business_id"] == client]
        figures |= finding_figures(client, rows)
        figures[client, "findings"], figures[client, "blocking"] = len(rows), int(rows["blocking"].sum())
        figures[client, "as_of"], figures[client, "reconstructed"] = row["as_of"], row["reconstructed"]
    return figures


def listed_figures(client: str, kind: str, rows: pd.DataFrame, total_cents: int) -> Figures:
    """Return a list of the console: each balance by id, and their sum."""
    figures: Figures = {(client, f"{kind}_cents"): total_cents}
    for row in rows.to_dict("records"):
        figures[client, (kind, str(row["qbo_id"]))] = int(row["balance_cents"])
    return figures


def week_figures(client: str, weeks: pd.DataFrame) -> Figures:
    """Return the 13 weeks: every sum of each, and the closings."""
    figures: Figures = {(client, "weeks"): tuple(int(cents) for cents in weeks["closing_cents"])}
    for row in weeks.to_dict("records"):
        start = pd.Timestamp(row["week_start"]).date()
        figures[client, ("week", start)] = tuple(int(row[name]) for name in PERIOD_COLUMNS)
    return figures


def finding_figures(client: str, rows: pd.DataFrame) -> Figures:
    """Return the amount of each finding."""
    return {
        (client, ("finding", row["code"], row["entity"], row["qbo_id"])): int(row["amount_cents"])
        for row in rows.astype("object").where(rows.notna(), None).to_dict("records")
    }
