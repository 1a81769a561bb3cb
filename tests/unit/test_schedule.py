"""The schedule: who is due, at which pace, and a month of 300 clients within Intuit's free reads."""

import heapq
import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rowcol.clock import WorkingTime
from rowcol.sync.budget import MONTHLY_READS, Planned, budget
from rowcol.sync.refresher import CLIENTS_AT_ONCE
from rowcol.sync.schedule import (
    CHECK_READS,
    Pace,
    ScheduledClient,
    due,
    is_due,
    is_quiet,
    phase,
    planned_reads,
)

PACIFIC = ZoneInfo("America/Los_Angeles")
FULL = Pace()
TUESDAY_NOON = datetime(2026, 11, 17, 12, tzinfo=PACIFIC).astimezone(UTC)
TICK = timedelta(seconds=30)


def working(**more: object) -> WorkingTime:
    kept: dict[str, object] = {"zone": PACIFIC, "hours": "08-18", **more}
    return WorkingTime(**kept)


def subject(business_id: str = "a", **more: object) -> ScheduledClient:
    kept: dict[str, object] = {"working": working(), "opened_at": TUESDAY_NOON, **more}
    return ScheduledClient(business_id, **kept)


def starts(client: ScheduledClient, begin: datetime, span: timedelta, pace: Pace = FULL) -> list[datetime]:
    """Return when a client is refreshed while the schedule is looked at every 30 seconds."""
    moments, now = [], begin
    while now < begin + span:
        if is_due(client, now, pace):
            moments.append(now)
            client = replace(client, last_started_at=now, marked=False)
        now += TICK
    return moments


def gaps(moments: list[datetime]) -> set[int]:
    return {round((b - a).total_seconds() / 60) for a, b in itertools.pairwise(moments)}


def test_a_client_is_refreshed_every_13_minutes_in_its_working_hours() -> None:
    moments = starts(subject(last_started_at=TUESDAY_NOON), TUESDAY_NOON, timedelta(hours=4))
    assert gaps(moments) == {13}
    assert len(moments) in (18, 19)


def test_it_is_refreshed_hourly_at_night_and_at_the_weekend() -> None:
    for evening in (TUESDAY_NOON + timedelta(hours=7), TUESDAY_NOON + timedelta(days=4)):
        client = subject(last_started_at=evening - timedelta(minutes=1))
        moments = starts(client, evening, timedelta(hours=8))
        assert gaps(moments) == {60}
        assert len(moments) == 8


def test_a_client_not_opened_for_a_week_is_refreshed_every_two_hours_until_it_is_opened() -> None:
    unopened = subject(last_started_at=TUESDAY_NOON, opened_at=TUESDAY_NOON - timedelta(days=7, seconds=1))
    assert gaps(starts(unopened, TUESDAY_NOON, timedelta(hours=6))) == {120}
    opened = replace(unopened, opened_at=TUESDAY_NOON - timedelta(days=6))
    assert gaps(starts(opened, TUESDAY_NOON, timedelta(hours=2))) == {13}


def test_a_client_whose_webhooks_arrive_is_refreshed_rarely_and_at_once_when_one_names_it() -> None:
    heard = subject(last_started_at=TUESDAY_NOON, webhook_at=TUESDAY_NOON)
    assert is_quiet(heard, TUESDAY_NOON + timedelta(days=2))
    assert not is_quiet(heard, TUESDAY_NOON + timedelta(days=2, seconds=1))
    assert gaps(starts(heard, TUESDAY_NOON, timedelta(hours=6))) == {120}
    named = replace(heard, marked=True)
    assert not is_due(named, TUESDAY_NOON + timedelta(minutes=12), FULL)
    assert is_due(named, TUESDAY_NOON + timedelta(minutes=13), FULL)


def test_what_was_missed_during_a_sleep_is_made_up_once() -> None:
    asleep = subject(last_started_at=TUESDAY_NOON - timedelta(days=3))
    moments = starts(asleep, TUESDAY_NOON, timedelta(minutes=13))
    assert moments[0] == TUESDAY_NOON
    assert len(moments) == 2


