"""What a new service consists of, decided before anything is written."""

from __future__ import annotations

import keyword
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from shared_services.yaml.problems import did_you_mean
from shared_services.yaml.reader import read_file

from ..environments import load
from ..environments.load import FOLDER, SUBPROJECTS, names
from ..environments.models.environment import Subproject
from ..environments.problems import InvalidEnvironment
from ..errors import UserError
from . import templates
from .insertion import add_entry, add_item

_NAME = re.compile(r"[a-z]([a-z0-9-]{0,28}[a-z0-9])?")
_PORT = re.compile(r"^ *SERVICE_PORT:(?: int =)? *(\d+)", re.MULTILINE)
_ACCOUNT_SHORTEST = 6
_FIRST_PORT = 8000
_GATEWAY = "shared-services/api-gateway"
_READERS = ("buckets", "config", "grants", "read", "members")
_SECTIONS = tuple(Subproject.model_fields)


@dataclass(frozen=True, slots=True)
class NewService:
    """The files of a new service.

    Attributes:
        name: the service's.
        files: the text of each file by its path in the checkout; those that exist are changed.
        before: the text of those that exist.
    """

    name: str
    files: Mapping[str, str]
    before: Mapping[str, str]

    def diff(self) -> str:
        """What changes, as `diff -u` writes it."""
        parts: list[str] = []
        for file, text in self.files.items():
            old = self.before.get(file)
            parts += unified_diff(
                [] if old is None else old.splitlines(keepends=True),
                text.splitlines(keepends=True),
                "/dev/null" if old is None else f"a/{file}",
                f"b/{file}",
            )
        return "".join(parts)


def plan_service(root: Path, name: str, subproject: str, *, own_dockerfile: bool = False) -> NewService:
    """Decide what a new service consists of.

    Args:
        root: the checkout.
        name: the service's, such as `order-blotter`.
        subproject: the one it belongs to.
        own_dockerfile: give it a Dockerfile of its own; by default it shares `services/Dockerfile`.

    Raises:
        UserError: the name is bad or taken, there is no such subproject, or the result would not be valid.
    """
    _check_name(name)
    package = name.replace("-", "_")
    folder = root / FOLDER / SUBPROJECTS
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if subproject not in known:
        raise UserError(f"there is no subproject {subproject!r}", todo=did_you_mean(subproject, known))
    account = name if len(name) >= _ACCOUNT_SHORTEST else f"{name}-service"
    _check_taken(root, name, package, account)

    files = _package(root, name, package, own_dockerfile=own_dockerfile)
    before: dict[str, str] = {}
    for file, text in _declared(root, name, subproject, account).items():
        before[file] = (root / file).read_text(encoding="utf-8")
        files[file] = text
    made = NewService(name, files, before)
    _check_result(root, made)
    return made


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UserError(
            f"{name!r} is no name for a service",
            why="it is lower-case letters, digits and -, begun by a letter, not ended by -, and at most 30 long",
            todo="choose one such as order-blotter",
        )
    if "--" in name or keyword.iskeyword(name.replace("-", "_")) or name in ("starter", "healthcheck"):
        raise UserError(
            f"{name!r} is no name for a service", why="its package could not be called so", todo="choose another"
        )


def _check_taken(root: Path, name: str, package: str, account: str) -> None:
    for path in (f"services/{package}", f"config/services/{name}.yaml", f"tests/unit/services/test_{package}.py"):
        if (root / path).exists():
            raise UserError(f"the name {name!r} is taken", why=f"there is {path} already", todo="choose another name")
    for environment in names(root):
        for key, sub in load(environment, root).declared.subprojects.items():
            for kind, there in (("services", sub.services), ("jobs", sub.jobs), ("worker_pools", sub.worker_pools)):
                if name in there:
                    why = f"{environment} has {kind}.{name} in {key}"
                    raise UserError(f"the name {name!r} is taken", why=why, todo="choose another name")
            if account in sub.service_accounts:
                why = f"{environment} has the service account {account} in {key}"
                raise UserError(f"the name {name!r} is taken", why=why, todo="choose another name")


def _package(root: Path, name: str, package: str, *, own_dockerfile: bool) -> dict[str, str]:
    model = "".join(part.capitalize() for part in name.split("-")) + "Config"
    values = {"name": name, "package": package, "model": model, "port": _free_port(root)}
    folder = f"services/{package}"
    files = {
        f"{folder}/__init__.py": templates.PACKAGE,
        f"{folder}/__main__.py": templates.MAIN,
        f"{folder}/settings.py": templates.SETTINGS,
        f"tests/unit/services/test_{package}.py": templates.TEST,
    }
    written = {path: text.format(**values) for path, text in files.items()}
    if own_dockerfile:
        written[f"{folder}/Dockerfile"] = (root / "services/Dockerfile").read_text(encoding="utf-8")
    return written


def _free_port(root: Path) -> int:
    """A port that no service has on a laptop."""
    files = [*(root / "config/services").glob("*.yaml"), *(root / "services").glob("*/settings.py")]
    found = (_PORT.search(file.read_text(encoding="utf-8")) for file in files)
    taken = {int(one[1]) for one in found if one}
    return next(port for port in range(_FIRST_PORT, 65536) if port not in taken)


def _declared(root: Path, name: str, subproject: str, account: str) -> dict[str, str]:
    """The files of envs/ with the service in them."""
    own = f"{FOLDER}/{SUBPROJECTS}/{subproject}.yaml"
    shared = f"{FOLDER}/{SUBPROJECTS}/shared-services.yaml"
    texts = {own: (root / own).read_text(encoding="utf-8")}
    reader = account if subproject == "shared-services" else f"{subproject}/{account}"
    bucket = ""
    if (root / shared).is_file():
        node, _ = read_file(root / shared, shared)
        from shared_services.yaml.nodes import Sequence, find

        if node is not None and isinstance(find(node, _READERS), Sequence):
            texts.setdefault(shared, (root / shared).read_text(encoding="utf-8"))
            texts[shared] = add_item(texts[shared], shared, _READERS, reader)
            bucket = templates.BUCKET
    gateway = _GATEWAY.rpartition("/")[2] if subproject == "shared-services" else _GATEWAY
    grants = templates.CALLERS.format(members=gateway) if bucket else ""
    title = name.replace("-", " ").capitalize()
    stanza = templates.STANZA.format(name=name, account=account, bucket=bucket, grants=grants)
    text = add_entry(texts[own], own, "service_accounts", account, templates.ACCOUNT.format(title=title), _SECTIONS)
    texts[own] = add_entry(text, own, "services", name, stanza, _SECTIONS)
    if not re.search(r"^dashboards:", texts[own], re.MULTILINE):
        texts[own] = add_entry(texts[own], own, "dashboards", subproject, "standard: true\n", _SECTIONS)
    return texts


def _check_result(root: Path, made: NewService) -> None:
    """Load every environment as it would be."""
    with tempfile.TemporaryDirectory(prefix="envctl-") as place:
        aside = Path(place)
        shutil.copytree(root / FOLDER, aside / FOLDER)
        for file, text in made.files.items():
            if file.startswith(f"{FOLDER}/"):
                (aside / file).write_text(text, encoding="utf-8")
        for environment in names(root):
            try:
                load(environment, aside)
            except InvalidEnvironment as error:
                raise UserError(
                    f"with {made.name}, {environment} would not be valid",
                    why="; ".join(str(problem) for problem in error.problems[:3]),
                    todo="mend that first; nothing was written",
                ) from None
