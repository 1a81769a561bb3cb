"""Every setting, typed: read from the environment or `.env`, each named `ROWCOL_…`."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rowcol.errors import SettingsError

PREFIX = "ROWCOL_"
AUTHORIZE_URL = "https://appcenter.intuit.com/connect/oauth2"
TOKEN_URL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"  # noqa: S105 - an address, not a token
REVOKE_URL = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"
API_URLS = {
    "sandbox": "https://sandbox-quickbooks.api.intuit.com",
    "production": "https://quickbooks.api.intuit.com",
}
LINK_HOSTS = {"sandbox": "sandbox.qbo.intuit.com", "production": "qbo.intuit.com"}
RAILS_BUILT = ("qbo",)
RAILS_PLANNED = ("ramp", "plaid", "stripe")
_RAILS_HINT = "Set ROWCOL_RAILS=qbo, or leave it unset"
_DIGEST_AT = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Endpoints:
    """The addresses of QuickBooks: the API up to `/v3`, and the three of OAuth."""

    api: str
    authorize: str
    token: str
    revoke: str


def _url(value: Any) -> str:
    """Return an http(s) address without a trailing slash; refuse anything else."""
    text = str(value).strip().rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("must be an address such as https://host or http://127.0.0.1:8100")
    return text


def _api_url(value: Any) -> str:
    """Return the part before `/v3`, whether or not `/v3` was written."""
    return _url(value).removesuffix("/v3")


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(str(value).strip()).key
    except (KeyError, OSError, ValueError) as error:
        raise ValueError("must be a time zone such as America/New_York") from error


def _digest_at(value: Any) -> str:
    text = str(value).strip()
    if not _DIGEST_AT.fullmatch(text):
        raise ValueError("must be a weekday and a time such as `Fri 07:00`")
    return text


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


Url = Annotated[str, BeforeValidator(_url)]
ApiUrl = Annotated[str, BeforeValidator(_api_url)]
Zone = Annotated[str, BeforeValidator(_zone)]
DigestAt = Annotated[str, BeforeValidator(_digest_at)]
Environment = Annotated[Literal["sandbox", "production"], BeforeValidator(_lower)]


class Settings(BaseSettings):
    """The settings of one running RowCol; an empty variable counts as unset."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database: Path = Path("data/rowcol.duckdb")
    secret_key: SecretStr | None = None

    qbo_client_id: str | None = None
    qbo_client_secret: SecretStr | None = None
    qbo_redirect_uri: Url = "http://localhost:8501/qbo/callback"
    qbo_environment: Environment = "sandbox"
    qbo_api_url: ApiUrl | None = None
    qbo_authorize_url: Url | None = None
    qbo_token_url: Url | None = None
    qbo_revoke_url: Url | None = None
    qbo_webhook_token: SecretStr | None = None

    rails: str = "qbo"

    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str | None = None
    smtp_starttls: bool = True

    timezone: Zone = "America/Los_Angeles"  # QuickBooks' own clock, for a company that names no zone
    digest_at: DigestAt = "Fri 07:00"
    bind: str = "127.0.0.1"
    password: SecretStr | None = None
    backup_passphrase: SecretStr | None = None

    @property
    def endpoints(self) -> Endpoints:
        """Return the addresses of QuickBooks: Intuit's own by environment, unless others are set."""
        return Endpoints(
            api=self.qbo_api_url or API_URLS[self.qbo_environment],
            authorize=self.qbo_authorize_url or AUTHORIZE_URL,
            token=self.qbo_token_url or TOKEN_URL,
            revoke=self.qbo_revoke_url or REVOKE_URL,
        )

    @property
    def link_host(self) -> str:
        """Return the host of QuickBooks Online's own pages, which links to records open."""
        return LINK_HOSTS[self.qbo_environment]


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings from the environment, then from `env_file` if it exists.

    Raises SettingsError: one line that names each wrong variable, never its value.
    """
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg] # pydantic-settings' own argument
    except ValidationError as error:
        raise SettingsError(_in_one_line(error), "Correct it in the environment or in .env") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be read: {type(error).__name__}") from None


def enabled_rails(text: str) -> tuple[str, ...]:
    """Return the rails that a setting such as `qbo` names, in its order.

    Raises SettingsError if one is not built yet or is no rail, or if QuickBooks, which the others only add to, is not
    among them.
    """
    names = tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip().lower())))
    for name in names:
        if name in RAILS_PLANNED:
            raise SettingsError(f"The rail {name} cannot be switched on yet", _RAILS_HINT)
        if name not in RAILS_BUILT:
            raise SettingsError(f"ROWCOL_RAILS names no rail called {name!r}", _RAILS_HINT)
    if "qbo" not in names:
        raise SettingsError("ROWCOL_RAILS leaves QuickBooks out", _RAILS_HINT)
    return names


def _in_one_line(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"{PREFIX}{str(fault['loc'][0]).upper()} {fault['msg'].removeprefix('Value error, ')}"
        for fault in faults
    )


def unconfigured(settings: Settings) -> tuple[str, ...]:
    """Return the names of the settings that are missing before a company can be connected."""
    needed = {
        "ROWCOL_QBO_CLIENT_ID": settings.qbo_client_id,
        "ROWCOL_QBO_CLIENT_SECRET": settings.qbo_client_secret,
    }
    return tuple(name for name, value in needed.items() if not value)
