"""When each client is at work, in its own time zone, as the schedule needs it."""

from collections.abc import Callable, Mapping

from rowcol.clock import zone_or
from rowcol.domain.clients import ClientSettings, weekdays
from rowcol.store.frames import Frames
from rowcol.sync.schedule import WorkingTime


def working_times(
    frames: Frames, settings: Callable[[], Mapping[str, ClientSettings]], default_zone: str
) -> dict[str, WorkingTime]:
    """Return business_id -> working time of every client.

    The time zone is the advisor's setting, else the company's own, else the default.
    """
    with frames.open(frames.scope()) as reading:
        companies = reading.companies()
    own = settings()
    found = {}
    for business_id, company_zone in zip(companies["business_id"], companies["time_zone"], strict=True):
        client = own.get(business_id, ClientSettings())
        zone = client.time_zone or (company_zone if isinstance(company_zone, str) else None)
        found[business_id] = WorkingTime(
            zone_or(zone, default_zone), client.working_hours, weekdays(client.working_days)
        )
    return found
