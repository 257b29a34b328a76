"""The database, on SQLite and a real PostgreSQL alike: sessions, repositories, migrations, the seed's example."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends
from sqlalchemy import ForeignKey, String, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared_services import (
    BaseRepository,
    ConfigManager,
    DatabaseManager,
    Idempotency,
    Identity,
    InputError,
    Migrations,
    PermanentError,
    ServiceSettings,
    SqlKeys,
    classify,
    create_app,
    get_async_db_session,
    initialize_database,
    service_of,
)


class Base(DeclarativeBase):
    pass


class Portfolio(Base):
    __tablename__ = "portfolios"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(40), unique=True)
    cash: Mapped[int] = mapped_column(default=0)


class Holding(Base):
    __tablename__ = "holdings"
    id: Mapped[int] = mapped_column(primary_key=True)
    portfolio_id: Mapped[int] = mapped_column(ForeignKey("portfolios.id"))


Session = Annotated[AsyncSession, Depends(get_async_db_session)]


class PortfolioRepository(BaseRepository[Portfolio]):
    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session, Portfolio)

    async def get_by_user_id(self, user_id: str) -> Portfolio | None:
        return await self.first(user_id=user_id)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'trading.db'}"
    address: str = request.getfixturevalue("postgres")
    return address


@pytest.fixture
async def manager(url: str) -> AsyncIterator[DatabaseManager]:
    made = initialize_database(url)
    yield made
    async with made.engine.begin() as connection:  # type: ignore[union-attr]
        await connection.run_sync(Base.metadata.drop_all)
        for table in ("alembic_version", "idempotency_keys"):
            await connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
    await made.close()


async def test_the_seeds_example(url: str, manager: DatabaseManager) -> None:
    config = ConfigManager(environ={"DATABASE_URL": url}).get_secret_config("risk-calculation-engine")
    db_manager = initialize_database(config, async_mode=True)
    await db_manager.create_tables(Base)
    async with db_manager.get_async_session() as session:
        await PortfolioRepository(session).add(Portfolio(user_id="user123", cash=100))
    async with db_manager.get_async_session() as session:
        portfolio = await PortfolioRepository(session).get_by_user_id("user123")
        assert portfolio is not None
        assert portfolio.cash == 100
    await db_manager.close()


async def test_a_repository_reads_and_writes(manager: DatabaseManager) -> None:
    await manager.create_tables(Base)
    async with manager.get_async_session() as session:
        repository = PortfolioRepository(session)
        await repository.add_all([Portfolio(user_id=f"u-{n}", cash=n % 3) for n in range(9)])
        assert [p.user_id for p in await repository.list(cash=1)] == ["u-1", "u-4", "u-7"]
        assert [p.user_id for p in await repository.list(order_by="-user_id", limit=2, offset=1)] == ["u-7", "u-6"]
        assert (await repository.count(), await repository.count(cash=2)) == (9, 3)
        first = await repository.first(user_id="u-0")
        assert first is not None
        changed = await repository.update(first.id, cash=50)
        assert changed is not None
        assert (changed.cash, await repository.exists(cash=50), await repository.update(-1, cash=1)) == (50, True, None)
        assert (await repository.delete(first.id), await repository.delete(first.id)) == (True, False)
        assert await repository.delete_where(cash=1) == 3
        for call in (repository.list(price=1), repository.update(1, price=1), repository.delete_where()):
            with pytest.raises(InputError, match=r"has no column price|every row would be deleted"):
                await call


async def test_what_fails_inside_a_session_is_rolled_back(manager: DatabaseManager) -> None:
    await manager.create_tables(Base)
    with pytest.raises(ZeroDivisionError):
        async with manager.get_async_session() as session:
            await PortfolioRepository(session).add(Portfolio(user_id="lost"))
            raise ZeroDivisionError
    with pytest.raises(IntegrityError) as refused:
        async with manager.get_async_session() as session:
            session.add(Holding(portfolio_id=99))
    assert classify(refused.value).value == "input"
    async with manager.get_async_session() as session:
        assert await PortfolioRepository(session).count() == 0


async def test_in_an_endpoint(manager: DatabaseManager) -> None:
    await manager.create_tables(Base)
    app = create_app(settings=ServiceSettings(identity=Identity("portfolio-manager")))
    service_of(app).health.add("database", manager.check, kind="database")

    @app.post("/portfolios/{user_id}")
    async def add(user_id: str, session: Session, fail: bool = False) -> int:
        row = await PortfolioRepository(session).add(Portfolio(user_id=user_id))
        if fail:
            raise InputError("not after all")
        return row.id

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
        assert (await http.post("/portfolios/a")).status_code == 200
        assert (await http.post("/portfolios/b?fail=true")).status_code == 422
        assert (await http.get("/health")).json()["checks"]["database"]["detail"] == manager.dialect
    async with manager.get_async_session() as session:
        assert [p.user_id for p in await PortfolioRepository(session).list()] == ["a"]


async def test_migrations_go_up_and_down(manager: DatabaseManager, tmp_path: Path) -> None:
    migrations = Migrations(manager, tmp_path / "migrations", Base)
    assert await migrations.current() is None
    written = await migrations.revise("portfolios and holdings")
    assert "create_table" in written.read_text()
    assert await migrations.pending()
    versions = await asyncio.gather(*(migrations.upgrade() for _ in range(2)))
    assert versions[0] == versions[1] == await migrations.current()
    assert not await migrations.pending()
    async with manager.get_async_session() as session:
        await PortfolioRepository(session).add(Portfolio(user_id="a"))
    with pytest.raises(PermanentError, match="nothing to migrate"):
        await migrations.revise("again")
    assert await migrations.downgrade("base") is None


def test_keys_and_plain_sessions(url: str) -> None:
    plain = DatabaseManager(url, async_mode=False)
    keys: Any = SqlKeys(plain.engine)  # type: ignore[arg-type]
    keys.create()
    once = Idempotency(keys)
    assert [once.run("k", lambda: {"order": "N1"}) for _ in range(2)] == [{"order": "N1"}] * 2
    with plain.get_session() as session:
        assert session.execute(text("SELECT count(*) FROM idempotency_keys")).scalar_one() == 1
        session.execute(text("DROP TABLE idempotency_keys"))
    with pytest.raises(InputError, match="without async_mode"):
        asyncio.run(plain.get_async_session().__aenter__())
    asyncio.run(plain.close())


async def test_a_database_that_is_down_is_no_answer_but_an_error() -> None:
    down = DatabaseManager("postgresql://trading:hunter2@127.0.0.1:1/trading", connect_seconds=1)
    assert "hunter2" not in down.url
    with pytest.raises(OSError) as refused:
        await down.check()
    assert classify(refused.value).value == "dependency"
    await down.close()


@pytest.mark.parametrize("address", ["mysql://x", "nonsense", ""])
def test_an_address_that_is_none_of_ours(address: str) -> None:
    with pytest.raises(InputError):
        DatabaseManager(address)
