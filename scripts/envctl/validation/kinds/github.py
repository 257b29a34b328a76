"""What GitHub's workflows may do: the pool and provider that trust them, the two accounts, and the state they lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envctl.validation.grants import Condition, Grant, granted
from envctl.validation.model import Comparer, Difference, Environment, Kind, Place, Read, Setting, Thing, World, always
from envctl.validation.normal import flag, text, unordered

from .common import policy_read
from .service_accounts import SERVICE_ACCOUNTS

_ISSUER = "https://token.actions.githubusercontent.com"
_OF_THE_PROVIDER = "compared as the provider's condition and mapping"
_OF_THE_ACCOUNTS = "compared as github_accounts: the account, its roles, and who may use it"
_STATE, _SWITCHED_ON = (
    Setting("state", "state", declared=always("ACTIVE"), says="ACTIVE: not deleted"),
    Setting("switched on", "disabled", normal=flag, declared=always(False), says="not disabled"),
)


def _pool(kind: Kind, environment: Environment) -> Iterator[Thing]:
    github = environment.tfvars["github"]
    if github:
        yield _thing(kind, environment, github["pool"], github, ("github",))


def _provider(kind: Kind, environment: Environment) -> Iterator[Thing]:
    github = environment.tfvars["github"]
    if github:
        key = f"{github['pool']}.{github['provider']}"
        parent = f"project/github/{github['pool']}"
        yield _thing(kind, environment, key, github, ("github",), parent)


def _accounts(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values, github = environment.tfvars, environment.tfvars["github"]
    pool = f"projects/{values['project_number']}/locations/global/workloadIdentityPools"
    for role in ("plan", "apply") if github else ():
        member = f"principalSet://iam.googleapis.com/{pool}/{github['pool']}/attribute.access/{role}"
        uses = {"role": "roles/iam.workloadIdentityUser", "members": [member], "condition": None}
        fields = {**github[role], "display_name": f"GitHub: {role}", "disabled": False, "grants": {"workflows": uses}}
        yield _thing(kind, environment, github[role]["service_account"], fields, ("github", role))


def _state(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values = environment.tfvars
    if values["github"]:
        yield _thing(kind, environment, values["state"]["bucket"], values, ("github",))


def _thing(
    kind: Kind,
    environment: Environment,
    key: str,
    fields: Mapping[str, Any],
    path: tuple[str, ...],
    parent: str | None = None,
) -> Thing:
    values = environment.tfvars
    place = Place(values["project_id"], values["region"], "project", key)
    return Thing(kind, place, kind.resource(place, fields), fields, path, parent=parent)


def _plans(github: Mapping[str, Any]) -> str:
    return (
        "(assertion.event_name == 'pull_request' || (assertion.event_name in ['schedule', 'workflow_dispatch']"
        f" && assertion.ref == 'refs/heads/{github['branch']}' && !has(assertion.environment)))"
    )


def _applies(github: Mapping[str, Any]) -> str:
    return (
        f"has(assertion.environment) && assertion.environment == '{github['environment']}'"
        f" && assertion.ref == 'refs/heads/{github['branch']}' && assertion.event_name != 'pull_request_target'"
    )


def _condition(thing: Thing, _world: World) -> str:
    github = thing.fields
    claim = "repository" if github["repository_id"] is None else "repository_id"
    return f"assertion.{claim} == '{github[claim]}' && ({_plans(github)} || ({_applies(github)}))"


def _mapping(thing: Thing, _world: World) -> dict[str, str]:
    return {
        "google.subject": "assertion.sub",
        "attribute.repository_id": "assertion.repository_id",
        "attribute.access": f"{_plans(thing.fields)} ? 'plan' : {_applies(thing.fields)} ? 'apply' : 'none'",
    }


def _on_state(thing: Thing, policy: Mapping[str, Any]) -> list[Difference]:
    """What the two identities hold on the state's bucket, and nothing beyond it."""
    project, github, state = thing.fields["project_id"], thing.fields["github"], thing.fields["state"]
    lock = f'resource.name == "projects/_/buckets/{state["bucket"]}/objects/{state["prefix"]}/default.tflock"'
    alone: Condition = ("state-lock", lock, "The lock that a plan holds, and no state.")
    plan, apply = (
        f"serviceAccount:{github[role]['service_account']}@{project}.iam.gserviceaccount.com"
        for role in ("plan", "apply")
    )
    expected = {
        Grant("roles/storage.objectViewer", plan),
        Grant("roles/storage.objectUser", plan, alone),
        Grant("roles/storage.objectUser", apply),
    }
    found = {grant for grant in granted(policy.get("bindings") or []) if grant.member in (plan, apply)}
    missing = [Difference(f"grant {one}", f"{one} is missing", str(one)) for one in expected - found]
    more = [Difference(f"grant {one}", f"{one} is not declared", None, str(one)) for one in found - expected]
    return sorted([*missing, *more], key=lambda difference: difference.what)


