"""The page that says what becomes of each attribute of each resource type in the sandbox: acted on, or only kept."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.provider.fields import Field
from sandbox.provider.table import ResourceType

ROOT = Path(__file__).resolve().parent.parent
_INTRODUCTION = """\
What the embedded provider does with each resource type, and what the sandbox does with each attribute. All of it is
kept in the state and in the API's document, and a change of it is planned as the real provider plans it.

- *acted on*: the code of the API, or of what runs, names the field: it is checked, defaulted, computed, refused
  where there is nothing for it, or decides what happens.
- *only stored*: taken, kept and given back; nothing on this machine follows from it.
- *the provider's*: no field of the API's document: it decides what the provider does, or what else it asks.

It is derived, and errs where a word means two things: from the provider's tables (`sandbox/provider/tables/`), and from
which fields, with the blocks around them, the modules of `sandbox/apis/` and `sandbox/runtime/` mention. So a field
that the code begins to mind moves by itself. `block.*` is a whole block."""
# What the resources of an API come to life in.
_RUNTIME = {"run": ("runtime",), "bigquery": ("runtime/bigquery/process.py", "runtime/bigquery/engine.py")}


_KNOWN = """\
## Known, not served

The other types of hashicorp/google 7.45.0, {count} of them, are known: wherever a root or one of its modules names them
their arguments stand in the schema, word for word the real provider's, so that a module of others which names one and
doesn't make it (`count = 0`) passes. Whoever makes one is told at the plan. As hashicorp/google-beta the embedded
provider knows, besides, some arguments and types of beta that such modules name."""
_LOCAL = """\
## Providers that ask no API

hashicorp/random, null, time, archive, local, tls, external and http are embedded too, as of versions 3.9, 3.3, 0.14,
2.8, 2.9, 4.2, 2.4 and 3.6: schemas, plans (what replaces, what is known when), imports and states of earlier versions
are those of the real ones, beside which a test runs them (`tests/integration/provider/test_local_*.py`). Relative paths
start where Terraform runs, and programs run there, with Terraform's environment. What differs: a `seed` leads to other
values than the real provider's, the same ones each time; `random_pet` has words of its own; `random_password` needs a
libcrypt with bcrypt, which Linux has; an archive has the same bytes each time and not those of the real provider, whose
compression is Go's. Not served: their ephemeral resources, `local_command`, `direxists`, `tls_certificate`, the
`proxy` of tls; what a module asks of these fails and says so."""


def page(notice: str) -> str:
    """A row a type."""
    sys.path.insert(0, str(ROOT))
    from sandbox.provider import catalogue
    from sandbox.provider.ephemeral.tables import NAMES as EPHEMERAL
    from sandbox.provider.functions import FUNCTIONS

    lines = [notice, "# What is real in the sandbox, attribute by attribute", "", *_INTRODUCTION.splitlines(), ""]
    lines += ["| type | operations | acted on | only stored | the provider's |", "|---|---|---|---|---|"]
    served = catalogue.load()
    for name, kind in sorted(served.resources.items()):
        acted, stored, own = _sorted(kind)
        cells = [f"`{name}`", ", ".join(operations(kind)), *(", ".join(part) or "-" for part in (acted, stored, own))]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", *_KNOWN.format(count=len(served.known)).splitlines()]
    beta = sorted(catalogue.load_beta().resources.keys() - served.resources.keys())
    lines += ["", "As hashicorp/google-beta alone it serves:", "", *(f"- `{name}`" for name in beta)]
    lines += ["", "## Data sources", "", "Read as the real provider reads them:", ""]
    lines += [f"- `{name}`" for name in sorted(served.data_sources)]
    lines += ["", "Known and not served, as above:", "", *(f"- `{name}`" for name in sorted(served.known_data))]
    lines += ["", "## Ephemeral resources and functions", "", "All that the real provider has:", ""]
    lines += [f"- ephemeral `{name}`" for name in sorted(EPHEMERAL)]
    lines += [f"- `provider::google::{name}()`" for name in sorted(FUNCTIONS)]
    lines += ["", *_LOCAL.splitlines(), "", *_local()]
    return "\n".join([*lines, ""])


def _local() -> list[str]:
    """A line for each provider that asks no API: what it has."""
    from sandbox.provider import local
    from sandbox.provider.local import catalogue

    lines = []
    for provider in local.PROVIDERS:
        found = catalogue.load(provider)
        said = [f"`{name}`" for name in sorted(found.kinds)]
        said += [f"data `{name}`" for name in sorted(found.data_sources)]
        said += [f"`provider::{provider}::{name}`" for name in sorted(found.functions)]
        lines.append(f"- hashicorp/{provider}: {', '.join(said)}")
    return lines


def operations(kind: ResourceType) -> list[str]:
    """What Terraform can do with a type."""
    from sandbox.provider.hooks.registry import find

    in_place = "update" in kind.calls or find("update", kind.name) is not None
    updates = not kind.name.endswith("_iam_member") if kind.grant else in_place
    imports = "none" not in kind.imports
    return ["create", "read", *(["update"] if updates else []), "delete", *(["import"] if imports else [])]


def _sorted(kind: ResourceType) -> tuple[list[str], list[str], list[str]]:
    """The attributes that are acted on, only stored, and the provider's."""
    if kind.grant is not None:  # the policy is the sandbox's for all types alike
        return list(kind.fields), [], []
    named = _named(kind.service.partition("/")[0])
    minds = _Minds(named, frozenset(re.findall(r"\{\W?(\w+)\}", kind.id + "".join(c.url for c in kind.calls.values()))))
    acted, stored, own = (list(minds.those(kind.fields, wanted)) for wanted in ("acted", "stored", "own"))
    return acted, stored, own


