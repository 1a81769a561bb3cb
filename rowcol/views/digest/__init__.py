"""The weekly digest: the practice's page and each client's half page, all from one moment."""

from collections.abc import Mapping
from datetime import date

from rowcol.views.digest.client import client_digests as client_digests
from rowcol.views.digest.inputs import DigestInputs as DigestInputs
from rowcol.views.digest.inputs import ground as ground
from rowcol.views.digest.practice import practice_digest as practice_digest
from rowcol.views.digest.records import ClientDigest as ClientDigest
from rowcol.views.digest.records import Digest as Digest
from rowcol.views.digest.records import PracticeDigest as PracticeDigest
from rowcol.views.digest.week import week_of as week_of


def digest(
    made_from: DigestInputs,
    notes: Mapping[str, str] | None = None,
    next_calls: Mapping[str, date] | None = None,
) -> Digest:
    """Return the digests of a week: the practice's own, and one a client.

    `notes` stand at the top, by business id, '' for the practice's own; `next_calls` likewise.
    """
    said = notes or {}
    return Digest(
        practice_digest(made_from, said.get("", "")), client_digests(made_from, said, next_calls or {})
    )
