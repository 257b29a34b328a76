"""`initialize_database`: one engine a process, sessions that end as they should, and whether it answers."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from shared_services.errors import InputError, PermanentError

if TYPE_CHECKING:
    from shared_services.config import BaseServiceConfig
    from shared_services.config.documents.database import DatabaseConfig, Pool
    from shared_services.config.secret import Secret

SQLITE = "sqlite:///trading.db"
_ASYNC = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_SYNC = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_current: DatabaseManager | None = None
_lock = threading.Lock()


class DatabaseManager:
    """The engine and the sessions of a database.

    >>> import asyncio
    >>> async def answers() -> str:
    ...     manager = DatabaseManager("sqlite://")
    ...     answer = await manager.check()
    ...     await manager.close()
    ...     return answer
    >>> asyncio.run(answers())
    'sqlite'

    Args:
        url: `sqlite:///FILE`, `sqlite://` in memory, or `postgresql://USER:PASSWORD@HOST/NAME`.
        async_mode: whether sessions are async.
        pool: connections that are kept; SQLite keeps what it needs.
        connect_seconds: how long connecting may take.
        statement_seconds: how long a statement may take, in PostgreSQL.
        echo: whether statements are logged.
    """

    def __init__(
        self,
        url: str = SQLITE,
        *,
        async_mode: bool = True,
        pool: Pool | None = None,
        connect_seconds: float = 5,
        statement_seconds: float = 30,
        echo: bool = False,
    ) -> None:
        self.async_mode = async_mode
        self._url = _with_driver(url, async_mode)
        arguments = self._arguments(pool, connect_seconds, statement_seconds)
        self.engine: AsyncEngine | Engine
        if async_mode:
            made = create_async_engine(self._url, echo=echo, **arguments)
            self.engine, core = made, made.sync_engine
            self._async_sessions = async_sessionmaker(made, expire_on_commit=False)
        else:
            self.engine = core = create_engine(self._url, echo=echo, **arguments)
            self._sessions = sessionmaker(core, expire_on_commit=False)
        if self.dialect == "sqlite":
            event.listen(core, "connect", _prepare_sqlite)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._url.get_backend_name()

    @property
    def url(self) -> str:
        """The address, without its password."""
        return self._url.render_as_string(hide_password=True)

    @asynccontextmanager
    async def get_async_session(self) -> AsyncIterator[AsyncSession]:
        """A session that is committed at the end, or rolled back when something is raised inside.

        >>> async with manager.get_async_session() as session:  # doctest: +SKIP
        ...     repository = PortfolioRepository(session)
        """
        if not self.async_mode:
            raise InputError("this database was initialized without async_mode", todo="use get_session")
        async with self._async_sessions() as session:
            try:
                yield session
                await session.commit()
            except BaseException:
                await session.rollback()
                raise

    @contextmanager
    def get_session(self) -> Iterator[Session]:
        """The same for plain code."""
        if self.async_mode:
            raise InputError("this database was initialized with async_mode", todo="use get_async_session")
        with self._sessions() as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    async def check(self) -> str:
        """Ask it something; what it is. For `service.health.add("database", manager.check, kind="database")`.

        Raises:
            whatever the driver raises, where it doesn't answer.
        """
        if isinstance(self.engine, AsyncEngine):
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        else:
            import asyncio

            await asyncio.to_thread(self._ask)
        return self.dialect

    def _ask(self) -> None:
        assert isinstance(self.engine, Engine)
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    async def create_tables(self, base: Any) -> None:
        """Make the tables of a declarative base that are not there. For tests and first steps; later, migrations."""
        if isinstance(self.engine, AsyncEngine):
            async with self.engine.begin() as connection:
                await connection.run_sync(base.metadata.create_all)
        else:
            base.metadata.create_all(self.engine)

    async def close(self) -> None:
        """Close all connections. For `service.on_stop(manager.close)`."""
        if isinstance(self.engine, AsyncEngine):
            await self.engine.dispose()
        else:
            self.engine.dispose()

    def _arguments(self, pool: Pool | None, connect_seconds: float, statement_seconds: float) -> dict[str, Any]:
        if self.dialect == "sqlite":
            arguments: dict[str, Any] = {"connect_args": {"timeout": connect_seconds}}
            if self._url.database in (None, "", ":memory:"):
                # Each connection would have a database of its own.
                arguments |= {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
            return arguments
        limit = f"{int(statement_seconds * 1000)}"
        if self.async_mode:
            connect: dict[str, Any] = {"timeout": connect_seconds, "server_settings": {"statement_timeout": limit}}
        else:
            connect = {"connect_timeout": max(1, int(connect_seconds)), "options": f"-c statement_timeout={limit}"}
        sizes: dict[str, Any] = {}
        if pool is not None:
            sizes = {
                "pool_size": pool.size,
                "max_overflow": pool.overflow,
                "pool_timeout": pool.timeout_seconds,
                "pool_recycle": pool.recycle_seconds,
            }
        return {"pool_pre_ping": True, "connect_args": connect, **sizes}


def initialize_database(
    config: BaseServiceConfig | DatabaseConfig | str | None = None, *, async_mode: bool = True
) -> DatabaseManager:
    """The database of this process; `get_async_db_session` and `get_db_session` use it from then on.

    >>> import asyncio
    >>> manager = initialize_database("sqlite://")
    >>> asyncio.run(manager.check())
    'sqlite'

    Args:
        config: a service's configuration (its `DATABASE_URL`), that of `config/database.yaml`, an address, or None for
            `ConfigManager().get_database_config()`. A service without `DATABASE_URL` has SQLite's file `trading.db`.
        async_mode: whether sessions are async.

    Raises:
        PermanentError: the configuration's secrets were not fetched.
    """
    global _current
    made = DatabaseManager(**_settings(config, async_mode), async_mode=async_mode)
    with _lock:
        _current = made
    return made


def database() -> DatabaseManager:
    """The database that `initialize_database` made.

    >>> initialize_database("sqlite://") is database()
    True

    Raises:
        PermanentError: there is none.
    """
    if _current is None:
        raise PermanentError("the database was not initialized", todo="call initialize_database(config) at the start")
    return _current


async def get_async_db_session() -> AsyncIterator[AsyncSession]:
    """A FastAPI dependency: a session for a request, committed at its end, rolled back when it fails.

    >>> from typing import Annotated
    >>> from fastapi import Depends
    >>> Session = Annotated[AsyncSession, Depends(get_async_db_session)]
    """
    async with database().get_async_session() as session:
        yield session


def get_db_session() -> Iterator[Session]:
    """The same for plain routes.

    >>> from typing import Annotated
    >>> from fastapi import Depends
    >>> PlainSession = Annotated[Session, Depends(get_db_session)]
    """
    with database().get_session() as session:
        yield session


def _settings(config: Any, async_mode: bool) -> dict[str, Any]:
    from shared_services.config.documents.database import DatabaseConfig
    from shared_services.config.secret import SecretNotLoaded

    if isinstance(config, str):
        return {"url": config}
    if config is None:
        from shared_services.config import default_manager

        config = default_manager().get_database_config()
    if not isinstance(config, DatabaseConfig):
        url = config.DATABASE_URL
        if url is None:
            return {"url": SQLITE}
        config = DatabaseConfig(url=_loaded(url))
    try:
        address = config.connection_url(asynchronous=async_mode)
    except SecretNotLoaded as error:
        raise PermanentError(
            "the database's password was not fetched",
            why=str(error),
            todo="give ConfigManager().get_database_config(), or the service's get_secret_config(NAME)",
        ) from None
    return {
        "url": address,
        "pool": config.pool,
        "connect_seconds": config.connect_timeout_seconds,
        "statement_seconds": config.statement_timeout_seconds,
    }


def _loaded(url: Secret) -> Secret:
    """The address with its value: from its variable, or from Secret Manager."""
    known = url if url.is_loaded else url.from_variables(os.environ)
    if known.is_loaded:
        return known
    from shared_services.cloud.secrets import SecretManager

    return known.loaded(SecretManager().get_secret(known.secret, known.version))


def _with_driver(url: str, async_mode: bool) -> URL:
    try:
        parsed = make_url(url)
    except Exception:
        raise InputError("the database's address can't be read", todo="postgresql://USER:PASSWORD@HOST/NAME") from None
    scheme = parsed.drivername.partition("+")[0]
    drivers = _ASYNC if async_mode else _SYNC
    if scheme not in drivers:
        raise InputError(f"{scheme} is no database of the platform", todo="sqlite or postgresql")
    return parsed.set(drivername=drivers[scheme])


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """References are checked, and readers don't wait for the writer."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()
