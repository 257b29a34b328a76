"""What each served type goes through: a configuration, a change in place, replacements, ids to import it by."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Case:
    """`second` updates in place; each of `replaced` (old text, new text, address) replaces; `imports` by address."""

    name: str
    first: str
    second: str = ""
    updated: frozenset[str] = frozenset()
    replaced: tuple[tuple[str, str, str], ...] = ()
    imports: dict[str, str] = field(default_factory=dict)
    after_import: frozenset[str] = frozenset()
    """Attributes that the API does not tell, or that only say who set them: they may change after an import."""
    stays: str = ""
    """Where Google keeps the name of what is destroyed: what it says to whoever wants it again."""
    whole: bool = False
    """Too much for every run of the tests."""


LABELS = frozenset(("labels", "terraform_labels", "annotations"))


def edited(case: Case, *edits: tuple[str, str], updated: set[str]) -> Case:
    """The case with its second configuration made from the first by edits."""
    second = case.first
    for old, new in edits:
        assert old in second, f"{case.name}: {old!r} is not in the configuration"
        second = second.replace(old, new)
    return replace(case, second=second, updated=frozenset(updated))
