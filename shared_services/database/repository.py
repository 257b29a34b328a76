"""`BaseRepository`: what every table's repository can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import delete, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from shared_services.errors import InputError

Model = TypeVar("Model", bound=DeclarativeBase)


class BaseRepository(Generic[Model]):
    """Reads and writes the rows of one model, within a session that someone else commits.

    >>> class PortfolioRepository(BaseRepository[Portfolio]):  # doctest: +SKIP
    ...     def __init__(self, session: AsyncSession) -> None:
    ...         super().__init__(session, Portfolio)

    Args:
        session: the session; nothing is committed here.
        model: a class of the declarative base.
    """

    def __init__(self, session: AsyncSession, model: type[Model]) -> None:
        self.session = session
        self.model = model

    async def get(self, key: Any) -> Model | None:
        """The row of a primary key, or None."""
        return await self.session.get(self.model, key)

    async def first(self, **equal: Any) -> Model | None:
        """One row whose columns have these values, or None."""
        return (await self.session.scalars(self._select(equal).limit(1))).first()

    async def list(
        self, *, limit: int = 100, offset: int = 0, order_by: str | None = None, **equal: Any
    ) -> Sequence[Model]:
        """Rows whose columns have these values.

        Args:
            limit: rows at most.
            offset: rows that are left out.
            order_by: a column; `-column` for the greatest first. By default the primary key.
            equal: columns and their values.

        Raises:
            InputError: the model has no such column.
        """
        if order_by is None:
            order: Any = tuple(inspect(self.model).primary_key)
        else:
            column = self._column(order_by.removeprefix("-"))
            order = (column.desc() if order_by.startswith("-") else column.asc(),)
        statement = self._select(equal).order_by(*order).limit(limit).offset(offset)
        return (await self.session.scalars(statement)).all()

    async def count(self, **equal: Any) -> int:
        """How many rows have these values."""
        statement = select(func.count()).select_from(self._select(equal).subquery())
        return int((await self.session.execute(statement)).scalar_one())

    async def exists(self, **equal: Any) -> bool:
        """Whether a row has these values."""
        return (await self.session.execute(self._select(equal).limit(1))).first() is not None

    async def add(self, row: Model) -> Model:
        """Insert a row; its generated values are there afterwards."""
        self.session.add(row)
        await self.session.flush()
        return row

    async def add_all(self, rows: Sequence[Model]) -> Sequence[Model]:
        """Insert rows."""
        self.session.add_all(rows)
        await self.session.flush()
        return rows

    async def update(self, key: Any, **values: Any) -> Model | None:
        """Change columns of a row; None where there is no such row.

        Raises:
            InputError: the model has no such column.
        """
        for name in values:
            self._column(name)
        row = await self.get(key)
        if row is None:
            return None
        for name, value in values.items():
            setattr(row, name, value)
        await self.session.flush()
        return row

    async def delete(self, key: Any) -> bool:
        """Delete a row; whether it was there."""
        row = await self.get(key)
        if row is None:
            return False
        await self.session.delete(row)
        await self.session.flush()
        return True

    async def delete_where(self, **equal: Any) -> int:
        """Delete the rows that have these values; how many there were. At least one value must be given.

        Raises:
            InputError: no value was given, or the model has no such column.
        """
        if not equal:
            raise InputError("every row would be deleted", todo="say which rows")
        conditions = [self._column(name) == value for name, value in equal.items()]
        result: Any = await self.session.execute(delete(self.model).where(*conditions))
        return int(result.rowcount)

    def _select(self, equal: dict[str, Any]) -> Any:
        return select(self.model).where(*(self._column(name) == value for name, value in equal.items()))

    def _column(self, name: str) -> Any:
        if name not in inspect(self.model).column_attrs:
            known = ", ".join(sorted(inspect(self.model).column_attrs.keys()))
            raise InputError(f"{self.model.__name__} has no column {name}", todo=f"one of {known}")
        return getattr(self.model, name)
