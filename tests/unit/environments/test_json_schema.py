"""The JSON Schema that editors use."""

from __future__ import annotations

from pathlib import Path

import pytest
from envctl.environments.schema import base_schema, overlay_schema, texts

ENVS = Path(__file__).resolve().parents[3] / "envs"


@pytest.mark.parametrize("name", texts())
def test_the_committed_schema_is_current(name: str) -> None:
    assert (ENVS / name).read_text(encoding="utf-8") == texts()[name], "run: python -m envctl.environments.schema"


def test_every_environment_names_its_schema() -> None:
    for file in ENVS.glob("*.yaml"):
        schema = "schema.base.json" if file.name == "base.yaml" else "schema.json"
        assert file.read_text().startswith(f"# yaml-language-server: $schema={schema}\n")
    for file in ENVS.glob("subprojects/*.yaml"):
        assert file.read_text().startswith("# yaml-language-server: $schema=../schema.subproject.json\n")


def test_the_base_may_lack_only_what_environments_add() -> None:
    schema = base_schema()
    assert "required" not in schema
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Service"]["required"] == ["image", "service_account"]


def test_an_overlay_may_lack_and_remove_anything() -> None:
    schema = overlay_schema()
    service = schema["$defs"]["Service"]
    assert "required" not in service and "required" not in schema
    assert all({"type": "null"} in field["anyOf"] for field in service["properties"].values())
    (topics,) = schema["$defs"]["Subproject"]["properties"]["topics"]["anyOf"][0]["patternProperties"].values()
    assert topics["anyOf"] == [{"$ref": "#/$defs/Topic"}, {"type": "null"}]


def test_items_of_lists_are_whole_in_an_overlay() -> None:
    assert overlay_schema()["$defs"]["LifecycleRule"]["required"] == ["action"]


def test_keys_are_checked_by_their_pattern() -> None:
    topics = base_schema()["$defs"]["Subproject"]["properties"]["topics"]
    assert list(topics["patternProperties"]) == ["^((?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254})$"]
    assert topics["additionalProperties"] is False
