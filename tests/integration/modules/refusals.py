"""Reading what modules refuse: the rules of their files, and the runs of `refusals*.tftest.hcl` that break one each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

_RULE = re.compile(r'^ *(?:validation|precondition) \{\n.*?error_message += "', re.M | re.S)
_OWNER = re.compile(r'^(?:variable|resource "(?P<type>\w+)"|output|check) "(?P<name>\w+)" \{', re.M)
_RUN = re.compile(
    r'^run "(?P<name>\w+)" \{\n.*?^  variables \{\n(?P<variables>.*?)^  \}\n.*?'
    r"expect_failures = \[(?P<fails>[\w.]+)(?:\[\"[^\n]*\"\])?\]$",
    re.M | re.S,
)
_GENERAL = re.compile(r"^variables \{\n(?P<variables>.*?)^\}", re.M | re.S)


@dataclass(frozen=True)
class Rule:
    """A validation or a precondition, known by its message: a pattern, with anything where values go.

    `owner` is what it belongs to, such as `var.topics` or `google_pubsub_topic.this`.
    """

    file: str
    owner: str
    says: str

    def broken_by(self, message: str) -> bool:
        return re.match(self.says, message, re.S) is not None


@dataclass(frozen=True)
class Run:
    """A run that breaks one rule, of what it expects to fail; `arguments` are expressions by variable."""

    name: str
    arguments: dict[str, str]
    fails: str


def rules(module: Path) -> list[Rule]:
    """All validations and preconditions of a module."""
    return [
        Rule(path.name, _owner(text, match.start()), _pattern(text, match.end()))
        for path in sorted(module.glob("*.tf"))
        for text in [path.read_text(encoding="utf-8")]
        for match in _RULE.finditer(text)
    ]


def runs(module: Path) -> list[Run]:
    """The runs that expect a failure, with the arguments of a module call that fails so."""
    result = []
    for path in sorted((module / "tests").glob("refusals*.tftest.hcl")):
        text = path.read_text(encoding="utf-8")
        found = _GENERAL.search(text)
        general = _arguments(found["variables"], 2) if found else {}
        found_runs = list(_RUN.finditer(text))
        assert [run["name"] for run in found_runs] == re.findall(r'^run "(\w+)"', text, re.M), path
        result += [Run(run["name"], general | _arguments(run["variables"], 4), run["fails"]) for run in found_runs]
    return result


def _arguments(text: str, indent: int) -> dict[str, str]:
    _, *parts = re.split(rf"^ {{{indent}}}(\w+) += ", text, flags=re.M)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def write_one_call(folder: Path, module: str, runs: list[Run]) -> None:
    """Write HCL that calls a module once, with an instance for each run; what a run leaves out is null.

    The values stand in a file of their own: terraform reads the one with the call again for each error.
    """
    call = [
        'module "all" {',
        f'  source   = "./modules/{module}"',
        f"  for_each = toset({json.dumps([run.name for run in runs])})",
        "  run      = each.key",
    ]
    values = ["locals {"]
    for name in sorted({name for run in runs for name in run.arguments}):
        call.append(f"  {name} = local.{name}[each.key]")
        given = [f"    {run.name} = {run.arguments.get(name, 'null').rstrip()}" for run in runs]
        values += [f"  {name} = {{", *given, "  }"]
    (folder / "main.tf").write_text("\n".join([*call, "}", ""]), encoding="utf-8")
    (folder / "values.tf").write_text("\n".join([*values, "}", ""]), encoding="utf-8")


def name_runs_in_messages(module: Path) -> None:
    """Have what a copy of a module says begin with the name of the run that it says it to."""
    for path in module.glob("*.tf"):
        text = path.read_text(encoding="utf-8")
        named = re.sub(r'^( +error_message += ")', r"\1${var.run}: ", text, flags=re.M)
        path.write_text(named, encoding="utf-8")
    (module / "run.tf").write_text('variable "run" {\n  type = string\n}\n', encoding="utf-8")


def _owner(text: str, at: int) -> str:
    """The block that a rule stands in: the last one begun above it."""
    begun = list(_OWNER.finditer(text, 0, at))[-1]
    return f"{begun['type'] or 'var'}.{begun['name']}"


def _pattern(text: str, at: int) -> str:
    """The pattern of the string that begins at a place, after its quote."""
    literal, pattern = "", ""
    while text[at] != '"':
        if text.startswith("$${", at):
            literal += "${"
            at += 3
        elif text.startswith("${", at):
            pattern += re.escape(literal) + ".*"
            literal, at = "", _after_braces(text, at + 1)
        else:
            at += text[at] == "\\"
            literal += text[at]
            at += 1
    return pattern + re.escape(literal)


def _after_braces(text: str, at: int) -> int:
    """Where the braces that open at a place are closed again; those in strings count when they are templates."""
    depth = 0
    while True:
        if text[at] == '"':
            at = _after_string(text, at + 1)
            continue
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return at


def _after_string(text: str, at: int) -> int:
    while text[at] != '"':
        if text.startswith("$${", at):
            at += 3
        elif text.startswith("${", at):
            at = _after_braces(text, at + 1)
        else:
            at += 2 if text[at] == "\\" else 1
    return at + 1
