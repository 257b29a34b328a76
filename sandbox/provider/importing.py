"""Import ids: the full path, the same without its collection names, and short forms with the provider's defaults."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.hooks.registry import find
from sandbox.provider.resource import identity
from sandbox.provider.settings import Settings
from sandbox.provider.table import ResourceType

# What an id may leave out beside the project, because the provider has a default for it. It has none for a location.
_DEFAULTED = ("project", "region", "zone")


def formats(template: str) -> list[str]:
    """The forms an id may have.

    >>> formats("projects/{project}/topics/{name}")
    ['projects/{project}/topics/{name}', '{project}/{name}', '{name}']
    """
    names = re.findall(r"\{(\w+)\}", template)
    forms = [template, "/".join(f"{{{name}}}" for name in names)]
    without_project = [name for name in names if name != "project"]
    forms.append("/".join(f"{{{name}}}" for name in without_project))
    forms.append("/".join(f"{{{name}}}" for name in without_project if name not in _DEFAULTED))
    return [form for form in dict.fromkeys(forms) if form]


def match(form: str, given: str, *, whole: bool = False) -> dict[str, str] | None:
    """The parts of an id in one form, None where it has another.

    A part is one segment, but for a `parent`; with `whole` not the last either.
    """
    pieces = re.split(r"(\{\w+\})", form)
    last = max((at for at, piece in enumerate(pieces) if piece.startswith("{")), default=-1)
    segments = [".+" if (whole and at == last) or piece == "{parent}" else "[^/]+" for at, piece in enumerate(pieces)]
    pattern = "".join(
        f"(?P<{piece[1:-1]}>{segment})" if piece.startswith("{") else re.escape(piece)
        for piece, segment in zip(pieces, segments, strict=True)
    )
    found = re.fullmatch(pattern, given)
    return found.groupdict() if found else None


def identify(kind: ResourceType, given: str, settings: Settings) -> dict[str, Any]:
    """The arguments that an id stands for, with `id`. Raises ProviderError where it has no form known."""
    if hook := find("identify", kind.name):
        state: dict[str, Any] = hook(kind, given, settings)
        return state
    if kind.imports == ("none",):
        raise ProviderError(f"resource {kind.name} doesn't support import")
    own = kind.id.replace("{~", "{")
    accepted = [own] if kind.imports == ("exact",) else [*kind.imports, *formats(own)]
    for form in accepted:
        parts = match(form, given.strip("/"))
        if parts is not None:
            return complete(kind, parts, settings)
    raise refusal(given, accepted)


def complete(kind: ResourceType, parts: dict[str, str], settings: Settings) -> dict[str, Any]:
    """Fill in the provider's defaults and the id."""
    state: dict[str, Any] = dict(parts)
    for name in re.findall(r"\{~?(\w+)\}", kind.id):
        if name not in state:
            value = settings.get(name)
            if not value:
                raise ProviderError(Problem(f"{name}: required field is not set", path=(name,)))
            state[name] = value
    return {**state, "id": identity(kind.id, state)}


def refusal(given: str, accepted: list[str]) -> ProviderError:
    """The error for an id of no known form."""
    shown = " ".join(re.sub(r"\{(\w+)\}", r"{{\1}}", form) for form in accepted)
    return ProviderError(f'Import id "{given}" doesn\'t match any of the accepted formats: [{shown}]')
