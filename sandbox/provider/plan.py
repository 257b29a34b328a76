"""What Terraform plans, with the semantics of the SDK that the real provider is written with.

That SDK compares the prior state with the proposed one and calls a value that is null, absent or its type's
zero the same; what the server may set is unknown until it is known, and then kept; elements of a new set
member are written out with empty strings. Terraform tolerates all of that because the answers say
`legacy_type_system`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.provider.codec import UNKNOWN, is_known
from sandbox.provider.diagnostics import Path
from sandbox.provider.fields import Field
from sandbox.provider.suppress import suppressed

ZERO: Mapping[str, Any] = {"string": "", "number": 0, "bool": False}
# Rules that call nothing and "" the same: what is written empty is planned so, and isn't left to the server.
_EMPTY_IS_NO_CHANGE = frozenset(("case", "kms_version", "secondary_range", "short_name"))


@dataclass(slots=True)
class Differ:
    """Compares a prior body with a proposed one and collects what forces a replacement."""

    creating: bool
    strict: bool = False
    """Whether what is configured is planned as it stands, empty or not: the plugin framework does, the SDK doesn't."""
    replace: list[Path] = field(default_factory=list)

    def body(
        self,
        fields: Mapping[str, Field],
        old: Mapping[str, Any] | None,
        new: Mapping[str, Any],
        path: Path = (),
        in_set: bool = False,
    ) -> dict[str, Any]:
        """The planned body. `old` is None where the body is new; `in_set` where it is a member of a changed set."""
        before = old or {}
        return {
            name: self._value(f, before.get(name), new.get(name), (*path, name), in_set, old is None)
            for name, f in fields.items()
        }

    def _value(self, f: Field, old: Any, new: Any, path: Path, in_set: bool, fresh: bool) -> Any:
        if f.write_only:
            return None
        if f.kind == "single":
            return new
        if f.output_only:
            return old if old is not None or not (self.creating or in_set) else UNKNOWN
        if f.nested:
            return self._block(f, old, new, path, in_set, fresh)
        if f.element and isinstance(new, list) and UNKNOWN in new:
            new = UNKNOWN  # the SDK knows no list or set of simple values in part
        planned = self._attribute(f, old, new, in_set)
        if f.forces_new and not self.creating and not in_set and not same(f, old, planned):
            self.replace.append(path)
        return planned

    def _attribute(self, f: Field, old: Any, new: Any, in_set: bool) -> Any:
        if new is None and f.default is not None and (f.default != "" or old):
            new = f.default  # an empty text over nothing is no difference to the SDK
        if new is UNKNOWN or (self.strict and new is not None):
            return new
        if new is None or (new == "" and f.computed):
            if f.computed:
                if old is not None:
                    return old
                if in_set and f.suppress == "short_name":
                    return ""  # a name that is left out is no change, and is written out
                if new == "" and self.creating and not in_set and f.suppress in _EMPTY_IS_NO_CHANGE:
                    return ""
                return UNKNOWN if self.creating or in_set else new
            if new is None and old is None:
                return _absent_in_set(f) if in_set else None
            if is_zero(old):
                return old
            if f.element:  # what is taken away is planned to be empty
                return empty(f)
        if f.computed and f.element and is_zero(old) and is_zero(new):  # nothing in it is as good as left out
            return UNKNOWN if self.creating or in_set else old
        if same(f, old, new):
            if old is not None or not is_zero(new):
                return old
            return new if in_set and f.kind == "set" else _empty(f, new)
        if f.suppress and is_known(new) and suppressed(f.suppress, old, new):
            return UNKNOWN if old is None and f.computed and self.creating else old
        return new

    def _block(self, f: Field, old: Any, new: Any, path: Path, in_set: bool, fresh: bool) -> Any:
        if new is UNKNOWN:
            return UNKNOWN
        before, after = old or [], new or []
        if not after and f.computed:
            return before if old is not None and not fresh and not self.creating else before or UNKNOWN
        later = self.creating and f.suppress.endswith(":later")
        if f.suppress and not later and is_known(after) and suppressed(f.suppress, before, after):
            return before
        if f.kind == "set":
            planned = self._set(f, before, after, path)
        else:
            planned = [
                self.body(f.fields, before[at] if at < len(before) else None, element, (*path, at), in_set)
                if element is not UNKNOWN
                else UNKNOWN
                for at, element in enumerate(after)
            ]
        if not self.creating and not in_set:
            emptied_by_force = len(after) < len(before) and any(x.forces_new for x in f.fields.values())
            if (f.forces_new and len(before) != len(after)) or (emptied_by_force and not f.computed):
                self.replace.append(path)
        return planned

    def _set(self, f: Field, before: list[Any], after: list[Any], path: Path) -> list[Any]:
        left = list(before)
        matched: list[tuple[Any, Any]] = []
        for element in after:
            twin = next((old for old in left if same_body(f.fields, old, element)), None)
            if twin is not None:
                left.remove(twin)
            matched.append((twin, element))
        if not left and all(twin is not None for twin, _ in matched):
            return before
        if not self.creating and any(x.forces_new for x in f.fields.values()):  # for itself, only their number counts
            self.replace.append(path)
        return [
            UNKNOWN if element is UNKNOWN else self.body(f.fields, twin, element, path, in_set=True)
            for twin, element in matched
        ]


