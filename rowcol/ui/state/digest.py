"""Which digest this session looks at, and the digests made: of a fixed moment, so that they stay as they were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

import streamlit as st

from rowcol.delivery.outbox import Delivery
from rowcol.delivery.render import RenderedDigest
from rowcol.ui.state.access import services, zone
from rowcol.ui.state.views import cached_view
from rowcol.views.digest.inputs import DigestInputs
from rowcol.views.digest.records import week_of

WHOLE_PRACTICE = ""
INPUTS_KEPT = 6
DIGESTS_KEPT = 32
LAST_DAY_OF_WEEK = timedelta(days=4)
"""A past week without a run is shown as it was known at the end of its Friday."""
END_OF_DAY = time(23, 59)
_WHOSE, _MOMENT, _OUTCOME = "digest_whose", "digest_moment", "digest_outcome"


@dataclass(frozen=True)
class DigestVersion:
    """The digest of a week, each client as of its own day at `known_at`; `made_by_schedule`: by the week's run."""

    week: date
    known_at: datetime
    made_by_schedule: bool


def chosen_digest() -> str:
    """Return whose digest is open: a client's business id, '' for the practice's own."""
    chosen = st.query_params.get("client") or st.session_state.get(_WHOSE) or WHOLE_PRACTICE
    return str(chosen)


def choose_digest(business_id: str) -> None:
    """Keep whose digest is open for this session and put it into the address."""
    st.session_state[_WHOSE] = business_id
    if business_id == WHOLE_PRACTICE:
        st.query_params.pop("client", None)
    elif st.query_params.get("client") != business_id:
        st.query_params["client"] = business_id


def digest_version(week: date) -> DigestVersion:
    """Return the digest of a week: as its run made it, else as this session first saw it, past weeks at their end."""
    digests = services().digests
    run = digests.sent_log.run(week)
    today = digests.today()
    if run is not None and run.known_at is not None:
        return DigestVersion(week, run.known_at, made_by_schedule=True)
    if week == week_of(today):
        moments = st.session_state.setdefault(_MOMENT, {})
        return DigestVersion(
            week, moments.setdefault((week, today), services().now()), made_by_schedule=False
        )
    return DigestVersion(
        week, datetime.combine(week + LAST_DAY_OF_WEEK, END_OF_DAY, zone()), made_by_schedule=False
    )


def make_digest_again() -> None:
    """Have this week's digest made from what is known now."""
    st.session_state[_MOMENT] = {}


def rendered_digest(business_id: str, shown: DigestVersion) -> RenderedDigest:
    """Return a digest with its current note and next call. Raises UnknownClient."""
    return _rendered(business_id, shown.week, shown.known_at, services().log_position(business_id or None))


def digest_outcome(business_id: str, week: date) -> Sequence[Delivery]:
    """Return the deliveries of the mails sent last from this page, none before any."""
    return cast("Sequence[Delivery]", st.session_state.get(_OUTCOME, {}).get((business_id, week), ()))


def remember_digest_outcome(business_id: str, week: date, done: Sequence[Delivery]) -> None:
    """Keep the deliveries of mails."""
    st.session_state[_OUTCOME] = {**st.session_state.get(_OUTCOME, {}), (business_id, week): tuple(done)}


@st.cache_resource(max_entries=INPUTS_KEPT, show_spinner=False)
def _inputs(business_id: str, week: date, known_at: datetime) -> DigestInputs:
    """A past moment does not change, so neither does what is made from it."""
    return services().digests.inputs(business_id or None, None, known_at, week)


@cached_view
@st.cache_resource(max_entries=DIGESTS_KEPT, show_spinner=False)
def _rendered(business_id: str, week: date, known_at: datetime, log_position: int) -> RenderedDigest:  # noqa: ARG001 - part of the cache's key
    return services().digests.rendered(business_id, _inputs(business_id, week, known_at))