GITHUB = Kind(
    name="github",
    noun="workload identity pool",
    document=Read("iam", "v1/{name}", "iam.workloadIdentityPools.get"),
    resource=lambda place, _fields: f"projects/{place.project}/locations/global/workloadIdentityPools/{place.key}",
    settings=(_STATE, _SWITCHED_ON),
    things=_pool,
    unchecked={
        "pool": "what it is found by",
        "provider": "what it is found by",
        "repository": _OF_THE_PROVIDER,
        "repository_id": _OF_THE_PROVIDER,
        "environment": _OF_THE_PROVIDER,
        "branch": _OF_THE_PROVIDER,
        "plan": _OF_THE_ACCOUNTS,
        "apply": _OF_THE_ACCOUNTS,
    },
)

GITHUB_PROVIDER = Kind(
    name="github_provider",
    noun="workload identity provider",
    document=Read("iam", "v1/{name}", "iam.workloadIdentityPoolProviders.get"),
    resource=lambda place, fields: (
        f"projects/{place.project}/locations/global/workloadIdentityPools/{fields['pool']}"
        f"/providers/{fields['provider']}"
    ),
    settings=(
        _STATE,
        _SWITCHED_ON,
        Setting("condition", "attributeCondition", normal=text, declared=_condition, says="who is trusted"),
        Setting("mapping", "attributeMapping", declared=_mapping, says="what plans and what applies"),
        Setting("issuer", "oidc.issuerUri", normal=text, declared=always(_ISSUER), says="GitHub"),
        Setting("keys", "oidc.jwksJson", normal=text, declared=always(""), says="those that GitHub publishes"),
        Setting("audiences", "oidc.allowedAudiences", normal=unordered, declared=always([]), says="its own name alone"),
    ),
    things=_provider,
)

GITHUB_ACCOUNTS = Kind(
    name="github_accounts",
    noun="service account",
    document=SERVICE_ACCOUNTS.document,
    resource=SERVICE_ACCOUNTS.resource,
    settings=(
        Setting("display_name", "displayName", normal=text),
        Setting("disabled", "disabled", normal=flag, says="not disabled"),
    ),
    policy=policy_read("iam", "v1", "iam.serviceAccounts.getIamPolicy", method="POST"),
    reads=SERVICE_ACCOUNTS.reads,
    things=_accounts,
    unchecked={"service_account": "what it is found by", **SERVICE_ACCOUNTS.unchecked},
)

GITHUB_STATE = Kind(
    name="github_state",
    noun="state bucket",
    document=Read(
        "storage",
        "v1/b/{name}/iam",
        "storage.buckets.getIamPolicy",
        query={"optionsRequestedPolicyVersion": "3"},
    ),
    resource=lambda place, _fields: place.key,
    comparers=(
        Comparer("grants", "bindings", _on_state, says="what the two identities hold on it: the state, and its lock"),
    ),
    things=_state,
)
