"""The pages' way to the services of this process."""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import pandas as pd

from rowcol.clock import zone_or
from rowcol.decisions.desk import Desk
from rowcol.delivery.room import DigestRoom
from rowcol.experiences.activity import ActivityView, RecordHistory, RecordsFound
from rowcol.experiences.calls import CallBook
from rowcol.experiences.console_room import ConsoleRoom
from rowcol.experiences.review import Review
from rowcol.experiences.views import (
    ClientSettings,
    ClientsView,
    ClientView,
    ConnectionsView,
    Outcome,
    Progress,
)
from rowcol.settings import Settings


class Services(Protocol):
    """What the pages and the server ask of the product; `rowcol.wiring.services()` gives it."""

    @property
    def settings(self) -> Settings: ...
    @property
    def cli_token(self) -> str: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def review(self) -> Review: ...
    @property
    def calls(self) -> CallBook: ...
    @property
    def console(self) -> ConsoleRoom: ...
    @property
    def digests(self) -> DigestRoom: ...
    def clients_view(self, as_of: date | None, known_at: datetime | None) -> ClientsView: ...
    def client_view(self, business_id: str, as_of: date | None, known_at: datetime | None) -> ClientView: ...
    def connections_view(self) -> ConnectionsView: ...
    def activity_view(self, business_id: str | None, outcome: str) -> ActivityView: ...
    def every_run(self, business_id: str | None, outcome: str) -> pd.DataFrame: ...
    def find_records(self, business_id: str, entity: str, words: str) -> RecordsFound: ...
    def record_history(self, business_id: str, entity: str, qbo_id: str) -> RecordHistory: ...
    def refresh(
        self,
        business_ids: Sequence[str] | None,
        on_progress: Callable[[Progress], None],
        as_of: date | None = None,
    ) -> Sequence[Outcome]: ...
    def refresh_behind(self, business_id: str) -> bool: ...
    def refreshing(self, business_id: str) -> bool: ...
    def check_tie_out(self, business_id: str) -> None: ...
    def consent_url(self) -> str: ...
    def complete_consent(self, params: Mapping[str, str]) -> str: ...
    def disconnect(self, business_id: str) -> None: ...
    def save_settings(self, business_id: str, settings: ClientSettings) -> None: ...
    def log_position(self) -> int: ...
    def now(self) -> datetime: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


def services() -> Services:
    """Return the services of this process, made on the first call; a call that raises is tried again."""
    return _made()


@functools.cache
def _made() -> Services:
    from rowcol import wiring  # the one late import: the pages come before their composition root

    made: Services = wiring.services()
    return made


def zone() -> ZoneInfo:
    """Return the time zone in which the practice reads moments."""
    return zone_or(None, services().settings.timezone)
