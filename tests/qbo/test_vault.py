"""Tokens are sealed with a key kept beside the database, readable by its owner alone."""

import stat
import threading

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from rowcol.errors import SettingsError, WrongKey
from rowcol.qbo.vault import Vault, key_from, key_path, load_or_create_key
from rowcol.settings import Settings

BARE = Settings(_env_file=None)


def with_secret(secret: str) -> Settings:
    return Settings(_env_file=None, secret_key=SecretStr(secret))


def test_what_is_sealed_opens_again_and_reads_as_nothing():
    vault = Vault(Fernet.generate_key().decode())
    sealed = vault.seal("refresh-1")
    assert vault.open(sealed) == "refresh-1"
    assert "refresh-1" not in sealed
    assert vault.seal("refresh-1") != sealed


@pytest.mark.parametrize(
    "stored",
    [pytest.param(Vault(Fernet.generate_key().decode()).seal("x"), id="another key's"), "", "nonsense", "é"],
)
def test_a_wrong_key_or_a_damaged_seal_is_reported(stored):
    with pytest.raises(WrongKey, match="cannot be opened"):
        Vault(Fernet.generate_key().decode()).open(stored)


def test_the_first_run_makes_a_key_file_and_says_so_and_the_next_reads_it(tmp_path):
    database = tmp_path / "new" / "rowcol.duckdb"
    key, created = load_or_create_key(BARE, database)
    assert created
    assert load_or_create_key(BARE, database) == (key, False)
    assert [path.name for path in database.parent.iterdir()] == ["rowcol.duckdb.key"]
    assert stat.S_IMODE(key_path(database).stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    together, keys = threading.Barrier(8), []

    def start() -> None:
        together.wait()
        keys.append(load_or_create_key(BARE, tmp_path / "rowcol.duckdb"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({key for key, _ in keys}) == 1
    assert sum(created for _, created in keys) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_a_key_file_others_could_read_is_closed_to_them(tmp_path):
    path = key_path(tmp_path / "rowcol.duckdb")
    path.write_text(Fernet.generate_key().decode())
    path.chmod(0o644)
    load_or_create_key(BARE, tmp_path / "rowcol.duckdb")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_file_without_a_key_is_never_replaced(tmp_path):
    path = key_path(tmp_path / "rowcol.duckdb")
    path.write_text("")
    with pytest.raises(WrongKey, match="holds no key"):
        load_or_create_key(BARE, tmp_path / "rowcol.duckdb")
    assert path.read_text() == ""


def test_a_folder_that_cannot_be_made_is_a_setting_to_mend(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError) as raised:
        load_or_create_key(BARE, tmp_path / "file" / "rowcol.duckdb")
    assert "ROWCOL_SECRET_KEY" in raised.value.line()


def test_a_set_key_is_used_as_it_is_and_no_file_is_made(tmp_path):
    key = Fernet.generate_key().decode()
    assert load_or_create_key(with_secret(key), tmp_path / "rowcol.duckdb") == (key, False)
    assert list(tmp_path.iterdir()) == []


def test_a_passphrase_gives_the_same_key_on_every_machine():
    assert key_from("correct horse") == "JNlN9xIFJUF_ItONE7j4Hc6agm8isXSlP6uAEbqHy-w="
    assert key_from("correct horse ") == key_from("correct horse") != key_from("correct horses")
    assert Vault(key_from("correct horse")).open(Vault(key_from("correct horse")).seal("x")) == "x"


def test_a_blank_key_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="ROWCOL_SECRET_KEY is blank"):
        load_or_create_key(with_secret("  "), tmp_path / "rowcol.duckdb")
