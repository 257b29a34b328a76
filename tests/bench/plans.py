"""Policy and cost over a plan of 10,000 resources, beside the time that parsing its JSON takes; and a whole review."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

from envctl.cost.reckon import cost_of_plan
from envctl.environments import load
from envctl.plans.fingerprint import fingerprint
from envctl.plans.read import read_plan
from envctl.policy.check import check_plan

from tests.bench.table import Row, printed, side_by_side
from tests.support.checkout import Checkout
from tests.support.plans import large

RESOURCES = 10_000
HEADER = ("what", "median s", "min-max", "limit s", "of limit", "peer", "peer s", "ratio")


def measure(resources: int = RESOURCES) -> list[Row]:
    """Rows; the limit is twice the parsing."""
    document = json.dumps(large(resources)).encode()
    loaded = load("prod", Path(__file__).resolve().parents[2])
    loaded.tfvars  # noqa: B018 - made once, and not what is measured
    gc.set_threshold(1_000_000, 20, 20)  # as envctl runs, for both sides

    def judge() -> None:
        plan = read_plan(document)
        estimate, _ = cost_of_plan(plan, loaded)
        check_plan(plan, loaded, cost=estimate.total)

    times, peer = side_by_side(judge, lambda: json.loads(document))
    limit = 2 * sorted(peer)[len(peer) // 2]
    what = f"policy and cost of {resources} resources, read included ({len(document) / 1e6:.0f} MB)"
    rows = [Row(what, times, limit, "python: json.loads of it", peer)]
    times, peer = side_by_side(lambda: fingerprint(read_plan(document)), lambda: json.loads(document))
    return [*rows, Row(f"fingerprint of {resources} resources", times, limit, "python: json.loads of it", peer)]


def reviewed_and_told(made: Checkout) -> None:
    """An environment planned and judged, and the comment about it printed."""
    made.envctl("plan", "local", "--out", "plans")
    made.must("pr-comment", "plans", "--print")


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else RESOURCES
    print(printed(HEADER, [row.cells() for row in measure(number)]))