def test_a_client_is_left_alone_while_its_breaker_is_open() -> None:
    assert not is_due(subject(paused=True), TUESDAY_NOON, FULL)
    assert is_due(subject(paused=False), TUESDAY_NOON, FULL)


def test_the_longest_waiting_come_first() -> None:
    waiting = [
        subject("young", last_started_at=TUESDAY_NOON - timedelta(hours=3)),
        subject("old", last_started_at=TUESDAY_NOON - timedelta(hours=9)),
        subject("new"),
        subject("fresh", last_started_at=TUESDAY_NOON),
    ]
    assert [client.business_id for client in due(waiting, TUESDAY_NOON, FULL)] == ["new", "old", "young"]


def test_300_clients_are_spread_over_the_interval() -> None:
    buckets = Counter(int(phase(f"client-{number}") * 13) for number in range(300))
    assert set(buckets) == set(range(13))
    assert max(buckets.values()) < 45


def test_all_are_fresh_when_the_day_begins_and_do_not_start_together() -> None:
    eight = datetime(2026, 11, 17, 8, tzinfo=PACIFIC).astimezone(UTC)
    quarter_to = eight - timedelta(minutes=14)
    firsts = Counter(
        max(moment for moment in moments if moment <= eight)
        for number in range(300)
        for moments in [
            starts(
                subject(f"client-{number}", last_started_at=quarter_to - timedelta(minutes=20)),
                quarter_to,
                timedelta(minutes=15),
            )
        ]
    )
    assert min(firsts) >= eight - timedelta(minutes=13, seconds=30)
    assert max(firsts.values()) < 40


def test_working_hours_are_at_most_ten() -> None:
    assert working(hours="00-24").first_and_last() == (0, 10)
    assert working(hours="20-24").first_and_last() == (20, 24)
    late = replace(subject(), working=working(hours="14-24"))
    for hour, gap in ((9, 13), (13, 60)):
        begin = TUESDAY_NOON + timedelta(hours=hour)
        assert gaps(starts(replace(late, last_started_at=begin), begin, timedelta(hours=3))) == {gap}


def test_a_day_of_hours_across_a_clock_change_keeps_its_pace() -> None:
    monday = datetime(2026, 11, 2, 8, tzinfo=PACIFIC).astimezone(UTC)  # the clocks went back the day before
    assert monday.hour == 16
    moments = starts(subject(last_started_at=monday, opened_at=monday), monday, timedelta(hours=10))
    assert gaps(moments) == {13}


def test_a_working_day_is_the_clients_own() -> None:
    friday, sunday = (datetime(2026, 11, day, 9, tzinfo=PACIFIC).astimezone(UTC) for day in (20, 22))
    gulf = subject(last_started_at=friday, working=working(days=frozenset({6, 0, 1, 2, 3})))
    assert gaps(starts(gulf, friday, timedelta(hours=4))) == {60}
    assert gaps(starts(replace(gulf, last_started_at=sunday), sunday, timedelta(hours=4))) == {13}


def test_with_every_day_a_working_day_300_clients_would_pass_the_free_reads() -> None:
    """Why the default is Monday to Friday; who sets seven days has the schedule slowed by the budget instead."""
    first, end = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    seven = [subject(str(n), opened_at=end, working=working(days=frozenset(range(7)))) for n in range(300)]
    planned = Planned(*planned_reads(seven, first, end))
    assert 600_000 < planned.working + planned.outside + planned.checks < 620_000
    result = budget(0, planned)
    assert result.slowed
    assert result.forecast <= MONTHLY_READS


def test_on_a_working_day_no_client_of_300_is_older_than_15_minutes() -> None:
    """16 are read at once, each for 3 seconds; what counts is the time between the ends of two refreshes."""
    zones = [ZoneInfo(f"America/{name}") for name in ("Los_Angeles", "Denver", "Chicago", "New_York")]
    before = datetime(2026, 11, 16, 23, tzinfo=PACIFIC).astimezone(UTC)
    day = Day(
        [
            replace(subject(f"client-{n}", last_started_at=before), working=working(zone=zones[n % 4]))
            for n in range(300)
        ],
        before,
    )
    day.run(until=before + timedelta(hours=19))
    assert day.oldest <= timedelta(minutes=15)
    assert day.reads < 300 * 65


