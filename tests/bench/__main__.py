"""`make bench`: how long the main job takes, beside its limits and, where there is one, a peer.

Each command runs as a process of its own. Peers say how much of the time is the command's and how much is what it
stands on: starting Python and importing a library, or terraform by itself.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.checkout import Checkout, checkout

RUNS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table; times in seconds."""

    what: str
    times: list[float]
    limit: float
    peer: str = ""
    peer_times: tuple[float, ...] = ()

    def cells(self) -> tuple[str, ...]:
        median = statistics.median(self.times)
        spread = f"{min(self.times):.2f}-{max(self.times):.2f}"
        cells = (self.what, f"{median:.2f}", spread, f"{self.limit:.2f}", f"{median / self.limit:.2f}")
        if not self.peer_times:
            return (*cells, "", "", "")
        other = statistics.median(self.peer_times)
        return (*cells, self.peer, f"{other:.2f}", f"{median / other:.1f}")


def timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def side_by_side(first: Callable[[], object], second: Callable[[], object]) -> tuple[list[float], tuple[float, ...]]:
    """Both in turn, after one run of each that isn't counted."""
    first(), second()
    pairs = [(timed(first), timed(second)) for _ in range(RUNS)]
    return [a for a, _ in pairs], tuple(b for _, b in pairs)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rows = measure(Path(folder))
    header = ("what", "median s", "min-max", "limit s", "of limit", "peer", "peer s", "ratio")
    table = [header, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(header))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print(f"\n{RUNS} runs each, {os.cpu_count()} cores, Python {sys.version.split()[0]}")


def measure(folder: Path) -> list[Row]:
    made = checkout(folder)

    def envctl(*arguments: str) -> Callable[[], object]:
        return lambda: made.must(*arguments)

    def python(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)

    rows = []
    times, peer = side_by_side(envctl("--help"), python("import typer"))
    rows.append(Row("envctl --help", times, 0.25, "python: import typer", peer))
    times, peer = side_by_side(envctl("render", "local"), python("import typer, pydantic, yaml"))
    rows.append(Row("envctl render local", times, 0.3, "python: import typer, pydantic, yaml", peer))
    rows.append(Row("envctl up local, from nothing", [timed(lambda: from_nothing(made)) for _ in range(3)], 10.0))
    made.must("up", "local")
    (made.root / "variables.json").write_text(made.must("env", "local", "--format", "json").out)
    times, peer = side_by_side(envctl("plan", "local"), lambda: bare_plan(made))
    rows.append(Row("envctl plan local, nothing to change", times, 2.0, "terraform plan by itself", peer))
    clients = "import google.cloud.bigquery, google.pubsub_v1, google.cloud.workflows_v1"
    times, peer = side_by_side(envctl("validate-env", "local"), python(clients))
    rows.append(Row("envctl validate-env local", times, 1.0, "python: import Google's three clients", peer))
    made.must("down")
    return rows


def from_nothing(made: Checkout) -> None:
    made.must("down")
    if (made.root / ".sandbox/local").exists():
        made.must("sandbox", "delete", "local", "--yes")
    made.must("up", "local")


def bare_plan(made: Checkout) -> None:
    variables = json.loads((made.root / "variables.json").read_text())
    tfvars = made.root / "build/local/terraform.tfvars.json"
    command = ["terraform", f"-chdir={made.root / 'infra'}", "plan", "-input=false", f"-var-file={tfvars}"]
    subprocess.run(command, env={**made.environment, **variables}, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
