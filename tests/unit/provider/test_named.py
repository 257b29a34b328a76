"""Types that are known and not served are found where a root names them."""

from __future__ import annotations

import json
from pathlib import Path

from sandbox.provider.named import FUNCTION, Tables, names_of
from sandbox.provider.settings import Caller
from sandbox.provider.table import parse

TABLE = (
    "resource google_one\n  service x\n  fields\n    a string required\nresource google_two\n  service x\n  fields\n"
)


def test_names_stand_in_the_root_and_in_its_modules(tmp_path: Path) -> None:
    root, module, elsewhere = tmp_path / "root", tmp_path / "module", tmp_path / "elsewhere"
    for folder in (root / "data/modules", root / "tests", module, elsewhere):
        folder.mkdir(parents=True)
    (root / "main.tf").write_text('resource "google_one" "x" {}\n')
    (root / "more.tf.json").write_text('{"data": {"google_two": {}}}')
    (root / "tests/a.tftest.hcl").write_text('mock_resource "google_three" {}')
    (module / "main.tf").write_text('resource "google_four" "x" {}\nresource "random_id" "x" {}\n')
    (elsewhere / "main.tf").write_text('resource "google_five" "x" {}')
    listed = {"Modules": [{"Key": "", "Dir": "."}, {"Key": "m", "Dir": "../module"}]}
    (root / "data/modules/modules.json").write_text(json.dumps(listed))

    found = names_of(Caller({"TF_DATA_DIR": "data"}, str(root)))
    assert found == {"google_one", "google_two", "google_three", "google_four"}


def test_a_call_of_a_function_is_seen(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('locals {\n  p = provider::g::project_from_id("projects/p/x")\n}\n')
    assert names_of(Caller({}, str(tmp_path))) == {FUNCTION}


def test_a_folder_without_modules_has_none(tmp_path: Path) -> None:
    assert names_of(Caller({}, str(tmp_path))) == set()


def test_tables_are_parsed_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "x.table").write_text(TABLE)
    tables = Tables(tmp_path)
    assert list(tables) == ["google_one", "google_two"]
    assert tables["google_one"].fields["a"].required
    assert "google_three" not in tables


def test_a_type_may_have_more_fields_and_a_second_folder_more_types(tmp_path: Path) -> None:
    beta = tmp_path / "beta"
    beta.mkdir()
    (tmp_path / "x.table").write_text(TABLE)
    (beta / "y.table").write_text(TABLE.replace("google_one", "google_three").replace("google_two", "google_four"))
    [added] = parse("resource google_one\n  service x\n  fields\n    b string\n")

    tables = Tables(tmp_path, beta, more={"google_one": added})

    assert list(tables) == ["google_one", "google_two", "google_three", "google_four"]
    assert [
        set(tables[name].fields) - set(tables["google_three"].fields) for name in ("google_one", "google_three")
    ] == [{"b"}, set()]
