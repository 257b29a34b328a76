"""A plan, and one change of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Action = Literal["no-op", "read", "create", "update", "replace", "delete", "forget"]
_ACTIONS: dict[tuple[str, ...], Action] = {
    ("no-op",): "no-op",
    ("read",): "read",
    ("create",): "create",
    ("update",): "update",
    ("delete",): "delete",
    ("forget",): "forget",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("create", "forget"): "replace",
}
# From the most dangerous to the least.
DANGER: tuple[Action, ...] = ("delete", "replace", "forget", "update", "create", "read", "no-op")


@dataclass(slots=True)  # frozen ones are made three times as slowly, and a plan has thousands
class Change:
    """What a plan does with one resource, never altered. Values may be secret: see `redact`.

    Attributes:
        address: in Terraform.
        type: such as "google_storage_bucket".
        action: what is done.
        before, after: its values; None where it isn't there.
        unknown: which values are known after apply only.
        before_sensitive, after_sensitive: which values must not be shown.
        replace_paths: the attributes by which it is replaced.
        previous_address: where it was, when it moves.
        imported: whether it is adopted into the state.
    """

    address: str
    type: str
    action: Action
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    unknown: Any = None
    before_sensitive: Any = None
    after_sensitive: Any = None
    replace_paths: tuple[tuple[str | int, ...], ...] = ()
    previous_address: str = ""
    imported: bool = False
    _owner: str = field(default="", init=False, repr=False, compare=False)  # once it was asked for

    @property
    def is_change(self) -> bool:
        """Whether apply does anything about it, be it in the state alone."""
        return self.action not in ("no-op", "read") or bool(self.previous_address) or self.imported

    @property
    def remains(self) -> bool:
        """Whether it is there after apply, and Terraform's own: not what a data source reads."""
        return self.after is not None and self.action not in ("delete", "forget", "read")

    @property
    def subproject(self) -> str:
        """The subproject whose module makes it; empty for what belongs to the environment.

        >>> Change('module.gcs["strategy-engine"].google_storage_bucket.this["a"]', "", "no-op", None, None).subproject
        'strategy-engine'
        """
        head, _, rest = self.address.partition('["')
        return rest.partition('"')[0] if head.startswith("module.") and "." not in head[7:] else ""

    @property
    def key(self) -> str:
        """The key at the end of its address; empty where it has none.

        >>> Change('module.gcs["strategy-engine"].google_storage_bucket.this["a"]', "", "no-op", None, None).key
        'a'
        """
        return self.address[self.address.rfind('["') + 2 : -2] if self.address.endswith('"]') else ""

    def path(self, kind: str) -> str:
        """As the validation names it, "subproject/kind/key"; empty where its address has no key."""
        key = self.key
        if not key:
            return ""
        return f"{self.owner}/{kind}/{key.replace('/', '.') if kind == 'tables' else key}"

    @property
    def owner(self) -> str:
        """The subproject that it belongs to, by its address or its label; "environment" where it is shared."""
        if not self._owner:
            found = self.subproject
            if not found or found == "platform":
                labels = (self.after or {}).get("labels")
                found = str(labels.get("subproject") or "") if isinstance(labels, dict) else ""
            self._owner = found or "environment"
        return self._owner


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: what would be there, and what changes.

    Attributes:
        resources: every resource that the plan knows, also what stays as it is.
        variables: the root's variables. They may be secret.
        outputs: names of outputs that change.
        terraform: the version that made it.
    """

    resources: tuple[Change, ...]
    variables: Mapping[str, Any] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    terraform: str = ""

    @property
    def changes(self) -> list[Change]:
        """What apply would do."""
        return [change for change in self.resources if change.is_change]


def before(plan: Plan) -> Plan:
    """What is there now, as a plan that changes nothing."""
    there = tuple(
        replace(change, action="no-op", after=change.before, unknown=None)
        for change in plan.resources
        if change.before is not None
    )
    return replace(plan, resources=there, outputs=())


def action_of(actions: Any) -> Action | None:
    """Terraform's list of actions as one word; None where it is none that we know.

    >>> action_of(["delete", "create"])
    'replace'
    """
    try:
        return _ACTIONS.get(tuple(actions))
    except TypeError:
        return None
