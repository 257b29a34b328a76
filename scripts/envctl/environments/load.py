"""Loading an environment: read, merge, validate, check. All problems come at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from shared_services.yaml.nodes import Mapping, Node, locate, plain
from shared_services.yaml.reader import read_file

from ..errors import UserError
from .checks import Context, check
from .dead_letters import with_pairs
from .files import Files
from .merge import merge
from .models import Environment
from .origins import origin
from .paths import Path, parse_path
from .pinned import Build, read_builds
from .problems import InvalidEnvironment, Location, Problem, did_you_mean
from .references import Index, check_markers
from .switches import switched_on
from .tfvars import state_bucket, to_tfvars
from .validate import validate

FOLDER = "envs"
BASE = "base.yaml"
SUBPROJECTS = "subprojects"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True)
class LoadedEnvironment:
    """A valid environment.

    Args:
        name: its name, such as `prod`.
        declared: the model as it was written: references are paths, files are names, templates are not filled;
            what is switched off is left out, and what dead letters make is there.
        tree: the merged values with their places and what they replaced.
        index: what is declared, for resolving paths.
        files: the files it names.
        builds: which build of each image it runs.
    """

    name: str
    declared: Environment
    tree: Mapping
    index: Index
    files: Files
    builds: dict[str, Build]

    @cached_property
    def tfvars(self) -> dict[str, Any]:
        """The resolved values: the variables of the Terraform root. Treat them as read-only."""
        return to_tfvars(self.name, self.declared, self.index, self.files, self.builds)

    @property
    def state_bucket(self) -> str:
        """The bucket that holds Terraform's state."""
        return state_bucket(self.declared)

    def where(self, path: str | Path) -> Location:
        """Where a value stands in the YAML, or else the nearest thing above it: what is a default stands nowhere.

        Args:
            path: `subprojects.strategy-engine.topics.signals`, or a tuple of its parts; paths of the tfvars
                (`push_subscriptions`) are understood too.
        """
        parts = parse_path(path) if isinstance(path, str) else path
        return locate(self.tree, origin(self.tree, parts))


def names(root: FilePath) -> list[str]:
    """The environments of a project, sorted."""
    folder = root / FOLDER
    return sorted(file.stem for file in folder.glob("*.yaml") if file.name != BASE and _NAME.fullmatch(file.stem))


def load(name: str, root: FilePath) -> LoadedEnvironment:
    """Load an environment.

    Args:
        name: such as `prod`, for `envs/prod.yaml` over `envs/base.yaml`.
        root: the project's folder, which holds `envs/`.

    Raises:
        UserError: there is no such environment.
        InvalidEnvironment: it has problems; they are all in it.
    """
    known = names(root)
    if name not in known:
        todo = did_you_mean(name, known, otherwise=f"create {FOLDER}/{name}.yaml")
        raise UserError(f"there is no environment {name!r}", why=f"there is no {FOLDER}/{name}.yaml", todo=todo)
    base, overlay = _read(name, root)
    builds, problems = read_builds(root, name)
    tree, of_merge = merge(base, overlay)
    problems += of_merge + _empty_subprojects(base, overlay)
    data, of_pairs = with_pairs(plain(tree), tree)
    problems += of_pairs
    index, files = Index(data), Files(root / FOLDER, FOLDER)
    environment, of_models, wrong = validate(data, tree, base)
    said = {
        problem.location for problem in of_merge
    }  # the models would say of such a null that it isn't what they expect
    problems += [problem for problem in of_models if problem.location not in said]
    problems += check_markers(data, tree, index)
    # Checks run on what is valid even when something else isn't: whoever mends one thing sees the rest at once.
    partial = environment or _without(data, wrong)
    if partial is not None:
        problems += check(Context(name, switched_on(partial), tree, index, files))
    if problems or environment is None:
        raise InvalidEnvironment(name, problems)
    return LoadedEnvironment(name, switched_on(environment), tree, index, files, builds)


def _read(name: str, root: FilePath) -> tuple[Mapping, Mapping]:
    """The base, with the subprojects that have files of their own in it, and the environment's own file."""
    own = sorted(file.name for file in (root / FOLDER / SUBPROJECTS).glob("*.yaml"))
    files = [BASE, f"{name}.yaml", *(f"{SUBPROJECTS}/{file}" for file in own)]
    problems: list[Problem] = []
    documents: list[Mapping] = []
    for file in files:
        node, of_file = read_file(root / FOLDER / file, f"{FOLDER}/{file}")
        problems += of_file
        if isinstance(node, Mapping):
            documents.append(node)
        elif node is not None and not of_file:
            problems.append(_no_mapping(node))
    if not problems:
        base, overlay, *subprojects = documents
        problems += _put_in(base, {FilePath(file).stem: node for file, node in zip(own, subprojects, strict=True)})
    if problems:
        raise InvalidEnvironment(name, problems)
    return base, overlay


def _empty_subprojects(base: Mapping, overlay: Mapping) -> list[Problem]:
    """A subproject that the base doesn't have, and that has nothing: a name that somebody misspelt."""
    there, over = (document.items.get("subprojects") for document in (base, overlay))
    if not isinstance(there, Mapping) or not isinstance(over, Mapping):
        return []
    return [
        Problem.at(
            over.keys[name],
            f"subprojects.{name}",
            "is empty, and base.yaml has no such subproject",
            did_you_mean(name, there.items, otherwise="leave it out, or write what it has"),
        )
        for name, node in over.items.items()
        if isinstance(node, Mapping) and not node.items and name not in there.items
    ]


def _put_in(base: Mapping, subprojects: dict[str, Mapping]) -> list[Problem]:
    """Put subprojects into the base's map of them; one that stands there too is a problem, and so is no map."""
    if not subprojects:
        return []
    holder = base.items.setdefault("subprojects", Mapping({}, {}, base.at))
    base.keys.setdefault("subprojects", base.at)
    if not isinstance(holder, Mapping):
        return [Problem.at(holder.at, "subprojects", "is not a mapping", f"leave it out: {SUBPROJECTS}/ has them")]
    problems = []
    for name, node in subprojects.items():
        if name in holder.items:
            message = f"stands in {FOLDER}/{BASE} and in {node.at.file}"
            problems.append(Problem.at(holder.keys[name], f"subprojects.{name}", message, "keep one of the two"))
        holder.items[name] = node
        holder.keys[name] = Location(node.at.file)
    return problems


def _no_mapping(node: Node) -> Problem:
    return Problem.at(
        node.at, "", "is not a mapping of keys to values", "write key: value lines, such as project_id: my-project"
    )


def _without(data: dict[str, Any], wrong: list[Path]) -> Environment | None:
    """The environment without the resources that are wrong, when there is anything left to look at."""
    pruned: dict[str, Any] = data
    for path in wrong:
        # Deeper than subprojects/NAME/KIND/ID, a resource goes as a whole; above it there is nothing to check.
        if len(path) < 4:
            if len(path) == 1 and path[0] not in Environment.model_fields:
                pruned = {key: value for key, value in pruned.items() if key != path[0]}
                continue
            return None
        pruned = _drop(pruned, path[:4])
    environment, _, still = validate(pruned, Mapping({}, {}, Location(FOLDER)), Mapping({}, {}, Location(FOLDER)))
    return environment if not still else None


def _drop(data: Any, path: Path) -> Any:
    """A copy of nested mappings without what a path names."""
    key, *rest = path
    if not isinstance(data, dict) or key not in data:
        return data
    if not rest:
        return {name: value for name, value in data.items() if name != key}
    return {**data, key: _drop(data[key], tuple(rest))}
