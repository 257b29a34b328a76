"""Eventarc Advanced: what leads where must be there, and stays while it is led to; nothing is published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.apis.eventarc.api import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

HERE = "/eventarc/v1/projects/prices/locations/asia-south1"
NAME = HERE.removeprefix("/eventarc/v1/")
Json = dict[str, Any]
HTTP: Json = {"destinations": [{"httpEndpoint": {"uri": "https://example.com"}}]}


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, API) as made:
        await ask(made, "POST", f"{HERE}/messageBuses?messageBusId=bus", {})
        await ask(made, "POST", f"{HERE}/pipelines?pipelineId=pipeline", HTTP)
        yield made


async def test_what_is_led_to_stays(router: Router) -> None:
    body = {
        "messageBus": f"{NAME}/messageBuses/bus",
        "destination": f"{NAME}/pipelines/pipeline",
        "celMatch": "message.type == 'x'",
    }
    await ask(router, "POST", f"{HERE}/enrollments?enrollmentId=one", body)
    for used in ("messageBuses/bus", "pipelines/pipeline"):
        await ask(router, "DELETE", f"{HERE}/{used}", status=400)
    await ask(router, "DELETE", f"{HERE}/enrollments/one")
    source = {"destination": f"{NAME}/messageBuses/bus"}
    await ask(router, "POST", f"{HERE}/googleApiSources?googleApiSourceId=one", source)
    await ask(router, "DELETE", f"{HERE}/messageBuses/bus", status=400)
    await ask(router, "POST", f"{HERE}/messageBuses/bus:publish", {}, 501)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"destinations": []}, 400),
        ({"destinations": [{}]}, 400),
        ({"destinations": [{"topic": "projects/prices/topics/none"}]}, 404),
        ({"destinations": [{"workflow": f"{NAME}/workflows/none"}]}, 404),
        ({"destinations": [{"messageBus": f"{NAME}/messageBuses/none"}]}, 404),
        ({"destinations": [{"httpEndpoint": {"uri": "ftp://example.com"}}]}, 400),
        ({**HTTP, "inputPayloadFormat": {}}, 400),
        ({**HTTP, "retryPolicy": {"minRetryDelay": "50s", "maxRetryDelay": "40s"}}, 400),
    ],
)
async def test_pipelines_that_google_refuses(router: Router, body: Json, status: int) -> None:
    await ask(router, "POST", f"{HERE}/pipelines?pipelineId=other", body, status)


async def test_a_channel_of_a_provider_waits_for_it(router: Router) -> None:
    provider = {"provider": f"{NAME}/providers/datadog"}
    await ask(router, "POST", f"{HERE}/channels?channelId=theirs", provider)
    await ask(router, "POST", f"{HERE}/channels?channelId=own", {})
    theirs, own = [await ask(router, "GET", f"{HERE}/channels/{name}") for name in ("theirs", "own")]
    assert (theirs["state"], own["state"]) == ("PENDING", "ACTIVE")
    assert theirs["activationToken"]
    assert "activationToken" not in own


async def test_googles_channels_are_configured_once_a_location(router: Router) -> None:
    await ask(router, "PATCH", f"{HERE}/googleChannelConfig", {"cryptoKeyName": "none"}, 404)
    assert (await ask(router, "GET", f"{HERE}/googleChannelConfig"))["name"] == f"{NAME}/googleChannelConfig"
