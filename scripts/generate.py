"""Writes everything that is generated from the code, or checks that it is current.

    python scripts/generate.py           # writes what is not
    python scripts/generate.py --check   # exit 1 and the names of the files, where something is not

The JSON Schemas of the environments come from the models, the reference pages from the tables that the program itself
runs on: so a page can't say what the code doesn't.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import library_docs
import module_docs
import parity_docs
import support_docs

ROOT = Path(__file__).resolve().parent.parent
NOTICE = "<!-- written by scripts/generate.py: `make generate` -->\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Write what is generated from the code.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 where a file is not current")
    check = parser.parse_args().check
    stale = {path: text for path, text in texts().items() if not path.is_file() or path.read_text() != text}
    for path, text in stale.items():
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if check and stale:
        sys.stderr.write("not current: run `make generate`\n")
    return 1 if check and stale else 0


def texts() -> dict[Path, str]:
    """Every generated file with the text it should have."""
    from envctl.environments import schema

    from shared_services.config import schema as configuration
    from shared_services.models import schema_files

    return {
        **{ROOT / "envs" / name: text for name, text in schema.texts().items()},
        **{ROOT / "envs/schemas" / name: text for name, text in schema_files().items()},
        **{ROOT / "config" / name: text for name, text in configuration.texts().items()},
        **module_docs.stale(ROOT / "modules"),
        **pictures(),
        ROOT / "docs/reference/envctl.md": envctl_page(),
        ROOT / "docs/reference/validation.md": validation_page(),
        ROOT / "docs/reference/policy.md": policy_page(),
        ROOT / "docs/reference/sandbox.md": sandbox_page(),
        ROOT / "docs/reference/parity.md": parity_docs.page(NOTICE),
        ROOT / "docs/reference/support.md": support_docs.page(NOTICE),
        ROOT / "docs/reference/shared_services.md": library_docs.page(NOTICE),
    }


def pictures() -> dict[Path, str]:
    """Production as a picture, and each of its subprojects."""
    from envctl.drawing import draw
    from envctl.environments import load

    loaded = load("prod", ROOT)
    folder, infra = ROOT / "docs/images", ROOT / "infra"
    details = {
        folder / f"{name}.svg": draw(loaded, infra, "svg", subproject=name) for name in loaded.declared.subprojects
    }
    return {folder / "prod.svg": draw(loaded, infra, "svg"), **details}


def envctl_page() -> str:
    """What `--help` says, for every command."""
    from envctl.cli import application
    from typer.main import get_command
    from typer.testing import CliRunner

    os.environ["COLUMNS"] = "100"
    os.environ["NO_COLOR"] = "1"
    calls = [[], *_calls(get_command(application))]
    parts = [NOTICE, "# envctl\n"]
    for call in calls:
        answer = CliRunner().invoke(application, [*call, "--help"], prog_name="envctl")
        title = " ".join(["envctl", *call])
        parts.append(f"## {title}\n\n```text\n{answer.output.strip()}\n```\n")
    return "\n".join(parts)


def _calls(group: Any) -> list[list[str]]:
    """The commands of a group, then those of the groups in it."""
    alone = [[name] for name, command in group.commands.items() if not hasattr(command, "commands")]
    inner = {name: command for name, command in group.commands.items() if hasattr(command, "commands")}
    return [*alone, *([name, *call] for name, command in inner.items() for call in _calls(command))]


def validation_page() -> str:
    """What `validate-env` checks of each kind of thing."""
    from envctl.validation.documented import documented, documented_exemptions

    lines = [
        NOTICE,
        "# What validate-env checks",
        "",
        "Every declared thing is looked up, each setting below is compared, and so are its grants: each declared one",
        "is there, and none is broader. `field` is the YAML's, `API` the field it is compared with.",
        "",
        "| kind | field | API | notes |",
        "|---|---|---|---|",
        *(
            _row(row.kind, f"`{row.field}`", f"`{row.api}`" if row.api else "not compared", row.says)
            for row in documented()
        ),
        "",
        "## Grants that are no findings",
        "",
        "Google makes these by itself.",
        "",
        "| kind | role | member | why |",
        "|---|---|---|---|",
        *(_row(row.kind, f"`{row.field}`", f"`{row.api}`", row.says) for row in documented_exemptions()),
        "",
    ]
    return "\n".join(lines)


def policy_page() -> str:
    """Every rule of the policy."""
    from envctl.policy.rules import RULES

    lines = [
        NOTICE,
        "# The policy",
        "",
        "`envctl policy ENV` holds these rules against a plan, with `--live` against what is in the cloud. What the",
        "cloud doesn't tell (`deletion_protection` of most things) is judged in the plan alone. Exceptions stand in",
        "the YAML; after `expires` they except nothing, and are findings themselves:",
        "",
        "```yaml",
        "policy:",
        "  exceptions:",
        "    github-apply-admin:",
        "      rule: ATM-IAM-003",
        "      resource: project#roles/compute.networkAdmin:serviceAccount:github-apply@*",
        "      owner: platform",
        "      reason: Terraform makes the network, which has no narrower role.",
        '      expires: "2027-03-31"',
        "```",
        "",
        "| rule | severity | what holds | where | looks at |",
        "|---|---|---|---|---|",
    ]
    for rule in RULES:
        where = "production" if rule.production else "everywhere"
        link = f"[{rule.id}](#{rule.id.lower()})"
        lines.append(_row(link, rule.severity, rule.title, where, ", ".join(rule.kinds) or "exceptions"))
    for rule in RULES:
        lines += ["", f"## {rule.id}", "", f"{rule.title}. {rule.why}", "", f"What to do: {rule.remediation}."]
    return "\n".join([*lines, ""])


def sandbox_page() -> str:
    """What the sandbox serves: its APIs' collections, and the provider's resource types."""
    from sandbox import apis
    from sandbox.provider import catalogue

    lines = [
        NOTICE,
        "# What the sandbox serves",
        "",
        "What is not listed answers 501 and names the path. All serve long-running operations, at `…/operations`.",
        "",
        "| API | path | methods |",
        "|---|---|---|",
    ]
    for api in apis.load():
        methods: dict[str, set[str]] = {}
        for route in api.all_routes():
            if "operations" in route.template:
                continue  # every API serves them alike
            path = route.template + (f":{route.verb}" if route.verb else "")
            methods.setdefault(path, set()).add(route.method)
        lines += [_row(f"`{api.service}`", f"`{path}`", " ".join(sorted(methods[path]))) for path in sorted(methods)]
    lines += ["", "## Resource types of the embedded provider", "", "| type | API |", "|---|---|"]
    kinds = sorted(catalogue.load().resources.items())
    lines += [_row(f"`{name}`", f"`{kind.base.strip('/')}`") for name, kind in kinds]
    return "\n".join([*lines, ""])


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
