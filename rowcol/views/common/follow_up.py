"""Questions and tasks of one client or of all, with the names and links a page or a digest shows beside them."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.domain.clients import client_frame
from rowcol.domain.follow_up import answered_questions, done_tasks, open_questions, open_tasks
from rowcol.errors import UnknownClient
from rowcol.views.common.gather import Source
from rowcol.views.common.links import record_url


@dataclass(frozen=True)
class FollowUpView:
    """What is open between advisor and client, and what was closed.

    All have client, realm_id and url (opens the record in QuickBooks, None where there is none) beside their own:
    `questions` and `answered` those of `QUESTION_COLUMNS`; `tasks` and `done` those of `TASK_COLUMNS`, `tasks` also
    `overdue` (bool). Open ones the oldest first, closed ones the newest first.
    """

    as_of: date
    known_at: datetime
    questions: pd.DataFrame
    answered: pd.DataFrame
    tasks: pd.DataFrame
    done: pd.DataFrame


def follow_up_view(
    source: Source,
    questions: pd.DataFrame,
    tasks: pd.DataFrame,
    business_id: str | None,
    link_host: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> FollowUpView:
    """Return the questions and tasks of one client, or of all that are connected (None). Raises UnknownClient.

    `questions` and `tasks` as known at that moment. A task is overdue by its own client's day.
    """
    clients = _clients(source, business_id, as_of, known_at)
    if business_id is not None and clients.empty:
        raise UnknownClient("This client is not in your practice")
    return follow_up(questions, tasks, clients, link_host, as_of or source.today(), known_at or source.now)


def follow_up(
    questions: pd.DataFrame,
    tasks: pd.DataFrame,
    clients: pd.DataFrame,
    link_host: str,
    as_of: date,
    known_at: datetime,
) -> FollowUpView:
    """Return the questions and tasks of `clients`: business_id, client (name), realm_id, today (its own day)."""

    def told(rows: pd.DataFrame) -> pd.DataFrame:
        found = rows.merge(clients, on="business_id", how="inner")
        records = found[["realm_id", "entity", "qbo_id"]].itertuples(index=False, name=None)
        urls = [
            record_url(link_host, realm, entity or None, qbo_id or None) for realm, entity, qbo_id in records
        ]
        return found.assign(url=pd.Series(urls, index=found.index, dtype="object"))

    open_now = told(open_tasks(tasks, as_of))
    open_now["overdue"] = open_now["due"] < open_now["today"]
    return FollowUpView(
        as_of,
        known_at,
        told(open_questions(questions)).drop(columns="today"),
        told(answered_questions(questions)).drop(columns="today"),
        open_now.drop(columns="today"),
        told(done_tasks(tasks)).drop(columns="today"),
    )


def _clients(
    source: Source, business_id: str | None, as_of: date | None, known_at: datetime | None
) -> pd.DataFrame:
    """Return business_id, client (name), realm_id, today (each client's own) of the clients asked for."""
    ids = None if business_id is None else (business_id,)
    with source.frames.open(source.frames.scope(ids)) as reading:
        companies = reading.companies()
    if business_id is None:
        companies = companies[companies["disconnected_at"].isna()].reset_index(drop=True)
    moment = known_at or source.now
    rows = client_frame(companies, source.settings(known_at), moment, as_of, source.default_zone)
    return rows[["business_id", "name", "realm_id", "as_of"]].set_axis(
        ["business_id", "client", "realm_id", "today"], axis=1
    )
