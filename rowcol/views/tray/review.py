"""The tray and what stands beside it, as pages ask for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.views.client.tie_out import TieOutView, tie_out_view
from rowcol.views.client.working_capital import WorkingCapitalView, working_capital_view
from rowcol.views.common.follow_up import FollowUpView, follow_up_view
from rowcol.views.common.gather import Source
from rowcol.views.tray.page import TrayView, tray_view
from rowcol.views.tray.weeks import Week, week_at

Noted = Callable[[datetime | None], pd.DataFrame]
"""What was noted by a moment (None: now)."""


@dataclass(frozen=True)
class Review:
    """The views of one practice; `source` is asked anew for each, since it carries the present moment."""

    source: Callable[[], Source]
    questions: Noted
    tasks: Noted
    link_host: str

    def tray(
        self, business_id: str | None = None, as_of: date | None = None, known_at: datetime | None = None
    ) -> TrayView:
        """Return the findings of one client, or of all. Raises UnknownClient."""
        return tray_view(self.source(), business_id, self.link_host, as_of, known_at)

    def follow_up(
        self, business_id: str | None = None, as_of: date | None = None, known_at: datetime | None = None
    ) -> FollowUpView:
        """Return the questions and tasks of one client, or of all. Raises UnknownClient."""
        return follow_up_view(
            self.source(), self.questions(known_at), self.tasks(known_at), business_id, self.link_host, as_of,
            known_at,
        )  # fmt: skip

    def week(self, moment: datetime) -> Week:
        """Return how many findings there were at a past moment, as known then; takes a second or two."""
        return week_at(self.source(), moment)

    def tie_out(self, business_id: str, known_at: datetime | None = None) -> TieOutView:
        """Return one client's last check. Raises UnknownClient."""
        return tie_out_view(self.source(), business_id, self.link_host, known_at)

    def working_capital(
        self, business_id: str, as_of: date | None = None, known_at: datetime | None = None
    ) -> WorkingCapitalView:
        """Return one client's working-capital figures and their months. Raises UnknownClient."""
        return working_capital_view(self.source(), business_id, as_of, known_at)
