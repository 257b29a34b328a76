"""What nobody declared: found, asked for once more, told with what to do, and unknown where it can't be seen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from envctl.clouds import Endpoints, SandboxToken
from envctl.clouds.session import Session
from envctl.drift.compare import compare
from envctl.drift.listings import LISTINGS
from envctl.drift.unmanaged import Unmanaged, unmanaged
from envctl.environments import LoadedEnvironment
from envctl.output.drift import drift_markdown
from envctl.validation.kinds import KINDS, all_things

from tests.unit.drift.test_drift import EXCEPTION, TODAY, found, state
from tests.unit.environments.environment_files import EnvironmentFiles
from tests.unit.validation.fake_google import FakeGoogle, disabled, error


def listed(environment: LoadedEnvironment, cloud: FakeGoogle, apis: list[str] | None = None) -> list[Unmanaged]:
    async def ask() -> list[Unmanaged]:
        async with Session(Endpoints(cloud.url), SandboxToken()) as session:
            values = environment.tfvars
            return await unmanaged(
                session,
                all_things(environment),
                values["project_id"],
                values["region"],
                environment.state_bucket,
                values["apis"] if apis is None else apis,
            )

    return asyncio.run(ask())


P = "projects/full-project"


def test_what_nobody_declared_is_found_and_asked_for_once_more(
    environment: LoadedEnvironment, cloud: FakeGoogle
) -> None:
    named = [{"name": f"{P}/topics/stranger"}, {"name": f"{P}/topics/late"}, {"name": f"{P}/topics/bars"}]
    cloud.documents[f"pubsub/v1/{P}/topics"] = {"topics": named}
    cloud.documents[f"pubsub/v1/{P}/topics/stranger"] = {
        "name": f"{P}/topics/stranger",
        "labels": {"subproject": "engine"},
    }
    buckets = [{"name": environment.state_bucket}, {"name": "gcf-sources-1"}, {"name": "full-project_cloudbuild"}]
    cloud.documents["storage/v1/b"] = {"items": buckets}
    declared = {thing.name for thing in all_things(environment)}
    found = [each for each in listed(environment, cloud) if f"{P}/topics/{each.name}" not in declared]
    assert [(each.kind, each.name) for each in found] == [("topics", "stranger")]
    result = compare(environment, [], None, found, today=TODAY)
    assert 'to = module.topics["engine"].google_pubsub_topic.this["stranger"]' in result.imports[0]
    assert "import blocks" in drift_markdown(result)


def test_the_accounts_of_githubs_workflows_are_declared(tmp_path: Path, cloud: FakeGoogle) -> None:
    apis = "apis: [iam.googleapis.com, iamcredentials.googleapis.com, sts.googleapis.com]\n"
    head = f"project_id: full-project\nproject_number: '123456789012'\n{apis}"
    declared = EnvironmentFiles(tmp_path).base(head).dev("github: {repository: someone/platform}\n").load()
    email = "{}@full-project.iam.gserviceaccount.com"
    names = [f"{P}/serviceAccounts/{email.format(account)}" for account in ("github-plan", "github-apply", "stranger")]
    seen(cloud, f"iam/v1/{P}/serviceAccounts", "accounts", *names)
    found = [each.name for each in listed(declared, cloud) if each.kind == "service_accounts"]
    assert found == [email.format("stranger")]


def test_what_costs_or_runs_is_listed_and_a_triggers_own_way_is_not_told(
    environment: LoadedEnvironment, cloud: FakeGoogle
) -> None:
    at = f"{P}/locations/{environment.tfvars['region']}"
    way = f"{P}/subscriptions/eventarc-asia-south1-uploads-sub-070"
    for path, items, name in (
        (f"run/v2/{at}/workerPools", "workerPools", f"{at}/workerPools/stray"),
        (f"eventarc/v1/{at}/triggers", "triggers", f"{at}/triggers/stray"),
        (f"cloudtasks/v2/{at}/queues", "queues", f"{at}/queues/stray"),
        (f"sqladmin/v1/{P}/instances", "items", "stray"),
        (f"redis/v1/{at}/instances", "instances", f"{at}/instances/stray"),
        (f"pubsub/v1/{P}/subscriptions", "subscriptions", way),
    ):
        cloud.documents[path] = {items: [{"name": name}]}
        cloud.documents[f"{path}/{name.rpartition('/')[2]}"] = {"name": name}
    found = {each.kind for each in listed(environment, cloud) if each.name == "stray"}
    assert found == {"worker_pools", "triggers", "queues", "sql_instances", "redis_instances"}
    assert not [each for each in listed(environment, cloud) if each.name.startswith("eventarc")]


def test_a_list_that_is_refused_is_unknown_and_never_nothing(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    cloud.faults[f"pubsub/v1/{P}/topics"] = error(403, "PERMISSION_DENIED", "no")
    (refused,) = [each for each in listed(environment, cloud) if each.kind == "topics"]
    result = compare(environment, [], None, [refused], today=TODAY)
    assert result.exit_code == 1
    assert result.unknown[0].permission == "pubsub.topics.list"


def test_an_api_that_is_off_is_unknown_where_something_of_it_is_declared(
    environment: LoadedEnvironment, cloud: FakeGoogle
) -> None:
    cloud.faults["workflows/"] = disabled("workflows.googleapis.com")
    assert [each.kind for each in listed(environment, cloud) if each.failure] == ["workflows"]


def test_every_kind_that_is_listed_is_a_kind_of_the_validation_or_never_declared() -> None:
    assert {one.kind for one in LISTINGS} - {kind.name for kind in KINDS} == {"account_keys", "global_addresses"}


NET = """
project_id: full-project
apis: [compute.googleapis.com, cloudkms.googleapis.com, iam.googleapis.com, pubsub.googleapis.com]
network:
  name: platform
  subnets: {inner: {range: 10.10.0.0/24}}
  addresses: {way-out: {}}
  firewall: {inner: {traffic: [{protocol: tcp, ports: ["443"]}], ranges: [10.10.0.0/24]}}
