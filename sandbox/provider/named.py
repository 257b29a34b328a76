"""Types that are known and not served, and which of them a root names.

The real provider has many times the types that the sandbox serves, and Terraform reads the whole schema at each
command. So the tables of those that aren't served are parsed one by one, when a root names one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from sandbox.provider.fields import joined
from sandbox.provider.settings import Caller
from sandbox.provider.table import ResourceType, parse

_START = re.compile(r"^resource (\w+)$", re.MULTILINE)
FUNCTION = "provider::"
_NAME = re.compile(rb'"(google_\w+)"|(provider::)')
_KINDS = ("*.tf", "*.tf.json", "*.tofu", "*.tftest.hcl", "*.tfmock.hcl", "tests/*.tftest.hcl", "tests/*.tfmock.hcl")


class Tables(Mapping[str, ResourceType]):
    """The types of folders' tables by name, each parsed when it is looked up; some have `more` fields besides."""

    def __init__(self, *folders: Path, more: Mapping[str, ResourceType] | None = None) -> None:
        self._folders = folders
        self._more = more or {}
        self._parsed: dict[str, ResourceType] = {}

    @cached_property
    def _texts(self) -> dict[str, tuple[str, str]]:
        """Name → the file it stands in, and its text."""
        found: dict[str, tuple[str, str]] = {}
        for path in (path for folder in self._folders for path in sorted(folder.glob("*.table"))):
            text = path.read_text(encoding="utf-8")
            starts = list(_START.finditer(text))
            ends = [match.start() for match in starts[1:]] + [len(text)]
            for match, end in zip(starts, ends, strict=True):
                found[match[1]] = (f"{path.parent.name}/{path.name}", text[match.start() : end])
        return found

    def __getitem__(self, name: str) -> ResourceType:
        if name not in self._parsed:
            where, text = self._texts[name]
            (found,) = parse(text, where)
            if name in self._more:
                found = replace(found, fields=joined(found.fields, self._more[name].fields))
            self._parsed[name] = found
        return self._parsed[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, name: object) -> bool:
        return name in self._texts


def names_of(caller: Caller) -> frozenset[str]:
    """The types of Google's that stand in the root which a terraform was started in, and in its modules.

    With FUNCTION, where a provider's function is called. A name in a comment or a text is one more, which does no harm.
    """
    root = Path(caller.directory)
    found: set[str] = set()
    for folder in {root, *_modules(root, caller.environ.get("TF_DATA_DIR") or ".terraform")}:
        for kind in _KINDS:
            for path in folder.glob(kind):
                try:
                    found.update(match[match.lastindex or 0].decode() for match in _NAME.finditer(path.read_bytes()))
                except OSError:
                    continue  # Terraform will say so
    return frozenset(found)


def _modules(root: Path, data: str) -> Iterator[Path]:
    """The folders of all installed modules, as `terraform init` has listed them."""
    try:
        listed = json.loads((root / data / "modules" / "modules.json").read_bytes())
        yield from (root / str(module["Dir"]) for module in listed["Modules"])
    except (OSError, ValueError, KeyError, TypeError):
        return
