"""What was rendered stands until something that it comes from changes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from envctl import known
from envctl.environments import InvalidEnvironment
from envctl.errors import UserError
from envctl.known import STAMP, Known, know
from envctl.project import Project

ROOT = Path(__file__).resolve().parents[2]
TFVARS = "terraform.tfvars.json"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copytree(ROOT / "envs", tmp_path / "envs")
    return Project(tmp_path)


def rendered(project: Project, name: str = "prod", folder: str = "prod") -> Known:
    made = know(name, project, (folder,))
    made.render(project.build(folder))
    return made


def is_read(found: Known) -> bool:
    """Whether the YAML was read for it."""
    return "loaded" in vars(found)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_what_was_rendered_is_known_without_reading_it(project: Project) -> None:
    first = rendered(project)
    before = (project.build("prod") / TFVARS).stat()
    again = rendered(project)
    assert is_read(first) and not is_read(again)
    assert again.facts == first.facts
    after = (project.build("prod") / TFVARS).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert again.loaded.tfvars == json.loads((project.build("prod") / TFVARS).read_text())


def _yaml(project: Project) -> None:
    with (project.root / "envs/prod.yaml").open("a") as file:
        file.write("deletion_protection: false\n")


def _image(project: Project) -> None:
    folder = project.root / "envs/images"
    folder.mkdir(exist_ok=True)
    (folder / "prod.yaml").write_text("{}\n")


def _schema(project: Project) -> None:
    file = next((project.root / "envs").rglob("*.json"))
    file.write_text(file.read_text() + "\n")


def _tfvars(project: Project) -> None:
    edit(project.build("prod") / TFVARS, '"project_id": "', '"project_id": "not-')


def _backend(project: Project) -> None:
    (project.build("prod") / "backend.tfbackend").unlink()


def _stamp(project: Project) -> None:
    (project.build("prod") / STAMP).write_text('{"inputs": 1}')


@pytest.mark.parametrize("change", [_yaml, _image, _schema, _tfvars, _backend, _stamp])
def test_what_changes_renders_anew(project: Project, change: Callable[[Project], None]) -> None:
    rendered(project)
    change(project)
    again = rendered(project)
    assert is_read(again)
    assert json.loads((project.build("prod") / TFVARS).read_text()) == again.loaded.tfvars
    assert (project.build("prod") / "backend.tfbackend").is_file()
    assert not is_read(rendered(project))


def test_new_code_renders_anew(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "render.py").write_text("")
    monkeypatch.setattr(known, "_CODE", (code,))
    rendered(project)
    os.utime(code / "render.py", (1, 1))
    assert is_read(rendered(project))


def test_a_library_of_another_version_renders_anew(project: Project) -> None:
    rendered(project)
    (project.root / "uv.lock").write_text("version = 2\n")
    assert is_read(rendered(project))


def test_what_is_wrong_by_now_is_told_all_the_same(project: Project) -> None:
    rendered(project)
    with (project.root / "envs/prod.yaml").open("a") as file:
        file.write("deletion_protection: maybe\n")
    with pytest.raises(InvalidEnvironment):
        know("prod", project, ("prod",))


def test_one_that_is_gone_is_not_known(project: Project) -> None:
    rendered(project)
    (project.root / "envs/prod.yaml").unlink()
    with pytest.raises(UserError, match="no environment 'prod'"):
        know("prod", project, ("prod",))


def test_the_folder_of_another_environment_tells_nothing(project: Project) -> None:
    rendered(project, "dev", "shared")
    found = know("prod", project, ("shared",))
    assert is_read(found) and found.facts.name == "prod"


def test_yaml_that_changes_while_it_is_read_leaves_no_stamp(project: Project) -> None:
    made = know("prod", project, ("prod",))
    _yaml(project)
    made.render(project.build("prod"))
    assert not (project.build("prod") / STAMP).exists()


def test_a_permission_to_lose_data_is_known(project: Project) -> None:
    assert not rendered(project).facts.allows_data_loss
    file = project.root / "envs/subprojects/strategy-engine.yaml"
    edit(file, "  strategy_data:\n", "  strategy_data:\n    allow_data_loss: [signals]\n")
    assert rendered(project).facts.allows_data_loss
    assert rendered(project).facts.allows_data_loss


@pytest.mark.parametrize("odd", ["pipe", "link", "folder"])
def test_what_is_no_file_is_no_trouble(project: Project, odd: str) -> None:
    place = project.root / "envs" / "odd"
    {"pipe": os.mkfifo, "link": lambda at: at.symlink_to("nowhere"), "folder": lambda at: at.mkdir(mode=0)}[odd](place)
    rendered(project)
    assert not is_read(rendered(project))
