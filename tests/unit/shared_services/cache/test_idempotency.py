"""A request with a key is done once: in memory and in SQL alike. Redis: tests/integration/shared_services."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import create_engine

from shared_services import Idempotency, KeyConflict, KeyStore, MemoryKeys, SqlKeys, StillRunning
from shared_services.cache.idempotency import Record


class KeysMachine(RuleBasedStateMachine):
    """Claims, results, releases and time, against a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.keys = MemoryKeys(clock=lambda: self.now)
        self.model: dict[str, tuple[float, Record]] = {}
        self.count = 0

    def known(self, key: str) -> Record | None:
        until, record = self.model.get(key, (0.0, None))
        return record if until > self.now else None

    @rule(key=st.sampled_from("ab"), seconds=st.sampled_from([1.0, 10.0]))
    def claim(self, key: str, seconds: float) -> None:
        self.count += 1
        record, known = Record("f", f"owner-{self.count}"), self.known(key)
        assert self.keys.claim(key, record, seconds) == known
        if known is None:
            self.model[key] = (self.now + seconds, record)

    @rule(key=st.sampled_from("ab"), back=st.integers(0, 3))
    def finish(self, key: str, back: int) -> None:
        owner = f"owner-{self.count - back}"
        done = Record("f", "", b"1")
        mine = key in self.model and self.model[key][1].owner == owner
        assert self.keys.finish(key, done, owner, 5) == mine
        if mine:
            self.model[key] = (self.now + 5, done)

    @rule(key=st.sampled_from("ab"), back=st.integers(0, 3))
    def release(self, key: str, back: int) -> None:
        owner = f"owner-{self.count - back}"
        self.keys.release(key, owner)
        if key in self.model and self.model[key][1].owner == owner:
            del self.model[key]

    @rule(seconds=st.sampled_from([0.5, 2.0, 20.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds


KeysMachine.TestCase.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
TestKeysMachine = KeysMachine.TestCase


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyStore]:
    if request.param == "memory":
        yield MemoryKeys()
        return
    engine = create_engine(f"sqlite:///{tmp_path / 'keys.db'}", connect_args={"timeout": 30})
    made = SqlKeys(engine)
    made.create()
    yield made
    engine.dispose()


def once(calls: list[int]) -> Callable[[], dict[str, int]]:
    def do() -> dict[str, int]:
        calls.append(1)
        return {"n": len(calls)}

    return do


def test_the_second_time_the_first_answer_is_given(store: KeyStore) -> None:
    calls: list[int] = []
    idempotency = Idempotency(store)
    assert [idempotency.run("k", once(calls), request={"q": 1}) for _ in range(3)] == [{"n": 1}] * 3


def test_another_request_with_the_same_key_is_refused(store: KeyStore) -> None:
    idempotency = Idempotency(store)
    idempotency.run("k", once([]), request={"quantity": 1})
    with pytest.raises(KeyConflict, match='"k" was used for another request'):
        idempotency.run("k", once([]), request={"quantity": 2})


def test_a_failed_request_may_come_again(store: KeyStore) -> None:
    idempotency = Idempotency(store)
    with pytest.raises(ZeroDivisionError):
        idempotency.run("k", lambda: 1 / 0)
    assert idempotency.run("k", lambda: 7) == 7


async def test_while_it_runs_the_same_request_is_told_to_wait(store: KeyStore) -> None:
    idempotency = Idempotency(store)

    async def outer() -> int:
        with pytest.raises(StillRunning):
            await idempotency.run_async("k", inner)
        return 1

    async def inner() -> int:
        return 2

    assert await idempotency.run_async("k", outer) == 1
    assert await idempotency.run_async("k", inner) == 1


def test_of_many_at_once_one_is_done(store: KeyStore) -> None:
    calls: list[int] = []
    idempotency = Idempotency(store)

    def attempt(_: int) -> object:
        try:
            return idempotency.run("k", once(calls))
        except StillRunning:
            return None

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(24)))
    assert len(calls) == 1
    assert [answer for answer in answers if answer not in (None, {"n": 1})] == []


def test_an_expired_claim_is_free_and_its_late_owner_changes_nothing(tmp_path: Path) -> None:
    now = [1000.0]
    engine = create_engine(f"sqlite:///{tmp_path / 'keys.db'}")
    sql = SqlKeys(engine, clock=lambda: now[0])
    sql.create()
    for store in (sql, MemoryKeys(clock=lambda: now[0])):
        now[0] = 1000.0
        assert store.claim("k", Record("f", "dead"), 10) is None
        now[0] = 1011.0
        assert store.claim("k", Record("f", "next"), 10) is None
        assert not store.finish("k", Record("f", "", b"1"), "dead", 60)
        assert store.finish("k", Record("f", "", b"2"), "next", 60)
    now[0] = 2000.0
    assert sql.purge() == 1
    engine.dispose()


async def test_a_cancelled_request_frees_its_key(store: KeyStore) -> None:
    idempotency = Idempotency(store)
    runs = asyncio.Event()

    async def request() -> None:
        runs.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(idempotency.run_async("k", request))
    await runs.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await idempotency.run_async("k", lambda: asyncio.sleep(0, 7)) == 7


class SlowKeys(MemoryKeys):
    """Keys whose claims take a while, as a database's do."""

    blocking = True

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answers = threading.Event(), threading.Event()

    def claim(self, key: str, record: Record, seconds: float) -> Record | None:
        self.asked.set()
        assert self.answers.wait(60)
        return super().claim(key, record, seconds)


async def test_a_request_that_is_cancelled_while_it_claims_its_key_ends_at_once_and_frees_it() -> None:
    keys = SlowKeys()
    idempotency = Idempotency(keys)
    task = asyncio.create_task(idempotency.run_async("k", lambda: asyncio.sleep(0, 1)))
    await asyncio.to_thread(keys.asked.wait, 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not keys.answers.is_set(), "it doesn't wait for its claim"
    keys.answers.set()
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(StillRunning):
                assert await idempotency.run_async("k", lambda: asyncio.sleep(0, 7)) == 7
                return
            await asyncio.sleep(0.01)
