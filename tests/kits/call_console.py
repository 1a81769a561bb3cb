"""Books for a call with one client, in a real store: bills to choose from, customers to chase, a reserve to keep."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from rowcol import clock
from rowcol.clock import Moment
from rowcol.decisions import reading
from rowcol.decisions.recording import DecisionLog
from rowcol.domain.clients import ClientSettings
from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.store.control import control_rows
from rowcol.store.control.decisions import Decisions
from rowcol.store.control.runs import SyncRun, record_run
from rowcol.views.console.inputs import ConsoleInputs, console_inputs
from tests.kits.consoles import ConsoleStage
from tests.kits.records import (
    Pair,
    bill,
    chart,
    credit_memo,
    customer,
    invoice,
    purchase,
    spent,
    vendor,
    vendor_credit,
)
from tests.kits.store import MEMORY, NOW, PRACTICE, TODAY, PracticeStore, ago, gateway_over

ZONE = "America/Los_Angeles"
IN_DAYS = TODAY + timedelta(days=7)

USUAL: tuple[Pair, ...] = (
    vendor("1", "Norcal <b>Lumber</b>"), vendor("2", "PG&E"), vendor("3", "Covered Co"),
    bill("1", ago(42), ago(12), 1_200, Id="101", DocNumber="A-1182"),
    bill("2", ago(20), ago(-3), 430.20, Id="102", DocNumber="=HYPERLINK(1)"),
    bill("1", ago(10), ago(-20), 900, Id="103", DocNumber="A-1190"),
    bill("3", ago(30), ago(1), 50, Id="104", DocNumber="C-1"), vendor_credit("3", ago(5), 50, Id="105", DocNumber="VC"),
    bill("2", ago(30), None, 70, Id="106", DocNumber="B-1"),
    customer("9", "Acme *Corp*", PrimaryEmailAddr={"Address": "pay@acme.example"},
             PrimaryPhone={"FreeFormNumber": "555 0100"}),
    customer("8", "Covered Customer"),
    invoice("9", ago(90), ago(60), 2_000, Id="201", DocNumber="1001"),
    invoice("9", ago(75), ago(45), 500, Id="202", DocNumber="1002"),
    invoice("8", ago(90), ago(60), 100, Id="203", DocNumber="1003"), credit_memo("8", ago(5), 100, Id="204"),
    purchase(ago(10), spent(90), Id="301"),
)  # fmt: skip

_INPUTS: dict[Hashable, ConsoleInputs] = {}


class Call:
    """The services a console asks, on a store of its own; the client has 2,000.00 in the bank and a reserve of 500.00."""

    def __init__(
        self, records: Sequence[Pair] = USUAL, checking: float = 2_000, reserve_cents: int = 50_000, *,
        refreshed: bool = True,
    ) -> None:  # fmt: skip
        self.store = PracticeStore(MEMORY)
        self.store.land_all([*chart(checking=checking), *records])
        self.business_id = self.store.client()
        self.decisions = Decisions(self.store.database, PRACTICE, self.store.positions)
        self.now = NOW
        self.settings = ClientSettings(reserve_cents=reserve_cents)
        self.log = DecisionLog(self.decisions, lambda: self.now)
        self.console = ConsoleStage(self.source(), self.decisions)
        if refreshed:
            self.refreshed()
        self._begun = repr((records, checking, refreshed)), *self._state()

    def source(self) -> QuickBooksGateway:
        """Return what the views are made from now."""
        return gateway_over(
            self.store.frames, lambda _: {self.business_id: self.settings},
            lambda known_at: reading.current_decisions(self.decisions, known_at), lambda: self.now, ZONE,
        )  # fmt: skip

    def refreshed(self, outcome: str = "done", reason: str = "") -> None:
        """Record a refresh that ended now."""
        run = SyncRun(
            self.business_id, f"run-{self.now}-{outcome}", "full", self.now, self.now, outcome, reason=reason
        )
        with self.store.database.write() as cursor:
            record_run(control_rows(cursor), PRACTICE, run)

    def set_reserve(self, cents: int) -> None:
        """Change the reserve."""
        self.settings = replace(self.settings, reserve_cents=cents)

    def current_decisions(self) -> CurrentDecisions:
        """Return the current decisions."""
        return reading.current_decisions(self.decisions)

    def plans(self) -> dict[str, tuple[date, int | None]]:
        """Return bill -> (pay day, amount in cents or None for all) as it stands."""
        rows = reading.current_decisions(self.decisions).plans
        amounts = [None if pd.isna(cents) else int(cents) for cents in rows["amount_cents"]]
        days = [day.date() for day in rows["pay_on"]]
        return dict(zip(rows["qbo_id"], zip(days, amounts, strict=True), strict=True))

    def inputs(self, business_id: str, moment: Moment = clock.NOW) -> ConsoleInputs:
        """Return the console's inputs; those of a client that began alike and is unchanged are not read again."""
        changed = self._state() != self._begun[1:]
        if changed or (business_id, moment) != (self.business_id, clock.NOW):
            return console_inputs(self.source(), business_id, moment)
        if self._begun not in _INPUTS:
            _INPUTS[self._begun] = console_inputs(self.source(), business_id)
        return _INPUTS[self._begun]

    def _state(self) -> tuple[Hashable, ...]:
        return self.console.position(self.business_id), self.now, self.settings

    def ready(self) -> list[str]:
        """Return the ids of the bills offered, in the order of the table."""
        return list(self.inputs(self.business_id).bills["qbo_id"])

    def close(self) -> None:
        """Close the store."""
        self.store.close()
