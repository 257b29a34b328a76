"""What is validated, for the documentation: made from the same tables that validate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .grants import EXEMPT
from .kinds import KINDS
from .model import Comparer, Setting


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the documentation.

    Attributes:
        kind: such as "topics".
        field: of the YAML, or what Google calls it.
        api: the API's field; empty where none is compared.
        says: what is expected, or why it isn't compared.
    """

    kind: str
    field: str
    api: str
    says: str


def documented() -> list[Row]:
    """Every setting that is compared, and every field that isn't, with the reason."""
    return list(_rows())


def documented_exemptions() -> list[Row]:
    """Grants that Google itself makes, which are no findings."""
    return [Row(kind, rule.role, rule.member, rule.reason) for rule in EXEMPT for kind in sorted(rule.kinds)]


def _rows() -> Iterator[Row]:
    for kind in KINDS:
        yield Row(kind.name, "exists", kind.document.path, f"needs {kind.document.permission}")
        compared: list[Setting | Comparer] = [*kind.settings, *kind.comparers]
        for each in compared:
            yield Row(kind.name, each.field, each.api, each.says)
        if kind.policy:
            yield Row(
                kind.name,
                "grants",
                "IAM policy",
                f"each declared is there, none broader; needs {kind.policy.permission}",
            )
        if kind.name == "services":
            yield Row(kind.name, "health", "GET /health", "answers 200 and names the service")
        for field, reason in kind.unchecked.items():
            yield Row(kind.name, field, "", reason)
