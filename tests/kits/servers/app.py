"""The whole product on this machine: a local QuickBooks, and the real server on a database of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rowcol.cli.serve import demo_environment
from rowcol.sandbox.books import demo_companies
from rowcol.sandbox.company import Company
from rowcol.sandbox.run import RunningSandbox, running_sandbox

ROOT = Path(__file__).resolve().parents[3]
ROWCOL = str(Path(sys.executable).with_name("rowcol"))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running dashboard: its address, its environment, and what it wrote to its log."""

    url: str
    environment: Mapping[str, str]
    log: Path


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def companies(count: int) -> list[Company]:
    """Return the built-in companies, their books up to today."""
    return demo_companies(count, today=date.today())  # noqa: DTZ011 - the server reads the real clock too


@contextmanager
def serving(folder: Path, environment: Mapping[str, str], port: int, *flags: str) -> Iterator[Server]:
    """Run `streamlit run app.py` while the block runs; stopped by its own id."""
    log = folder / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", *flags]
    with (
        log.open("w") as out,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out) as process,
    ):
        try:
            _until_ready(process, f"http://127.0.0.1:{port}/healthz", log)
            yield Server(f"http://localhost:{port}", environment, log)
        finally:
            process.terminate()
            process.wait(20)


def _until_ready(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own loopback address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"The server did not start: {log.read_text()}")


@contextmanager
def stage(folder: Path, books: Sequence[Company], connected: bool) -> Iterator[tuple[Server, RunningSandbox]]:
    """Serve books and the dashboard; with `connected` every company is connected before, but not refreshed."""
    port = free_port()
    with running_sandbox(books, throttle=False) as local:
        environment = demo_environment(folder, local.url, port)
        if connected:
            for company in books:
                token = local.grant(company.realm)
                command = [
                    ROWCOL,
                    "connect",
                    "--realm",
                    company.realm,
                    "--refresh-token",
                    token,
                ]
                subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        with serving(folder, environment, port) as server:
            yield server, local
