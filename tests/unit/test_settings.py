"""Settings come from the environment or .env, are distinguished by name, and never show a secret."""

import os
from pathlib import Path

import pytest

from rowcol.errors import SettingsError
from rowcol.settings import Endpoints, Settings, load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("ROWCOL_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_the_defaults_are_the_documented_ones():
    settings = load_settings()
    assert settings.database == Path("data/rowcol.duckdb")
    assert settings.qbo_redirect_uri == "http://localhost:8501/qbo/callback"
    assert (settings.qbo_environment, settings.bind) == ("sandbox", "127.0.0.1")
    assert (settings.secret_key, settings.password, settings.qbo_webhook_token) == (None, None, None)


@pytest.mark.parametrize(
    ("environment", "api"),
    [
        ("sandbox", "https://sandbox-quickbooks.api.intuit.com"),
        ("production", "https://quickbooks.api.intuit.com"),
        (" Production ", "https://quickbooks.api.intuit.com"),
    ],
)
def test_the_hosts_are_intuits_own_by_environment(monkeypatch, environment, api):
    monkeypatch.setenv("ROWCOL_QBO_ENVIRONMENT", environment)
    assert load_settings().endpoints == Endpoints(
        api,
        "https://appcenter.intuit.com/connect/oauth2",
        "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
        "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
    )


@pytest.mark.parametrize(
    "api", ["http://127.0.0.1:8100", "http://127.0.0.1:8100/", "http://127.0.0.1:8100/v3"]
)
def test_settings_alone_point_elsewhere(monkeypatch, api):
    monkeypatch.setenv("ROWCOL_QBO_API_URL", api)
    monkeypatch.setenv("ROWCOL_QBO_TOKEN_URL", "http://127.0.0.1:8100/oauth2/v1/tokens/bearer")
    endpoints = load_settings().endpoints
    assert endpoints.api == "http://127.0.0.1:8100"
    assert endpoints.token == "http://127.0.0.1:8100/oauth2/v1/tokens/bearer"
    assert endpoints.authorize == "https://appcenter.intuit.com/connect/oauth2"


def test_a_dotenv_file_is_read_and_the_environment_goes_first(monkeypatch):
    Path(".env").write_text("ROWCOL_TIMEZONE=Europe/Berlin\nROWCOL_BIND=0.0.0.0\nROWCOL_NEWER=1\nOTHER=2\n")
    monkeypatch.setenv("ROWCOL_BIND", "127.0.0.2")
    settings = load_settings()
    assert (settings.timezone, settings.bind) == ("Europe/Berlin", "127.0.0.2")


def test_an_empty_variable_is_unset(monkeypatch):
    monkeypatch.setenv("ROWCOL_QBO_API_URL", "")
    monkeypatch.setenv("ROWCOL_SECRET_KEY", "")
    settings = load_settings()
    assert settings.endpoints.api == "https://sandbox-quickbooks.api.intuit.com"
    assert settings.secret_key is None


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "ROWCOL_QBO_ENVIRONMENT",
            "staging",
            "ROWCOL_QBO_ENVIRONMENT Input should be 'sandbox' or 'production'",
        ),
        ("ROWCOL_TIMEZONE", "Mars/Olympus", "ROWCOL_TIMEZONE must be a time zone such as America/New_York"),
        ("ROWCOL_TIMEZONE", "../etc/passwd", "ROWCOL_TIMEZONE must be a time zone such as America/New_York"),
        ("ROWCOL_QBO_API_URL", "localhost:8100", "ROWCOL_QBO_API_URL must be an address"),
        ("ROWCOL_QBO_TOKEN_URL", "https://me:secret@host/t", "ROWCOL_QBO_TOKEN_URL must be an address"),
        ("ROWCOL_SMTP_PORT", "post", "ROWCOL_SMTP_PORT Input should be a valid integer"),
        ("ROWCOL_DIGEST_AT", "seven", "ROWCOL_DIGEST_AT must be a weekday and a time such as `Fri 07:00`"),
    ],
)
def test_a_wrong_value_is_reported_in_one_line_that_names_the_variable(monkeypatch, name, value, message):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    line = error.value.line()
    assert message in line
    assert "\n" not in line
    assert value not in line
    assert error.value.__cause__ is None


def test_secrets_are_not_printed(monkeypatch):
    names = [
        "SECRET_KEY",
        "QBO_CLIENT_SECRET",
        "QBO_WEBHOOK_TOKEN",
        "SMTP_PASSWORD",
        "PASSWORD",
        "BACKUP_PASSPHRASE",
    ]
    for name in names:
        monkeypatch.setenv(f"ROWCOL_{name}", "hunter2")
    settings = load_settings()
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert settings.password is not None
    assert settings.password.get_secret_value() == "hunter2"


def test_settings_do_not_change_under_way():
    with pytest.raises(ValueError, match="frozen"):
        Settings(_env_file=None).bind = "::1"
