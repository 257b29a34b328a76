"""`SqlKeys`: idempotency keys in the database, so that they survive everything that the data survives."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Column, Engine, Float, LargeBinary, MetaData, String, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from .idempotency import Record

metadata = MetaData()
keys = Table(
    "idempotency_keys",
    metadata,
    Column("key", String(512), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("owner", String(32), nullable=False),
    Column("result", LargeBinary),
    Column("expires", Float, nullable=False, index=True),
)


class SqlKeys:
    """Keys in the table `idempotency_keys`, of SQLite or PostgreSQL.

    >>> from sqlalchemy import create_engine
    >>> from sqlalchemy.pool import StaticPool
    >>> engine = create_engine("sqlite://", poolclass=StaticPool)
    >>> store = SqlKeys(engine)
    >>> store.create()
    >>> store.claim("order-17", Record("f", "me"), 60) is None
    True

    Args:
        engine: a plain SQLAlchemy engine.
        clock: seconds since 1970; the same for all instances.
    """

    blocking = True

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock

    def create(self) -> None:
        """Make the table where it is not there."""
        metadata.create_all(self._engine)

    def claim(self, key: str, record: Record, seconds: float) -> Record | None:
        """Take a key; None where it was free."""
        now = self._clock()
        values = {"fingerprint": record.fingerprint, "owner": record.owner, "result": None, "expires": now + seconds}
        while True:
            try:
                with self._engine.begin() as connection:
                    connection.execute(insert(keys).values(key=key, **values))
                return None
            except IntegrityError:
                pass
            with self._engine.begin() as connection:
                free = (keys.c.key == key) & (keys.c.expires <= now)
                if connection.execute(update(keys).where(free).values(values)).rowcount:
                    return None
                found = connection.execute(select(keys).where(keys.c.key == key)).one_or_none()
            if found is not None:  # else it was released in between
                return Record(found.fingerprint, found.owner, found.result)

    def finish(self, key: str, record: Record, owner: str, seconds: float) -> bool:
        """Put down the result."""
        values = {"owner": record.owner, "result": record.result, "expires": self._clock() + seconds}
        mine = (keys.c.key == key) & (keys.c.owner == owner)
        with self._engine.begin() as connection:
            return bool(connection.execute(update(keys).where(mine).values(values)).rowcount)

    def release(self, key: str, owner: str) -> None:
        """Free the key again."""
        with self._engine.begin() as connection:
            connection.execute(delete(keys).where((keys.c.key == key) & (keys.c.owner == owner)))

    def purge(self) -> int:
        """Delete what has expired; how many there were."""
        with self._engine.begin() as connection:
            return int(connection.execute(delete(keys).where(keys.c.expires <= self._clock())).rowcount)
