"""What a method takes, answers and is in HTTP, read from Google's client package when its API is first called.

The packages hold no descriptors of services. But a gRPC transport, made over a channel that only takes notes, names
every method with its messages; and the REST transport beside it holds each method's `google.api.http` rule.
"""

from __future__ import annotations

import pkgutil
import threading
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc

from sandbox.rpc.packages import Package, package_of

_RULES = Path(__file__).parent / "rules"
_POLICY_REQUESTS = {"GetIamPolicy", "SetIamPolicy", "TestIamPermissions"}

Rule = Mapping[str, str]

IMPORTING = threading.RLock()
"""Held by who imports Google's packages: two threads in one of their circles of imports each see half of it."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method: the classes of its messages, its rules (`method`, `uri`, perhaps `body`), the prefix of its API."""

    name: str
    request: type[Any]
    response: type[Any]
    rules: tuple[Rule, ...]
    prefix: str = ""


class Unserved(Exception):
    """Why a method is not served."""


@cache
def of_service(service: str) -> dict[str, Method]:
    """The methods of a service (`google.pubsub.v1.Publisher`) by their names. It imports: call it in a thread.

    Raises:
        Unserved: nothing knows it.
    """
    found = package_of(service)
    if found is None:
        raise Unserved(f"The sandbox does not know the gRPC service {service}.")
    package = found[1]
    folder = _folder(package, service)
    transports = import_module(f"{folder}.transports.grpc")
    given = read_rules(package.rules) if package.rules else _rest_rules(folder)
    methods: dict[str, Method] = {}
    for path, serializer, deserializer in _noted(transports):
        owner, _, name = path.removeprefix("/").partition("/")
        if owner != service:
            continue
        request = getattr(serializer, "__self__", None) or _policy_request(name)
        response = getattr(deserializer, "__self__", None)
        rules = given.get(f"{owner.rpartition('.')[2]}.{name}")
        if rules and request is not None and response is not None:
            methods[name] = Method(f"{owner}/{name}", _plain(request), _plain(response), rules, package.prefix)
    return methods


def load_type(name: str) -> None:
    """Have the message of that full name known, where an installed package defines it."""
    found = package_of(name)
    if found is not None:
        with IMPORTING, suppress(ImportError):
            import_module(f"{found[1].module}.types")


def _folder(package: Package, service: str) -> str:
    """The module of a service: `…services.secret_manager_service` for SecretManagerService."""
    short = service.rpartition(".")[2].lower()
    try:
        with warnings.catch_warnings():  # of Pythons that Google's packages will drop some day
            warnings.simplefilter("ignore", FutureWarning)
            services = import_module(f"{package.module}.services")
    except ModuleNotFoundError as error:
        raise Unserved(
            f"The sandbox answers {service} in gRPC where {package.distribution} is installed beside it: "
            f"pip install {package.distribution}"
        ) from error
    except Exception as error:  # such as protobuf's own, of a package made for another release of it
        raise Unserved(
            f"{package.distribution} is installed beside the sandbox and can't be imported: {error}"
        ) from error
    for each in pkgutil.iter_modules(services.__path__):
        if each.name.replace("_", "") == short:
            return f"{services.__name__}.{each.name}"
    raise Unserved(f"{package.distribution}, as it is installed, does not know the service {service}.")


class _Notes(grpc.Channel):  # type: ignore[misc]
    """A channel that sends nothing: it keeps what it is asked for."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, Any, Any]] = []

    def unary_unary(
        self, method: str, request_serializer: Any = None, response_deserializer: Any = None, *_: Any, **__: Any
    ) -> Callable[..., None]:
        self.kept.append((method, request_serializer, response_deserializer))
        return lambda *_, **__: None

    def _stream(self, *_: Any, **__: Any) -> Callable[..., None]:
        return lambda *_, **__: None

    unary_stream = stream_unary = stream_stream = _stream

    def subscribe(self, callback: Any, try_to_connect: bool = False) -> None:
        """Nothing changes here."""

    def unsubscribe(self, callback: Any) -> None:
        """Nothing changes here."""

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> _Notes:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


def _noted(transports: Any) -> list[tuple[str, Any, Any]]:
    kind = next(value for name, value in vars(transports).items() if name.endswith("GrpcTransport") and name[0] != "_")
    notes = _Notes()
    # Not made in the usual way: that puts interceptors before the channel, which ask it only when something is sent.
    transport = kind.__new__(kind)
    transport._stubs, transport._grpc_channel, transport._logged_channel = {}, notes, notes
    for name in dir(kind):
        if isinstance(getattr(kind, name), property):  # a method's stub is made when it is asked for
            with suppress(AttributeError):  # a property of another kind
                getattr(transport, name)
    return notes.kept


def _plain(message: Any) -> Any:
    """The protocol buffer's own class of a message that proto-plus wraps."""
    return message.pb() if hasattr(message, "pb") else message


def _policy_request(name: str) -> Any:
    """The serializers of plain messages don't say whose they are; IAM's are the only ones that are requests."""
    if name not in _POLICY_REQUESTS:
        return None
    from google.iam.v1 import iam_policy_pb2

    return getattr(iam_policy_pb2, f"{name}Request")


def _rest_rules(folder: str) -> dict[str, tuple[Rule, ...]]:
    try:
        module = import_module(f"{folder}.transports.rest_base")
    except ImportError as error:
        raise Unserved(f"{folder} has no REST transport, and so no HTTP rules; a newer release may have.") from error
    base = next(value for name, value in vars(module).items() if name.endswith("RestTransport") and name[:5] == "_Base")
    service = base.__name__.removeprefix("_Base").removesuffix("RestTransport")
    return {
        f"{service}.{name.removeprefix('_Base')}": tuple(value._get_http_options())
        for name, value in vars(base).items()
        if hasattr(value, "_get_http_options")
    }


def read_rules(name: str) -> dict[str, tuple[Rule, ...]]:
    """The rules of a file beside this one, by service and method."""
    found: dict[str, tuple[Rule, ...]] = {}
    for line in (_RULES / f"{name}.rules").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        method, verb, uri, body = line.split()
        rule = {"method": verb.lower(), "uri": uri}
        if body != "-":
            rule["body"] = body
        found[method] = (*found.get(method, ()), rule)
    return found
