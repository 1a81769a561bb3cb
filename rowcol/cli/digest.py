"""The weekly digest as files: refresh first, then one HTML, one plain text and one `.eml` each, all from one moment."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rowcol.cli.books import outcome_line
from rowcol.cli.output import Console
from rowcol.delivery.messages import eml
from rowcol.delivery.render import RenderedDigest
from rowcol.errors import StoreFull, UsageError
from rowcol.store.control.sent_mail import PRACTICE_ITSELF
from rowcol.wiring import Services

DISK_FULL = 28


def digest(options: argparse.Namespace, get: Callable[[], Services], console: Console) -> int:
    """Write the digests; exit code 1 if a client could not be refreshed: it is in them, marked as stale."""
    services = get()
    digests = services.digests
    client = None if options.client is None else services.clients.find(options.client)
    wanted = services.clients.connected(None if client is None else [client.business_id])
    if not wanted and client is None:
        raise UsageError("No client is connected, so there is no digest", "Connect one with `rowcol connect`")
    folder = console.folder / options.out
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    outcomes = services.refresh([connected.business_id for connected in wanted], as_of=options.as_of)
    for outcome in outcomes:
        if not outcome.ok:
            console.note(outcome_line(outcome))
    inputs = digests.inputs(None if client is None else client.business_id, options.as_of, services.now())
    messages = (
        digests.all_rendered(inputs) if client is None else [digests.rendered(client.business_id, inputs)]
    )
    decisions = digests.decided(inputs.week)
    for path in _write_files(folder, messages, decisions.recipients, digests.sender()):
        console.print(str(path))
    return 0 if all(outcome.ok for outcome in outcomes) else 1


def _write_files(
    folder: Path,
    messages: Sequence[RenderedDigest],
    recipients: Mapping[str, tuple[str, ...]],
    sender: str | None,
) -> list[Path]:
    """Write three files for each digest and return their paths. Raises UsageError, StoreFull."""
    paths = []
    with _writing(folder):
        for message in messages:
            name = "practice" if message.business_id == PRACTICE_ITSELF else message.slug
            contents = {
                "html": message.html.encode("utf-8", "replace"),
                "txt": message.text.encode("utf-8", "replace"),
                "eml": eml(message, recipients.get(message.business_id, ()), sender),
            }
            for form, content in contents.items():
                path = folder / f"{name}.{form}"
                path.write_bytes(content)
                paths.append(path)
    return paths


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == DISK_FULL:
            raise StoreFull(f"The disk that holds {folder} is full") from error
        raise UsageError(f"{folder} cannot be written ({error.strerror})", "Name another folder") from error
