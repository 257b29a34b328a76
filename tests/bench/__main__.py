"""`make bench`: how long the main job takes, beside its limits and, where there is one, a peer.

Each command runs as a process of its own. Peers say how much of the time is the command's and how much is what it
stands on: starting Python and importing a library, or terraform by itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import functions, growth, library, plans, providers, service
from tests.bench.table import RUNS, Row, printed, side_by_side, timed
from tests.support.checkout import Checkout, checkout

HEADER = ("what", "median s", "min-max", "limit s", "of limit", "peer", "peer s", "ratio")
GROWTH_HEADER = ("resources", "apply s", "render s", "plan s", "validate-env s", "review s", "sandbox MB")


def main() -> None:
    print(printed(functions.HEADER, [row.cells() for row in functions.measure()]), end="\n\n")
    if "--functions" in sys.argv:
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rows = measure(Path(folder) / "main")
        lines = growth.measure(Path(folder)) if "--growth" in sys.argv else []
    routes, starts = service.measure()
    print(printed(HEADER, [row.cells() for row in [*rows, *plans.measure(), *providers.measure(), *starts]]))
    print(f"\n{printed(service.HEADER, routes)}")
    print(f"\n{printed(library.HEADER, [row.cells() for row in library.measure()])}")
    if lines:
        print(f"\n{printed(GROWTH_HEADER, lines)}")
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
    rows.append(Row("envctl up local, from nothing", [timed(lambda: from_nothing(made)) for _ in range(3)], 30.0))
    made.must("up", "local")
    (made.root / "variables.json").write_text(made.must("env", "local", "--format", "json").out)
    times, peer = side_by_side(envctl("plan", "local"), lambda: bare_plan(made))
    rows.append(Row("envctl plan local, nothing to change", times, 3.0, "terraform plan by itself", peer))
    clients = "import google.cloud.bigquery, google.pubsub_v1, google.cloud.workflows_v1"
    times, peer = side_by_side(envctl("validate-env", "local"), python(clients))
    rows.append(Row("envctl validate-env local", times, 1.0, "python: import Google's three clients", peer))
    made.must("sandbox", "faults", "add", "local", "--latency-ms", "50")
    slow = [timed(envctl("validate-env", "local")) for _ in range(RUNS)]
    rows.append(Row("envctl validate-env local, 50 ms latency a call", slow, 5.0))
    made.must("sandbox", "faults", "clear", "local")
    reviewed = [timed(lambda: plans.reviewed_and_told(made)) for _ in range(RUNS)]
    rows.append(Row("plan, policy, cost and comment of local", reviewed, 5.0))
    made.must("down")
    in_git(made)
    rehearsed = [timed(lambda: made.must("rehearse", "prod", "--base", "HEAD", timeout=600)) for _ in range(2)]
    rows.append(Row("envctl rehearse prod, nothing changed", rehearsed, 60.0))
    return rows


def in_git(made: Checkout) -> None:
    (made.root / ".gitignore").write_text("build/\nhome/\nplans/\n.sandbox/\n")
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "The platform"]):
        subprocess.run(["git", *who, *command], cwd=made.root, check=True)


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
