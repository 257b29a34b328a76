"""The providers that ask no API, by name, from the modules below `types`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from sandbox.provider.local.kind import DataSource, Function, Kind

PROVIDERS = ("archive", "external", "http", "local", "null", "random", "time", "tls")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What one provider serves, by name."""

    kinds: dict[str, Kind]
    data_sources: dict[str, DataSource]
    functions: dict[str, Function]


@cache
def load(provider: str) -> Catalogue:
    """All of a provider: its modules are those whose name begins with its own."""
    package = import_module("sandbox.provider.local.types")
    found = Catalogue({}, {}, {})
    for info in iter_modules(package.__path__):
        if info.name.partition("_")[0] != provider:
            continue
        for value in vars(import_module(f"{package.__name__}.{info.name}")).values():
            if isinstance(value, Kind):
                found.kinds[value.name] = value
            elif isinstance(value, DataSource):
                found.data_sources[value.name] = value
            elif isinstance(value, Function):
                found.functions[value.name] = value
    return found
