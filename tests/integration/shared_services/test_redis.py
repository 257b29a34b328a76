"""The cache's second level, keys and limits in a real Redis; and without it, when it dies or hangs."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_services import Cache, Idempotency, MemoryCache, RedisKeys, RedisLevel, RedisRateLimiter, StillRunning
from shared_services.cache.idempotency import Record
from tests.support.servers import RedisServer, redis_server
from tests.support.waiting import eventually

LOADER = """
import sys, time
from shared_services import Cache, RedisLevel
cache = Cache(redis=RedisLevel(sys.argv[1], prefix="herd:", timeout_seconds=2))
def load():
    print("computed", flush=True)
    time.sleep(0.3)
    return 7
sys.stdin.readline()
assert cache.get_or_load("k", load) == 7
"""


def level(redis: RedisServer, name: str, timeout_seconds: float = 2) -> RedisLevel:
    return RedisLevel(redis.url, prefix=f"{name}:", timeout_seconds=timeout_seconds)


def test_another_process_finds_what_one_computed(redis: RedisServer) -> None:
    one, other = (Cache(redis=level(redis, "shared")) for _ in range(2))
    assert one.get_or_load("TCS", lambda: {"price": 3500.5}) == {"price": 3500.5}
    assert other.get_or_load("TCS", lambda: pytest.fail("computed again")) == {"price": 3500.5}


async def test_the_same_for_async_code(redis: RedisServer) -> None:
    one, other = (Cache(redis=level(redis, "shared-async")) for _ in range(2))

    async def load() -> int:
        return 7

    assert await one.get_or_load_async("k", load) == 7
    assert await other.get_async("k") == 7
    await one.set_async("k", 8)
    await one.invalidate_async("k")
    assert one.redis is not None
    assert await one.redis.client_async().get("shared-async:k") is None
    for cache in (one, other):
        assert cache.redis is not None
        await cache.redis.close_async()


def test_processes_that_ask_at_once_have_it_computed_once(redis: RedisServer) -> None:
    command = [sys.executable, "-c", LOADER, redis.url]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=30)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(said) == ["", "computed\n"]


@pytest.fixture
def following(redis: RedisServer) -> Iterator[tuple[Cache, Cache]]:
    caches = Cache(redis=level(redis, "events")), Cache(redis=level(redis, "events"))
    heard: list[str] = []
    for cache in caches:
        cache.on_invalidate(heard.append)
        cache.start()
    channel = level(redis, "events").channel
    assert eventually(lambda: level(redis, "events").client().pubsub_numsub(channel)[0][1] == 2)
    Cache(redis=level(redis, "events")).invalidate("first")
    assert eventually(lambda: heard == ["first"] * 2)  # a listener forgets everything when it begins: it has begun
    yield caches
    for cache in caches:
        cache.stop()


def test_what_one_invalidates_the_other_forgets(following: tuple[Cache, Cache]) -> None:
    one, other = following
    seen: list[str] = []
    other.on_invalidate(seen.append)
    one.set("k", "old")
    assert eventually(lambda: seen == ["k"])
    assert other.get("k") == "old"
    one.set("k", "new")
    assert eventually(lambda: other.get("k") == "new")
    one.invalidate("k")
    assert eventually(lambda: other.get("k") is None)


def test_without_redis_values_are_computed_and_it_costs_next_to_nothing(tmp_path: Path) -> None:
    with redis_server(tmp_path) as own:
        cache = Cache(MemoryCache(entries=1), level(own, "down", 0.05))
        assert cache.get_or_load("a", lambda: 1) == 1
        own.stop()
        assert [cache.get_or_load(key, lambda: 2) for key in "bcdef"] == [2] * 5
        for key in "ghij" * 5:
            cache.get_or_load(key, lambda: 3)
        assert cache.redis is not None
        refused = cache.redis.breaker.refused
        assert refused > 40  # it isn't even asked
        own.start()
        store = cache.redis

        def works_again() -> bool:
            store.set("z", 1, 60)
            return store.get("z") == 1 and store.breaker.state.value == "closed"

        assert eventually(works_again, 10)


def test_a_redis_that_hangs_costs_its_time_out(tmp_path: Path) -> None:
    with redis_server(tmp_path) as own:
        cache = Cache(MemoryCache(entries=1), level(own, "slow", 0.05))
        assert cache.get_or_load("a", lambda: 1) == 1
        assert own.process is not None
        os.kill(own.process.pid, signal.SIGSTOP)
        try:
            assert [cache.get_or_load(key, lambda: 2) for key in "bcdef"] == [2] * 5
            assert cache.redis is not None
            assert cache.redis.breaker.state.value == "open"
        finally:
            os.kill(own.process.pid, signal.SIGCONT)


def test_what_cannot_be_read_is_computed_again(redis: RedisServer) -> None:
    store = level(redis, "broken")
    store.client().set("broken:k", b"{not json")
    assert Cache(redis=store).get_or_load("k", lambda: 7) == 7


def test_idempotency_keys_in_redis(redis: RedisServer) -> None:
    keys = RedisKeys(level(redis, "x").client(), prefix="keys:")
    idempotency = Idempotency(keys)
    assert [idempotency.run("k", lambda: {"order": "N1"}) for _ in range(2)] == [{"order": "N1"}] * 2
    with pytest.raises(ZeroDivisionError):
        idempotency.run("f", lambda: 1 / 0)
    assert idempotency.run("f", lambda: 7) == 7

    def outer() -> None:
        with pytest.raises(StillRunning):
            idempotency.run("o", lambda: 1)

    idempotency.run("o", outer)
    assert keys.claim("d", Record("f", "dead"), 0.02) is None
    assert eventually(lambda: keys.claim("d", Record("f", "next"), 60) is None)
    assert not keys.finish("d", Record("f", "", b"1"), "dead", 60)
    keys.release("d", "dead")
    found = keys.claim("d", Record("f", "third"), 60)
    assert found is not None
    assert found.owner == "next"


async def test_the_limit_is_shared(redis: RedisServer) -> None:
    client = level(redis, "x").client()
    limiters = [RedisRateLimiter(client, per_second=1, burst=3) for _ in range(2)]
    allowed = [limiters[number % 2].check("kite") for number in range(6)]
    assert allowed[:3] == [0.0] * 3
    assert 0 < allowed[3] <= 1
    await asyncio.sleep(allowed[3] + 0.01)
    assert limiters[1].check("kite") == 0
