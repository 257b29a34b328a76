"""The real hashicorp/google against the sandbox, beside the embedded provider: what each leaves is the same.

It runs wherever the real one is to be had: `ATM_PROVIDER_MIRROR` names a filesystem mirror that holds it. With
`ATM_PARITY_RECORD=1` what passed is written to `parity.json` beside this file, from which the page on parity is made;
`ATM_PARITY_REPORT` names a file to which each case's differences are added as soon as it is through.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.integration.provider import beside
from tests.integration.provider.all_cases import CASES
from tests.integration.provider.cases import Case
from tests.integration.provider.real import MIRROR, real_root
from tests.integration.provider.root import Root
from tests.integration.provider.test_real_plans import leaves
from tests.integration.sandbox_process import Sandbox

RECORD = Path(__file__).with_name("parity.json")
pytestmark = [
    pytest.mark.terraform,
    pytest.mark.real_provider,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not MIRROR, reason="ATM_PROVIDER_MIRROR names no filesystem mirror with hashicorp/google"),
]

# Differences that are the real provider's own or need Google's servers, by case: what a line of them says, and why.
KNOWN = {
    "reservations": {
        r"ReservationBlocks|google_compute_reservation": "it asks Google's own server for the blocks of a reservation",
    },
    "private": {
        r"import google_service_networking_connection": "it spells the id that it imports unlike the one that it made",
    },
    "roles-and-keys": {
        r"import google_tags_tag_binding": "it leaves the name for the id of what it imports, without the collection",
    },
    "hierarchy": {
        r"google_resource_manager_lien.kept": "it is named by a number of its project, and each walk has its own",
    },
    "bigquery_keyed": {
        r"default_collation": "emptied, the real provider plans the change each time and never brings it about",
    },
}


@pytest.fixture
def real(sandbox: Sandbox, tmp_path: Path) -> Root:
    return real_root(sandbox, tmp_path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_real_provider_goes_the_same_way(root: Root, real: Root, case: Case) -> None:
    walk, began = Walk(root, real), time.monotonic()
    try:
        _walk(walk, case)
    except AssertionError as error:
        walk.differences.append(f"stopped: {error}")
    known = KNOWN.get(case.name, {})
    walk.differences = [line for line in walk.differences if not any(re.search(text, line) for text in known)]
    _record(case, walk.same)
    _report(case, walk.differences, time.monotonic() - began)
    assert not walk.differences, "\n" + "\n".join(walk.differences)


@dataclass
class Walk:
    """The two ways, the addresses that went the same by step, and what differed."""

    root: Root
    real: Root
    same: dict[str, list[str]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def compare(self, step: str, embedded: dict[str, Any], real: dict[str, Any]) -> None:
        """Hold what both have of each address against each other."""
        for address in sorted({*embedded, *real}):
            found = beside.differences(embedded.get(address), real.get(address))
            self.differences += [f"{step} {address}{line}" for line in found]
            if not found:
                self.same.setdefault(step, []).append(address)

    def expect_nothing(self, step: str, who: str, changes: dict[str, Any]) -> None:
        """That a provider plans no change, for each address of the state."""
        self.differences += [
            f"{step} {address}: {who} plans {change['actions']}: {beside.changed(change)}"
            for address, change in changes.items()
        ]


def _walk(walk: Walk, case: Case) -> None:
    root, real = walk.root, walk.real
    walk.compare("plan", _planned(root, case.first), _planned(real, case.first))
    root.apply(case.first)
    real.apply(case.first)
    walk.compare("apply", beside.state(root), beside.state(real))
    again, crossed = real.changes(), beside.embedded_over(root, real).changes()
    walk.expect_nothing("empty plan", "the real provider", again)
    walk.expect_nothing("empty plan", "the embedded provider, of what the real one made,", crossed)
    walk.same["empty plan"] = [address for address in real.state() if address not in {*again, *crossed}]

    if case.second:
        walk.compare("update", {address: ["update"] for address in sorted(case.updated)}, real.actions(case.second))
        real.apply_plan()
        root.apply(case.second)
        again = real.changes()
        walk.expect_nothing("update", "the real provider, afterwards,", again)
        if beside.state(root) != beside.state(real):  # some types keep what was planned until they are read again
            root.refresh()
            real.refresh()
        walk.compare("update", beside.state(root), beside.state(real))
        walk.same["update"] = [
            a for a in case.updated if not any(a in line for line in walk.differences if line.startswith("update"))
        ]
        for old, new, address in case.replaced:
            actions = real.actions(case.second.replace(old, new, 1)).get(address)
            if actions == ["delete", "create"]:
                walk.same.setdefault("replacement", []).append(address)
            else:
                walk.differences.append(f"replacement {address}: {old} → {new} is {actions}")

    real.write(case.second or case.first)
    known = real.state()
    state = real.forget()
    ids = {address: id_.replace("PROJECT", real.project) for address, id_ in case.imports.items()}
    blocks = [f'import {{\n  to = {address}\n  id = "{id_}"\n}}\n' for address, id_ in ids.items()]
    changes = real.changes((case.second or case.first) + "".join(blocks))
    for address in ids:
        imported = changes[address]
        if imported.get("importing") and imported["before"]["id"] == known[address]["id"]:
            walk.same.setdefault("import", []).append(address)
        else:
            walk.differences.append(f"import {address}: {imported['before']['id']}, was {known[address]['id']}")
    real.remember(state)
    real.write(case.second or case.first)
    real.destroy()
    walk.same["destroy"] = sorted(known)


def _planned(root: Root, configuration: str) -> dict[str, Any]:
    """What is planned of each address, the project's name left out."""
    return {
        address: {
            part: dict(leaves(json.loads(_NUMBERS.sub("service-N@", beside.text_of(change[part], root)))))
            for part in ("actions", "after", "after_unknown", "after_sensitive")
        }
        for address, change in root.changes(configuration).items()
    }


_NUMBERS = re.compile(r"service-\d+@")


def _record(case: Case, done: dict[str, list[str]]) -> None:
    """Keep what went the same; the lock is for workers beside this one."""
    if not os.environ.get("ATM_PARITY_RECORD"):
        return
    with RECORD.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        known: dict[str, Any] = json.loads(file.read() or "{}")
        known[case.name] = {step: sorted(set(_types(addresses))) for step, addresses in done.items()}
        file.truncate(0)
        file.write(json.dumps(known, indent=2, sort_keys=True) + "\n")


def _report(case: Case, differences: list[str], seconds: float) -> None:
    """Say how a case went where the person at the other end is waiting."""
    path = os.environ.get("ATM_PARITY_REPORT")
    if not path:
        return
    lines = [f"{case.name}: {len(differences)} differences, {seconds:.0f} s", *(f"  {line}" for line in differences)]
    with Path(path).open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("\n".join([*lines, ""]))


def _types(addresses: list[str]) -> Iterator[str]:
    yield from {address.split(".")[0] for address in addresses}
