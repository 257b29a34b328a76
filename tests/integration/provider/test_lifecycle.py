"""Every served type from creation to destruction, with the stock terraform against a real sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.provider.all_cases import CASES
from tests.integration.provider.cases import Case
from tests.integration.provider.root import Root
from tests.integration.provider.side_by_side import changed, side_by_side

pytestmark = pytest.mark.terraform
every_case = pytest.mark.parametrize(
    "case", [pytest.param(case, marks=[pytest.mark.whole] if case.whole else [], id=case.name) for case in CASES]
)


@every_case
def test_types_are_created_updated_imported_destroyed_and_made_again(root: Root, case: Case) -> None:
    root.apply(case.first)
    assert root.changes() == {}, "the plan after creation is not empty"

    assert root.actions(case.second) == {address: ["update"] for address in case.updated}
    root.apply_plan()
    assert root.changes() == {}, "the plan after the update is not empty"

    # Nothing has changed since that plan, so the next ones need not ask again.
    for changes in side_by_side(case.second, case.replaced):
        actions = root.actions(changed(case.second, changes), "-refresh=false")
        for old, new, address in changes:
            assert actions[address] == ["delete", "create"], f"{old} → {new}"

    root.write(case.second)
    known, state = root.state(), root.forget()
    ids = {address: id_.replace("PROJECT", root.project) for address, id_ in case.imports.items()}
    blocks = [f'import {{\n  to = {address}\n  id = "{id_}"\n}}\n' for address, id_ in ids.items()]
    planned = root.changes(case.second + "".join(blocks))
    for address in ids:
        change = planned[address]
        assert change["importing"], address
        assert change["actions"] in (["no-op"], ["update"]), f"{address}: {change['actions']}"
        assert _differences(change) <= case.after_import, address
        assert change["before"]["id"] == known[address]["id"]

    root.remember(state)
    root.write(case.second)
    root.destroy()
    assert root.knows_nothing()
    if case.stays:
        assert case.stays in root.fails(case.first)
        return
    root.apply(case.first)  # what was destroyed can be made again
    root.destroy()
    assert root.knows_nothing()


def _differences(change: dict[str, Any]) -> set[str]:
    before, after = change["before"], change["after"]
    return {name for name in after if before.get(name) != after[name] and (before.get(name) or after[name])}
