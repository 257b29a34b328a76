"""Writes the features, inputs and outputs of each Terraform module into its README, from its tests and its variables.

    python scripts/module_docs.py           # brings modules/*/README.md up to date
    python scripts/module_docs.py --check   # exit 1, and the names of the READMEs, where one isn't

A row of the feature table is a comment `# feature: what it does` right above the run of tests/features*.tftest.hcl that
proves it; several such lines are several features of one run. So the table says nothing that no test holds.
The files are read as `terraform fmt` lays them out: two spaces a level, one attribute a line.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN = "<!-- begin: written by scripts/module_docs.py -->"
BEGIN_FEATURES = "<!-- begin: features, written by scripts/module_docs.py from the tests -->"
END = "<!-- end -->"
MODULES = Path(__file__).resolve().parent.parent / "modules"

_BLOCK = re.compile(r'^(?P<kind>variable|output) "(?P<name>\w+)" \{\n(?P<body>.*?)^\}', re.MULTILINE | re.DOTALL)
_ATTRIBUTE = re.compile(r"^  (?P<name>\w+) += (?P<value>.*)$")
_RUN = re.compile(r'^(?P<comment>(?:#[^\n]*\n)*)run "(?P<name>\w+)" \{', re.MULTILINE)
_FEATURE = re.compile(r"^# (?P<feature>[^:\n]+): (?P<how>.+)$")


@dataclass(frozen=True, slots=True)
class Feature:
    """A row of a module's feature table: what it is, what it does, and the run that proves it."""

    name: str
    how: str
    run: str


@dataclass(frozen=True, slots=True)
class Block:
    """A `variable` or an `output`, with the text of its attributes."""

    kind: str
    name: str
    attributes: dict[str, str]

    @property
    def description(self) -> str:
        """What the block says of itself."""
        if "description" not in self.attributes:
            raise ValueError(f'{self.kind} "{self.name}" has no description')
        return self.attributes["description"].strip('"').replace('\\"', '"')


def blocks(text: str) -> list[Block]:
    """The variables and outputs of a file, in its order.

    >>> blocks('output "ids" {\\n  description = "Ids."\\n  value       = 1\\n}\\n')[0].description
    'Ids.'
    """
    return [Block(match["kind"], match["name"], _attributes(match["body"])) for match in _BLOCK.finditer(text)]


def _attributes(body: str) -> dict[str, str]:
    """The attributes at the first level; a value goes on over the lines indented more, and the one that closes it."""
    result: dict[str, str] = {}
    name = None
    for line in body.splitlines():
        if found := _ATTRIBUTE.match(line):
            name = found["name"]
            result[name] = found["value"]
        elif name and line.startswith(("    ", "  }", "  ]", "  )")):
            result[name] += f"\n{line}"
        else:
            name = None
    return result


def features(text: str) -> list[Feature]:
    """The features that the comments above the runs of a test file name, in its order.

    >>> features('# labels: merged\\nrun "labels_are_merged" {\\n}\\n')
    [Feature(name='labels', how='merged', run='labels_are_merged')]

    Raises:
        ValueError: a run has no such comment, or a line of it is none.
    """
    found = []
    for run in _RUN.finditer(text):
        lines = [_FEATURE.match(line) for line in run["comment"].splitlines()]
        if not lines or None in lines:
            raise ValueError(f'run "{run["name"]}" has to say above it what it proves: "# feature: what it does"')
        found += [Feature(line["feature"], line["how"], run["name"]) for line in lines if line]
    return found


def feature_table(module: Path) -> str:
    """The Markdown of a module's features."""
    rows = []
    for path in sorted((module / "tests").glob("features*.tftest.hcl")):
        try:
            rows += features(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{module.name}/tests/{path.name}: {error}") from error
    lines = ["| feature | what it does | tested by |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {_cell(row.name)} | {_cell(row.how)} | `{row.run}` |" for row in rows)])


def reference(module: Path) -> str:
    """The Markdown of a module's inputs and outputs."""
    found = [block for path in sorted(module.glob("*.tf")) for block in blocks(path.read_text(encoding="utf-8"))]
    inputs = [block for block in found if block.kind == "variable"]
    outputs = [block for block in found if block.kind == "output"]
    lines = ["## Inputs", "", "| name | type | default | what |", "|---|---|---|---|"]
    lines += [f"| `{it.name}` | {_short_type(it)} | {_default(it)} | {_cell(it.description)} |" for it in inputs]
    for block in inputs:
        if "\n" in block.attributes["type"]:
            lines += ["", f"### `{block.name}`", "", "```hcl", _dedent(block.attributes["type"]), "```"]
    lines += ["", "## Outputs", "", "| name | what |", "|---|---|"]
    lines += [f"| `{block.name}` | {_cell(block.description)} |" for block in outputs]
    return "\n".join(lines)


def updated(readme: str, module: Path) -> str:
    """A README whose parts between the markers are the module's features and reference."""
    if BEGIN_FEATURES in readme:
        readme = _between(readme, BEGIN_FEATURES, feature_table(module), module)
    return _between(readme, BEGIN, reference(module), module)


def _between(readme: str, marker: str, written: str, module: Path) -> str:
    before, begin, rest = readme.partition(marker)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{module.name}/README.md lacks the line {marker if not begin else END}")
    return f"{before}{marker}\n\n{written}\n\n{END}{after}"


def stale(modules: Path) -> dict[Path, str]:
    """The READMEs that differ from what they should say, with that."""
    result = {}
    for readme in sorted(modules.glob("*/README.md")):
        text = readme.read_text(encoding="utf-8")
        wanted = updated(text, readme.parent)
        if wanted != text:
            result[readme] = wanted
    return result


def _short_type(block: Block) -> str:
    kind = block.attributes["type"]
    return f"`{kind}`" if "\n" not in kind else f"[`{kind.partition('({')[0]}(…))`](#{block.name})"


def _default(block: Block) -> str:
    return f"`{block.attributes['default']}`" if "default" in block.attributes else "required"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _dedent(text: str) -> str:
    return "\n".join(line.removeprefix("  ") for line in text.splitlines())


def main(arguments: Sequence[str] | None = None) -> int:
    """Write, or with `--check` only compare; returns the exit code."""
    parser = argparse.ArgumentParser(description="Inputs and outputs of the modules, in their READMEs.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a README isn't up to date")
    check = parser.parse_args(arguments).check
    changed = stale(MODULES)
    for path, text in changed.items():
        if not check:
            path.write_text(text, encoding="utf-8")
        name = path.relative_to(MODULES.parent)
        sys.stdout.write(f"{name} {'is not up to date: run scripts/module_docs.py' if check else 'written'}\n")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
