"""The served schema is the real provider's, attribute by attribute."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tf.gen import tfplugin_pb2 as pb

from sandbox.provider.catalogue import Catalogue, load
from sandbox.provider.ephemeral.messages import EphemeralSchemas
from sandbox.provider.functions import function_bytes

# Of types that the facts beside the repository lack.
OWN_FACTS = Path(__file__).parent / "facts"
_MODES = {1: "single", 2: "list", 3: "set", 4: "map"}
_WRITE_ONLY = b"\x58\x01"


def described(block: Any) -> dict[str, Any]:
    """A block of the protocol in the form `terraform providers schema -json` prints."""
    made: dict[str, Any] = {}
    for attribute in block.attributes:
        entry: dict[str, Any] = {"type": json.loads(attribute.type)}
        for flag in ("required", "optional", "computed", "sensitive", "deprecated"):
            if getattr(attribute, flag):
                entry[flag] = True
        if attribute.SerializeToString().endswith(_WRITE_ONLY):
            entry["write_only"] = True
        made.setdefault("attributes", {})[attribute.name] = entry
    for nested in block.block_types:
        entry = {"block": described(nested.block), "nesting_mode": _MODES[nested.nesting]}
        for name in ("min_items", "max_items"):
            if getattr(nested, name):
                entry[name] = getattr(nested, name)
        made.setdefault("block_types", {})[nested.type_name] = entry
    return made


@pytest.fixture(scope="module")
def served(catalogue: Catalogue) -> Any:
    return pb.GetProviderSchema.Response.FromString(catalogue.schema_bytes())


@pytest.fixture(scope="module")
def real(facts: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in [*facts.glob("*.json"), *OWN_FACTS.glob("*.json")]:
        found |= json.loads(path.read_text()).get("resources", {})
    return found


@pytest.mark.parametrize("name", sorted(load().resources))
def test_schema_equals_the_real_one(name: str, served: Any, real: dict[str, Any]) -> None:
    schema = served.resource_schemas[name]
    core = real[name]["core"]

    assert described(schema.block) == core["block"]
    assert schema.version == core["version"]


def test_schemas_of_what_is_only_known_equal_the_real_ones(catalogue: Catalogue) -> None:
    digests = json.loads((OWN_FACTS / "known.json").read_text())
    told = pb.GetProviderSchema.Response.FromString(catalogue.known_bytes([*catalogue.known, *catalogue.known_data]))

    def digest(one: Any) -> str:
        core = {"block": described(one.block), "version": one.version}
        return hashlib.sha256(json.dumps(core, sort_keys=True).encode()).hexdigest()[:16]

    for ours, facts, of, served in (
        (told.resource_schemas, digests["digests"], catalogue.known, catalogue.resources),
        (told.data_source_schemas, digests["data_sources"], catalogue.known_data, catalogue.data_sources),
    ):
        assert {name for name, one in ours.items() if digest(one) != facts[name]} == set()
        assert facts.keys() - served.keys() == set(of)


@pytest.mark.parametrize("name", sorted(load().data_sources))
def test_schema_of_a_data_source_equals_the_real_one(name: str, catalogue: Catalogue, served: Any, facts: Path) -> None:
    known = [json.loads(path.read_text()) for path in (facts / "_data_sources.json", OWN_FACTS / "data_sources.json")]
    real = next(one["data_sources"][name]["core"] for one in known if name in one["data_sources"])
    schema = served.data_source_schemas[name]
    assert described(schema.block) == real["block"]
    assert schema.version == real["version"]


def test_ephemeral_resources_and_functions_equal_the_real_ones() -> None:
    real = json.loads((OWN_FACTS / "ephemeral.json").read_text())
    told = EphemeralSchemas.Response.FromString(load().schema_bytes()).ephemeral_resource_schemas
    ours = {one.key: {"block": described(one.value.block), "version": one.value.version} for one in told}
    assert ours == {name: one["core"] for name, one in real["ephemeral_resources"].items()}
    functions = {
        name: {
            "parameters": [{"name": one.name, "type": json.loads(one.type)} for one in function.parameters],
            "return_type": json.loads(getattr(function, "return").type),
        }
        for name, function in pb.GetProviderSchema.Response.FromString(function_bytes()).functions.items()
    }
    assert functions == real["functions"]


def test_provider_arguments_equal_the_real_ones(served: Any, facts: Path) -> None:
    core = json.loads((facts / "_provider.json").read_text())["core"]

    assert described(served.provider.block) == core["block"]


@pytest.mark.parametrize("name", sorted(load().resources))
def test_tables_know_what_replaces_and_what_is_defaulted(name: str, catalogue: Catalogue, real: dict[str, Any]) -> None:
    def compare(ours: dict[str, Any], theirs: dict[str, Any], path: str) -> None:
        assert sorted(ours) == sorted(theirs), path
        for key, fact in theirs.items():
            field = ours[key]
            assert field.forces_new == fact.get("force_new", False), f"{path}{key}"
            assert field.default == fact.get("default"), f"{path}{key}"
            compare(field.fields, fact.get("fields", {}), f"{path}{key}.")

    if "fields" not in real[name]:
        pytest.skip("the facts have no more than the schema of a type that is made with the plugin framework")
    compare(catalogue.resources[name].fields, real[name]["fields"], "")


def test_what_is_only_known_is_not_served(catalogue: Catalogue) -> None:
    assert not catalogue.known.keys() & catalogue.resources.keys()
    assert not catalogue.known_data.keys() & catalogue.data_sources.keys()
