"""The service and a browser, once for all tests here: they stay with one worker."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared_services import Bucket
from tests.integration.sandbox_process import Sandbox
from tests.integration.shared_services.conftest import PROJECT
from tests.support.servers import WHERE

from .running import SIGNED_IN, Platform, token

Opened = Callable[..., Any]


@pytest.fixture(scope="session")
def platform(sandbox: Sandbox, environ: dict[str, str]) -> Iterator[Platform]:
    """A bucket of its own, a topic, and the services that are started on them."""
    made = Platform(sandbox, environ, f"page-{os.urandom(4).hex()}", PROJECT).make()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def url(platform: Platform) -> str:
    """The service, where nobody signs in."""
    return platform.service()


@pytest.fixture
def reports(platform: Platform) -> Iterator[Bucket]:
    """The bucket of reports, which is left empty."""
    found = Bucket(f"{platform.name}-reports", environ=platform.environ)
    yield found
    for each in list(found.list()):
        found.delete(each.name)


@pytest.fixture(scope="session")
def follower(platform: Platform) -> str:
    """Another service, which follows the configuration."""
    return platform.follower()


@pytest.fixture(scope="session")
def signed(platform: Platform) -> str:
    """The service, where everyone signs in and a change needs two."""
    return platform.service(**SIGNED_IN, FOUR_EYES="true")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, without a window; for a module at most, as Playwright's loop runs in this thread."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not here: " + WHERE.format("chromium"))
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        arguments = ["--disable-gpu", *(["--no-sandbox"] if os.getuid() == 0 else [])]
        made = running.chromium.launch(executable_path=program, args=arguments, timeout=120_000)
        yield made
        made.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Opened]:
    """Opens the page, as somebody; what it writes into its console fails the test."""
    contexts: list[Any] = []
    said: list[str] = []

    def opened(url: str, where: str, email: str = "") -> Any:
        context = browser.new_context(viewport={"width": 1180, "height": 760})
        contexts.append(context)
        if email:
            context.add_init_script(f"sessionStorage.setItem('id-token', '{token(email)}')")
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(f"{url}/ui/#/{where}")
        page.wait_for_selector("main h2, main .banner")
        return page

    yield opened
    for each in contexts:
        each.close()
    assert said == []
