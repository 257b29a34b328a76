"""APIs of the sandbox in this process, without a server: their routes over a store of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.router import Api, Router
from sandbox.control.store import Store


@contextmanager
def routing(folder: Path, *apis: Api) -> Iterator[Router]:
    """The routes of some APIs; what they keep is in a folder."""
    control = Control(Store(folder / "sandbox.db"), folder)
    router = Router(control)
    for api in apis:
        router.add(api)
    yield router
    control.store.close()


async def ask(router: Router, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    """What a request is answered, which has this status."""
    response = await router.dispatch(Request.of(method, path, body))
    assert response.status == status, response.body
    return response.json() if response.body else {}
