"""Plans are read strictly, told apart by what they do, and kept without secrets."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from envctl.environments import LoadedEnvironment
from envctl.output.comment import comment
from envctl.plans.fingerprint import differences, fingerprint, parts
from envctl.plans.pending import pending
from envctl.plans.provenance import Provenance
from envctl.plans.read import NotAPlan, read_plan
from envctl.plans.redact import redacted_document
from envctl.redaction import SENSITIVE
from envctl.reviews.make import review_plan

from tests.support.plans import at, bucket, change, large, plan
from tests.unit.environments.environment_files import HEAD, EnvironmentFiles
from tests.unit.reviews.test_canary import SECRET_PLACES

CANARY = "canary-5d1e"
BUCKET = at("google_storage_bucket")


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedEnvironment:
    return EnvironmentFiles(tmp_path).base(HEAD).dev("project_id: atm-dev-1\n").load()


def read(*changes: dict[str, Any]) -> Any:
    return read_plan(plan(*changes))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "not JSON"),
        (b"[]", "a JSON list"),
        (b"PK\x03\x04", "it is a saved plan"),
        (b"{}", "no format_version"),
        (b'{"format_version": "2.0"}', "its format is 2.0"),
        (b'{"format_version": "1.0", "values": {}}', "it is a state"),
        (b'{"format_version": "1.2", "errored": true}', "terraform failed"),
        (b'{"format_version": "1.2", "resource_changes": {}}', "is no list"),
        (b'{"format_version": "1.2", "variables": []}', "is no dict"),
        (b'{"format_version": "1.2", "output_changes": {"a": 1}}', "is no dict"),
        (b'{"format_version": "1.2", "resource_changes": [{"address": "a"}]}', "not as Terraform writes it"),
        (
            b'{"format_version": "1.2", "resource_changes":'
            b' [{"address": "a", "type": "b", "change": {"actions": ["x"]}}]}',
            "actions",
        ),
    ],
)
def test_what_is_no_plan_is_refused_with_what_it_is(data: bytes, says: str) -> None:
    with pytest.raises(NotAPlan, match=says):
        read_plan(data)


def test_a_plan_is_read_with_its_actions_and_subprojects() -> None:
    (found,) = read(change(BUCKET, bucket(), bucket(location="US"), "delete", "create")).resources
    assert (found.action, found.type, found.subproject) == ("replace", "google_storage_bucket", "alpha")


def test_plans_that_do_the_same_have_one_fingerprint_however_they_are_written() -> None:
    changes = [change(BUCKET, bucket(), bucket(storage_class="NEARLINE")), change(at("google_x"), None, {"a": 1})]
    # What stays as it is counts for nothing, also where the cloud has changed it by itself.
    stays = change(at("google_storage_bucket", "b"), bucket(updated="2026-01-01"), bucket(updated="2026-01-01"))
    touched = change(BUCKET, bucket(etag="1"), bucket(etag="1", storage_class="NEARLINE"))
    assert fingerprint(read(*changes)) == fingerprint(read(*reversed(changes), stays))
    assert fingerprint(read(*changes)) == fingerprint(read(touched, changes[1]))


@pytest.mark.parametrize(
    "other",
    [
        change(BUCKET, bucket(), bucket(storage_class="COLDLINE")),
        change(BUCKET, bucket(), bucket(storage_class="NEARLINE"), "delete", "create"),
        change(BUCKET, bucket(), bucket(storage_class="NEARLINE"), after_unknown={"url": True}),
        change(BUCKET, None, bucket(storage_class="NEARLINE")),
        change(BUCKET, bucket(), None),
        change(at("google_storage_bucket", "b"), bucket(), bucket(storage_class="NEARLINE")),
        change(BUCKET, bucket(), bucket(storage_class="NEARLINE"), previous_address="elsewhere"),
        change(BUCKET, bucket(), bucket(storage_class="NEARLINE"), importing={"id": "x"}),
    ],
)
def test_a_plan_that_does_something_else_has_another_fingerprint(other: dict[str, Any]) -> None:
    reviewed = read(change(BUCKET, bucket(), bucket(storage_class="NEARLINE")))
    assert fingerprint(reviewed) != fingerprint(read(other))
    assert differences(parts(reviewed), parts(read(other)))


def test_a_kept_plan_holds_no_secret() -> None:
    service = {
        "template": [
            {"containers": [{"env": [{"name": "SALT", "value": CANARY}, {"name": "API_KEY", "value": CANARY}]}]}
        ]
    }
    document = plan(
        change(
            at("google_secret_manager_secret_version"),
            {"secret_data": CANARY, "payload": CANARY},
            {"secret_data": "new" + CANARY, "payload": CANARY},
            before_sensitive={"payload": True},
            after_sensitive={"payload": True},
        ),
        change(at("google_cloud_run_v2_service"), None, service),
        change(at("google_redis_instance"), {"auth_string": CANARY}, {"auth_string": CANARY}),
        secret_variable=CANARY,
    )
    document["prior_state"] = document["configuration"] = {"a": CANARY}
    kept = json.dumps(redacted_document(read_plan(document), ["SALT"]))
    assert CANARY not in kept
    assert SENSITIVE in kept
    assert fingerprint(read_plan(json.loads(kept))) != fingerprint(read_plan(document))


def test_values_that_another_layer_decides_are_found() -> None:
    push = {"push_config": [{"oidc_token": [{}]}]}
    unknown = {"id": True, "push_config": [{"push_endpoint": True}]}
    own = change(at("google_cloud_run_v2_service"), None, {}, after_unknown={"uri": True, "id": True})
    wired = change(at("google_pubsub_subscription"), None, push, after_unknown=unknown)
    assert pending(read(own, wired)) == [at("google_pubsub_subscription")]


def test_a_plan_that_is_spoilt_anywhere_is_judged_or_refused(loaded: LoadedEnvironment) -> None:
    """One value of it is another, or gone: whoever wrote that, it is no defect of ours."""
    draw = random.Random(20261126)
    whole = [
        large(8),
        SECRET_PLACES,
        plan(change(BUCKET, bucket(), bucket(location="X"), replace_paths=[["location"]])),
    ]
    judged = 0
    for _ in range(250):
        document = json.loads(json.dumps(draw.choice(whole)))
        spoil(document, draw)
        try:
            found = read_plan(json.dumps(document).encode())
            assert comment([review_plan(found, loaded, Provenance())])
            judged += 1
        except NotAPlan as error:
            assert "is not a plan" in str(error)
    assert 60 < judged < 250


def spoil(document: Any, draw: random.Random) -> None:
    holder, key = draw.choice(list(places(document)))
    if isinstance(holder, dict) and draw.random() < 0.15:
        del holder[key]
    else:
        holder[key] = draw.choice(
            [None, True, -1, 1.5, "", "x", [], [1], {}, {"a": 1}, [[]], [{}], {"template": [None]}]
        )


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield value, key
        yield from places(item)


@pytest.mark.parametrize(("before", "new"), [("9000000", True), ("1", False), (None, True)])
def test_a_budget_that_was_lowered_below_the_cost_is_what_is_new(tmp_path: Path, before: str | None, new: bool) -> None:
    declared = "budget: {billing_account: 01A2B3-4C5D6E-7F8091, amount: 1, currency: INR, thresholds: [{percent: 100}]}"
    base = f"apis: [billingbudgets.googleapis.com]\n{declared}\n"
    loaded = EnvironmentFiles(tmp_path).base(base).dev('project_id: atm-dev-1\nproject_number: "301872649199"\n').load()

    def amount(units: str | None) -> dict[str, Any] | None:
        return None if units is None else {"amount": [{"specified_amount": [{"currency_code": "INR", "units": units}]}]}

    budget = change("module.budget[0].google_billing_budget.this", amount(before), amount("1"))
    found = read_plan({**large(8), "resource_changes": [*large(8)["resource_changes"], budget]})
    findings = {finding.rule: finding.new for finding in review_plan(found, loaded, Provenance()).findings}
    assert findings["ATM-BUD-002"] is new
