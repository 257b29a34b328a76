"""All tables, read once: what the provider serves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tf.gen import tfplugin_pb2 as pb

from sandbox.provider import bindings, policies, schema
from sandbox.provider.data.tables import data_sources
from sandbox.provider.ephemeral.tables import ephemeral_schemas
from sandbox.provider.fields import Field, joined, parse_fields
from sandbox.provider.named import Tables
from sandbox.provider.table import ResourceType, parse

_TABLES = Path(__file__).parent / "tables"
_BETA = Path(__file__).parent / "beta"
_KNOWN = Path(__file__).parent / "known"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The served types by name, and the arguments of the provider block.

    `known` are all types that the real provider has and this one doesn't serve: of those that a root names the
    arguments stand in the schema, so that a module which doesn't make one (`count = 0`) passes, and whoever makes one
    is told.
    """

    resources: dict[str, ResourceType]
    data_sources: dict[str, ResourceType]
    provider: dict[str, Field]
    known: Tables
    known_data: Mapping[str, ResourceType]

    def schema_bytes(self) -> bytes:
        """The answer to GetProviderSchema of what is served, serialised: it never changes, and making it costs."""
        answer = pb.GetProviderSchema.Response(
            provider=pb.Schema(block=schema.block(self.provider.values())),
            resource_schemas={name: schema.resource_schema(kind) for name, kind in self.resources.items()},
            data_source_schemas={name: schema.data_source_schema(kind) for name, kind in self.data_sources.items()},
            provider_meta=pb.Schema(block=schema.block([Field("module_name", "string")])),
            server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
        )
        made: bytes = answer.SerializeToString() + ephemeral_schemas()
        return made

    def known_bytes(self, names: Collection[str]) -> bytes:
        """What those of the known types add to it: messages are merged by putting one behind the other."""
        made: bytes = pb.GetProviderSchema.Response(
            resource_schemas={name: schema.resource_schema(self.known[name]) for name in names if name in self.known},
            data_source_schemas={
                name: schema.data_source_schema(self.known_data[name]) for name in names if name in self.known_data
            },
        ).SerializeToString()
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
        Tables(_KNOWN),
        Tables(_KNOWN / "data"),
    )


@cache
def load_beta() -> Catalogue:
    """The same as hashicorp/google-beta: with types and arguments that only beta has.

    Such an argument is known, not served, unless it is among the tables of `beta/arguments`: a module may name it, and
    whoever sets it is told.
    """
    stable = load()
    resources = stable.resources | _parsed(_BETA.glob("*.table"))
    known = _parsed(_KNOWN.glob("beta/*.table"))
    for refused, more in ((False, _parsed(_BETA.glob("arguments/*.table"))), (True, known)):
        for name in resources.keys() & more.keys():
            stands, added = resources[name], more[name]
            fields = joined(stands.fields, added.fields, refused=refused)
            resources[name] = replace(stands, fields=fields, timeouts=added.timeouts or stands.timeouts)
    return replace(stable, resources=resources, known=Tables(_KNOWN, _KNOWN / "beta/types", more=known))


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
