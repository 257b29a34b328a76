"""Every module: formatted, valid, tested, its example plans, and each of its rules refuses something."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.modules.refusals import Rule, rules, runs
from tests.integration.modules.terraform import MODULES, ROOT, Terraform, copy_modules, example

pytestmark = pytest.mark.terraform
OF_RESOURCES = ""
In = Callable[[Path], Terraform]


@pytest.mark.parametrize("folder", ["modules", "infra"])
def test_files_are_formatted(terraform: In, folder: str) -> None:
    terraform(ROOT)("fmt", "-check", "-recursive", "-diff", "-no-color", folder).must_pass()


@pytest.mark.parametrize("module", MODULES)
def test_module_is_valid_and_passes_the_tests_of_its_features(terraform: In, module: str, tmp_path: Path) -> None:
    copy_modules(tmp_path, module)
    inside = terraform(tmp_path / "modules" / module).init()
    inside("validate", "-no-color").must_pass()
    files = sorted((tmp_path / "modules" / module / "tests").glob("*.tftest.hcl"))
    features = [f"-filter=tests/{file.name}" for file in files if not file.name.startswith("refusals")]
    assert features
    inside("test", "-no-color", *features).must_pass()


@pytest.mark.whole
@pytest.mark.parametrize("module", MODULES)
def test_module_passes_all_its_tests(terraform: In, module: str, tmp_path: Path) -> None:
    """`terraform test` as people run it: its refusals one by one, which the next test makes in a plan or two."""
    copy_modules(tmp_path, module)
    terraform(tmp_path / "modules" / module).init()("test", "-no-color").must_pass()


@pytest.mark.parametrize("module", MODULES)
def test_example_of_the_readme_plans(terraform: In, module: str, tmp_path: Path) -> None:
    copy_modules(tmp_path, module)
    (tmp_path / "example").mkdir()
    (tmp_path / "example" / "main.tf").write_text(example(module), encoding="utf-8")
    inside = terraform(tmp_path / "example").init()
    inside("validate", "-no-color").must_pass()
    plan = inside("plan", "-refresh=false", "-no-color").must_pass()
    assert f"module.{module}." in plan.out


@pytest.mark.parametrize("module", MODULES)
def test_each_rule_refuses_and_each_refusal_is_for_one_reason(terraform: In, module: str, tmp_path: Path) -> None:
    copy_modules(tmp_path, module)
    known = rules(tmp_path / "modules" / module)
    left = {run.name: run for run in runs(tmp_path / "modules" / module)}
    expected = {name: run.fails for name, run in left.items()}
    broken: dict[str, list[Rule]] = {}
    inside = terraform(tmp_path)
    while left:
        # The refusals as calls of one root: a plan shows the messages of many, first those that need no plan.
        calls = [
            f'module "{run.name}" {{\n  source = "./modules/{module}"\n{run.arguments}\n}}' for run in left.values()
        ]
        root = "\n".join(calls)
        (tmp_path / "main.tf").write_text(root, encoding="utf-8")
        found = {name: list[Rule]() for name in [*left, OF_RESOURCES]}
        for diagnostic in _errors(inside.init()("plan", "-refresh=false", "-json").out):
            said = [rule for rule in known if rule.broken_by(diagnostic["detail"])]
            assert len(said) == 1, f"{len(said)} rules say: {diagnostic['detail']}"
            found[_call(diagnostic["range"], root)] += said
        broken |= {name: said for name, said in found.items() if said}
        if not any(found[name] for name in left):
            break
        left = {name: run for name, run in left.items() if not found[name]}
    # Terraform doesn't show which call a precondition fails in: there is one, at least, for each run that is left.
    of_resources = broken.pop(OF_RESOURCES, [])
    assert {name: said for name, said in broken.items() if len(said) != 1} == {}
    assert {name: said[0].owner for name, said in broken.items()} == {name: expected[name] for name in broken}
    missing = Counter(run.fails for run in left.values()) - Counter(rule.owner for rule in of_resources)
    assert not missing, f"nothing refuses one of {', '.join(left)}: {missing}"
    assert set(known) - {*of_resources, *(rule for said in broken.values() for rule in said)} == set()


def _errors(output: str) -> list[dict[str, Any]]:
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [event["diagnostic"] for event in events if event["@level"] == "error" and "diagnostic" in event]


def _call(where: dict[str, Any], root: str) -> str:
    """The module call that an error is about, where that is in the root: the last one begun above it."""
    if where["filename"] != "main.tf":
        return OF_RESOURCES
    begun = [text for text in root.splitlines()[: where["start"]["line"]] if text.startswith("module ")]
    return begun[-1].split('"')[1]
