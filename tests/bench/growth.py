"""How render, plan and validation grow with the number of resources."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.bench.plans import reviewed_and_told
from tests.bench.table import timed
from tests.support.checkout import Checkout, checkout

SIZES = (300, 1000, 3000)
_PER_SUBPROJECT = 50
_PER_TOPIC = 3  # a topic, its grant, its subscription


def measure(folder: Path) -> list[tuple[str, ...]]:
    """Lines of the table."""
    lines = []
    for size in SIZES:
        made = checkout(folder / str(size))
        declare(made, size)
        made.must("sandbox", "up", "local")
        made.must("bootstrap", "local", "--state-only")
        applied = timed(lambda made=made: made.must("apply", "local", timeout=600))  # type: ignore[misc]
        times = [
            min(timed(lambda made=made, command=command: made.must(command, "local")) for _ in range(3))  # type: ignore[misc]
            for command in ("render", "plan", "validate-env")
        ]
        times.append(min(timed(lambda made=made: reviewed_and_told(made)) for _ in range(3)))  # type: ignore[misc]
        memory = int(next(line for line in status(made.sandbox["pid"]) if line.startswith("VmRSS")).split()[1]) // 1024

        lines.append((str(size), f"{applied:.1f}", *(f"{seconds:.2f}" for seconds in times), str(memory)))
        made.must("down")
    return lines


def declare(made: Checkout, size: int) -> None:
    """Write an environment of about `size` resources: subprojects of fifty, as large as the platform's own.

    Each has an account, and topics with a grant and a subscription.
    """
    grants = "grants: {p: {role: roles/pubsub.publisher, members: [%s]}}"
    lines = ["apis: [pubsub.googleapis.com, iam.googleapis.com]", "subprojects:"]
    for number in range(size // _PER_SUBPROJECT):
        topics = [f"load-{number}-{topic}" for topic in range(_PER_SUBPROJECT // _PER_TOPIC)]
        account = f"account-{number}"
        lines += [
            f"  load-{number}:",
            f"    service_accounts: {{{account}: {{}}}}",
            "    topics:",
            *(f"      {topic}: {{retention: 86400s, {grants % account}}}" for topic in topics),
            "    subscriptions:",
            *(f"      {topic}-pull: {{topic: {topic}}}" for topic in topics),
        ]
    shutil.rmtree(made.root / "envs/subprojects")
    (made.root / "envs/base.yaml").write_text("\n".join(lines) + "\n")
    (made.root / "envs/local.yaml").write_text("cloud: sandbox\nproject_id: atm-local\ndeletion_protection: false\n")


def status(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/status").read_text().splitlines()
