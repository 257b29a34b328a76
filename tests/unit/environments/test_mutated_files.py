"""YAML as it looks after a slip of the hand: each gives a located message, or is valid; none a traceback.

A few hundred mutations in every run; `make fuzz` does 10,000.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from envctl.environments import InvalidEnvironment, load
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SOURCE = Path(__file__).resolve().parents[1] / "validation/envs"
FILES = {name: (SOURCE / name).read_text().splitlines() for name in ("base.yaml", "full.yaml")}
EXAMPLES = int(os.environ.get("ENVCTL_MUTATIONS", "300"))

WORDS = """
null true no ~ 0 -1 010 22:22 1e9 .nan .inf 9999999999999999999999 '' [] {} [[]] {a:b} *a &a !!python/object:os
'unclosed "unclosed [unclosed {unclosed engine engine/engine shared/nobody ${project_id} ${nobody} $${x} <<:
../../etc/passwd schemas/bars.json 600s allUsers user:eve roles/owner - --- ... | > @x `x %x
"""
VALUES = st.sampled_from(WORDS.split())
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)


@st.composite
def mutation(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A file and its lines after one to three slips."""
    name = draw(st.sampled_from(sorted(FILES)))
    lines = list(FILES[name])
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        indent = line[: len(line) - len(line.lstrip())]
        key, colon, value = line.partition(":")
        match draw(st.sampled_from(["drop", "double", "swap", "in", "out", "value", "text", "key", "cut", "char"])):
            case "drop":
                del lines[at : at + draw(st.integers(1, 4))]
            case "double":
                lines.insert(at, line)
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], line
            case "in":
                lines[at] = draw(st.sampled_from([" ", "  ", "\t"])) + line
            case "out":
                lines[at] = line[draw(st.integers(1, 3)) :]
            case "value":
                lines[at] = f"{key}{colon} {draw(VALUES)}"
            case "text":
                lines[at] = f"{key}{colon} {draw(TEXTS)}"
            case "key":
                lines[at] = f"{indent}{draw(TEXTS)}{colon}{value}"
            case "cut":
                lines[at] = line[: draw(st.integers(0, len(line)))]
            case "char":
                place = draw(st.integers(0, len(line)))
                lines[at] = line[:place] + draw(st.characters(codec="utf-8")) + line[place:]
        if not lines:
            break
    return name, lines


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mutated")
    shutil.copytree(SOURCE, root / "envs")
    return root


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated=mutation())
def test_each_mutation_is_valid_or_located(project: Path, mutated: tuple[str, list[str]]) -> None:
    name, lines = mutated
    for file, whole in FILES.items():
        text = "\n".join(lines if file == name else whole) + "\n"
        (project / "envs" / file).write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load("full", project).tfvars  # noqa: B018 - resolving is part of it
    except InvalidEnvironment as refused:
        assert refused.problems
        for problem in refused.problems:
            assert problem.file.startswith("envs/"), problem
            assert problem.line >= 1, problem
            assert problem.column >= 1, problem
            assert problem.message, problem
            assert "\n" not in str(problem), problem
            file = project / problem.file
            if file.is_file():
                assert problem.line <= len(file.read_text(errors="replace").splitlines()) + 1, problem


def test_a_subproject_that_is_gone_is_named_where_others_refer_to_it(project: Path) -> None:
    base = list(FILES["base.yaml"])
    full = "\n".join(FILES["full.yaml"]).replace("  shared:\n", "  other:\n", 1)
    (project / "envs/base.yaml").write_text("\n".join(base) + "\n")
    (project / "envs/full.yaml").write_text(full + "\n")
    with pytest.raises(InvalidEnvironment) as refused:
        load("full", project)
    said = [str(problem) for problem in refused.value.problems]
    assert said
    assert all('"shared/' in problem and "names no service account" in problem for problem in said), said
    assert all(problem.startswith("envs/full.yaml:") for problem in said)


def test_an_overlay_of_what_the_base_lacks_names_its_line(project: Path) -> None:
    (project / "envs/base.yaml").write_text("\n".join(FILES["base.yaml"]) + "\n")
    lines = "project_id: full-project\nsubprojects:\n  engin:\n    services:\n      strategy: {max_instances: 2}\n"
    (project / "envs/full.yaml").write_text(lines)
    with pytest.raises(InvalidEnvironment) as refused:
        load("full", project)
    assert all(str(problem).startswith("envs/full.yaml:") for problem in refused.value.problems)