class Day:
    """A day of the schedule, looked at every 30 seconds, with the real number of refreshes side by side."""

    TAKES = timedelta(seconds=3)

    def __init__(self, subjects: list[ScheduledClient], now: datetime) -> None:
        self.oldest, self.reads = timedelta(0), 0
        self._now = now
        self._subjects = {client.business_id: client for client in subjects}
        self._ended = dict.fromkeys(self._subjects, now)
        self._free = [now] * CLIENTS_AT_ONCE

    def run(self, until: datetime) -> None:
        while self._now < until:
            for client in due(self._subjects.values(), self._now, FULL):
                self._refresh(client)
            self._now += TICK

    def _refresh(self, client: ScheduledClient) -> None:
        began = max(self._now, heapq.heappop(self._free))
        ended, before = began + self.TAKES, self._ended[client.business_id]
        heapq.heappush(self._free, ended)
        self._ended[client.business_id], self.reads = ended, self.reads + 1
        self._subjects[client.business_id] = replace(client, last_started_at=began)
        opens = ended.astimezone(client.working.zone).replace(hour=8, minute=0, second=0)
        if opens <= ended < opens + timedelta(hours=10):
            self.oldest = max(self.oldest, ended - before)


def test_a_month_of_300_opened_clients_stays_within_the_free_reads_and_fresh() -> None:
    """December 2026 has 23 working days, and every client is at the full pace: the dearest case there is."""
    month = Month(datetime(2026, 12, 1, tzinfo=UTC))
    month.run()
    assert 440_000 < month.reads < MONTHLY_READS
    assert month.oldest <= timedelta(minutes=14)
    assert month.slowest == (1, 2)


class Month:
    """A month of the schedule for 12 clients that stand for 25 each; the budget is looked at every six hours."""

    STANDS_FOR = 25

    def __init__(self, first_day: datetime) -> None:
        self.end = (first_day + timedelta(days=32)).replace(day=1)
        self.reads = 0
        self.oldest = timedelta(0)
        self.slowest = (1, 1)
        self._now = first_day
        self._subjects = {
            name: subject(name, opened_at=self.end, last_started_at=first_day)
            for name in map("client-{}".format, range(12))
        }
        self._checked: dict[str, int] = {}

    def run(self) -> None:
        queue = [(self._now, name) for name in self._subjects]
        heapq.heapify(queue)
        pace, looked = FULL, self._now - timedelta(hours=6)
        while queue[0][0] < self.end:
            now, name = heapq.heappop(queue)
            if now - looked >= timedelta(hours=6):
                pace, looked = self._pace(now), now
            local = now.astimezone(PACIFIC)
            wait = TICK if local.hour in range(7, 18) and local.weekday() < 5 else timedelta(minutes=5)
            if is_due(self._subjects[name], now, pace):
                self._refresh(self._subjects[name], now)
                wait = timedelta(minutes=12)
            heapq.heappush(queue, (now + wait, name))

    def _refresh(self, client: ScheduledClient, now: datetime) -> None:
        local = now.astimezone(PACIFIC)
        self.reads += self.STANDS_FOR
        if self._checked.get(client.business_id) != local.day:
            self._checked[client.business_id] = local.day
            self.reads += CHECK_READS * self.STANDS_FOR
        assert client.last_started_at is not None
        if local.weekday() < 5 and local.hour in range(8, 18):
            self.oldest = max(self.oldest, now - client.last_started_at)
        self._subjects[client.business_id] = replace(client, last_started_at=now)

    def _pace(self, now: datetime) -> Pace:
        everyone = list(self._subjects.values()) * self.STANDS_FOR
        result = budget(self.reads, Planned(*planned_reads(everyone, now, self.end)))
        self.slowest = max(self.slowest, (result.working_factor, result.outside_factor))
        return Pace(result.working_factor, result.outside_factor)
