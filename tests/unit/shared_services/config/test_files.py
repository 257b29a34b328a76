"""The real files of config/: all are good, and each has its schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared_services import ConfigManager
from shared_services.config import schema
from shared_services.config.registry import names

CONFIG = Path(__file__).resolve().parents[4] / "config"
ENVIRONMENTS = ("local", "dev", "staging", "prod")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_configuration_is_good_in_every_environment(environment: str) -> None:
    manager = ConfigManager(CONFIG, environment=environment, environ={})
    assert [name for name in names() if manager.get_config(name) is None] == []


def test_there_are_more_than_twenty_files() -> None:
    assert len(names()) >= 20
    files = {path.relative_to(CONFIG).as_posix() for path in CONFIG.rglob("*.yaml")}
    assert {file for file in files if not file.startswith("environments/")} == {
        f"{name}.yaml" if (CONFIG / f"{name}.yaml").exists() else f"services/{name}.yaml" for name in names()
    }


def test_every_file_names_its_schema_and_it_is_there() -> None:
    for path in CONFIG.rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        named = (path.parent / first.partition("$schema=")[2]).resolve()
        assert named == CONFIG / "schemas" / f"{path.stem}.json", path
        assert named.is_file()


def test_schemas_are_current() -> None:
    for name, text in schema.texts().items():
        assert (CONFIG / name).read_text(encoding="utf-8") == text, f"{name}: run `make generate`"


def test_a_schema_says_what_a_field_is() -> None:
    document = json.loads((CONFIG / "schemas/risk.json").read_text())
    assert document["properties"]["check_timeout_ms"]["description"].startswith("A check that takes longer")
    assert document["additionalProperties"] is False


def test_services_of_the_global_file_are_those_with_files() -> None:
    manager = ConfigManager(CONFIG, environ={})
    services = manager.get_config("global_config").services
    assert set(services) == {path.stem for path in (CONFIG / "services").glob("*.yaml")}
    for name, address in services.items():
        own = manager.get_config(name)
        assert (
            address.port,
            address.grpc_port,
            address.depends_on,
        ) == (own.SERVICE_PORT, own.GRPC_PORT, own.DEPENDENCIES), name
