"""What every module has in common, and what is generated, stays so."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
MODULES = sorted(path for path in (ROOT / "modules").iterdir() if path.is_dir())
FILES = ("main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md", "tests/features.tftest.hcl")


def _id(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("module", MODULES, ids=_id)
def test_module_has_every_file(module: Path) -> None:
    assert [name for name in (*FILES, "tests/refusals.tftest.hcl") if not (module / name).is_file()] == []


@pytest.fixture
def module_docs() -> Iterator[ModuleType]:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        yield importlib.import_module("module_docs")
    finally:
        sys.path.pop(0)


def test_readmes_are_up_to_date(module_docs: ModuleType) -> None:
    assert [str(path) for path in module_docs.stale(ROOT / "modules")] == [], "run scripts/module_docs.py"


@pytest.mark.parametrize("module", MODULES, ids=_id)
def test_each_row_of_the_feature_table_has_its_run(module: Path) -> None:
    readme = (module / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \|.* \| `(\w+)` \|$", readme.partition("<!-- end -->")[0], re.MULTILINE)
    tested = [path.read_text(encoding="utf-8") for path in (module / "tests").glob("features*.tftest.hcl")]
    assert rows, "its feature table is written by hand: put the markers of scripts/module_docs.py around it"
    assert set(rows) == {run for text in tested for run in re.findall(r'^run "(\w+)"', text, re.MULTILINE)}


def test_a_run_without_a_feature_is_refused(module_docs: ModuleType) -> None:
    with pytest.raises(ValueError, match='run "b" has to say above it what it proves'):
        module_docs.features('# one: this\nrun "a" {\n}\n\nrun "b" {\n}\n')


def test_versions_are_the_same_everywhere() -> None:
    texts = {
        path.read_text(encoding="utf-8") for path in [*ROOT.glob("modules/*/versions.tf"), ROOT / "infra/versions.tf"]
    }
    assert len(texts) == 1


def test_grants_are_flattened_in_the_same_words() -> None:
    """Modules can't share code; what is copied must not drift apart."""
    flattening = set()
    for path in ROOT.glob("modules/*/grants.tf"):
        found = re.search(r"  # One entry a member, .*?^\}", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        assert found, f"{path} doesn't flatten grants"
        flattening.add(found[0])
    assert len(flattening) == 1


def test_grants_are_refused_in_the_same_words() -> None:
    rules = set()
    for path in ROOT.glob("modules/*/grants.tf"):
        for resource in re.split(r"^resource ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            kind = re.search(r"for_each = local\.grants\.(\w+)", resource)
            assert kind, f"{path}: a member that is not one of the grants"
            at = resource.index('    precondition {\n      condition     = can(regex("^(roles')
            rules.add(
                resource[at:].replace(f"gives.{kind[1]}[", "gives.KIND[").replace(f'"{kind[1]}: ', '"KIND: ').strip()
            )
    assert len(rules) == 1


@pytest.mark.parametrize(
    "path", [*ROOT.glob("modules/*/*.tf"), *ROOT.glob("infra/*.tf")], ids=lambda p: f"{p.parent.name}/{p.name}"
)
def test_nothing_is_read_at_plan_and_no_type_is_open(path: Path) -> None:
    text = re.sub(r'#[^\n]*|"(?:[^"\\]|\\.)*"', "", path.read_text(encoding="utf-8"))
    assert re.findall(r"^data\b|\btry\(|\bany\b|^  count +=", text, re.MULTILINE) == []
