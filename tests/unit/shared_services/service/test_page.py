"""docs/service.md: its code runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared_services import service_of

from .asgi import client

PAGE = Path(__file__).resolve().parents[4] / "docs/service.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


async def test_a_service_in_a_few_lines() -> None:
    found: dict[str, object] = {"__name__": "quotes"}
    exec(BLOCKS[0], found)  # noqa: S102
    async with client(found["app"]) as http:
        assert (await http.get("/quotes/TCS")).json() == {"symbol": "TCS", "price": 3500.0}
        assert (await http.get("/health")).json()["service"] == "quotes"


async def test_what_a_service_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'trading.db'}")
    found: dict[str, object] = {"__name__": "portfolio"}
    code = compile(BLOCKS[1], "docs/service.md", "exec", dont_inherit=True)
    exec(code, found)  # noqa: S102
    async with client(found["app"]) as http:
        assert (await http.get("/health")).json()["checks"]["database"]["detail"] == "sqlite"
        assert (await http.get("/value/TCS")).status_code == 401
    await service_of(found["app"]).stop()
