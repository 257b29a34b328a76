"""What `up` asks the services."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any, cast

from envctl.clouds import Endpoints, SandboxToken
from envctl.clouds.credentials import CredentialsError
from envctl.services import ask_services
from envctl.target import Target

from tests.unit.validation.fake_google import FakeGoogle


def test_a_service_that_is_not_well_yet_is_asked_again() -> None:
    fake = FakeGoogle({"api/health": {"service": "api", "status": "ok"}}).start()
    degraded: Any = (200, {"service": "api", "status": "degraded"})
    fake.faults["api/health"] = degraded
    well = threading.Timer(0.5, lambda: fake.faults.pop("api/health"))
    well.start()
    try:
        target = cast("Target", SimpleNamespace(endpoints=Endpoints(fake.url), credentials=SandboxToken()))
        (answer,) = ask_services(target, {"own/api": f"{fake.url}/api"})
    finally:
        well.join()
        fake.stop()
    assert (answer.path, answer.status) == ("own/api", "ok")


class NoIdToken(SandboxToken):
    """A person's credentials that name no audience."""

    async def id_token(self, audience: str) -> str | None:
        raise CredentialsError("these credentials give no ID token", "use a service account")


def test_credentials_that_give_no_token_leave_a_service_unknown() -> None:
    target = cast("Target", SimpleNamespace(endpoints=Endpoints("http://127.0.0.1:9"), credentials=NoIdToken()))
    (answer,) = ask_services(target, {"own/api": "http://127.0.0.1:9/api"})
    assert (answer.status, answer.kind) == ("these credentials give no ID token; use a service account", "unknown")
