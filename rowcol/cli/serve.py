"""Commands that serve: the dashboard, the sandbox, and both as a demonstration."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rowcol.cli.output import Console
from rowcol.errors import RowColError, SettingsError, UsageError
from rowcol.settings import PREFIX, Settings, load_settings
from rowcol.sync.progress import Progress
from rowcol.wiring import Services

APP = Path(__file__).resolve().parents[2] / "app.py"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
READY_SECONDS = 60


def app(options: argparse.Namespace, _get: Callable[[], Services], console: Console) -> int:
    """Serve the dashboard until interrupted."""
    settings = load_settings()
    _check_bind(settings)
    _check_port_is_free(options.port)
    console.note(f"Dashboard: http://{settings.bind}:{options.port}")
    environment = os.environ | {f"{PREFIX}DATABASE": str(settings.database.resolve())}
    with _dashboard(options.port, settings.bind, environment) as server:
        return _wait(server)


def sandbox(options: argparse.Namespace, _get: Callable[[], Services], _console: Console) -> int:
    """Serve the local QuickBooks until interrupted."""
    from rowcol.sandbox.books import demo_companies
    from rowcol.sandbox.company import load_company
    from rowcol.sandbox.run import serve

    _check_port_is_free(options.port)
    try:
        companies = [load_company(path) for path in options.company]
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"A company file cannot be read: {error}", "See the README for its form") from error
    serve(
        companies or demo_companies(options.clients, options.seed, today=_today()),
        options.port,
        latency_ms=options.latency_ms,
    )
    return 0


def demo(options: argparse.Namespace, _get: Callable[[], Services], console: Console) -> int:
    """Start the sandbox, connect and refresh its companies, and serve the dashboard; Ctrl-C ends all of it."""
    from rowcol.sandbox.books import demo_companies
    from rowcol.sandbox.run import running_sandbox

    _check_port_is_free(options.port)
    console.note(f"Writing the books of {options.clients} companies…")
    companies = demo_companies(options.clients, today=_today())
    with (
        tempfile.TemporaryDirectory(prefix="rowcol-demo-") as folder,
        running_sandbox(companies, throttle=False) as local,
    ):
        environment = demo_environment(Path(folder), local.url, options.port)
        _fill(environment, {company.realm: local.grant(company.realm) for company in companies}, console)
        with _dashboard(options.port, "127.0.0.1", environment) as server:
            _until_ready(server, options.port)
            console.print(f"RowCol is at http://localhost:{options.port} (Ctrl-C ends the demonstration)")
            return _wait(server)


def demo_environment(folder: Path, sandbox_url: str, port: int) -> dict[str, str]:
    """Return the demonstration's own settings: its database and key, and the sandbox as QuickBooks."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return environment | {
        "ROWCOL_DATABASE": str(folder / "demo.duckdb"),
        "ROWCOL_QBO_CLIENT_ID": "sandbox-client",
        "ROWCOL_QBO_CLIENT_SECRET": "sandbox-secret",
        "ROWCOL_QBO_REDIRECT_URI": f"http://localhost:{port}/qbo/callback",
        "ROWCOL_QBO_ENVIRONMENT": "sandbox",
        "ROWCOL_QBO_API_URL": sandbox_url,
        "ROWCOL_QBO_AUTHORIZE_URL": f"{sandbox_url}/connect/oauth2",
        "ROWCOL_QBO_TOKEN_URL": f"{sandbox_url}/oauth2/v1/tokens/bearer",
        "ROWCOL_QBO_REVOKE_URL": f"{sandbox_url}/v2/oauth2/tokens/revoke",
    }


def _check_bind(settings: Settings) -> None:
    """Raise SettingsError if the dashboard would be open to others without a password."""
    if settings.bind not in LOOPBACK and settings.password is None:
        raise SettingsError(
            f"ROWCOL_BIND is {settings.bind}, which others can reach",
            "Set ROWCOL_PASSWORD first, or bind to 127.0.0.1",
        )


def _fill(environment: Mapping[str, str], grants: Mapping[str, str], console: Console) -> None:
    """Connect and refresh the demonstration's companies before the dashboard takes the database over."""
    services = Services(_settings_from(environment))
    try:
        for realm, token in grants.items():
            services.connect(realm, token)

        def report(step: Progress) -> None:
            if step.outcome:
                console.note(f"  {step.name}: {step.rows:,} records, {step.outcome}")

        console.note("Refreshing over HTTP…")
        services.refresh(None, report)
    finally:
        services.stop()


def _settings_from(environment: Mapping[str, str]) -> Settings:
    names = {
        name.removeprefix("ROWCOL_").lower(): value
        for name, value in environment.items()
        if name.startswith("ROWCOL_")
    }
    return Settings.model_validate(names)


@contextmanager
def _dashboard(port: int, address: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the dashboard in a process of its own, stopped by its own id."""
    command = [
        sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}", f"--server.address={address}",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=dict(environment), cwd=APP.parent)  # noqa: S603 - our own program
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_ready(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RowColError("The dashboard did not start", "The lines above say why")


def _wait(server: "subprocess.Popen[bytes]") -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return 0 if server.wait() == 0 else 3
    except KeyboardInterrupt:
        return 0


def _interrupt(*_: object) -> None:
    """End like Ctrl-C, so that what was started is stopped."""
    raise KeyboardInterrupt


def _check_port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise UsageError(
                f"Port {port} is in use", "Name another with --port (PORT=8600 make demo)"
            ) from error


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the demonstration's books end on this machine's own day
