"""Whose digest is open: by the address, else by the last choice, else the practice's own."""

from collections.abc import Mapping

from rowcol.delivery.messages import Made
from rowcol.errors import UnknownClient
from rowcol.ui.kit.states import STALE_TOLD_APART, some_names
from rowcol.ui.kit.wording import Sentence, counted
from rowcol.ui.state import digest
from rowcol.ui.state.access import services
from rowcol.views.digest.records import ClientDigest


def digest_in_view(names: Mapping[str, str]) -> str:
    """Return whose digest to show, kept and put into the address.

    Raises UnknownClient where the address names a client that is not there.
    """
    asked = digest.chosen_digest()
    if asked != digest.WHOLE_PRACTICE and asked not in names:
        digest.choose_digest(digest.WHOLE_PRACTICE)
        raise UnknownClient(
            "The address names a client that is not connected here",
            "Open Digest and choose one from the list",
        )
    digest.choose_digest(asked)
    return asked


def unsafe_clients(made: Made) -> list[Sentence]:
    """Return what to say above a digest of clients that are not safe to discuss."""
    found = made.digest
    past = found.week != services().digests.this_week()
    todo = "A past week stays as it was known then" if past else "Refresh, then make the digest anew"
    if isinstance(found, ClientDigest):
        reason = found.stale_reason or "its books are older than they should be"
        return [Sentence(f"Not safe to discuss: {reason}", todo)] if found.stale else []
    stale = found.freshness.stale
    if not stale:
        return []
    told = "; ".join(f"{one.name}: {one.reason}" for one in stale[:STALE_TOLD_APART])
    if len(stale) > STALE_TOLD_APART:
        told = some_names([one.name for one in stale])
    return [
        Sentence(
            f"{counted(len(stale), 'client')} not safe to discuss. {told}",
            todo,
        )
    ]
