"""Every module: formatted, valid, tested, its example plans, and each of its rules refuses something."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.modules.refusals import Rule, name_runs_in_messages, rules, runs, write_one_call
from tests.integration.modules.terraform import MODULES, ROOT, Terraform, copy_modules, example

pytestmark = pytest.mark.terraform
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
    plan = terraform(tmp_path / "example").init()("plan", "-refresh=false", "-no-color").must_pass()  # validates, too
    assert f"module.{module}." in plan.out


@pytest.mark.parametrize("module", MODULES)
def test_each_rule_refuses_and_each_refusal_is_for_one_reason(terraform: In, module: str, tmp_path: Path) -> None:
    copy_modules(tmp_path, module)
    copy = tmp_path / "modules" / module
    known, left = rules(copy), {run.name: run for run in runs(copy)}
    expected = {name: run.fails for name, run in left.items()}
    name_runs_in_messages(copy)
    write_one_call(tmp_path, module, list(left.values()))
    inside, broken = terraform(tmp_path).init(), dict[str, set[Rule]]()
    while left:
        # All refusals in one plan. What a variable refuses ends it before what depends on that, which comes next.
        found: dict[str, set[Rule]] = {}
        for diagnostic in _errors(inside("plan", "-refresh=false", "-json").out):
            run, _, message = diagnostic["detail"].partition(": ")
            said = [rule for rule in known if rule.broken_by(message)]
            assert len(said) == 1, f"{len(said)} rules say: {diagnostic['detail']}"
            found.setdefault(run, set()).update(said)
        assert found, f"nothing refuses one of {', '.join(left)}"
        broken |= found
        left = {name: run for name, run in left.items() if name not in found}
        write_one_call(tmp_path, module, list(left.values()))
    assert {name: said for name, said in broken.items() if len(said) != 1} == {}
    assert {name: rule.owner for name, said in broken.items() for rule in said} == expected
    assert set(known) - set().union(*broken.values()) == set()


def _errors(output: str) -> list[dict[str, Any]]:
    events = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [event["diagnostic"] for event in events if event["@level"] == "error" and "diagnostic" in event]
