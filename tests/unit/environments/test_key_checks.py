"""Keys of Cloud KMS: who uses them, where they are, and the project's number that names their users."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import HEAD, NETWORK, EnvironmentFiles

KEY = "subprojects: {alpha: {kms_keys: {main: {used_by: [pubsub]}}}}\n"
DEAD_LETTER = "topics: {ticks: {}, dead: {}}\nsubscriptions: {feed: {topic: ticks, dead_letter: {topic: dead}}}"


def test_a_dead_letter_needs_the_project_number(envs: EnvironmentFiles) -> None:
    problem = envs.subprojects(alpha=DEAD_LETTER).problem()
    assert problem.startswith("envs/base.yaml:5:42 subprojects.alpha.subscriptions.feed.dead_letter: needs the project")
    assert "add project_number" in problem
    envs.dev('project_id: atm-dev-1\nproject_number: "123456789012"\n').load()


def test_a_key_that_products_use_needs_the_project_number(envs: EnvironmentFiles) -> None:
    problem = envs.base(HEAD.replace("[", "[cloudkms.googleapis.com, ", 1) + KEY).problem()
    assert "kms_keys.main.used_by: needs the project's number" in problem


@pytest.mark.parametrize("number", ['"12"', '"012345678901"', '"atm-dev"'])
def test_a_project_number_is_digits(envs: EnvironmentFiles, number: str) -> None:
    problem = envs.base(HEAD).dev(f"project_id: atm-dev-1\nproject_number: {number}\n").problem()
    assert problem.startswith("envs/dev.yaml:2:17 project_number: ")
    assert "is not a project number" in problem


def test_a_key_that_encrypts_a_bucket_is_used_by_storage(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha="kms_keys: {data: {}}\nbuckets: {b: {kms_key: data}}")
    assert "add storage to subprojects.alpha.kms_keys.data.used_by" in "\n".join(envs.problems())


def test_a_key_is_where_what_it_encrypts_is(envs: EnvironmentFiles) -> None:
    envs.dev('project_id: atm-dev-1\nproject_number: "123456789012"\n')
    key, dataset = "kms_keys: {{data: {{used_by: [bigquery]{}}}}}", "datasets: {d: {location: EU, kms_key: data}}"
    envs.subprojects(alpha=f"{key.format('')}\n{dataset}")
    assert "the key alpha/data is in asia-south1, and Google wants one in europe" in "\n".join(envs.problems())
    loaded = envs.subprojects(alpha=f"{key.format(', location: europe')}\n{dataset}").load()
    name = "projects/atm-dev-1/locations/europe/keyRings/alpha/cryptoKeys/data"
    assert loaded.tfvars["subprojects"]["alpha"]["datasets"]["d"]["kms_key"] == name


def test_a_key_has_to_be_usable_by_the_product_that_encrypts_with_it(envs: EnvironmentFiles) -> None:
    envs.dev('project_id: atm-dev-1\nproject_number: "123456789012"\n')
    caches = f"redis_instances: {{cache: {{{NETWORK}, kms_key: keys/data}}}}"
    problem = envs.subprojects(alpha=caches, keys="kms_keys: {data: {used_by: [storage]}}").problem()
    assert "redis_instances.cache.kms_key: the agent of redis may not encrypt with the key keys/data" in problem
    assert "add redis to subprojects.keys.kms_keys.data.used_by" in problem
    envs.subprojects(alpha=caches, keys="kms_keys: {data: {used_by: [redis]}}")
    cache = envs.load().tfvars["subprojects"]["alpha"]["redis_instances"]["cache"]
    assert cache["kms_key"] == "projects/atm-dev-1/locations/asia-south1/keyRings/keys/cryptoKeys/data"
    assert cache["network"] == "projects/atm-dev-1/global/networks/main"


def test_an_agent_may_be_granted_the_key_by_its_address(envs: EnvironmentFiles) -> None:
    member = "serviceAccount:service-123@cloud-redis.iam.gserviceaccount.com"
    grant = f"{{use: {{role: roles/cloudkms.cryptoKeyEncrypterDecrypter, members: ['{member}']}}}}"
    caches = f"redis_instances: {{cache: {{{NETWORK}, kms_key: data}}}}"
    envs.subprojects(alpha=f"kms_keys: {{data: {{grants: {grant}}}}}\n{caches}").load()


def test_a_key_that_signs_encrypts_nothing(envs: EnvironmentFiles) -> None:
    caches = f"redis_instances: {{cache: {{{NETWORK}, kms_key: data}}}}"
    problem = envs.subprojects(
        alpha=f"kms_keys: {{data: {{purpose: MAC, algorithm: HMAC_SHA256}}}}\n{caches}"
    ).problem()
    assert "the key alpha/data is for MAC" in problem
