"""The durable store."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.control.store import Exists, Resource, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "sandbox.db")


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def insert_and_fail() -> None:
        with store.transaction():
            store.insert(Resource("c", "projects/p/things/a"))
            with store.transaction():
                store.insert(Resource("c", "projects/p/things/b"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        insert_and_fail()
    assert store.select("c") == []


def test_a_name_is_there_once(store: Store) -> None:
    store.insert(Resource("c", "projects/p/things/a"))
    with pytest.raises(Exists):
        store.insert(Resource("c", "projects/p/things/a"))


def test_counters_rise_and_survive(store: Store) -> None:
    assert [store.next("x"), store.next("x"), store.next("y")] == [1, 2, 1]
    store.close()
    assert Store(store.path).next("x") == 3


def test_file_is_private(store: Store) -> None:
    assert store.path.stat().st_mode & 0o077 == 0
