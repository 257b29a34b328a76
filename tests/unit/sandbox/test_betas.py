"""Versions of betas: what the stable version has, by the beta's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.apis import load
from sandbox.control.betas import BETAS
from sandbox.control.http import Request
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing


@pytest.fixture
def router(tmp_path: Path) -> Iterator[Router]:
    with routing(tmp_path, *load()) as made:
        yield made


async def test_what_the_beta_makes_the_stable_version_has(router: Router) -> None:
    network = {"name": "wide", "autoCreateSubnetworks": False}
    await ask(router, "POST", "/compute/beta/projects/my-project/global/networks", network)

    made = await ask(router, "GET", "/compute/v1/projects/my-project/global/networks/wide")
    assert made == await ask(router, "GET", "/compute/beta/projects/my-project/global/networks/wide")
    assert made["selfLink"].endswith("/compute/v1/projects/my-project/global/networks/wide")


async def test_what_no_version_has_is_not_served(router: Router) -> None:
    await ask(router, "GET", "/workflows/v1beta/projects/my-project/locations/l/workflows")
    await ask(router, "GET", "/workflows/v1beta9/projects/my-project/locations/l/workflows", status=501)
    await ask(router, "GET", "/workflows/v1beta/projects/my-project/locations/l/nothings", status=501)


@pytest.mark.parametrize("short", BETAS)
async def test_a_beta_answers_where_its_version_does(router: Router, short: str) -> None:
    [api] = [api for api in router.apis if api.short == short]
    for beta, version in BETAS[short].items():
        routes = [route for route in api.all_routes() if route.template.startswith(f"{version}/")]
        assert routes
        for route in routes[:40]:
            path = re.sub(r"\{\w+\*?\}", "x", route.template).removeprefix(version)
            verb = f":{route.verb}" if route.verb else ""
            answers = [
                await router.dispatch(Request.of("GET", f"/{short}/{name}{path}{verb}")) for name in (version, beta)
            ]
            assert answers[0].status == answers[1].status
