"""A value of a configuration file is set: in its text, so that comments and order stay, and checked first."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shared_services.errors import InputError
from shared_services.files import write_whole
from shared_services.yaml.paths import format_path, parse_path

from .errors import InvalidConfiguration
from .history import differences
from .manager import ConfigManager
from .registry import document, names


@dataclass(frozen=True, slots=True)
class Edit:
    """What setting a value does.

    Args:
        file: which file.
        changed: the paths whose values differ afterwards; none where it was so before.
        text: the file's text afterwards.
    """

    file: Path
    changed: tuple[str, ...]
    text: str

    def write(self) -> None:
        """Write it: aside, and then renamed."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.file, self.text.encode())


def propose(name: str, path: str, value: Any, *, folder: Path, environment: str | None = None) -> Edit:
    """What setting a value would do; nothing is written.

    Args:
        name: the configuration.
        path: the value's, such as `loss.daily_halt`.
        value: what YAML can hold; None takes back to what stands below it.
        folder: of the configuration.
        environment: set it there only; by default in all environments.

    Raises:
        InvalidConfiguration: it would be wrong then; the error names every place.
        InputError: the path is none.
    """
    wanted = document(name)
    try:
        parts = [str(part) for part in parse_path(path)]
    except ValueError as error:
        raise InputError(str(error)) from None
    below = Path("environments") / environment / wanted.file if environment else Path(wanted.file)
    file = folder / below
    text = file.read_text() if file.exists() else ""
    try:
        new = edited(text, parts, value)
    except yaml.YAMLError as error:
        raise InputError(f"{file} can't be read", why=str(error)) from None
    with tempfile.TemporaryDirectory(prefix="config-") as aside:
        copy = Path(aside) / folder.name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("schemas"))
        shown = environment or "local"
        before = ConfigManager(copy, environment=shown, environ={}).get_config(name)
        (copy / below).parent.mkdir(parents=True, exist_ok=True)
        (copy / below).write_text(new)
        after = ConfigManager(copy, environment=shown, environ={}).get_config(name)
        if not environment:  # what all of them say has to fit each
            for other in sorted(each.name for each in (copy / "environments").glob("*") if each.is_dir()):
                ConfigManager(copy, environment=other, environ={}).get_config(name)
    return Edit(file, differences(before, after), new)


def edited(text: str, path: list[str], value: Any) -> str:
    """A file's text with a value set, the rest as it was.

    >>> print(edited("mode: paper # until live\\norders:\\n  type: LIMIT\\n", ["orders", "validity"], "DAY"), end="")
    mode: paper # until live
    orders:
      type: LIMIT
      validity: DAY
    >>> print(edited("mode: paper # until live\\n", ["mode"], "live"), end="")
    mode: live # until live
    """
    if text and not text.endswith("\n"):
        text += "\n"
    node = yaml.compose(text, yaml.SafeLoader)
    if node is None or (isinstance(node, yaml.ScalarNode) and node.value in ("", "null")):
        return text + _block(path, value, 0)
    at: yaml.Node = node
    for depth, part in enumerate(path):
        if isinstance(at, yaml.SequenceNode) and part.isdigit() and int(part) < len(at.value):
            at = at.value[int(part)]
            continue
        if not isinstance(at, yaml.MappingNode):
            raise InputError(f"{format_path(tuple(path[:depth]))} has no keys", todo="set it whole")
        found = [child for key, child in at.value if str(key.value) == part]
        if found:
            at = found[0]
            continue
        return _inserted(text, at, path[depth:], value)
    start, end = at.start_mark.index, at.end_mark.index
    while end > start and text[end - 1] in " \n":  # a block ends where the next key begins
        end -= 1
    before = text[start - 1] if start else "\n"
    return text[:start] + ("" if before in " \n[{," else " ") + _flow(value) + text[end:]


def _inserted(text: str, mapping: yaml.MappingNode, rest: list[str], value: Any) -> str:
    """With another key at a mapping's end."""
    if mapping.flow_style:
        end = mapping.end_mark.index - 1
        said = _flow(value)
        for part in reversed(rest[1:]):
            said = f"{{{_flow(part)}: {said}}}"
        comma = ", " if mapping.value else ""
        return text[:end].rstrip() + f"{comma}{_flow(rest[0])}: {said}" + text[end:]
    last = mapping.value[-1][1]
    end = last.end_mark.index
    while end > 0 and text[end - 1] in " \n":
        end -= 1
    line_end = text.find("\n", end)
    at = len(text) if line_end < 0 else line_end + 1
    return text[:at] + _block(rest, value, mapping.value[0][0].start_mark.column) + text[at:]


def _block(path: list[str], value: Any, indent: int) -> str:
    lines = [f"{' ' * (indent + 2 * depth)}{_flow(part)}:" for depth, part in enumerate(path)]
    return "\n".join(lines) + f" {_flow(value)}\n"


def _flow(value: Any) -> str:
    """A value on one line."""
    said = yaml.safe_dump(value, default_flow_style=True, width=10**9, allow_unicode=True, sort_keys=False)
    return str(said).removesuffix("\n").removesuffix("\n...")


def validate(folder: Path, environments: Sequence[str], wanted: Sequence[str] = ()) -> dict[str, list[str]]:
    """What is wrong with configurations, by environment and name; nothing where all are right.

    >>> from shared_services.config.layers import find_folder
    >>> validate(find_folder(None), ("local",), ("trading",))
    {}
    """
    found: dict[str, list[str]] = {}
    for environment in environments:
        manager = ConfigManager(folder, environment=environment, environ={})
        for name in wanted or names():
            try:
                manager.get_config(name)
            except InvalidConfiguration as error:
                found[f"{environment}/{name}"] = [str(problem) for problem in error.problems]
    return found
