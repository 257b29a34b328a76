"""The plugin protocol's side of a provider that asks no API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tf.gen import tfplugin_pb2 as pb

from sandbox.provider import schema
from sandbox.provider.codec import UNKNOWN, from_wire, to_wire
from sandbox.provider.diagnostics import Problem, ProviderError, attribute_path
from sandbox.provider.diagnostics import to_wire as diagnostics
from sandbox.provider.local.catalogue import Catalogue, load
from sandbox.provider.local.kind import Kind, Run, plan
from sandbox.provider.settings import Caller
from sandbox.provider.validation import problems


def _now() -> datetime:
    return datetime.now(UTC)


class LocalProvider:
    """Serves all connections of one process.

    Args:
        name: such as "random".
        now: the time, aware of its zone.
        here: the address at which what a URL names answers here.
    """

    def __init__(self, name: str, now: Callable[[], datetime] = _now, here: Callable[[str], str] = str) -> None:
        self._name = name
        self._now = now
        self._here = here
        self._stopped: dict[str, asyncio.Event] = {}
        self._callers: dict[str, Caller | None] = {}
        self._schema: bytes | None = None

    @property
    def _catalogue(self) -> Catalogue:
        """Loaded once somebody asks: most roots have none of it."""
        return load(self._name)

    def opened(self, peer: str, caller: Caller | None) -> None:
        """A connection begins; `caller` is the process behind it, where that is known."""
        self._callers[peer] = caller

    def closed(self, peer: str) -> None:
        """A connection has ended: nobody waits any more."""
        self._callers.pop(peer, None)
        if event := self._stopped.pop(peer, None):
            event.set()

    def _run(self, peer: str) -> Run:
        stopped = self._stopped.setdefault(peer, asyncio.Event())
        return Run(self._now, stopped, self._callers.get(peer), self._here)

    def _kind(self, name: str) -> Kind:
        kind = self._catalogue.kinds.get(name)
        if kind is None:
            raise ProviderError(f"The embedded provider does not serve {name}")
        return kind

    async def schema(self, request: Any, peer: str) -> bytes:
        if self._schema is None:
            made = pb.GetProviderSchema.Response(
                provider=pb.Schema(block=pb.Schema.Block()),
                resource_schemas={
                    name: pb.Schema(version=kind.version, block=schema.block(kind.fields.values()))
                    for name, kind in self._catalogue.kinds.items()
                },
                data_source_schemas={
                    name: pb.Schema(block=schema.block(source.fields.values()))
                    for name, source in self._catalogue.data_sources.items()
                },
                functions=self._functions(),
                server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
            )
            for name, source in self._catalogue.data_sources.items():
                made.data_source_schemas[name].block.deprecated = bool(source.instead)
            self._schema = made.SerializeToString()
        return self._schema

    def _functions(self) -> dict[str, pb.Function]:
        return {
            name: pb.Function(
                parameters=[pb.Function.Parameter(name=function.parameter, type=json.dumps(function.takes).encode())],
                **{"return": pb.Function.Return(type=json.dumps(["object", dict(function.fields)]).encode())},
            )
            for name, function in self._catalogue.functions.items()
        }

    async def metadata(self, request: Any, peer: str) -> Any:
        return pb.GetMetadata.Response(
            server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
            resources=[pb.GetMetadata.ResourceMetadata(type_name=name) for name in self._catalogue.kinds],
            data_sources=[pb.GetMetadata.DataSourceMetadata(type_name=name) for name in self._catalogue.data_sources],
            functions=[pb.GetMetadata.FunctionMetadata(name=name) for name in self._catalogue.functions],
        )

    async def validate_provider(self, request: Any, peer: str) -> Any:
        return pb.ValidateProviderConfig.Response()

    async def configure(self, request: Any, peer: str) -> Any:
        return pb.ConfigureProvider.Response()

    async def validate_resource(self, request: Any, peer: str) -> Any:
        kind, config = self._kind(request.type_name), from_wire(request.config) or {}
        found = [
            Problem("Attribute Deprecated", "Another attribute stands in its place.", (name,), warning=True)
            for name, field in kind.fields.items()
            if field.deprecated and config.get(name) is not None
        ]
        found += [*problems(kind.fields, config), *kind.check(config)]
        return pb.ValidateResourceConfig.Response(diagnostics=diagnostics(found))

    async def validate_data(self, request: Any, peer: str) -> Any:
        source = self._catalogue.data_sources[request.type_name]
        found = [Problem("Data Source Deprecated", source.instead, warning=True)] if source.instead else []
        found += problems(source.fields, from_wire(request.config) or {})
        return pb.ValidateDataResourceConfig.Response(diagnostics=diagnostics(found))

    async def read_data(self, request: Any, peer: str) -> Any:
        source = self._catalogue.data_sources[request.type_name]
        config = from_wire(request.config) or {}
        made = await source.read(config, self._run(peer))
        return pb.ReadDataSource.Response(state=to_wire({name: made.get(name) for name in source.fields}))

    async def upgrade(self, request: Any, peer: str) -> Any:
        kind = self._kind(request.type_name)
        state = json.loads(request.raw_state.json) if request.raw_state.json else None
        if state is not None:
            state = kind.fit(kind.upgrade(request.version, state) if request.version < kind.version else state)
        return pb.UpgradeResourceState.Response(upgraded_state=to_wire(state))

    async def plan(self, request: Any, peer: str) -> Any:
        kind, proposed = self._kind(request.type_name), from_wire(request.proposed_new_state)
        answer = pb.PlanResourceChange.Response(
            planned_state=request.proposed_new_state, planned_private=request.prior_private
        )
        if proposed is not None:
            prior, config = from_wire(request.prior_state), from_wire(request.config) or {}
            planned, replace = plan(kind, prior, proposed, config)
            answer.planned_state.CopyFrom(to_wire(planned))
            answer.requires_replace.extend(attribute_path((name,)) for name in replace)
        return answer

    async def apply(self, request: Any, peer: str) -> Any:
        kind, run = self._kind(request.type_name), self._run(peer)
        prior, planned = from_wire(request.prior_state), from_wire(request.planned_state)
        answer = pb.ApplyResourceChange.Response(private=request.planned_private)
        state = prior
        try:
            if planned is None:
                await kind.delete(prior, run)
                state = None
            elif prior is None:
                state = kind.fit(await kind.create(_open(planned), run))
            else:
                state = kind.fit(await kind.update(prior, _open(planned)))
        except ProviderError as error:
            answer.diagnostics.extend(diagnostics(error.problems))
        answer.new_state.CopyFrom(to_wire(state))
        return answer

    async def read(self, request: Any, peer: str) -> Any:
        kind, state = self._kind(request.type_name), from_wire(request.current_state)
        if state is not None:
            state = kind.read(state, self._run(peer))
        return pb.ReadResource.Response(new_state=to_wire(state), private=request.private)

    async def import_state(self, request: Any, peer: str) -> Any:
        kind = self._kind(request.type_name)
        if kind.restore is None:
            raise ProviderError(Problem("Resource Import Not Implemented", f"{kind.name} can't be imported."))
        state = kind.fit(await kind.restore(request.id, self._run(peer)))
        found = pb.ImportResourceState.ImportedResource(type_name=request.type_name, state=to_wire(state))
        return pb.ImportResourceState.Response(imported_resources=[found])

    async def stop(self, request: Any, peer: str) -> Any:
        self._run(peer).stopped.set()
        return pb.StopProvider.Response()

    async def functions(self, request: Any, peer: str) -> Any:
        return pb.GetFunctions.Response(functions=self._functions())

    async def call_function(self, request: Any, peer: str) -> Any:
        function = self._catalogue.functions[request.name]
        try:
            result = function.call(from_wire(request.arguments[0]))
        except ValueError as error:
            return pb.CallFunction.Response(error=pb.FunctionError(text=str(error), function_argument=0))
        return pb.CallFunction.Response(result=to_wire(result))


def _open(planned: dict[str, Any]) -> dict[str, Any]:
    """The planned state, what is to be known after apply left out."""
    return {name: None if value is UNKNOWN else value for name, value in planned.items()}
