"""Alembic without its files: a folder of versions, the models, and a database is all it takes."""

from __future__ import annotations

import asyncio
import threading
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from shared_services.errors import PermanentError

if TYPE_CHECKING:
    from alembic.config import Config

    from .manager import DatabaseManager

T = TypeVar("T")

_alembic = threading.Lock()  # it knows one migration at a time, whatever its database
_TEMPLATE = '''"""${message}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''
_ENVIRONMENT = '''"""Run by shared_services.database.migrations."""

from alembic import context

given = context.config.attributes
context.configure(
    connection=given["connection"],
    target_metadata=given["metadata"],
    render_as_batch=given["connection"].dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
'''


class Migrations:
    """The versions of a database's tables.

    Of instances that start at once, one migrates and the others wait (in PostgreSQL; SQLite has one writer anyway).

    >>> migrations = Migrations(initialize_database(), "services/portfolio_manager/migrations", Base)  # doctest: +SKIP
    >>> await migrations.upgrade()  # doctest: +SKIP
    '3f1c…'

    Args:
        manager: the database.
        folder: holds `versions/`; it is made with what Alembic needs.
        base: the declarative base of the models.
    """

    def __init__(self, manager: DatabaseManager, folder: str | Path, base: Any) -> None:
        self._manager, self._folder, self._base = manager, Path(folder), base

    async def revise(self, message: str) -> Path:
        """Write a version with what differs between the models and the database, for a person to look at.

        Returns:
            Its file.

        Raises:
            PermanentError: nothing differs.
        """

        def run(connection: Connection) -> Path:
            from alembic import command
            from alembic.autogenerate import compare_metadata
            from alembic.migration import MigrationContext

            context = MigrationContext.configure(connection, opts={"compare_type": True})
            if not compare_metadata(context, self._base.metadata):
                raise PermanentError("the database has what the models say: there is nothing to migrate")
            made: Any = command.revision(self._config(connection), message, autogenerate=True)
            return Path(made.path)

        return await self._run(run)

    async def upgrade(self, to: str = "head") -> str | None:
        """Bring the database to a version; which one it has then."""

        def run(connection: Connection) -> str | None:
            from alembic import command

            if connection.dialect.name == "postgresql":
                # One instance migrates; the number is that of this lock alone.
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7236410)")
            command.upgrade(self._config(connection), to)
            return _version(connection)

        return await self._run(run)

    async def downgrade(self, to: str) -> str | None:
        """Take the database back to a version, `base` for nothing; which one it has then."""

        def run(connection: Connection) -> str | None:
            from alembic import command

            command.downgrade(self._config(connection), to)
            return _version(connection)

        return await self._run(run)

    async def current(self) -> str | None:
        """The version that the database has; None before the first."""
        return await self._run(_version)

    async def pending(self) -> bool:
        """Whether the folder has a version that the database has not. For readiness."""

        def run(connection: Connection) -> bool:
            from alembic.script import ScriptDirectory

            heads = ScriptDirectory.from_config(self._config(connection)).get_heads()
            return set(heads) != ({_version(connection)} - {None})

        return await self._run(run)

    async def _run(self, function: Callable[[Connection], T]) -> T:
        engine = self._manager.engine
        await asyncio.to_thread(_alembic.acquire)
        try:
            if isinstance(engine, AsyncEngine):
                async with engine.begin() as connection:
                    return await connection.run_sync(function)
            return await asyncio.to_thread(_in_transaction, engine, function)
        finally:
            _alembic.release()

    def _config(self, connection: Connection) -> Config:
        from alembic.config import Config

        (self._folder / "versions").mkdir(parents=True, exist_ok=True)
        for name, text in (("env.py", _ENVIRONMENT), ("script.py.mako", _TEMPLATE)):
            path = self._folder / name
            if not path.exists():
                path.write_text(text)
        config = Config(cmd_opts=Namespace(quiet=True))  # it would tell standard output what it writes
        config.set_main_option("script_location", str(self._folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes |= {"connection": connection, "metadata": self._base.metadata}
        return config


def _version(connection: Connection) -> str | None:
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _in_transaction(engine: Engine, function: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return function(connection)
