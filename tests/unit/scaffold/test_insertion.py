"""Text is put into YAML as a person would, or not at all."""

from __future__ import annotations

import pytest
from envctl.errors import UserError
from envctl.scaffold.insertion import add_entry, add_item

ORDER = ("description", "service_accounts", "services", "jobs")


def entry(text: str, section: str = "services", block: str = "cpu: 1\n") -> str:
    return add_entry(text, "one.yaml", section, "new", block, ORDER)


def test_an_entry_goes_behind_the_last_one_and_comments_stay_where_they_are() -> None:
    text = "services:\n  # of the first\n  a:\n    cpu: 2 # two\n\n# of the jobs\njobs:\n  b: {}\n"
    assert entry(text) == text.replace("# two\n", "# two\n  new:\n    cpu: 1\n")


def test_entries_that_stand_apart_get_one_that_stands_apart() -> None:
    text = "services:\n  a:\n    cpu: 2\n\n  b:\n    cpu: 2\n"
    assert entry(text) == f"{text}\n  new:\n    cpu: 1\n"


def test_an_indentation_of_four_is_kept() -> None:
    assert entry("services:\n    a: {}\n") == "services:\n    a: {}\n    new:\n      cpu: 1\n"


def test_a_file_without_an_end_of_line_gets_one() -> None:
    assert entry("services:\n  a: {}") == "services:\n  a: {}\n  new:\n    cpu: 1\n"


def test_a_section_is_made_in_its_place() -> None:
    text = "description: x\nservice_accounts:\n  a: {}\n\n# of the jobs\njobs:\n  b: {}\n"
    made = "service_accounts:\n  a: {}\n\nservices:\n  new:\n    cpu: 1\n\n# of the jobs\n"
    assert made in entry(text)


def test_a_text_of_several_lines_stays_one() -> None:
    text = "services:\n  a:\n    query: |\n      SELECT 1\n\n      FROM x\njobs: {}\n"
    assert "FROM x\n  new:\n" in entry(text)


def test_an_empty_value_is_an_empty_mapping() -> None:
    assert entry("services:\n  a: {}\n", block="") == "services:\n  a: {}\n  new: {}\n"


@pytest.mark.parametrize("text", ["services: {a: {}}\n", "services: {}\n", "services: []\n"])
def test_what_is_in_one_line_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="nothing can be put into services"):
        entry(text)


def test_a_file_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(UserError, match=r"one\.yaml:2"):
        entry("services:\n\ta: 1\n")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a:\n  b:\n    - x # ex\n    - y\n  c: 1\n", "a:\n  b:\n    - x # ex\n    - y\n    - new\n  c: 1\n"),
        ("a:\n  b: [x, y] # both\n", "a:\n  b: [x, y, new] # both\n"),
        ("a: {b: [x]}\n", "a: {b: [x, new]}\n"),
        ("a:\n  b:\n  - x\n", "a:\n  b:\n  - x\n  - new\n"),
    ],
)
def test_an_item_goes_to_the_end_of_its_list(text: str, made: str) -> None:
    assert add_item(text, "one.yaml", ("a", "b"), "new") == made


@pytest.mark.parametrize("text", ["a:\n  b: []\n", "a:\n  b: 1\n", "a: {}\n", "a:\n  b: [\n    x\n  ]\n"])
def test_a_list_in_no_known_form_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"nothing can be put into a\.b"):
        add_item(text, "one.yaml", ("a", "b"), "new")
