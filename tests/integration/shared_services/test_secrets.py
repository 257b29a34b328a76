"""SecretManager and the configuration's secrets, against the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.api_core import exceptions as google

from shared_services import ConfigManager, InputError, SecretForbidden, SecretManager, SecretNotFound, SecretUnreadable

Made = Callable[..., Any]


@pytest.fixture
def secret(make: Made, name: str, environ: dict[str, str]) -> str:
    make("POST", f"/secretmanager/v1/projects/{{project}}/secrets?secretId={name}", {"replication": {"automatic": {}}})
    return name


def test_rotation_is_seen_at_once_here_and_after_expiry_elsewhere(secret: str, environ: dict[str, str]) -> None:
    now = [0.0]
    here = SecretManager(environ=environ)
    elsewhere = SecretManager(environ=environ, ttl_seconds=60, clock=lambda: now[0])
    assert here.rotate(secret, "one").number == 1
    assert (here.get_secret(secret), elsewhere.get_secret(secret)) == ("one", "one")
    assert here.rotate(secret, "two", disable_previous=True).number == 2
    assert (here.get_secret(secret), elsewhere.get_secret(secret)) == ("two", "one")
    now[0] = 61
    assert elsewhere.get_secret(secret) == "two"
    assert [(v.number, v.state) for v in here.versions(secret)] == [(2, "ENABLED"), (1, "DISABLED")]


def test_versions_are_read_by_number_and_full_name(secret: str, environ: dict[str, str]) -> None:
    secrets = SecretManager(environ=environ)
    secrets.rotate(secret, "one")
    secrets.rotate(secret, "two")
    assert secrets.get_secret(secret, "1") == "one"
    assert secrets.get_secret(f"projects/{environ['GOOGLE_CLOUD_PROJECT']}/secrets/{secret}") == "two"


def test_a_missing_secret_says_how_to_make_it(environ: dict[str, str]) -> None:
    with pytest.raises(SecretNotFound, match="gcloud secrets versions add no-such-secret"):
        SecretManager(environ=environ).get_secret("no-such-secret")


def test_a_secret_without_an_enabled_version_is_not_found(secret: str, environ: dict[str, str]) -> None:
    with pytest.raises(SecretNotFound):
        SecretManager(environ=environ).get_secret(secret)


def test_bytes_that_are_no_text_are_said_to_be(secret: str, environ: dict[str, str]) -> None:
    secrets = SecretManager(environ=environ)
    secrets.rotate(secret, b"\xff\x00")
    with pytest.raises(SecretUnreadable, match="get_secret_bytes"):
        secrets.get_secret(secret)
    assert secrets.get_secret_bytes(secret) == b"\xff\x00"


class Refusing:
    """A client of Secret Manager that fails."""

    def __init__(self, error: Exception) -> None:
        self.error: Exception | None = error
        self.value = b"old"

    def access_secret_version(self, request: Any, **_: Any) -> Any:
        if self.error is not None:
            raise self.error
        payload = type("Payload", (), {"data": self.value, "data_crc32c": 0})
        return type("Answer", (), {"payload": payload})


def test_a_forbidden_secret_names_the_permission(environ: dict[str, str]) -> None:
    secrets = SecretManager(environ=environ, client=Refusing(google.Forbidden("denied")))
    with pytest.raises(SecretForbidden, match=r"secretmanager\.versions\.access"):
        secrets.get_secret("kite_api_key")


def test_an_expired_value_serves_on_while_the_api_is_down(environ: dict[str, str]) -> None:
    now, client = [0.0], Refusing(google.ServiceUnavailable("down"))
    secrets = SecretManager(environ=environ, client=client, ttl_seconds=10, clock=lambda: now[0])
    client.error = None
    assert secrets.get_secret("kite_api_key") == "old"
    now[0], client.error = 11, google.ServiceUnavailable("down")
    assert secrets.get_secret("kite_api_key") == "old"
    client.error = google.Forbidden("no more")
    now[0] = 30
    with pytest.raises(SecretForbidden):
        secrets.get_secret("kite_api_key")


def test_a_mounted_file_stands_in(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "kite_api_key").write_text("from-file\n")
    assert SecretManager(environ={**environ, "SECRETS_DIR": str(tmp_path)}).get_secret("kite_api_key") == "from-file"


@pytest.mark.parametrize("wrong", ["", "a/b", "../x", "a b", "x" * 300])
def test_a_name_that_cant_be_a_secrets_is_not_repeated(wrong: str, environ: dict[str, str]) -> None:
    with pytest.raises(InputError, match="can't be a secret's name"):
        SecretManager(environ=environ).get_secret(wrong)


def test_a_configuration_gets_its_secrets(make: Made, environ: dict[str, str]) -> None:
    path = "/secretmanager/v1/projects/{project}/secrets?secretId=database-password"
    make("POST", path, {"replication": {"automatic": {}}})
    SecretManager(environ=environ).rotate("database-password", "hunter2")
    manager = ConfigManager(environ=environ, secrets=SecretManager(environ=environ))
    assert manager.get_secret_config("database").password.get_secret_value() == "hunter2"
    assert "trading:hunter2@" in manager.get_database_config().connection_url()
