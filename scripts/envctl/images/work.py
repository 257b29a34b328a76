"""Building, scanning and pushing what an environment needs, and writing down which builds it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..clouds.credentials import ApplicationDefault, Credentials, CredentialsError
from ..console import note
from ..environments import LoadedEnvironment
from ..environments.pinned import Build, image_file
from ..errors import UserError
from ..scaffold.write import write_all
from .engine import Engine, Recipe
from .registry import Registry
from .scanning import Scanner
from .wanted import Commit, Image

_HEAD = """\
# Which build of each image {name} runs: `envctl images push {name}` and `envctl images digests {name}` write it.
# What the YAML names by `latest` is this; another tag, or a digest, in the YAML means itself.
"""


@dataclass(frozen=True, slots=True)
class Built:
    """An image that was built, scanned or pushed.

    Attributes:
        image: which.
        tag: its full name and tag.
        result: `built`, `clean`, `vulnerable`, `not scanned`, `pushed`, `absent`.
        digest: in the registry, where it is there.
    """

    image: Image
    tag: str
    result: str
    digest: str = ""


def build(engine: Engine, root: Path, images: Sequence[Image], commit: Commit) -> list[Built]:
    """Build images.

    Raises:
        UserError: one can't be built.
    """
    done = []
    for image in images:
        tag = f"{image.name}:{commit.tag}"
        note(f"building {tag}")
        engine.build(
            Recipe(root, image.dockerfile, tag, {"SERVICE": image.package}, _labels(image, commit), _epoch(commit))
        )
        done.append(Built(image, tag, "built"))
    return done


def scan(engine: Engine, scanner: Scanner | None, images: Sequence[Image], commit: Commit) -> list[Built]:
    """Scan images that were built.

    Raises:
        UserError: one was not built.
    """
    done = []
    for image in images:
        tag = f"{image.name}:{commit.tag}"
        _must_have(engine, tag)
        clean = scanner.scan(tag) if scanner else None
        done.append(Built(image, tag, {True: "clean", False: "vulnerable", None: "not scanned"}[clean]))
    return done


def push(
    engine: Engine, images: Sequence[Image], commit: Commit, credentials: Credentials | None = None
) -> list[Built]:
    """Push images that were built.

    Raises:
        UserError: they are not of a commit, one was not built, or can't be pushed.
    """
    if commit.is_dirty:
        raise UserError(
            "there are changes that aren't committed",
            why="what is pushed is known by its commit",
            todo="commit, build and scan again",
        )
    for image in images:
        _must_have(engine, f"{image.name}:{commit.tag}")
    done: list[Built] = []
    token = access_token(credentials) if images else ""
    for host in sorted({image.host for image in images}):
        with engine.signed_in(host, token):
            for image in (one for one in images if one.host == host):
                tag = f"{image.name}:{commit.tag}"
                note(f"pushing {tag}")
                done.append(Built(image, tag, "pushed", engine.push(tag)))
    return done


def look_up(images: Sequence[Image], tag: str, credentials: Credentials | None = None) -> list[Built]:
    """Ask the registry for the digests of a tag.

    Raises:
        UserError: it can't be asked.
    """
    token = access_token(credentials) if images else ""
    done = []
    for image in images:
        digest = Registry(image.host, token).digest(image.name.partition("/")[2], tag)
        done.append(Built(image, f"{image.name}:{tag}", "pushed" if digest else "absent", digest or ""))
    return done


def with_builds(loaded: LoadedEnvironment, images: Sequence[Image], built: Sequence[Built], revision: str) -> str:
    """The file of an environment's builds with some of them new; what the environment has no more is left out.

    Args:
        loaded: the environment.
        images: all that it has.
        built: the new ones.
        revision: the commit of those.
    """
    new = {one.image.name: Build(one.digest, revision) for one in built if one.digest}
    kept = {name: one for name, one in loaded.builds.items() if name in {image.name for image in images}}
    # The same build again is no change, whatever commit it was pushed for.
    same = {name for name, one in new.items() if name in kept and kept[name].digest == one.digest}
    return _text(loaded.name, {**kept, **{name: one for name, one in new.items() if name not in same}})


def write_builds(root: Path, name: str, text: str) -> str:
    """Write the file of an environment's builds; its path in the checkout."""
    write_all(root, {image_file(name): text})
    return image_file(name)


def access_token(credentials: Credentials | None = None) -> str:
    """A token for the registry.

    Raises:
        UserError: there are no credentials.
    """
    try:
        return asyncio.run((credentials or ApplicationDefault()).token())
    except CredentialsError as error:
        raise UserError("the registry can't be signed in to", why=str(error), todo=error.todo) from None


def _text(name: str, builds: Mapping[str, Build]) -> str:
    lines = [_HEAD.format(name=name)]
    for image, one in sorted(builds.items()):
        lines.append(f"{image}:\n  digest: {one.digest}\n  revision: {one.revision!r}\n".replace("'", '"'))
    return "".join(lines) if builds else f"{lines[0]}{{}}\n"


def _labels(image: Image, commit: Commit) -> dict[str, str]:
    labels = {
        "org.opencontainers.image.title": image.service,
        "org.opencontainers.image.version": commit.tag,
        "org.opencontainers.image.revision": commit.id,
        "org.opencontainers.image.created": commit.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "org.opencontainers.image.licenses": "Apache-2.0",
        "platform.package": image.package,
    }
    return {**labels, **({"org.opencontainers.image.source": commit.source} if commit.source else {})}


def _epoch(commit: Commit) -> int:
    return int(commit.created.timestamp())


def _must_have(engine: Engine, tag: str) -> None:
    if not engine.has(tag):
        raise UserError(f"{tag} is not built", todo="`envctl images build` builds what the checkout is at")
