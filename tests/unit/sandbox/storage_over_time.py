"""Cloud Storage over time: a clock that tests set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sandbox.apis.storage import api as storage
from sandbox.apis.storage.objects import Objects
from sandbox.apis.storage.part_uploads import PartUploads
from sandbox.control.context import Control
from sandbox.control.http import Request, Response
from sandbox.control.router import Router
from sandbox.control.store import Store

BUCKET = "/storage/v1/b/kept"
DAY = 86_400


class Storage:
    """Cloud Storage over a state directory, with a clock that the test sets."""

    def __init__(self, path: Path, time: float = 1_800_000_000) -> None:
        self.time = time
        self.path = path
        self.control = Control(Store(path / "sandbox.db"), path, clock=lambda: self.time)
        self.router = Router(self.control)
        self.router.add(storage.API)
        self.objects = Objects(self.control)
        self.control.provide(self.objects)
        self.control.provide(PartUploads(self.control))

    def restarted(self) -> Storage:
        self.control.store.close()
        return Storage(self.path, self.time)

    async def ask(self, method: str, path: str, document: Any = None, status: int = 200) -> Any:
        answer = await self.router.dispatch(Request.of(method, path, document))
        assert answer.status == status, answer.body
        return answer.json()

    async def upload(self, name: str, data: bytes) -> str:
        path = f"/upload{BUCKET}/o"
        answer: Response = await self.router.dispatch(
            Request("POST", path, {"uploadType": ["media"], "name": [name]}, {}, data)
        )
        return str(answer.json()["generation"])

    async def soft(self, more: str = "") -> list[tuple[str, str]]:
        found = await self.ask("GET", f"{BUCKET}/o?softDeleted=true{more}")
        return [(item["name"], item["generation"]) for item in found.get("items", [])]

    def files(self) -> int:
        return sum(path.is_file() for path in (self.path / "objects").rglob("*"))
