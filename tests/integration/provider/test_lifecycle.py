"""Every served type from creation to destruction, with the stock terraform against a real sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.provider.all_cases import CASES
from tests.integration.provider.cases import Case
from tests.integration.provider.root import Root

pytestmark = pytest.mark.terraform
every_case = pytest.mark.parametrize(
    "case", [pytest.param(case, marks=[pytest.mark.whole] if case.whole else [], id=case.name) for case in CASES]
)


@every_case
def test_types_are_created_updated_imported_and_destroyed(root: Root, case: Case) -> None:
    root.apply(case.first)
    assert root.changes() == {}, "the plan after creation is not empty"

    actions = root.actions(case.second)
    assert actions == {address: ["update"] for address in case.updated}
    root.apply_plan()
    assert root.changes() == {}, "the plan after the update is not empty"

    for old, new, address in case.replaced:
        assert old in case.second
        assert root.actions(case.second.replace(old, new, 1))[address] == ["delete", "create"], f"{old} → {new}"

    root.write(case.second)
    known = root.state()
    root.forget()
    ids = {address: id_.replace("PROJECT", root.project) for address, id_ in case.imports.items()}
    blocks = [f'import {{\n  to = {address}\n  id = "{id_}"\n}}\n' for address, id_ in ids.items()]
    changes = root.changes(case.second + "".join(blocks))
    for address in ids:
        change = changes[address]
        assert change["importing"], address
        assert change["actions"] in (["no-op"], ["update"]), f"{address}: {change['actions']}"
        assert _differences(change) <= case.after_import, address
        assert change["before"]["id"] == known[address]["id"]


def _differences(change: dict[str, Any]) -> set[str]:
    before, after = change["before"], change["after"]
    return {name for name in after if before.get(name) != after[name] and (before.get(name) or after[name])}


@every_case
def test_nothing_is_left_after_destroy(root: Root, case: Case) -> None:
    root.apply(case.first)
    root.destroy()

    assert root.state() == {}
    if case.stays:
        assert case.stays in root.fails(case.first)
        return
    root.apply(case.first)  # what was destroyed can be made again
    root.destroy()
