"""Secrets: references in files, values in memory, stars everywhere else."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from shared_services import ConfigManager, InvalidConfiguration, SecretNotLoaded
from shared_services.config.history import differences

CANARY = "canary-7f3a9c"  # must be seen nowhere but where it is asked for


class Source:
    """Secret Manager in memory."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def get_secret(self, name: str, version: str = "latest") -> str:
        self.asked.append((name, version))
        return CANARY


def test_get_config_fetches_no_secret(folder: Path) -> None:
    source = Source()
    config = ConfigManager(folder, secrets=source, environ={}).get_config("database")
    assert source.asked == []
    with pytest.raises(SecretNotLoaded, match="get_secret_config"):
        config.password.get_secret_value()


def test_secret_config_fetches_every_secret(folder: Path) -> None:
    source = Source()
    kite = ConfigManager(folder, secrets=source, environ={}).get_secret_config("brokers").kite
    assert kite.api_key.get_secret_value() == CANARY
    assert source.asked == [(f"kite_{name}", "latest") for name in ("api_key", "api_secret", "access_token")]


def test_a_value_is_shown_nowhere(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    manager = ConfigManager(folder, secrets=Source(), environ={}, poll_seconds=0)
    config = manager.get_secret_config("database")
    assert config.password.get_secret_value() == CANARY
    shown = [
        repr(config),
        str(config),
        f"{config.password}",
        str(config.model_dump()),
        config.model_dump_json(),
        repr(copy.deepcopy(config)),
        str(pickle.dumps(config)),
        caplog.text,
        repr(manager.history("database")),
        str(differences(manager.get_config("database"), config)),
    ]
    assert [text for text in shown if CANARY in text] == []
    assert copy.deepcopy(config).password.get_secret_value() == CANARY


def test_a_variables_value_is_shown_nowhere(folder: Path) -> None:
    manager = ConfigManager(folder, environ={"DATABASE_URL": f"postgresql://u:{CANARY}@h/d"})
    settings = manager.get_database_config()
    assert CANARY in settings.connection_url()
    assert CANARY not in repr(settings) + str(settings.model_dump()) + repr(manager.history("database"))


def test_a_secret_in_a_file_is_refused_and_not_repeated(
    manager: ConfigManager, write: Callable[[str, str], Path]
) -> None:
    write("database.yaml", f"password: {CANARY}\n")
    with pytest.raises(InvalidConfiguration) as caught:
        manager.get_config("database")
    assert "config/database.yaml:1:11 password: a secret never stands in a file" in str(caught.value)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_new_value_of_a_variable_is_a_change(folder: Path) -> None:
    environ = {"DATABASE_URL": "sqlite:///one.db"}
    manager = ConfigManager(folder, environ=environ)
    assert manager.get_database_config().connection_url() == "sqlite:///one.db"
    environ["DATABASE_URL"] = "sqlite:///two.db"
    assert [result.outcome for result in manager.reload("database")] == ["changed"]
    assert manager.get_database_config().connection_url(asynchronous=True) == "sqlite+aiosqlite:///two.db"


def test_database_url_from_parts_quotes_the_password(folder: Path) -> None:
    class Odd(Source):
        def get_secret(self, name: str, version: str = "latest") -> str:
            return "p@ss/w:rd"

    config = ConfigManager(folder, environment="prod", secrets=Odd(), environ={}).get_database_config()
    assert config.connection_url() == (
        "postgresql+psycopg://trading:p%40ss%2Fw%3Ard@10.10.0.3:5432/trading?sslmode=require"
    )
