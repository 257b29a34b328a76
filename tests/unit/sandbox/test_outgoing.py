"""What the sandbox sends to Google's APIs stays on this machine: checked against every API that it loads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from envctl.clouds.endpoints import Endpoints

from sandbox import apis
from sandbox.control.context import Control
from sandbox.control.outgoing import NotServed, here
from sandbox.control.router import Api, Route, Router
from sandbox.control.store import Store

_SANDBOX = "http://127.0.0.1:8085"


@pytest.fixture(scope="module")
def router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Router]:
    path: Path = tmp_path_factory.mktemp("outgoing")
    control = Control(Store(path / "sandbox.db"), path, url=_SANDBOX)
    made = Router(control)
    for api in apis.load():
        made.add(api)
    yield made
    control.store.close()


@pytest.fixture
def control(router: Router) -> Control:
    return router.control


def _at_google(api: Api, route: Route) -> str | None:
    """The URL of a route at Google, as envctl knows it. None for what Google's own hosts don't have."""
    path = re.sub(r"\{[^}]*\}", "x", route.template).strip("/")
    if route.root:
        ours = path.startswith(("b/", "projects/", "sandbox/")) or path == "b"
        return None if ours else f"https://{api.service}/{path}"
    path += f":{route.verb}" if route.verb else ""
    try:
        return Endpoints().url(api.short, path)
    except KeyError:  # envctl has no use for it
        return f"https://{api.service}/{path}"


@pytest.mark.parametrize("api", apis.load(), ids=lambda api: api.short)
def test_every_route_of_an_api_is_reached_by_google_s_url(router: Router, control: Control, api: Api) -> None:
    for route in api.all_routes():
        url = _at_google(api, route)
        if url is None:
            continue
        found = router.match(route.method, urlsplit(here(control, url)).path)
        assert found is not None, url
        assert found[0] is api, url
        assert found[1].template.strip("/") == route.template.strip("/") or route.root, url


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (
            "https://pubsub.googleapis.com/v1/projects/p/topics/t:publish?x=a%2Fb",
            "/pubsub/v1/projects/p/topics/t:publish?x=a%2Fb",
        ),
        ("https://asia-south1-run.googleapis.com/v2/projects/p", "/run/v2/projects/p"),
        ("https://run.asia-south1.rep.googleapis.com/v2/projects/p", "/run/v2/projects/p"),
        ("https://us-pubsub.googleapis.com/v1/x", "/pubsub/v1/x"),
        ("https://pubsub.mtls.googleapis.com/v1/x", "/pubsub/v1/x"),
        ("HTTPS://Run.GoogleAPIs.com.:443/v2/x#part", "/run/v2/x"),
        ("https://www.googleapis.com/storage/v1/b?project=p", "/storage/v1/b?project=p"),
        ("https://www.googleapis.com/upload/storage/v1/b/x/o", "/upload/storage/v1/b/x/o"),
        ("https://www.googleapis.com/sql/v1beta4/projects/p/instances", "/sql/v1beta4/projects/p/instances"),
        ("https://storage.googleapis.com/storage/v1/b/x/o/a%2Fb", "/storage/v1/b/x/o/a%2Fb"),
        ("https://storage.googleapis.com/bucket/object", "/bucket/object"),
        ("https://my.bucket.storage.googleapis.com/object", "/my.bucket/object"),
        ("https://bigquery.googleapis.com/bigquery/v2/projects/p/jobs", "/bigquery/v2/projects/p/jobs"),
        ("https://sqladmin.googleapis.com/v1/projects/p/instances", "/sqladmin/v1/projects/p/instances"),
        ("https://oauth2.googleapis.com/token", "/token"),
    ],
)
def test_google_s_addresses_become_the_sandbox_s(control: Control, given: str, path: str) -> None:
    assert here(control, given) == f"{_SANDBOX}{path}"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x?y#z",
        "https://orders-x.a.run.app/go",
        "https://googleapis.com.example.com/",
        "http://[bad",
        "",
    ],
)
def test_other_addresses_stay(control: Control, url: str) -> None:
    assert here(control, url) == url


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://vision.googleapis.com/v1/images", "vision.googleapis.com"),
        ("https://asia-south1-aiplatform.googleapis.com/v1/x", "asia-south1-aiplatform.googleapis.com"),
        ("https://www.googleapis.com/calendar/v3", "www.googleapis.com/calendar"),
    ],
)
def test_what_is_not_served_is_named_and_never_called(control: Control, url: str, named: str) -> None:
    with pytest.raises(NotServed, match=f"does not serve {re.escape(named)}$"):
        here(control, url)
