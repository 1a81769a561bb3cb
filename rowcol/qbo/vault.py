"""Seal tokens with one key that is never stored in the database."""

import base64
import binascii
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from rowcol.errors import SettingsError, WrongKey
from rowcol.settings import Settings

# One salt for all: a passphrase must give the same key on every machine.
PASSPHRASE_SALT = b"rowcol vault 1"
SCRYPT_COST, SCRYPT_BLOCK, SCRYPT_LANES = 2**14, 8, 1
KEY_SUFFIX = ".key"


class Vault:
    """Seals and opens short texts with one Fernet key."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(key)

    def seal(self, text: str) -> str:
        """Return the text sealed: ASCII, different at each call."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Return the text that was sealed; raises WrongKey if this key does not open it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except (InvalidToken, UnicodeError):
            raise WrongKey("The stored tokens cannot be opened with this key") from None


def key_path(database: Path) -> Path:
    """Return the key file of a database, for when no ROWCOL_SECRET_KEY is set."""
    return database.with_name(database.name + KEY_SUFFIX)


def load_or_create_key(settings: Settings, beside: Path) -> tuple[str, bool]:
    """Return the Fernet key, and whether it was made just now (so that the caller can say so).

    From ROWCOL_SECRET_KEY (a Fernet key, or any passphrase), else from the 0600 file next to the database
    `beside`, which is made on first run. Raises SettingsError (no file can be read or made), WrongKey
    (the file holds no key).
    """
    if settings.secret_key is not None:
        return key_from(settings.secret_key.get_secret_value()), False
    path = key_path(beside)
    try:
        return _read_or_create_key(path)
    except OSError as error:
        raise SettingsError(
            f"The key file {path} cannot be used: {error.strerror or type(error).__name__}",
            "Make its folder writable, or set ROWCOL_SECRET_KEY",
        ) from None


def key_from(secret: str) -> str:
    """Return a Fernet key as it is, or the one derived from a passphrase (scrypt)."""
    secret = secret.strip()
    if _is_key(secret):
        return secret
    if not secret:
        raise SettingsError("ROWCOL_SECRET_KEY is blank", "Set it to a passphrase, or leave it out")
    scrypt = Scrypt(salt=PASSPHRASE_SALT, length=32, n=SCRYPT_COST, r=SCRYPT_BLOCK, p=SCRYPT_LANES)
    return base64.urlsafe_b64encode(scrypt.derive(secret.encode())).decode("ascii")


def _is_key(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text.encode())) == 32
    except (binascii.Error, ValueError):
        return False


def _read_or_create_key(path: Path) -> tuple[str, bool]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        if _create_key(path):
            return _read_key(path), True
    return _read_key(path), False


def _create_key(path: Path) -> bool:
    """Write a new key completely or not at all; return False if another process was first."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _read_key(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    text = path.read_bytes().strip().decode("ascii", errors="replace")
    if not _is_key(text):
        raise WrongKey(f"The key file {path} holds no key")
    return text
