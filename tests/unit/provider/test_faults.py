"""What the provider makes of errors, cut connections and conflicts: retried or told, and the state never lies."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox import apis
from sandbox.apis.storage import api as storage
from sandbox.control.context import Control
from sandbox.control.faults import Faults
from sandbox.control.router import Router
from sandbox.control.store import Store
from sandbox.provider import lifecycle
from sandbox.provider.api import Api
from sandbox.provider.catalogue import Catalogue
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.planning import plan
from sandbox.provider.resource import Incomplete
from sandbox.provider.settings import Settings

State = dict[str, Any]
WORKFLOW = "locations/asia-south1/workflows/daily"
STEPS = "main:\n  steps:\n    - done:\n        return: 1\n"


@dataclass(frozen=True)
class Thing:
    """A type, what is configured of it first and then, and the methods that make, change and end it."""

    type: str
    first: State
    second: State
    create: str = "POST"
    update: str = "PATCH"


THINGS = [
    Thing("google_pubsub_topic", {"name": "orders"}, {"message_retention_duration": "600s"}, create="PUT"),
    Thing(
        "google_secret_manager_secret",
        {"secret_id": "kite_api_key", "replication": [{"auto": [{}], "user_managed": []}]},
        {"version_destroy_ttl": "86400s"},
    ),
    Thing(
        "google_storage_bucket", {"name": "PROJECT-quotes", "location": "ASIA-SOUTH1"}, {"storage_class": "NEARLINE"}
    ),
    Thing(
        "google_workflows_workflow",
        {"name": "daily", "source_contents": STEPS, "deletion_protection": False},
        {"description": "each day"},
    ),
    Thing(
        "google_service_account",
        {"account_id": "engine", "display_name": "Engine"},
        {"display_name": "Strategy engine"},
    ),
]
all_things = pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.type)
all_steps = pytest.mark.parametrize("step", ["create", "update", "delete"])


class Terraform:
    """What Terraform does with one resource: refresh, plan, apply, keep the state that is returned."""

    def __init__(self, catalogue: Catalogue, faults: Faults, thing: Thing) -> None:
        async def no_sleep(seconds: float) -> None:
            await asyncio.sleep(0)

        self.kind, self.faults, self.thing = catalogue.resources[thing.type], faults, thing
        self.api = Api(faults.dispatch, no_sleep)
        self.settings = Settings(project=f"atm-{uuid.uuid4().hex[:10]}", region="asia-south1")
        self.state: State | None = None

    async def refresh(self) -> None:
        if self.state is not None:
            self.state = await lifecycle.read(self.kind, self.state, self.settings, self.api)

    async def apply(self, config: State | None) -> None:
        """Raises ProviderError; the state is what the provider returned all the same."""
        await self.refresh()
        if config is None:
            planned, whole = None, {}
        else:
            named = config.get("name") == "PROJECT-quotes"
            whole = lifecycle.fit(self.kind, config | ({"name": f"{self.settings.project}-quotes"} if named else {}))
            prior = self.state or {}
            proposed = {
                name: prior.get(name) if value is None and (name == "id" or self._computed(name)) else value
                for name, value in whole.items()
            }
            planned, _ = plan(self.kind, self.state, proposed, whole, self.settings)
        try:
            self.state = await lifecycle.apply(self.kind, self.state, planned, whole, self.settings, self.api)
        except Incomplete as error:
            self.state = error.state
            raise error.error from error

    def _computed(self, name: str) -> bool:
        return name in self.kind.fields and self.kind.fields[name].computed

    async def until(self, step: str) -> None:
        """Everything before a step."""
        if step != "create":
            await self.apply(self.thing.first)

    async def do(self, step: str) -> None:
        configurations = {"create": self.thing.first, "update": self.thing.first | self.thing.second}
        await self.apply(configurations.get(step))

    def fault(self, step: str, **rule: Any) -> None:
        """A fault on the calls of a step."""
        methods = {"create": self.thing.create, "update": self.thing.update, "delete": "DELETE"}
        self.faults.add({"method": methods[step], **rule})


@pytest.fixture(scope="module")
def router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Router]:
    folder: Path = tmp_path_factory.mktemp("faults")
    control = Control(Store(folder / "sandbox.db"), folder)
    asyncio.run(storage.API.start(control))
    router = Router(control)
    for api in apis.load():
        router.add(api)
    yield router
    control.store.close()


@pytest.fixture
async def terraform(catalogue: Catalogue, router: Router, thing: Thing) -> Any:
    terraform = Terraform(catalogue, Faults(router), thing)
    yield terraform
    terraform.faults.rules.clear()
    await terraform.apply(None)


@all_things
@all_steps
@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_passes_is_waited_for(terraform: Terraform, step: str, status: int) -> None:
    await terraform.until(step)
    terraform.fault(step, status=status, times=3)

    await terraform.do(step)

    assert [rule.hit for rule in terraform.faults.rules.values()] == [3]
    assert (terraform.state is None) == (step == "delete")


@all_things
@all_steps
@pytest.mark.parametrize("status", [409, 412, 503])
async def test_what_stays_is_told_and_nothing_is_kept_that_is_not_so(
    terraform: Terraform, step: str, status: int
) -> None:
    await terraform.until(step)
    before = terraform.state
    terraform.fault(step, status=status)

    with pytest.raises(ProviderError, match=f"Error {status}: Injected"):
        await terraform.do(step)

    terraform.faults.rules.clear()
    kept = terraform.state
    await terraform.refresh()
    assert terraform.state == kept
    assert (before is None) == (kept is None)
    await terraform.do(step)
    assert (terraform.state is None) == (step == "delete")


@all_things
@all_steps
async def test_a_connection_cut_before_the_call_is_told_and_the_next_apply_does_it(
    terraform: Terraform, step: str
) -> None:
    await terraform.until(step)
    terraform.fault(step, cut="before", times=1)

    with pytest.raises(ProviderError, match="EOF"):
        await terraform.do(step)
    await terraform.do(step)

    assert (terraform.state is None) == (step == "delete")


@all_things
async def test_a_creation_whose_answer_is_lost_is_found_by_the_next_one(terraform: Terraform) -> None:
    terraform.fault("create", cut="after", times=1)

    with pytest.raises(ProviderError, match="EOF"):
        await terraform.do("create")
    assert terraform.state is None
    with pytest.raises(ProviderError, match="Error 409"):
        await terraform.do("create")

    # What the message leads one to; a workflow can't be imported, with the real provider neither.
    ids = {
        "google_pubsub_topic": "projects/PROJECT/topics/orders",
        "google_secret_manager_secret": "projects/PROJECT/secrets/kite_api_key",
        "google_storage_bucket": "PROJECT-quotes",
        "google_service_account": "projects/PROJECT/serviceAccounts/engine@PROJECT.iam.gserviceaccount.com",
    }
    if terraform.kind.name not in ids:
        await terraform.api.call("DELETE", f"/workflows/v1/projects/{terraform.settings.project}/{WORKFLOW}")
        return
    given = ids[terraform.kind.name].replace("PROJECT", terraform.settings.project)
    terraform.state = lifecycle.imported(terraform.kind, given, terraform.settings)
    await terraform.do("create")
    assert terraform.state is not None


@all_things
@pytest.mark.parametrize("step", ["update", "delete"])
async def test_a_change_whose_answer_is_lost_is_seen_by_the_next_refresh(terraform: Terraform, step: str) -> None:
    await terraform.until(step)
    terraform.fault(step, cut="after", times=1)

    with pytest.raises(ProviderError, match="EOF"):
        await terraform.do(step)
    assert terraform.state is not None
    await terraform.refresh()

    if step == "delete":
        assert terraform.state is None
    else:
        changed = terraform.thing.second
        assert {name: terraform.state[name] for name in changed} == changed


@all_things
async def test_what_was_made_but_cannot_be_read_stays_in_the_state(terraform: Terraform) -> None:
    terraform.faults.add({"method": "GET", "status": 403})
    terraform.faults.add({"path": "*/operations/*", "status": 403})

    with pytest.raises(ProviderError, match="Error 403"):
        await terraform.do("create")

    assert terraform.state is not None
    terraform.faults.rules.clear()
    await terraform.refresh()
    assert terraform.state is not None


TOPIC = Thing("google_pubsub_topic", {"name": "granted"}, {})
GRANT = Thing(
    "google_pubsub_topic_iam_member",
    {"topic": "granted", "role": "roles/pubsub.viewer", "member": "user:ann@example.com"},
    {},
)


@pytest.mark.parametrize("status", [409, 412, 429, 500, 503])
@pytest.mark.parametrize("step", ["create", "delete"])
async def test_a_policy_is_read_and_written_again_after_a_conflict(
    catalogue: Catalogue, router: Router, step: str, status: int
) -> None:
    faults = Faults(router)
    topic, grant = (Terraform(catalogue, faults, thing) for thing in (TOPIC, GRANT))
    grant.settings = topic.settings
    await topic.apply(TOPIC.first)
    await grant.until(step)
    faults.add({"path": "*:setIamPolicy", "status": status, "times": 2})

    await grant.do(step)

    assert (grant.state is None) == (step == "delete")
    assert [rule.hit for rule in faults.rules.values()] == [2]
    await topic.apply(None)


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_grant_whose_answer_is_lost_is_granted_once(catalogue: Catalogue, router: Router, cut: str) -> None:
    faults = Faults(router)
    topic, grant = (Terraform(catalogue, faults, thing) for thing in (TOPIC, GRANT))
    grant.settings = topic.settings
    await topic.apply(TOPIC.first)
    faults.add({"path": "*:setIamPolicy", "cut": cut, "times": 1})

    with pytest.raises(ProviderError, match="EOF"):
        await grant.do("create")
    assert grant.state is None
    await grant.do("create")

    policy = await grant.api.call("GET", f"/pubsub/v1/projects/{topic.settings.project}/topics/granted:getIamPolicy")
    assert policy["bindings"] == [{"role": "roles/pubsub.viewer", "members": ["user:ann@example.com"]}]
    await topic.apply(None)
