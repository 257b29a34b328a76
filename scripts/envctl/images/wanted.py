"""Which images an environment needs, and what each is built from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..environments import LoadedEnvironment
from ..environments.pinned import split
from ..environments.problems import did_you_mean
from ..errors import UserError
from ..git import told
from ..plans.provenance import head

STARTER = "starter"
DOCKERFILE = "services/Dockerfile"


@dataclass(frozen=True, slots=True)
class Image:
    """An image that an environment runs.

    Attributes:
        name: without a tag, such as `asia-south1-docker.pkg.dev/p/services/auth`.
        service: its last part.
        package: the package of `services/` in it; the starter's where it has none yet.
        dockerfile: what builds it, below the checkout.
    """

    name: str
    service: str
    package: str
    dockerfile: str

    @property
    def host(self) -> str:
        """The registry's."""
        return self.name.partition("/")[0]

    @property
    def is_starter(self) -> bool:
        """Whether the generic starter answers under the service's name."""
        return self.package == STARTER


@dataclass(frozen=True, slots=True)
class Commit:
    """What is built.

    Attributes:
        id: the commit's; empty outside of git.
        tag: the images', by it; ends with `-dirty` where there are changes that aren't committed.
        created: when it was committed.
        source: the repository's address, without credentials; may be empty.
    """

    id: str
    tag: str
    created: datetime
    source: str

    @property
    def is_dirty(self) -> bool:
        return self.tag.endswith("-dirty")


def wanted(loaded: LoadedEnvironment, root: Path, only: Sequence[str] = ()) -> list[Image]:
    """The images that an environment takes from its own project's registry, sorted by name.

    Args:
        loaded: the environment.
        root: the checkout.
        only: names of services; none is all.

    Raises:
        UserError: a name is none of them.
    """
    found = {image.service: image for image in _all(loaded, root)}
    unknown = [name for name in only if name not in found]
    if unknown:
        raise UserError(
            f"{loaded.name} has no image {unknown[0]!r}",
            why="images are named by the last part of their name in the YAML",
            todo=did_you_mean(unknown[0], found),
        )
    return [found[name] for name in sorted(only or found)]


def commit(root: Path, repository: str | None = None) -> Commit:
    """What the checkout is at.

    Args:
        root: the checkout.
        repository: the environment's on GitHub, as `owner/name`.

    Raises:
        UserError: it is no git checkout: images are named by their commit.
    """
    made = told(root, "show", "--no-patch", "--format=%ct", "HEAD")
    if not made:
        raise UserError(f"{root} is not a git checkout with a commit", why="images are tagged by their commit")
    found = head(root)
    dirty = "-dirty" if told(root, "status", "--porcelain") else ""
    source = (
        f"https://github.com/{repository}" if repository else _without_user(told(root, "remote", "get-url", "origin"))
    )
    return Commit(found, f"{found[:12]}{dirty}", datetime.fromtimestamp(int(made), UTC), source)


def _all(loaded: LoadedEnvironment, root: Path) -> Iterator[Image]:
    own = f"{loaded.declared.region}-docker.pkg.dev/{loaded.declared.project_id}/"
    names = set()
    for subproject in loaded.tfvars["subprojects"].values():
        for kind in ("services", "jobs", "worker_pools"):
            for thing in subproject[kind].values():
                names |= {split(one["image"])[0] for one in (thing, *thing["sidecars"].values())}
    for name in sorted(one for one in names if one.startswith(own)):
        service = name.rpartition("/")[2]
        package = re.sub(r"\W", "_", service)
        folder = root / "services" / package
        if not (folder / "__main__.py").is_file():
            package = STARTER
        own_file = f"services/{package}/Dockerfile"
        yield Image(name, service, package, own_file if (root / own_file).is_file() else DOCKERFILE)


def _without_user(address: str) -> str:
    """An address without what may be a token.

    >>> _without_user("https://me:token@github.com/a/b.git")
    'https://github.com/a/b.git'
    """
    return re.sub(r"(?<=://)[^/@]*@", "", address)
