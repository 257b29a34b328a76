"""All tables, read once: what the provider serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tf.gen import tfplugin_pb2 as pb

from sandbox.provider import bindings, policies, schema
from sandbox.provider.data.tables import data_sources
from sandbox.provider.table import Field, ResourceType, parse, parse_fields

_TABLES = Path(__file__).parent / "tables"
_BETA = Path(__file__).parent / "beta"
_KNOWN = Path(__file__).parent / "known"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The served types by name, and the arguments of the provider block.

    `known` are types that the real provider has and this one doesn't serve: their arguments stand in the schema, so
    that a module which names one and doesn't make it (`count = 0`) passes, and whoever makes one is told.
    """

    resources: dict[str, ResourceType]
    data_sources: dict[str, ResourceType]
    provider: dict[str, Field]
    known: dict[str, ResourceType]
    known_data: dict[str, ResourceType]

    def schema_bytes(self) -> bytes:
        """The answer to GetProviderSchema, serialised: it never changes, and making it is what costs."""
        answer = pb.GetProviderSchema.Response(
            provider=pb.Schema(block=schema.block(self.provider.values())),
            resource_schemas={
                name: schema.resource_schema(kind) for name, kind in (self.known | self.resources).items()
            },
            data_source_schemas={
                name: schema.data_source_schema(kind) for name, kind in (self.known_data | self.data_sources).items()
            },
            provider_meta=pb.Schema(block=schema.block([Field("module_name", "string")])),
            server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
        )
        made: bytes = answer.SerializeToString()
        return made


@cache
def load() -> Catalogue:
    """The tables beside this module, parsed once a process."""
    resources = _parsed(_TABLES.glob("*/*.table"))
    members = [kind for kind in resources.values() if kind.grant]
    resources |= {kind.name: kind for make in (bindings.of_member, policies.of_member) for kind in map(make, members)}
    return Catalogue(
        resources,
        data_sources(resources),
        _provider_arguments((_TABLES / "provider.table").read_text(encoding="utf-8")),
        _parsed(_KNOWN.glob("*.table")),
        _parsed(_KNOWN.glob("data/*.table")),
    )


@cache
def load_beta() -> Catalogue:
    """The same as hashicorp/google-beta: with types and arguments that only beta has.

    Such an argument is known, not served: a module may name it, and whoever sets it is told.
    """
    stable = load()
    found = _parsed(_KNOWN.glob("beta/*.table"))
    resources, known = stable.resources | _parsed(_BETA.glob("*.table")), dict(stable.known)
    for name, kind in found.items():
        if base := resources.get(name):
            more = {key: replace(field, refused=True) for key, field in kind.fields.items()}
            resources[name] = replace(base, fields={**base.fields, **more})
        elif base := known.get(name):
            known[name] = replace(base, fields={**base.fields, **kind.fields})
        else:
            known[name] = kind
    return replace(stable, resources=resources, known=known)


def _parsed(paths: Iterable[Path]) -> dict[str, ResourceType]:
    return {
        kind.name: kind
        for path in sorted(paths)
        for kind in parse(path.read_text(encoding="utf-8"), f"{path.parent.name}/{path.name}")
    }


def _provider_arguments(text: str) -> dict[str, Field]:
    """The provider's own arguments, then one custom endpoint for each product named."""
    arguments, _, products = text.partition("\nendpoints\n")
    body = arguments.split("fields\n", 1)[1]
    fields = parse_fields("\n".join(line[2:] for line in body.splitlines()))
    for product in products.split():
        name = f"{product}_custom_endpoint"
        fields[name] = Field(name, "string")
    return fields
