"""The gateway to clients whose books are in QuickBooks: their mirror, opened for one view at one moment."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar, cast

from rowcol.clock import NOW, Clock, Moment, OwnMoments
from rowcol.domain.window import WINDOW_DAYS
from rowcol.errors import UnknownClient
from rowcol.gateways.client_books import AdvisorRecords, ClientBooks, ForecastBooks
from rowcol.store.frames import Frames, Reading
from rowcol.store.read_ahead import ReadAhead

B = TypeVar("B", bound=ClientBooks)


@dataclass(frozen=True)
class QuickBooksGateway:
    """The books of one practice's clients, read from the mirror as it is: opening them requests nothing.

    `link_host` is where records open in QuickBooks.
    """

    frames: Frames
    records: AdvisorRecords
    clock: Clock
    default_zone: str
    link_host: str

    def now(self) -> datetime:
        """Return the present moment."""
        return self.clock()

    def today(self, business_id: str) -> date:
        """Return today on a client's own calendar. Raises UnknownClient."""
        with self.open((business_id,)) as books:
            day: date = books.clients["today"].iloc[0].date()
            return day

    @contextmanager
    def open(
        self,
        business_ids: tuple[str, ...] | None = None,
        moment: Moment = NOW,
        bank_days: int = WINDOW_DAYS + 1,
        open_days: int = 0,
    ) -> Iterator[ClientBooks]:
        """Open the books of some clients, or of all that are connected (None), without the forecast.

        Bank movements are those of the last `bank_days`; what was open can be worked out for each of the last `open_days`
        (`Books.at`). Raises UnknownClient if none of those named is a client.
        """
        with self._opened(ClientBooks, business_ids, moment, bank_days, open_days) as books:
            yield books

    @contextmanager
    def open_with_forecast(
        self,
        business_ids: tuple[str, ...] | None = None,
        moment: Moment = NOW,
        bank_days: int = WINDOW_DAYS + 1,
        open_days: int = 0,
        *,
        band: bool = True,
    ) -> Iterator[ForecastBooks]:
        """Open the books of some clients as `open` does, with the 13 weeks ahead; without `band` with no p80 days.

        Raises UnknownClient.
        """
        with self._opened(ForecastBooks, business_ids, moment, bank_days, open_days) as books:
            books.band = band
            yield books

    @contextmanager
    def open_each(self, own: OwnMoments) -> Iterator[ForecastBooks]:
        """Open the books of some clients together, each as of its own day and as known at its own moment.

        With the 13 weeks ahead. Raises UnknownClient if none is a client.
        """
        moment = Moment(known_at=max(own.known_at.values()))
        with self._opened(ForecastBooks, tuple(own.known_at), moment, WINDOW_DAYS + 1, 0, own) as books:
            yield books

    @contextmanager
    def _opened(
        self,
        kind: type[B],
        business_ids: tuple[str, ...] | None,
        moment: Moment,
        bank_days: int,
        open_days: int,
        own: OwnMoments | None = None,
    ) -> Iterator[B]:
        known_at = moment.known_at if own is None else own.known_at
        with ExitStack() as stack:
            scope = self.frames.scope(business_ids)
            reading = stack.enter_context(self.frames.open(scope, known_at, copied=True))
            ahead = None
            if business_ids is None:
                ahead = stack.enter_context(closing(ReadAhead(reading)))
            books = kind(
                cast(Reading, ahead or reading),
                self.frames,
                self.records,
                business_ids,
                moment,
                self.clock(),
                self.default_zone,
                bank_days,
                open_days,
                own,
            )
            books.ahead = ahead
            if business_ids is not None and books.clients.empty:
                raise UnknownClient("This client is not in your practice")
            yield books

    def read_by(self, moment: datetime) -> tuple[str, ...]:
        """Return the ids of the clients whose books had been read for the first time by a moment."""
        with self.frames.open(self.frames.scope()) as reading:
            first = reading.first_refreshes()
        return tuple(first["business_id"][first["refreshed_at"].dt.tz_localize("UTC") <= moment])
