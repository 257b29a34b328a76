"""Apply and empty plan with the embedded provider, beside the real hashicorp/google where ATM_PROVIDER_MIRROR has it.

Both work on the same root against the same sandbox, each in a project of its own, in turn. What terraform takes for
itself stands beside it: as many resources of the provider that is built into it, which does nothing. Terraform is run
as envctl runs it, collecting garbage more seldom than by itself.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from envctl.terraform.workspace import GOGC

from tests.bench.table import RUNS, Row, printed, side_by_side, timed
from tests.integration.provider.real import MIRROR, real_root
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

HEADER = ("what", "median s", "min-max", "limit s", "of limit", "peer", "peer s", "ratio")
TENFOLD = 0.1
FIXED = 0.25
_SERVICES = 12
_AS_ENVCTL = {"GOGC": GOGC}
_PLAN = ("plan", "-input=false", "-no-color")
_BARE = "terraform alone"
ONE = 'resource "google_pubsub_topic" "one" {\n  name = "one"\n}\n'


def configuration(services: int = _SERVICES) -> str:
    """What a service has: an account, a topic with a subscription and a grant, a secret."""
    return "".join(
        f"""
resource "google_service_account" "s{n}" {{
  account_id = "service-{n}"
}}
resource "google_pubsub_topic" "s{n}" {{
  name   = "orders-{n}"
  labels = {{ service = "s{n}" }}
}}
resource "google_pubsub_subscription" "s{n}" {{
  name                 = "orders-{n}"
  topic                = google_pubsub_topic.s{n}.id
  ack_deadline_seconds = 60
}}
resource "google_pubsub_topic_iam_member" "s{n}" {{
  topic  = google_pubsub_topic.s{n}.id
  role   = "roles/pubsub.publisher"
  member = google_service_account.s{n}.member
}}
resource "google_secret_manager_secret" "s{n}" {{
  secret_id = "key-{n}"
  replication {{
    auto {{}}
  }}
}}
"""
        for n in range(services)
    )


def measure() -> list[Row]:
    """Rows; without a mirror the embedded provider's alone. The limit is a tenth of the real one's time."""
    with tempfile.TemporaryDirectory(prefix="bench-providers-") as name:
        folder = Path(name)
        sandbox = Sandbox(folder / "state").start()
        try:
            (folder / "one").mkdir()
            (folder / "many").mkdir()
            one = Root(folder / "one", sandbox.reattach, "atm-bench-one", variables=_AS_ENVCTL)
            one.apply(ONE)
            bare = _bare(folder / "bare-one", 1)
            once, alone = side_by_side(lambda: one.run(*_PLAN), lambda: bare.run(*_PLAN))
            rows = [Row("terraform plan of one resource", once, FIXED, _BARE, alone)]
            ours = _timed(Root(folder / "many", sandbox.reattach, "atm-bench-many", variables=_AS_ENVCTL))
            bare = _bare(folder / "bare-many", 5 * _SERVICES)
            floor = [timed(lambda: bare.run(*_PLAN)) for _ in range(RUNS)]
            rows.append(Row(f"empty plan of {5 * _SERVICES} resources, {_BARE}", floor))
            theirs = _timed(_real(sandbox, folder)) if MIRROR else {}
        finally:
            sandbox.stop()
    what = f"of {5 * _SERVICES} resources, embedded provider"
    for step, times in ours.items():
        peer = tuple(theirs.get(step, ()))
        limit = TENFOLD * sorted(peer)[len(peer) // 2] if peer else None
        rows.append(Row(f"{step} {what}", times, limit, "hashicorp/google 7.45.0" if peer else "", peer))
    return rows


def _bare(folder: Path, resources: int) -> Root:
    """As many resources, applied, without any provider of its own."""
    folder.mkdir()
    text = "".join(f'resource "terraform_data" "s{n}" {{\n  input = "{n}"\n}}\n' for n in range(resources))
    (folder / "main.tf").write_text(text, encoding="utf-8")
    root = Root(folder, "", "atm-bench-bare", variables=_AS_ENVCTL)
    root.run("init", "-input=false")
    root.run("apply", "-auto-approve", "-input=false")
    return root


def _real(sandbox: Sandbox, folder: Path) -> Root:
    root = real_root(sandbox, folder)
    root.variables |= _AS_ENVCTL
    return root


def _timed(root: Root) -> dict[str, list[float]]:
    root.write(configuration())
    applied = timed(lambda: root.run("apply", "-auto-approve", "-input=false", "-no-color"))
    plans = [timed(lambda: root.run("plan", "-input=false", "-no-color", "-detailed-exitcode")) for _ in range(3)]
    destroyed = timed(root.destroy)
    return {"apply": [applied], "empty plan": plans, "destroy": [destroyed]}


if __name__ == "__main__":
    print(printed(HEADER, [row.cells() for row in measure()]))