def only_empties(old: Any, new: Any) -> bool:
    """Whether two states differ by nothing but "" in the place of what is null: alone, that is no change to the SDK."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(only_empties(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(only_empties, old, new))
    return bool(old == new and type(old) is type(new)) or (old is None and new == "")


def empty(f: Field) -> Any:
    """A list, set or map with nothing in it."""
    return {} if f.kind == "map" else []


def _empty(f: Field, value: Any) -> Any:
    """What the SDK plans for an empty argument where there was none: empty maps and sets it forgets."""
    return None if f.kind in ("map", "set") else value


def _absent_in_set(f: Field) -> Any:
    """What the SDK writes for an argument left out of a set's member."""
    if f.kind == "string":
        return ""
    return [] if f.kind in ("list", "set") else None


def is_zero(value: Any) -> bool:
    """Whether the SDK cannot tell the value from one that is not set."""
    return value is None or value is False or value == "" or value == 0 or value == [] or value == {}


def number(value: Any) -> Any:
    """A number that Terraform wrote as text, because no machine type holds it exactly.

    >>> number("0.8"), number(3)
    (0.8, 3)
    """
    return float(value) if isinstance(value, str) else value


def same(f: Field, old: Any, new: Any) -> bool:
    """Whether two values of a field mean the same."""
    if old is UNKNOWN or new is UNKNOWN:
        return False
    if f.nested:
        return same_blocks(f, old, new)
    if f.kind == "set" and isinstance(old, list) and isinstance(new, list):
        return is_known(new) and sorted(map(repr, old)) == sorted(map(repr, new))
    if old == new:
        return True
    if f.kind == "number" and old is not None and new is not None:
        return bool(number(old) == number(new))
    if f.kind == "bool" and old is None:
        return False  # the SDK's old quirk: an explicit false over nothing is a change
    if f.kind == "number" and old is None:
        return False
    return is_zero(old) and is_zero(new)


def same_blocks(f: Field, old: Any, new: Any) -> bool:
    """Whether two lists or sets of nested bodies mean the same."""
    before, after = old or [], new or []
    if len(before) != len(after):
        return False
    if f.kind != "set":
        return all(same_body(f.fields, a, b) for a, b in zip(before, after, strict=True))
    left = list(before)
    for element in after:
        twin = next((x for x in left if same_body(f.fields, x, element)), None)
        if twin is None:
            return False
        left.remove(twin)
    return True


def same_body(fields: Mapping[str, Field], old: Any, new: Any) -> bool:
    """Whether a nested body as configured is the one that stands, apart from what the server sets."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return False
    for name, f in fields.items():
        if f.output_only or f.write_only:
            continue
        wanted = new.get(name)
        if wanted is None and f.default is not None:
            wanted = f.default
        if f.computed and (wanted is None or wanted == []):
            continue
        standing = old.get(name)
        if same(f, standing, wanted) or (is_zero(standing) and is_zero(wanted)):
            continue
        if f.suppress and is_known(wanted) and suppressed(f.suppress, standing, wanted):
            continue
        return False
    return True
