"""The library that every service, script and notebook of the platform stands on.

Everything public is imported from here. Names are loaded when they are first used, so importing the package costs
next to nothing and a service that never asks BigQuery never loads its client:

>>> from shared_services import classify
>>> classify(TimeoutError("no answer in 5 s")).value
'transient'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .errors import DependencyError as DependencyError
    from .errors import ErrorClass as ErrorClass
    from .errors import InputError as InputError
    from .errors import PermanentError as PermanentError
    from .errors import PlatformError as PlatformError
    from .errors import TransientError as TransientError
    from .errors import classify as classify
    from .errors import describe_error as describe_error

# A public name and the module below this package that defines it. One line a name: parts grow side by side.
_EXPORTS: dict[str, str] = {
    # errors
    "DependencyError": "errors",
    "ErrorClass": "errors",
    "InputError": "errors",
    "PermanentError": "errors",
    "PlatformError": "errors",
    "TransientError": "errors",
    "classify": "errors",
    "describe_error": "errors",
}

__all__ = sorted(_EXPORTS)


def __getattr__(name: str) -> object:
    module = _EXPORTS.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value  # the next use finds it without coming here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
