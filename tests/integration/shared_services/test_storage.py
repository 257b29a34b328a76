"""Buckets, and configuration that follows one, against the sandbox."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from shared_services import (
    Bucket,
    CloudNotFound,
    ConfigManager,
    PreconditionFailed,
    Publisher,
)

Made = Callable[..., Any]


@pytest.fixture
def bucket(make: Made, name: str, environ: dict[str, str]) -> Bucket:
    make("POST", "/storage/v1/b?project={project}", {"name": name, "versioning": {"enabled": True}})
    return Bucket(name, environ=environ)


def test_objects_are_written_read_listed_and_deleted(bucket: Bucket) -> None:
    first = bucket.write("reports/a.json", b"{}", content_type="application/json")
    second = bucket.write("reports/a.json", b"[]")
    assert bucket.read("reports/a.json") == b"[]"
    assert bucket.read("reports/a.json", generation=first) == b"{}"
    assert [(o.name, o.size, o.generation) for o in bucket.list("reports/")] == [("reports/a.json", 2, second)]
    bucket.delete("reports/a.json")
    bucket.delete("reports/a.json", missing_ok=True)
    with pytest.raises(CloudNotFound, match=r"reports/a\.json"):
        bucket.read("reports/a.json")


def test_a_change_over_another_ones_change_is_refused(bucket: Bucket) -> None:
    generation = bucket.write("x", b"1", if_generation=0)
    bucket.write("x", b"2", if_generation=generation)
    for stale in (generation, 0):
        with pytest.raises(PreconditionFailed):
            bucket.write("x", b"3", if_generation=stale)
    assert bucket.read("x") == b"2"


def test_a_configuration_follows_its_bucket(bucket: Bucket, make: Made, name: str, environ: dict[str, str]) -> None:
    make("PUT", f"/pubsub/v1/projects/{{project}}/topics/{name}")
    body = {"topic": f"projects/library-tests/topics/{name}"}
    make("PUT", f"/pubsub/v1/projects/{{project}}/subscriptions/{name}", body)
    bucket.write("trading.yaml", b"capital: 5\n")
    manager = ConfigManager(environ={**environ, "CONFIG_BUCKET": bucket.name})
    assert manager.get_config("trading").capital == 5
    assert manager.history("trading")[0].origins[-1].startswith(f"gs://{bucket.name}/trading.yaml#")
    changed = threading.Event()
    manager.on_change(lambda change: changed.set(), "trading")
    bucket.write("trading.yaml", b"capital: 6\n")

    manager.start_watching(name, bucket_seconds=3600)
    try:
        with Publisher(name, environ=environ) as publisher:
            publisher.publish({"names": ["trading"], "reason": "test"}).result(timeout=10)
        assert changed.wait(30)
    finally:
        manager.stop_watching()
    assert manager.get_config("trading").capital == 6
    bucket.write("trading.yaml", b"capital: nonsense\n")
    (result,) = manager.reload("trading")
    assert (result.outcome, manager.get_config("trading").capital) == ("rejected", 6)
