"""Periodic jobs, in threads of their own, from the server's start to its stop."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from rowcol.clock import Clock

TICK = timedelta(seconds=30)
"""How often the schedule is checked; a client's refresh starts at most this long after it is due."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """A job run at an interval; if several runs were missed, it is run once."""

    name: str
    run: Callable[[], object]
    every: timedelta = TICK


@dataclass(frozen=True)
class JobRun:
    """The last run of a job; `failure` is empty if it succeeded."""

    at: datetime
    failure: str = ""


class Runner:
    """Runs jobs until stopped; a failure is shown in the log and in `state`, and the job runs again at its time."""

    def __init__(self, jobs: Sequence[Job], clock: Clock) -> None:
        self._jobs = tuple(jobs)
        self._clock = clock
        self._scheduler: BackgroundScheduler | None = None
        self._last_runs: dict[str, JobRun] = {}

    @property
    def running(self) -> bool:
        """Return whether jobs are running."""
        return self._scheduler is not None

    def start(self) -> None:
        """Start running; each job first after one of its intervals."""
        if self._scheduler is not None:
            return
        executor = ThreadPoolExecutor(max(1, len(self._jobs)))
        scheduler = BackgroundScheduler(timezone="UTC", executors={"default": executor})
        for job in self._jobs:
            scheduler.add_job(
                self.run_now, IntervalTrigger(seconds=job.every.total_seconds(), timezone="UTC"), [job],
                id=job.name, coalesce=True, max_instances=1, misfire_grace_time=None,
            )  # fmt: skip
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """Stop after the jobs in progress."""
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=True)

    def run_now(self, job: Job) -> None:
        """Run a job once; what it raises is recorded, not raised."""
        try:
            job.run()
        except Exception as error:  # noqa: BLE001 - one bad tick must not end the schedule
            _LOG.exception("%s failed", job.name)
            self._last_runs[job.name] = JobRun(self._clock(), f"{type(error).__name__}: {error}")
        else:
            self._last_runs[job.name] = JobRun(self._clock())

    def state(self) -> dict[str, object]:
        """Return whether jobs are running, and how and when each last ran."""
        return {
            "running": self.running,
            "jobs": [
                {
                    "name": job.name,
                    "every_seconds": int(job.every.total_seconds()),
                    "last_ran_at": None if ran is None else ran.at.isoformat(),
                    "failure": "" if ran is None else ran.failure,
                }
                for job in self._jobs
                for ran in [self._last_runs.get(job.name)]
            ],
        }
