"""GitHub's identities, applied by Terraform to a sandbox: planned empty, proven, and each tampering found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.environments.load import LoadedEnvironment, load
from envctl.environments.render import write
from envctl.output import Report, Result
from envctl.validation import validate_now

from sandbox.control.projects import number
from tests.integration.provider.root import Root
from tests.integration.sandbox_process import Sandbox

pytestmark = [pytest.mark.whole, pytest.mark.terraform]
REPOSITORY = Path(__file__).resolve().parents[3]
P = "projects/atm-trusting"
POOL = f"iam/v1/{P}/locations/global/workloadIdentityPools/github"
PLANNER = f"iam/v1/{P}/serviceAccounts/github-plan@atm-trusting.iam.gserviceaccount.com"
PROVIDER = "project/github_provider/github.actions"
EVE = {"role": "roles/iam.workloadIdentityUser", "members": ["principalSet://iam.googleapis.com/anyone"]}
PLAN = "serviceAccount:github-plan@atm-trusting.iam.gserviceaccount.com"
BASE = "apis: [iam.googleapis.com, iamcredentials.googleapis.com, sts.googleapis.com]\n"
YAML = """\
project_id: atm-trusting
project_number: "{number}"
github: {{repository: ai-trading-machine/platform, repository_id: "987654321"}}
"""


@dataclass
class Applied:
    """The environment, applied."""

    root: Root
    sandbox: Sandbox
    environment: LoadedEnvironment
    variables: str

    def validated(self) -> list[str]:
        """The checks that don't pass."""
        report: Report = validate_now(self.environment, Endpoints(self.sandbox.url), SandboxToken())
        return [f"{check.result} {check.id}" for check in report.checks if check.result is not Result.PASS]

    def call(self, method: str, path: str, document: Any = None) -> Any:
        """One call that succeeds."""
        answer = self.sandbox.request(method, f"/{path}", document)
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.body!r}"
        return answer.json()


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH")
    folder = tmp_path_factory.mktemp("trusting")
    sandbox = Sandbox(folder / "state").start()
    for name in ("modules", "infra"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns(".terraform*", "backend.tf"))
    (folder / "envs").mkdir()
    (folder / "envs" / "base.yaml").write_text(BASE)
    (folder / "envs" / "dev.yaml").write_text(YAML.format(number=number("atm-trusting")))
    environment = load("dev", folder)
    rendered = write(environment, folder / "build").tfvars
    root = Root(folder / "infra", sandbox.reattach, "atm-trusting")
    made = Applied(root, sandbox, environment, f"-var-file={rendered}")
    made.call("POST", "storage/v1/b?project=atm-trusting", {"name": "atm-trusting-tfstate", "location": "ASIA-SOUTH1"})
    root.run("init", "-input=false", "-no-color")
    root.run("apply", "-auto-approve", "-input=false", "-no-color", made.variables)
    yield made
    sandbox.stop()


def test_all_of_it_is_made_and_proven(applied: Applied) -> None:
    assert "No changes" in applied.root.run("plan", "-input=false", "-no-color", applied.variables).stdout
    assert applied.validated() == []
    outputs = json.loads(applied.root.run("output", "-json").stdout)
    assert outputs["github"]["value"] == {
        "workload_identity_provider": applied.call("GET", f"{POOL}/providers/actions")["name"],
        "plan_service_account": "github-plan@atm-trusting.iam.gserviceaccount.com",
        "apply_service_account": "github-apply@atm-trusting.iam.gserviceaccount.com",
    }


TAMPERINGS: list[tuple[str, str, Any, str]] = [
    # The path, the field, the tampering, the finding.
    (POOL, "disabled", True, "project/github/github#switched on"),
    (f"{POOL}/providers/actions", "disabled", True, f"{PROVIDER}#switched on"),
    (f"{POOL}/providers/actions", "attributeCondition", "assertion.repository_owner == 'eve'", f"{PROVIDER}#condition"),
    (f"{POOL}/providers/actions", "attributeMapping", {"google.subject": "assertion.sub"}, f"{PROVIDER}#mapping"),
    (f"{POOL}/providers/actions", "oidc.issuerUri", "https://example.com", f"{PROVIDER}#issuer"),
    (f"{POOL}/providers/actions", "oidc.allowedAudiences", ["https://eve.example"], f"{PROVIDER}#audiences"),
    (f"{POOL}/providers/actions", "oidc.jwksJson", '{"keys": []}', f"{PROVIDER}#keys"),
]