subprojects:
  alpha:
    service_accounts: {writer: {}}
    kms_keys: {data: {}, far: {location: europe}}
"""
REGION = f"{P}/locations/asia-south1"
WRITER = f"{P}/serviceAccounts/writer@full-project.iam.gserviceaccount.com"


@pytest.fixture
def net(tmp_path: Path) -> LoadedEnvironment:
    return EnvironmentFiles(tmp_path).base("{}\n").dev(NET).load()


def seen(cloud: FakeGoogle, above: str, items: str, *names: str, **other: Any) -> None:
    """Things in a list, and by themselves."""
    cloud.documents[above] = {items: [{"name": name, **other} for name in names]}
    api, version = above.split("/")[:2]
    for name in names:
        at = f"{api}/{version}/{name}" if name.startswith("projects/") else f"{above}/{name}"
        cloud.documents[at] = {"name": name, **other}


@pytest.fixture
def strange(cloud: FakeGoogle) -> FakeGoogle:
    """What is declared, what Google makes by itself, and a stranger of each kind."""
    cloud.documents.clear()
    ours = {"network": f"https://www.googleapis.com/compute/v1/{P}/global/networks/platform"}
    seen(cloud, f"compute/v1/{P}/global/firewalls", "items", "inner", "aet-x", "open", **ours)
    seen(cloud, f"compute/v1/{P}/regions/asia-south1/addresses", "items", "way-out", "nat-auto-ip-1-0", "spare")
    seen(cloud, f"compute/v1/{P}/global/addresses", "items", "front")
    seen(cloud, f"iam/v1/{P}/serviceAccounts", "accounts", WRITER)
    seen(cloud, f"iam/v1/{WRITER}/keys", "keys", f"{WRITER}/keys/ab12")
    seen(cloud, f"cloudkms/v1/{REGION}/keyRings", "keyRings", f"{REGION}/keyRings/alpha", f"{REGION}/keyRings/old")
    alpha, old = f"{REGION}/keyRings/alpha/cryptoKeys", f"{REGION}/keyRings/old/cryptoKeys"
    seen(cloud, f"cloudkms/v1/{alpha}", "cryptoKeys", f"{alpha}/data", f"{alpha}/far")
    seen(cloud, f"cloudkms/v1/{old}", "cryptoKeys", f"{old}/data", f"{old}/dead")
    world = f"{P}/locations/global/keyRings/world"
    seen(cloud, f"cloudkms/v1/{P}/locations/global/keyRings", "keyRings", world)
    seen(cloud, f"cloudkms/v1/{world}/cryptoKeys", "cryptoKeys", f"{world}/cryptoKeys/wide")
    for key, now in ((f"{alpha}/far", "ENABLED"), (f"{old}/data", "DISABLED"), (f"{old}/dead", "DESTROYED")):
        cloud.documents[f"cloudkms/v1/{key}/cryptoKeyVersions"] = {"cryptoKeyVersions": [{"state": now}]}
    versions = {"cryptoKeyVersions": [{"state": "DESTROY_SCHEDULED"}, {"state": "ENABLED"}]}
    cloud.documents[f"cloudkms/v1/{world}/cryptoKeys/wide/cryptoKeyVersions"] = versions
    return cloud


ALL_STRANGE = {
    "unmanaged/firewall/open",
    "unmanaged/addresses/spare",
    "unmanaged/global_addresses/front",
    "unmanaged/account_keys/writer@full-project.iam.gserviceaccount.com/ab12",
    "unmanaged/kms_keys/alpha/far",  # far is declared in another location
    "unmanaged/kms_keys/old/data",  # and data in another ring; a ring itself, and a key that is destroyed, are nothing
    "unmanaged/kms_keys/global/world/wide",
}


def test_what_lets_in_signs_in_encrypts_or_is_reserved_is_found(net: LoadedEnvironment, strange: FakeGoogle) -> None:
    result = compare(net, [], None, listed(net, strange), today=TODAY)
    assert {drift.check.id.removesuffix("#exists") for drift in result.drifts} == ALL_STRANGE
    todo = {drift.check.kind: drift.check.cause.todo for drift in result.drifts if drift.check.cause}
    assert "keys delete" in todo["account_keys"]
    assert "destroy its versions" in todo["kms_keys"]
    blocks = "\n".join(result.imports)
    for address in (
        'module.network["platform"].google_compute_firewall.this["open"]',
        'module.network["platform"].google_compute_address.this["spare"]',
        'module.kms["old"].google_kms_key_ring.this["old"]',
        'module.kms["old"].google_kms_crypto_key.this["data"]',
        'module.kms["world"].google_kms_key_ring.this["world/global"]',
    ):
        assert f"to = {address}\n" in blocks
    assert f'id = "{P}/locations/global/keyRings/world/cryptoKeys/wide"' in blocks
    assert "account_keys" not in blocks


def test_a_rule_of_another_network_is_not_adopted_into_ours(net: LoadedEnvironment, strange: FakeGoogle) -> None:
    strange.documents[f"compute/v1/{P}/global/firewalls/open"]["network"] = "x/networks/default"
    result = compare(net, [], None, listed(net, strange), today=TODAY)
    assert "unmanaged/firewall/open#exists" in {drift.check.id for drift in result.drifts}
    assert not [block for block in result.imports if "firewall" in block]


def test_what_its_own_address_denies_is_not_there(net: LoadedEnvironment, strange: FakeGoogle) -> None:
    for path in (f"iam/v1/{WRITER}/keys/ab12", f"compute/v1/{P}/global/firewalls/open"):
        del strange.documents[path]
    del strange.documents[f"cloudkms/v1/{REGION}/keyRings/old/cryptoKeys/data"]
    assert {each.name for each in listed(net, strange) if each.kind != "key_rings"} == {
        "spare", "front", "alpha/far", "global/world/wide"
    }  # fmt: skip


EMAIL = "writer@full-project.iam.gserviceaccount.com"
OLD = f"cloudkms/v1/{REGION}/keyRings/old/"
# What is forbidden, and what is unknown by that; what stands in the way of another is asked in another round.
FORBIDDEN = [
    {
        f"compute/v1/{P}/global/firewalls": ("firewall", "", "compute.firewalls.list"),
        f"compute/v1/{P}/regions/": ("addresses", "", "compute.addresses.list"),
        f"compute/v1/{P}/global/addresses": ("global_addresses", "", "compute.globalAddresses.list"),
        f"iam/v1/{WRITER}/keys": ("account_keys", EMAIL, "iam.serviceAccountKeys.list"),
        OLD: ("kms_keys", "old", "cloudkms.cryptoKeys.list"),
    },
    {
        f"compute/v1/{P}/global/addresses/front": ("global_addresses", "front", "compute.globalAddresses.get"),
        f"iam/v1/{WRITER}/keys/ab12": ("account_keys", f"{EMAIL}/ab12", "iam.serviceAccountKeys.get"),
        f"{OLD}cryptoKeys/data/cryptoKeyVersions": ("kms_keys", "old/data", "cloudkms.cryptoKeyVersions.list"),
    },
    {
        f"iam/v1/{P}/serviceAccounts": ("service_accounts", "", "iam.serviceAccounts.list"),
        f"cloudkms/v1/{P}/locations/global": ("kms_keys", "", "cloudkms.keyRings.list"),
    },
]


@pytest.mark.parametrize("forbidden", FORBIDDEN, ids=["lists", "things", "what they are below"])
def test_what_may_not_be_looked_at_is_unknown(
    net: LoadedEnvironment, strange: FakeGoogle, forbidden: dict[str, tuple[str, str, str]]
) -> None:
    strange.faults |= dict.fromkeys(forbidden, error(403, "PERMISSION_DENIED", "no"))
    found = listed(net, strange)
    unknown = set(forbidden.values())
    if f"iam/v1/{P}/serviceAccounts" in forbidden:
        unknown.add(("account_keys", "", "iam.serviceAccounts.list"))
    assert {(each.kind, each.name, each.permission) for each in found if each.failure} == unknown
    result = compare(net, [], None, found, today=TODAY)
    assert len({check.id for check in result.unknown}) == len(unknown)


def test_an_api_that_is_off_is_unknown_where_it_is_declared_and_else_nothing(
    net: LoadedEnvironment, strange: FakeGoogle
) -> None:
    for api in ("cloudkms", "compute"):
        strange.faults[f"{api}/"] = disabled(f"{api}.googleapis.com")
    declared = {"kms_keys", "firewall", "addresses"}
    assert {each.kind for each in listed(net, strange) if each.failure} == {*declared, "global_addresses"}
    # The APIs aren't declared: what is declared of them is unknown still, and of the rest there can't be anything.
    assert {each.kind for each in listed(net, strange, []) if each.failure} == declared


RING = 'module.kms["alpha"].google_kms_key_ring.this["alpha"]'


def test_a_ring_that_the_next_apply_would_make_again_is_to_be_adopted(
    net: LoadedEnvironment, strange: FakeGoogle
) -> None:
    rings = [each for each in listed(net, strange) if each.kind == "key_rings"]
    view = state({RING: "create"}, held=frozenset())
    result = compare(net, [], view, rings, today=TODAY)
    assert [verdict for _, verdict in found(result)] == ["NOT_IN_STATE"]
    assert result.imports == [f'import {{\n  to = {RING}\n  id = "{REGION}/keyRings/alpha"\n}}']
    assert not compare(net, [], state(held=frozenset({RING})), rings, today=TODAY).drifts
    assert not compare(net, [], None, rings, today=TODAY).drifts


def test_what_the_state_holds_is_no_stranger(net: LoadedEnvironment, strange: FakeGoogle) -> None:
    held = {
        RING,
        'module.kms["old"].google_kms_crypto_key.this["data"]',
        'module.network["platform"].google_compute_firewall.this["open"]',
        'module.network["platform"].google_compute_address.this["spare"]',
    }
    result = compare(net, [], state(held=frozenset(held)), listed(net, strange), today=TODAY)
    kept = ALL_STRANGE - {"unmanaged/firewall/open", "unmanaged/addresses/spare", "unmanaged/kms_keys/old/data"}
    assert {drift.check.id.removesuffix("#exists") for drift in result.drifts} == kept


def test_an_exception_is_for_a_key_an_address_or_a_rule_too(tmp_path: Path, strange: FakeGoogle) -> None:
    exception = EXCEPTION.format(resource="unmanaged/account_keys/writer@*", expires="2026-12-31")
    net = EnvironmentFiles(tmp_path).base("{}\n").dev(NET + exception.partition("project_id: atm-dev-1\n")[2]).load()
    result = compare(net, [], None, listed(net, strange), today=TODAY)
    assert [check.kind for check in result.excepted] == ["account_keys"]
    assert len(result.drifts) == len(ALL_STRANGE) - 1
