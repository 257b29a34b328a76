"""What a plan was made from: the commit, what the YAML comes to, the Terraform code, and the provider lock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from ..git import told

if TYPE_CHECKING:
    from ..environments import LoadedEnvironment
    from ..project import Project

UNKNOWN = "unknown"
_CODE = ("infra", "modules")


class Provenance(BaseModel, frozen=True):
    """What a plan was made from.

    Attributes:
        commit: of the checkout; "unknown" outside of git.
        changed: whether the checkout had changes that aren't committed.
        yaml: a hash of the values that the YAML comes to; comments and order don't count.
        code: a hash of infra/ and modules/.
        lock: a hash of the provider lock file; "none" where there is none.
    """

    commit: str = UNKNOWN
    changed: bool = False
    yaml: str = ""
    code: str = ""
    lock: str = "none"

    def differences(self, other: Provenance) -> list[str]:
        """In what another differs that decides what a plan does; the commit alone does not."""
        names = {"yaml": "the YAML", "code": "infra/ or modules/", "lock": "the provider lock file"}
        return [words for field, words in names.items() if getattr(self, field) != getattr(other, field)]


def provenance(project: Project, loaded: LoadedEnvironment) -> Provenance:
    """What a plan made now, here, is made from."""
    lock = project.infra / ".terraform.lock.hcl"
    return Provenance(
        commit=head(project.root),
        changed=bool(told(project.root, "status", "--porcelain", "--untracked-files=no")),
        yaml=_hash(loaded.tfvars),
        code=_hash(dict(_sources(project.root))),
        lock=_hash(lock.read_text()) if lock.is_file() else "none",
    )


def head(root: Path) -> str:
    """The commit of a checkout; "unknown" outside of git."""
    return told(root, "rev-parse", "HEAD") or UNKNOWN


def _sources(root: Path) -> Iterator[tuple[str, str]]:
    for folder in _CODE:
        for file in sorted((root / folder).rglob("*.tf")):
            if ".terraform" not in file.parts:
                yield str(file.relative_to(root)), file.read_text()


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
