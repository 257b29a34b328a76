"""The rows of a query: as mappings, as an Arrow table, as a frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from shared_services.errors import PermanentError

if TYPE_CHECKING:
    import pandas
    import pyarrow


class QueryResult:
    """What a query answered. Rows are read once, in whichever form is asked for first, and kept.

    Iterating gives mappings by column; `len` is the number of rows.
    """

    def __init__(self, rows: Any, job: Any) -> None:
        self._rows = rows
        self._job = job
        self._read: list[dict[str, Any]] | None = None
        self._table: pyarrow.Table | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names, in their order."""
        return tuple(field.name for field in self._rows.schema)

    @property
    def total_rows(self) -> int:
        """How many rows there are."""
        if self._read is not None:
            return len(self._read)
        return int(self._rows.total_rows or 0)

    @property
    def bytes_processed(self) -> int:
        """Bytes that were read."""
        return int(self._job.total_bytes_processed or 0)

    @property
    def bytes_billed(self) -> int:
        """Bytes that are billed: at least 10 MB a table, none for an answer from the cache."""
        return int(self._job.total_bytes_billed or 0)

    @property
    def cache_hit(self) -> bool:
        """Whether BigQuery had the answer already."""
        return bool(self._job.cache_hit)

    @property
    def job_id(self) -> str:
        """The job, for looking it up."""
        return str(self._job.job_id)

    def rows(self) -> list[dict[str, Any]]:
        """The rows as mappings. NUMERIC is Decimal, TIMESTAMP a datetime in UTC."""
        if self._read is None:
            if self._table is not None:
                self._read = self._table.to_pylist()
            else:
                self._read = [dict(row.items()) for row in self._rows]
        return self._read

    def first(self) -> dict[str, Any] | None:
        """The first row, or None where there is none."""
        rows = self.rows()
        return rows[0] if rows else None

    def scalar(self) -> Any:
        """The one value of a query that asks for one, or None where there is no row."""
        row = self.first()
        return next(iter(row.values())) if row else None

    def arrow(self) -> pyarrow.Table:
        """The rows as an Arrow table, the quick way out for many.

        Raises:
            PermanentError: pyarrow is not installed.
        """
        if self._table is None:
            try:
                import pyarrow
            except ImportError:
                raise PermanentError("pyarrow is not installed", todo="install the extra arrow") from None
            if self._read is not None:
                self._table = pyarrow.Table.from_pylist(self._read)
            else:
                self._table = self._rows.to_arrow(create_bqstorage_client=False)
        return self._table

    def dataframe(self) -> pandas.DataFrame:
        """The rows as a frame of pandas.

        Raises:
            PermanentError: pandas or pyarrow is not installed.
        """
        try:
            import pandas  # noqa: F401 - said here rather than from within pyarrow
        except ImportError:
            raise PermanentError("pandas is not installed", todo="install the extra dataframes") from None
        return self.arrow().to_pandas()

    to_dataframe = dataframe

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows())

    def __len__(self) -> int:
        return self.total_rows

    def __repr__(self) -> str:
        return f"QueryResult({self.total_rows} rows of {', '.join(self.columns)})"
