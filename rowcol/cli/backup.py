"""Backup and restore."""

import argparse
import getpass
import sys
from collections.abc import Callable

from rowcol.cli.output import Console
from rowcol.errors import UsageError
from rowcol.settings import Settings, load_settings
from rowcol.store.backup import read_backup, write_backup
from rowcol.wiring import Services


def backup(options: argparse.Namespace, get: Callable[[], Services], console: Console) -> int:
    """Write database and key into one encrypted file."""
    services = get()
    given = console.passphrase or passphrase(services.settings, twice=True)
    size = write_backup(services.database, services.key, console.folder / options.file, given)
    console.print(f"backed up {size:,} bytes to {options.file}")
    return 0


def restore(options: argparse.Namespace, _get: Callable[[], Services], console: Console) -> int:
    """Verify a backup and put it in place of the configured database."""
    settings = load_settings()
    records = read_backup(options.file, settings.database, passphrase(settings, twice=False))
    console.print(f"verified {records} records; restored to {settings.database}")
    if settings.secret_key is not None:
        console.note("ROWCOL_SECRET_KEY is set: unset it, or set it to the key this backup was made with.")
    return 0


def passphrase(settings: Settings, *, twice: bool) -> str:
    """Return the backup's passphrase from the settings or the terminal. Raises UsageError."""
    if settings.backup_passphrase is not None:
        return settings.backup_passphrase.get_secret_value()
    if not sys.stdin or not sys.stdin.isatty():
        raise UsageError("A passphrase is needed", "Set ROWCOL_BACKUP_PASSPHRASE, or run this in a terminal")
    given = getpass.getpass("Passphrase: ")
    if not given or (twice and getpass.getpass("Again: ") != given):
        raise UsageError("The passphrase is empty or was typed differently", "Try again")
    return given
