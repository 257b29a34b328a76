"""The provider's side of the plugin protocol, version 6."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import grpc
from tf.gen import grpc_controller_pb2 as controller
from tf.gen import tfplugin_pb2 as pb

from sandbox.control.http import Dispatch
from sandbox.provider import catalogue, lifecycle
from sandbox.provider.api import Api
from sandbox.provider.codec import from_wire, to_wire
from sandbox.provider.data import reading
from sandbox.provider.diagnostics import Problem, ProviderError, attribute_path
from sandbox.provider.diagnostics import to_wire as diagnostics
from sandbox.provider.ephemeral import messages as ephemeral
from sandbox.provider.ephemeral.opening import close_one, open_one
from sandbox.provider.ephemeral.tables import fields_of
from sandbox.provider.functions import FUNCTIONS, function_bytes, signatures
from sandbox.provider.hooks import registry
from sandbox.provider.local import LocalProvider
from sandbox.provider.named import FUNCTION, names_of
from sandbox.provider.planning import plan
from sandbox.provider.resource import Incomplete
from sandbox.provider.settings import Caller, Settings
from sandbox.provider.state import conform
from sandbox.provider.table import ResourceType
from sandbox.provider.validation import problems

log = logging.getLogger(__name__)
_Handler = Callable[[Any, str], Awaitable[Any]]


_ONLY_KNOWN = (
    "hashicorp/google has this type and the sandbox has no such API. The embedded provider knows its arguments, so "
    "that modules which don't make one pass; what makes one is for the cloud."
)


class Provider:
    """Serves all connections of one process. Each connection has the settings it was configured with."""

    def __init__(self, dispatch: Dispatch, environ: Mapping[str, str] | None = None, *, beta: bool = False) -> None:
        self._api = Api(dispatch)
        self._environ = dict(os.environ if environ is None else environ)
        self._catalogue = catalogue.load_beta() if beta else catalogue.load()
        registry.load()
        self._schema: bytes | None = None
        self._settings: dict[str, Settings] = {}
        self._callers: dict[str, Caller] = {}

    def opened(self, peer: str, caller: Caller | None) -> None:
        """A connection begins; `caller` is the process behind it, where that is known."""
        if caller is not None:
            self._callers[peer] = caller

    def closed(self, peer: str) -> None:
        """A connection has ended: forget what it configured."""
        self._settings.pop(peer, None)
        self._callers.pop(peer, None)

    def settings(self, peer: str) -> Settings:
        """The settings of a connection; those of its environment where it has not been configured."""
        return self._settings.get(peer) or self._settings_of({}, peer)

    def _settings_of(self, config: Mapping[str, Any], peer: str) -> Settings:
        caller = self._callers.get(peer)
        return Settings.of(config, caller.environ, caller.directory) if caller else Settings.of(config, self._environ)

    def _kind(self, name: str) -> ResourceType:
        kind = self._catalogue.resources.get(name)
        if name in self._catalogue.known:
            raise ProviderError(Problem(f"The sandbox does not serve {name}", _ONLY_KNOWN))
        if kind is None:
            raise ProviderError(Problem(f"The embedded provider does not serve {name}"))
        return kind

    def _data_source(self, name: str) -> ResourceType:
        kind = self._catalogue.data_sources.get(name)
        if name in self._catalogue.known_data:
            raise ProviderError(Problem(f"The sandbox does not serve the data source {name}", _ONLY_KNOWN))
        if kind is None:
            raise ProviderError(Problem(f"The embedded provider does not serve the data source {name}"))
        return kind

    async def schema(self, request: Any, peer: str) -> bytes:
        if self._schema is None:
            self._schema = self._catalogue.schema_bytes()
        known, caller = {*self._catalogue.known, *self._catalogue.known_data}, self._callers.get(peer)
        stands = names_of(caller) if caller else {*known, FUNCTION}  # who isn't known may name any
        named = stands & known
        return (
            self._schema
            + (self._catalogue.known_bytes(named) if named else b"")
            + (function_bytes() if FUNCTION in stands else b"")
        )

    async def metadata(self, request: Any, peer: str) -> Any:
        return pb.GetMetadata.Response(
            server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
            resources=[
                pb.GetMetadata.ResourceMetadata(type_name=name)
                for name in (*self._catalogue.resources, *self._catalogue.known)
            ],
            data_sources=[
                pb.GetMetadata.DataSourceMetadata(type_name=name)
                for name in (*self._catalogue.data_sources, *self._catalogue.known_data)
            ],
        )

    async def validate_provider(self, request: Any, peer: str) -> Any:
        found = problems(self._catalogue.provider, from_wire(request.config) or {})
        return pb.ValidateProviderConfig.Response(diagnostics=diagnostics(found))

    async def configure(self, request: Any, peer: str) -> Any:
        config = from_wire(request.config) or {}
        self._settings[peer] = self._settings_of(config, peer)
        return pb.ConfigureProvider.Response()

    async def validate_resource(self, request: Any, peer: str) -> Any:
        if kind := self._catalogue.known.get(request.type_name):
            return pb.ValidateResourceConfig.Response(
                diagnostics=diagnostics(problems(kind.fields, from_wire(request.config) or {}))
            )
        lifecycle.validate(self._kind(request.type_name), from_wire(request.config) or {}, self.settings(peer))
        return pb.ValidateResourceConfig.Response()

    async def validate_data(self, request: Any, peer: str) -> Any:
        kind = self._catalogue.known_data.get(request.type_name) or self._data_source(request.type_name)
        found = problems(kind.fields, from_wire(request.config) or {})
        return pb.ValidateDataResourceConfig.Response(diagnostics=diagnostics(found))

    async def read_data(self, request: Any, peer: str) -> Any:
        kind = self._data_source(request.type_name)
        state = await reading.read(kind, from_wire(request.config) or {}, self.settings(peer), self._api)
        return pb.ReadDataSource.Response(state=to_wire(lifecycle.fit(kind, state)))

    async def upgrade(self, request: Any, peer: str) -> Any:
        kind = self._kind(request.type_name)
        state = json.loads(request.raw_state.json) if request.raw_state.json else None
        if state is not None:
            state = conform(kind, state)
        return pb.UpgradeResourceState.Response(upgraded_state=to_wire(state))

    async def plan(self, request: Any, peer: str) -> Any:
        kind = self._kind(request.type_name)
        proposed = from_wire(request.proposed_new_state)
        if proposed is None:
            return pb.PlanResourceChange.Response(
                planned_state=request.proposed_new_state,
                planned_private=request.prior_private,
                legacy_type_system=not kind.strict,
            )
        planned, replace = plan(
            kind, from_wire(request.prior_state), proposed, from_wire(request.config) or {}, self.settings(peer)
        )
        return pb.PlanResourceChange.Response(
            planned_state=to_wire(planned),
            requires_replace=[attribute_path(path) for path in replace],
            planned_private=request.prior_private,
            legacy_type_system=not kind.strict,
        )

    async def apply(self, request: Any, peer: str) -> Any:
        kind = self._kind(request.type_name)
        prior, planned = from_wire(request.prior_state), from_wire(request.planned_state)
        answer = pb.ApplyResourceChange.Response(private=request.planned_private, legacy_type_system=not kind.strict)
        try:
            state = await lifecycle.apply(
                kind, prior, planned, from_wire(request.config) or {}, self.settings(peer), self._api
            )
        except Incomplete as error:
            state = lifecycle.fit(kind, error.state)
            answer.diagnostics.extend(diagnostics(error.error.problems))
        except ProviderError as error:
            state = prior
            answer.diagnostics.extend(diagnostics(error.problems))
        answer.new_state.CopyFrom(to_wire(state))
        return answer

    async def read(self, request: Any, peer: str) -> Any:
        kind = self._kind(request.type_name)
        state = from_wire(request.current_state)
        if state is not None:
            state = await lifecycle.read(kind, state, self.settings(peer), self._api)
        return pb.ReadResource.Response(new_state=to_wire(state), private=request.private)

    async def import_state(self, request: Any, peer: str) -> Any:
        kind = self._kind(request.type_name)
        state = lifecycle.imported(kind, request.id, self.settings(peer))
        found = pb.ImportResourceState.ImportedResource(type_name=request.type_name, state=to_wire(state))
        return pb.ImportResourceState.Response(imported_resources=[found])

    async def stop(self, request: Any, peer: str) -> Any:
        return pb.StopProvider.Response()

    async def functions(self, request: Any, peer: str) -> Any:
        return pb.GetFunctions.Response(functions=signatures())

    async def call_function(self, request: Any, peer: str) -> Any:
        try:
            result = FUNCTIONS[request.name].call(from_wire(request.arguments[0]))
        except ValueError as error:
            return pb.CallFunction.Response(error=pb.FunctionError(text=str(error), function_argument=0))
        return pb.CallFunction.Response(result=to_wire(result))

    async def validate_ephemeral(self, request: Any, peer: str) -> Any:
        found = problems(fields_of(request.type_name), from_wire(request.config) or {})
        return ephemeral.ValidateEphemeralResourceConfig.Response(diagnostics=diagnostics(found))

    async def open_ephemeral(self, request: Any, peer: str) -> Any:
        config = from_wire(request.config) or {}
        result, private = await open_one(request.type_name, config, self.settings(peer), self._api)
        return ephemeral.OpenEphemeralResource.Response(result=to_wire(result), private=private)

    async def close_ephemeral(self, request: Any, peer: str) -> Any:
        await close_one(request.private, self._api)
        return ephemeral.CloseEphemeralResource.Response()


_CALLS: dict[str, tuple[str, Any]] = {
    "GetMetadata": ("metadata", pb.GetMetadata),
    "GetProviderSchema": ("schema", pb.GetProviderSchema),
    "ValidateProviderConfig": ("validate_provider", pb.ValidateProviderConfig),
    "ValidateResourceConfig": ("validate_resource", pb.ValidateResourceConfig),
    "ValidateDataResourceConfig": ("validate_data", pb.ValidateDataResourceConfig),
    "UpgradeResourceState": ("upgrade", pb.UpgradeResourceState),
    "ConfigureProvider": ("configure", pb.ConfigureProvider),
    "PlanResourceChange": ("plan", pb.PlanResourceChange),
    "ApplyResourceChange": ("apply", pb.ApplyResourceChange),
    "ReadResource": ("read", pb.ReadResource),
    "ReadDataSource": ("read_data", pb.ReadDataSource),
    "ImportResourceState": ("import_state", pb.ImportResourceState),
    "StopProvider": ("stop", pb.StopProvider),
    "GetFunctions": ("functions", pb.GetFunctions),
    "CallFunction": ("call_function", pb.CallFunction),
    "ValidateEphemeralResourceConfig": ("validate_ephemeral", ephemeral.ValidateEphemeralResourceConfig),
    "OpenEphemeralResource": ("open_ephemeral", ephemeral.OpenEphemeralResource),
    "CloseEphemeralResource": ("close_ephemeral", ephemeral.CloseEphemeralResource),
}


def _serialise(answer: Any) -> bytes:
    if isinstance(answer, bytes):
        return answer
    data: bytes = answer.SerializeToString()
    return data


def _handler(provider: Provider | LocalProvider, name: str) -> grpc.RpcMethodHandler:
    method, message = _CALLS[name]
    call: _Handler = getattr(provider, method)

    async def answer(request: Any, context: grpc.aio.ServicerContext) -> Any:
        try:
            return await call(request, context.peer())
        except ProviderError as error:
            return message.Response(diagnostics=diagnostics(error.problems))
        except Exception as error:
            log.exception("provider: %s failed", name)
            what = Problem(f"The embedded provider failed in {name}", f"{type(error).__name__}: {error}")
            return message.Response(diagnostics=diagnostics([what]))

    return grpc.unary_unary_rpc_method_handler(
        answer, request_deserializer=message.Request.FromString, response_serializer=_serialise
    )


def _served(provider: Provider | LocalProvider) -> dict[str, grpc.RpcMethodHandler]:
    return {name: _handler(provider, name) for name, (method, _) in _CALLS.items() if hasattr(provider, method)}


def handlers(provider: Provider | LocalProvider) -> list[grpc.GenericRpcHandler]:
    """The gRPC services of the process: the provider, and what Terraform's plugin client expects beside it."""

    async def shutdown(request: Any, context: grpc.aio.ServicerContext) -> Any:
        # Terraform says this when it is done with a plugin; this one serves others too and stays.
        return controller.Empty()

    async def stdio(request: Any, context: grpc.aio.ServicerContext) -> Any:
        # The plugin's output, of which there is none; the stream ends with the connection.
        return
        yield

    return [
        grpc.method_handlers_generic_handler("tfplugin6.Provider", _served(provider)),
        grpc.method_handlers_generic_handler(
            "plugin.GRPCController",
            {"Shutdown": grpc.unary_unary_rpc_method_handler(shutdown, controller.Empty.FromString, _serialise)},
        ),
        grpc.method_handlers_generic_handler(
            "plugin.GRPCStdio", {"StreamStdio": grpc.unary_stream_rpc_method_handler(stdio, None, _serialise)}
        ),
    ]
