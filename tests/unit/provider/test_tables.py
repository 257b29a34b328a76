"""The grammar of the tables, and what holds for every table there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.provider import checks
from sandbox.provider.catalogue import load
from sandbox.provider.fields import SIBLINGS, Field, TableError
from sandbox.provider.hooks import registry
from sandbox.provider.suppress import names
from sandbox.provider.table import Call, ResourceType, parse

TABLE = """
# A comment, and an empty line above.
resource google_thing
  service thing/v1
  noun Thing
  id projects/{project}/things/{name}
  create POST projects/{project}/things?id={name} wait
  update PATCH projects/{project}/things/{name} mask wrap=thing
  timeouts create delete
  fields
    name string required forces_new
    project string optional computed from_provider
    greeting string default="good day" values=good|bad
    size number api=spec.sizeBytes
    secret string sensitive write_only local
    ports list[1..3] keep_empty
      number number required
    tags set(string)
"""


def test_header_and_fields_are_read() -> None:
    (kind,) = parse(TABLE)

    assert (kind.name, kind.service, kind.noun, kind.base) == ("google_thing", "thing/v1", "Thing", "/thing/v1/")
    assert kind.calls["create"] == Call("POST", "projects/{project}/things?id={name}", wait=True)
    assert kind.calls["update"].mask and kind.calls["update"].wrap == "thing"
    assert kind.timeouts == ("create", "delete")
    assert list(kind.fields) == ["name", "project", "greeting", "size", "secret", "ports", "tags"]


def test_words_of_a_field_are_understood() -> None:
    fields = parse(TABLE)[0].fields

    assert fields["name"].required and fields["name"].forces_new and not fields["name"].optional
    assert fields["project"].optional and fields["project"].computed and fields["project"].api is None
    assert fields["greeting"].default == "good day" and fields["greeting"].values == ("good", "bad")
    assert fields["size"].api == ("spec", "sizeBytes")
    assert fields["secret"].write_only and fields["secret"].api is None
    assert (fields["ports"].min_items, fields["ports"].max_items, fields["ports"].block) == (1, 3, True)
    assert (fields["tags"].kind, fields["tags"].element, fields["tags"].nested) == ("set", "string", False)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("    name text", "expected 'NAME TYPE …'"),
        ("    name string requird", "unknown word 'requird'"),
        ("      name string", "indented too far"),
        ("  colour blue", "fields come last"),
    ],
)
def test_a_mistake_names_file_and_line(line: str, message: str) -> None:
    with pytest.raises(TableError, match=message) as error:
        parse(f"resource google_thing\n  service thing/v1\n  fields\n{line}\n", "thing/google_thing.table")
    assert "thing/google_thing.table:4" in str(error.value)


def test_a_grant_has_role_member_and_condition() -> None:
    (kind,) = parse(
        "resource google_thing_iam_member\n  service thing/v1\n  iam GET things/{thing}\n  fields\n"
        "    thing string required forces_new\n"
    )

    assert list(kind.fields) == ["thing", "role", "member", "condition", "etag"]
    assert kind.grant and kind.grant.resource == "things/{thing}"


def _all_fields(fields: dict[str, Field], path: str = "") -> Iterator[tuple[str, Field]]:
    for name, field in fields.items():
        yield f"{path}{name}", field
        yield from _all_fields(field.fields, f"{path}{name}.")


@pytest.mark.parametrize("kind", load().resources.values(), ids=lambda kind: kind.name)
def test_every_table_is_complete(kind: ResourceType) -> None:
    registry.load()  # hooks bring rules of their own
    known = dict(_all_fields(kind.fields))
    for path, field in known.items():
        if field.suppress:
            assert field.suppress.partition(":")[0] in names(), path
        assert {check.partition(":")[0] for check in field.checks} <= checks.names(), path
        for rule in (field.conflicts, field.exactly_one, field.at_least_one, field.required_with):
            assert all(other == SIBLINGS or other in known for other in rule), path
    if kind.grant is None:
        for operation in ("create", "read", "delete"):
            assert operation in kind.calls or registry.find(operation, kind.name), operation
        assert kind.id or registry.find("create", kind.name), "an id, or a hook that makes one"