@dataclass(frozen=True)
class _Minds:
    """What the code of an API names, and what the type's addresses are made of."""

    named: frozenset[str]
    placed: frozenset[str]

    def those(self, fields: Mapping[str, Field], wanted: str, prefix: str = "", around: bool = True) -> Iterator[str]:
        """The fields of which that becomes; a block that is all of a kind as one."""
        for name, f in fields.items():
            found = set(self.kinds(f, around))
            if found == {wanted}:
                yield f"{prefix}{name}.*" if f.nested else f"{prefix}{name}"
            elif wanted in found:
                yield from self.those(f.fields, wanted, f"{prefix}{name}.", around and self.knows(f))

    def kinds(self, f: Field, around: bool) -> Iterator[str]:
        """What becomes of a field, of a block's fields each. `around`: the blocks around it are named, too."""
        if f.nested and f.fields:
            for inner in f.fields.values():
                yield from self.kinds(inner, around and self.knows(f))
        elif f.name in self.placed:
            yield "acted"
        elif f.api is None:
            yield "own"
        else:
            yield "acted" if f.output_only or (around and self.knows(f)) else "stored"

    def knows(self, f: Field) -> bool:
        """Whether the code names a field; a block that only groups Terraform's arguments has no name to know."""
        return all(step in self.named for step in f.api or ())


@cache
def _named(service: str) -> frozenset[str]:
    """Every text in the code of an API, split at its dots: paths of fields are written so."""
    from sandbox import apis

    files: list[Path] = [*(ROOT / "sandbox/control").glob("*.py")]
    for module in apis.MODULES:
        if import_module(module).API.short == service:
            stem = module.removeprefix("sandbox.apis.").removesuffix(".api")
            files += (ROOT / "sandbox/apis").glob(f"{stem}*.py")
            # Knative is another view of Cloud Run: it names every field, and acts on none.
            files += [each for each in (ROOT / "sandbox/apis" / stem).glob("*.py") if "knative" not in each.name]
    for path in _RUNTIME.get(service, ()):
        where = ROOT / "sandbox" / path
        files += where.glob("*.py") if where.is_dir() else [where]
    return frozenset(word for file in files for text in _texts(file) for word in text.split("."))


def _texts(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text())
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value