@pytest.mark.parametrize(("path", "field", "tampered", "finding"), TAMPERINGS, ids=[t[3] for t in TAMPERINGS])
def test_a_changed_setting_is_found_and_nothing_else(
    applied: Applied, path: str, field: str, tampered: Any, finding: str
) -> None:
    before = applied.call("GET", path)
    outer, _, inner = field.partition(".")
    changed = {outer: {inner: tampered} if inner else tampered}
    applied.call("PATCH", f"{path}?updateMask={field}", changed)
    found = applied.validated()
    applied.call("PATCH", f"{path}?updateMask={outer}", {outer: before.get(outer)})
    assert found == [f"fail {finding}"]


def test_a_changed_account_is_found(applied: Applied) -> None:
    applied.call("POST", f"{PLANNER}:disable", {})
    found = applied.validated()
    applied.call("POST", f"{PLANNER}:enable", {})
    assert found == ["fail project/github_accounts/github-plan#disabled"]


def _changed_policy(
    applied: Applied, read: tuple[str, str, Any], write: tuple[str, str], change: Callable[[list[Any]], list[Any]]
) -> list[str]:
    """What is found while a policy's bindings are others."""
    before = applied.call(*read)
    wrapped = write[0] == "POST"

    def put(bindings: list[Any]) -> None:
        policy = {**applied.call(*read), "version": 3, "bindings": bindings}
        applied.call(*write, {"policy": policy} if wrapped else policy)

    put(change(json.loads(json.dumps(before["bindings"]))))
    found = applied.validated()
    put(before["bindings"])
    return found


def test_anybody_else_who_may_use_an_account_is_found(applied: Applied) -> None:
    read = ("POST", f"{PLANNER}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}})
    found = _changed_policy(applied, read, ("POST", f"{PLANNER}:setIamPolicy"), lambda bindings: [*bindings, EVE])
    (more,) = found
    assert more.startswith("fail project/github_accounts/github-plan#grants roles/iam.workloadIdentityUser for")


def test_a_role_more_or_less_on_the_project_is_found(applied: Applied) -> None:
    project = f"cloudresourcemanager/v1/{P}"
    read = ("POST", f"{project}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}})

    def other(bindings: list[Any]) -> list[Any]:
        kept = [one for one in bindings if one["role"] != "roles/viewer"]
        return [*kept, {"role": "roles/owner", "members": [PLAN]}]

    found = _changed_policy(applied, read, ("POST", f"{project}:setIamPolicy"), other)
    account = "fail project/github_accounts/github-plan"
    assert found == [f"{account}#project role roles/viewer", f"{account}#project roles roles/owner for {PLAN}"]


def test_a_planner_that_may_write_the_state_is_found(applied: Applied) -> None:
    bucket = "storage/v1/b/atm-trusting-tfstate/iam"
    read = ("GET", f"{bucket}?optionsRequestedPolicyVersion=3", None)

    def without_condition(bindings: list[Any]) -> list[Any]:
        for binding in bindings:
            binding.pop("condition", None)
        return bindings

    state = "fail project/github_state/atm-trusting-tfstate#grants grant roles/storage.objectUser for"
    found = _changed_policy(applied, read, ("PUT", bucket), without_condition)
    assert [one.startswith(state) for one in found] == [True, True]


def test_a_deleted_pool_is_found(applied: Applied) -> None:
    applied.call("DELETE", POOL)
    found = applied.validated()
    applied.call("POST", f"{POOL}:undelete", {})
    assert found == ["fail project/github/github#state"]
