"""Judging an environment by the policy: finding the plan or the cloud that is judged."""

from __future__ import annotations

from pathlib import Path

from .cost.reckon import cost_of_plan, cost_of_yaml
from .environments import LoadedEnvironment, load
from .errors import UserError
from .output.model import Report
from .plans.model import Plan
from .plans.read import MAKE_ONE, read_plan
from .policy.check import check_live, check_plan
from .project import find_project
from .target import open_target


def judge_plan(name: str, file: Path | None = None, *, sandbox: bool = False) -> Report:
    """The policy held against a plan; without a file, against one that is made for it.

    Raises:
        UserError: the environment is invalid, or there is no such plan.
    """
    loaded = load(name, find_project().root)
    plan = find_plan(loaded, file, sandbox=sandbox)
    return check_plan(plan, loaded, cost=cost_of_plan(plan, loaded)[1].after)


def judge_twice(name: str, file: Path | None = None, *, sandbox: bool = False) -> tuple[Report, Report]:
    """The policy held against a plan, and what checkov says of the same plan.

    Raises:
        UserError: the environment is invalid, or there is no such plan.
    """
    from .plans.redact import secret_names
    from .policy.check import places
    from .policy.second_opinion import find_checkov, second_opinion
    from .policy.subjects import planned

    project = find_project()
    loaded = load(name, project.root)
    plan = find_plan(loaded, file, sandbox=sandbox)
    report = check_plan(plan, loaded, cost=cost_of_plan(plan, loaded)[1].after)
    where = places(loaded)
    declared = {subject.address: where(subject.path) for subject in planned(plan.resources) if subject.path}
    other = second_opinion(
        plan, find_checkov(project.root), subject=report.subject, names=secret_names(loaded), where=declared.get
    )
    return report, other


def judge_live(name: str, *, sandbox: bool = False) -> Report:
    """The policy held against what is in the cloud.

    Raises:
        UserError: the environment is invalid, or its sandbox doesn't run.
    """
    target = open_target(name, sandbox=sandbox)
    cost = cost_of_yaml(target.loaded).total
    return check_live(target.loaded, target.endpoints, target.credentials, cost=cost)


def find_plan(loaded: LoadedEnvironment, file: Path | None, *, sandbox: bool = False) -> Plan:
    """A plan from its file, or a new one.

    Args:
        loaded: the environment.
        file: a saved plan, or a document of `terraform show -json`; None makes a plan.
        sandbox: plan against a sandbox.

    Raises:
        UserError: it can't be read or made, or is of another project.
    """
    from .reviews import require_same_project

    if file is not None and file.suffix != ".tfplan":
        try:
            plan = read_plan(file.read_bytes(), str(file))
        except OSError as error:
            raise UserError(f"{file} can't be read", why=error.strerror or str(error), todo=MAKE_ONE) from None
        require_same_project(plan, loaded)
        return plan
    from .operations import make_plan, ready

    target = open_target(loaded.name, sandbox=sandbox)
    if file is not None:
        if not file.is_file():
            raise UserError(f"{file} does not exist", todo=f"make it with `envctl plan {target.words} --out {file}`")
        plan = read_plan(ready(target).show(file.resolve()), str(file))
        require_same_project(plan, loaded)
        return plan
    workspace = target.workspace()
    with workspace.passing("judged.tfplan") as place:
        made = make_plan(target, out=place)
        return read_plan(made.document or workspace.show(place))
