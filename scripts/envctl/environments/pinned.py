"""Which build of an image an environment runs: `envs/images/ENV.yaml`, which `envctl images push` writes.

The YAML names an image by `latest`; here stands the digest that this is today. So a new build is a change of a file
that is reviewed, planned and taken back as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from shared_services.yaml.nodes import Mapping as Keys
from shared_services.yaml.nodes import Scalar
from shared_services.yaml.reader import read_file

from .problems import Problem

FOLDER = "envs/images"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_FIELDS = {"digest": "sha256: and 64 hexadecimal digits", "revision": "the commit that it was built from"}


class Build(NamedTuple):
    """A build of an image: its digest, and the commit that it was made of."""

    digest: str
    revision: str


def image_file(environment: str) -> str:
    """The file of an environment's builds, below the checkout.

    >>> image_file("prod")
    'envs/images/prod.yaml'
    """
    return f"{FOLDER}/{environment}.yaml"


def split(image: str) -> tuple[str, str, str]:
    """An image's name, tag and digest; empty where there is none.

    >>> split("localhost:5000/services/auth:1.2")
    ('localhost:5000/services/auth', '1.2', '')
    >>> split("auth@sha256:00")
    ('auth', '', 'sha256:00')
    """
    named, _, digest = image.partition("@")
    folder, slash, last = named.rpartition("/")
    name, _, tag = last.partition(":")
    return f"{folder}{slash}{name}", tag, digest


def read_builds(root: FilePath, environment: str) -> tuple[dict[str, Build], list[Problem]]:
    """The builds of an environment by the image's name, and what is wrong with their file. No file is no builds."""
    file = image_file(environment)
    if not (root / file).is_file():
        return {}, []
    node, problems = read_file(root / file, file)
    if problems or node is None:
        return {}, problems
    if not isinstance(node, Keys):
        return {}, [Problem.at(node.at, "", "is not a mapping of images to builds")]
    builds: dict[str, Build] = {}
    for name, item in node.items.items():
        wrong = list(_wrong(name, item, node))
        problems += wrong
        if not wrong and isinstance(item, Keys):
            values = {field: one.value for field, one in item.items.items() if isinstance(one, Scalar)}
            builds[name] = Build(str(values["digest"]), str(values["revision"]))
    return builds, problems


def by_digest(image: str, builds: Mapping[str, Build]) -> str:
    """The image as it is deployed: `latest` is the build that was pushed last; what names another tag means it."""
    name, tag, digest = split(image)
    build = builds.get(name)
    return image if build is None or digest or tag not in ("", "latest") else f"{name}@{build.digest}"


def pin(subproject: dict[str, Any], builds: Mapping[str, Build]) -> None:
    """Put the digests into a subproject's resolved values."""
    for kind in ("services", "jobs", "worker_pools"):
        for thing in subproject[kind].values():
            for container in (thing, *thing["sidecars"].values()):
                container["image"] = by_digest(container["image"], builds)


def _wrong(name: str, item: Any, parent: Keys) -> Iterator[Problem]:
    _, tag, digest = split(name)
    if tag or digest:
        yield Problem.at(parent.keys[name], name, "names a tag or a digest", "write the image's name alone")
    if not isinstance(item, Keys):
        yield Problem.at(parent.keys[name], name, "is not a mapping", "write digest and revision below it")
        return
    for field, item_at in item.keys.items():
        if field not in _FIELDS:
            yield Problem.at(item_at, f"{name}.{field}", "is no field of a build", "known: digest, revision")
    for field, says in _FIELDS.items():
        value = item.items.get(field)
        text = value.value if isinstance(value, Scalar) else None
        fits = isinstance(text, str) and (_DIGEST.fullmatch(text) if field == "digest" else text)
        if not fits:
            at = parent.keys[name] if value is None else item.keys[field]
            yield Problem.at(at, f"{name}.{field}", f"must be {says}", "`envctl images push` writes it")
