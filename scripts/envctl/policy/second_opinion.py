"""checkov's findings on a plan, as a second opinion.

checkov pins a hundred packages: it runs from an environment of its own, `.checkov/`, made by `make checkov`, or from
wherever PATH has it. It is given a plan without secrets, no credentials and no network to ask.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from envctl.output.model import Cause, Check, Location, Report, Result
from envctl.plans.model import Plan
from envctl.plans.redact import redacted_document

Where = Callable[[str], Location | None]

_OPTIONS = ("--framework", "terraform_plan", "--output", "json", "--quiet", "--compact", "--skip-download")
_TODO = "make checkov"


def find_checkov(root: Path) -> Path | None:
    """checkov's program: the checkout's own, else PATH's; None where there is none."""
    own = root / ".checkov/bin/checkov"
    if own.is_file():
        return own
    found = shutil.which("checkov")
    return Path(found) if found else None


def second_opinion(
    plan: Plan,
    program: Path | None,
    *,
    subject: str,
    names: Iterable[str] = (),
    where: Where = lambda _: None,
    seconds: float = 600,
) -> Report:
    """What checkov says of a plan; one check that is unknown where it can't be asked.

    Args:
        plan: what would be.
        program: checkov's.
        subject: what is judged, for the report.
        names: of variables that hold secrets.
        where: where an address is declared.
        seconds: how long it may take.
    """
    began = time.perf_counter()
    title = f"{subject}, by checkov"
    if program is None:
        return Report(title, (_unknown("checkov is not here", _TODO),), tool="checkov")
    with tempfile.TemporaryDirectory(prefix="checkov-") as folder:
        file = Path(folder) / "plan.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(document(plan, names)))
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LOG_LEVEL": "ERROR"}
        command = [str(program), "--file", str(file), *_OPTIONS]
        try:
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds)
            said = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            return Report(title, (_unknown(f"checkov gave no answer within {seconds:g} s"),), tool="checkov")
        except OSError as error:
            return Report(title, (_unknown(f"checkov can't be run: {error.strerror or error}", _TODO),), tool="checkov")
        except ValueError:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:200]
            return Report(title, (_unknown(f"checkov failed: {last}", _TODO),), tool="checkov")
    answers = said if isinstance(said, list) else [said]
    checks = tuple(check for answer in answers for check in _findings(answer, where))
    passed = sum(int(_summary(answer).get("passed", 0)) for answer in answers)
    version = str(_summary(answers[0]).get("checkov_version", "")) if answers else ""
    notes = {"passed": str(passed), **({"checkov": version} if version else {})}
    return Report(title, checks, time.perf_counter() - began, notes, "checkov")


def document(plan: Plan, names: Iterable[str] = ()) -> dict[str, Any]:
    """A plan as checkov reads it, without secrets."""
    said = redacted_document(plan, names)
    modules: dict[str, list[dict[str, Any]]] = {}
    for change in said["resource_changes"]:
        values = change["change"].get("after")
        if not isinstance(values, Mapping):
            continue
        address = str(change["address"])
        module, _, own = address.rpartition(f".{change['type']}.")
        name = own.partition("[")[0]
        resource = {"address": address, "mode": "managed", "type": change["type"], "name": name, "values": values}
        modules.setdefault(module, []).append(resource)
    children = [{"address": module, "resources": resources} for module, resources in modules.items()]
    return {**said, "planned_values": {"root_module": {"child_modules": children}}}


def _findings(answer: Mapping[str, Any], where: Where) -> Iterator[Check]:
    results = answer.get("results") or {}
    for found in results.get("failed_checks", ()):
        rule, words = str(found["check_id"]), str(found.get("check_name", ""))
        address = str(found.get("resource_address") or found.get("resource"))
        yield Check(
            id=f"{rule}/{address}",
            kind=rule,
            resource=address,
            what=words,
            result=Result.FAIL,
            where=where(address),
            message=words,
            cause=Cause(rule, f"{rule}: {words}"),
        )


def _summary(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    found = answer.get("summary", answer)
    return found if isinstance(found, Mapping) else {}


def _unknown(message: str, todo: str = "") -> Check:
    return Check(
        id="checkov",
        kind="checkov",
        resource="checkov",
        what="second opinion",
        result=Result.UNKNOWN,
        message=message,
        cause=Cause("checkov", message, todo),
    )
