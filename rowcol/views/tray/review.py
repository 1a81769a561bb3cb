"""The tray and what stands beside it, as pages ask for them."""

from dataclasses import dataclass
from datetime import datetime

from rowcol.clock import NOW, Moment
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.client.tie_out import TieOutView, tie_out_view
from rowcol.views.client.working_capital import WorkingCapitalView, working_capital_view
from rowcol.views.common.follow_up import FollowUpView, follow_up_view
from rowcol.views.tray.page import TrayView, Week, tray_view, week_at


@dataclass(frozen=True)
class Review:
    """The views of one practice."""

    gateway: QuickBooksGateway

    def tray(self, business_id: str | None = None, moment: Moment = NOW) -> TrayView:
        """Return the findings of one client, or of all. Raises UnknownClient."""
        return tray_view(self.gateway, business_id, moment)

    def follow_up(self, business_id: str | None = None, moment: Moment = NOW) -> FollowUpView:
        """Return the questions and tasks of one client, or of all. Raises UnknownClient."""
        return follow_up_view(self.gateway, business_id, moment)

    def week(self, moment: datetime) -> Week:
        """Return how many findings there were at a past moment, as known then; takes a second or two."""
        return week_at(self.gateway, moment)

    def tie_out(self, business_id: str, known_at: datetime | None = None) -> TieOutView:
        """Return one client's last check. Raises UnknownClient."""
        return tie_out_view(self.gateway, business_id, known_at)

    def working_capital(self, business_id: str, moment: Moment = NOW) -> WorkingCapitalView:
        """Return one client's working-capital figures and their months. Raises UnknownClient."""
        return working_capital_view(self.gateway, business_id, moment)
