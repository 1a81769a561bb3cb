"""Digests of hand-built records; what is noted, sent and kept of them is real."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rowcol.clock import Moment, today_in
from rowcol.delivery.digests import Digests
from rowcol.delivery.outbox import Outbox
from rowcol.delivery.render import RenderedDigest, render_client, render_practice
from rowcol.delivery.smtp import mail_server
from rowcol.domain.books_health import books_health
from rowcol.domain.freshness import Freshness
from rowcol.errors import UnknownClient
from rowcol.settings import Settings
from rowcol.store.control.sent_mail import SentLog
from rowcol.views.client.test_drive import Caught, DriveView, PastWeek
from rowcol.views.digest.records import week_of
from tests.kits.digests import CLIENT, PRACTICE
from tests.kits.pages.services import Practice
from tests.kits.pages.views import NOW
from tests.kits.store import gateway_over

DAYS = (date(2026, 10, 23), date(2026, 10, 30), date(2026, 11, 6), date(2026, 11, 13), date(2026, 11, 20))


@dataclass(frozen=True)
class HandDigests(Digests):
    """The digests of a practice, made of hand-built records."""

    def inputs(
        self, _business_id: str | None, as_of: date | None, known_at: datetime, week: date | None = None
    ) -> Any:
        day = as_of or today_in(self.zone, known_at)
        return week or week_of(day), day, known_at

    def rendered(self, business_id: str, inputs: Any) -> RenderedDigest:
        week, as_of, known_at = inputs
        decided = self.decided(week)
        common = {
            "week": week,
            "as_of": as_of,
            "known_at": known_at,
            "note": decided.notes.get(business_id, ""),
        }
        if not business_id:
            return render_practice(replace(PRACTICE, **common))
        next_call = decided.next_calls.get(business_id)
        return render_client(replace(CLIENT, business_id=business_id, next_call=next_call, **common))


def drive_view(business_id: str, moment: Moment) -> DriveView:  # noqa: ARG001 - as pages call it
    """Return a hand-built test drive."""
    if business_id == "b-lark":
        raise UnknownClient("This client is not in your practice")
    weeks = tuple(
        PastWeek(day, 100_000 * place, 10 + place, None, "watch", 1_000, 500, 2_000, 700, day != DAYS[-1])
        for place, day in enumerate(DAYS)
    )
    example = "Bill =A1 of <script>Acme</script> was entered twice"
    caught = (Caught("BILL_DUPLICATE", "blocking", 2, 240_000, 19, 1.4, example),)
    fresh = Freshness(NOW, False) if business_id == "b-juniper" else Freshness(None, True)
    return DriveView(
        business_id, "93", "Juniper & Vale PR", "USD", DAYS[-1], False, NOW, fresh, weeks if fresh.synced_at else (), caught,
        books_health({"blocking": 2}, 400, "tied", 1), (),
    )  # fmt: skip


def hand_digests(practice: Practice, settings: Settings) -> HandDigests:
    """Return the digests of a practice, sent by the mail server that the settings name."""
    store = practice.store
    log = SentLog(store.database, "practice", store.positions)
    decision_log = practice.decision_log
    outbox = Outbox(log, lambda: mail_server(settings), lambda: NOW)
    practice.drive_view = drive_view
    gateway = gateway_over(store.frames, now=NOW)
    return HandDigests(gateway, decision_log, log, outbox, settings, ZoneInfo("America/Los_Angeles"))
