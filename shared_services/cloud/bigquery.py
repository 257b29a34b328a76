"""`BigQueryClient`: questions with parameters and a cap on what they cost, and rows in and out."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_services.errors import InputError

from .bigquery_values import jsonable, parameter, source
from .clients import find_project, options, quiet_imports
from .errors import CloudUnavailable, QueryRefused, QueryTooLarge, translated
from .results import QueryResult

if TYPE_CHECKING:
    import pyarrow

GIGABYTE = 1_000_000_000


class BigQueryClient:
    """BigQuery, with a cap on what a query may read. Its client is loaded when it is first used.

    >>> bq = BigQueryClient()
    >>> data = bq.query("SELECT * FROM trading_data.signals LIMIT 10")  # doctest: +SKIP
    >>> for row in bq.query("SELECT symbol FROM trading_data.signals WHERE signal = @side", {"side": 1}):
    ...     print(row["symbol"])  # doctest: +SKIP

    Args:
        project: the project; by default `GOOGLE_CLOUD_PROJECT`.
        location: where the datasets are.
        maximum_bytes_billed: what one query may read; BigQuery refuses more before it reads anything.
        timeout_seconds: how long an answer may take.
        labels: stand on each job, for the bill.
        environ: the variables.
        client: a `google.cloud.bigquery.Client`, instead of one made here.
    """

    def __init__(
        self,
        project: str | None = None,
        *,
        location: str = "asia-south1",
        maximum_bytes_billed: int = 50 * GIGABYTE,
        timeout_seconds: float = 120,
        labels: Mapping[str, str] | None = None,
        environ: Mapping[str, str] | None = None,
        client: Any = None,
    ) -> None:
        self._project = project
        self._location = location
        self._cap = maximum_bytes_billed
        self._timeout = timeout_seconds
        self._labels = dict(labels or {})
        self._environ = os.environ if environ is None else environ
        self._client = client
        self._lock = threading.Lock()

    def query(
        self,
        sql: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        maximum_bytes_billed: int | None = None,
        timeout_seconds: float | None = None,
    ) -> QueryResult:
        """Run a query and wait for its rows.

        Args:
            sql: GoogleSQL. Values never go into it: write `@name`, and give them as parameters.
            parameters: the values by name: text, whole numbers, floats, Decimals, booleans, dates, times with and
                without zone, bytes, and lists of one of these.
            maximum_bytes_billed: another cap than the client's.
            timeout_seconds: another time than the client's.

        Raises:
            QueryRefused: the query is wrong; `why` is what BigQuery says.
            QueryTooLarge: it would read more than the cap; nothing was billed.
            CloudNotFound: there is no such table.
            CloudForbidden: this account may not read it, or not run jobs.
            CloudUnavailable: no answer in time.
            InputError: a parameter's value has no type of BigQuery's.
        """
        from google.cloud.bigquery import QueryJobConfig

        config = QueryJobConfig(
            maximum_bytes_billed=self._cap if maximum_bytes_billed is None else maximum_bytes_billed,
            query_parameters=[parameter(name, value) for name, value in (parameters or {}).items()],
            labels=self._labels,
        )
        timeout = self._timeout if timeout_seconds is None else timeout_seconds
        try:
            job = self._made().query(sql, job_config=config, location=self._location, timeout=timeout)
            rows = job.result(timeout=timeout)
        except Exception as error:
            raise _said(error, "the query failed", "bigquery.jobs.create and bigquery.tables.getData") from error
        return QueryResult(rows, job)

    def estimate(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Bytes that a query would read, without running it (a dry run costs nothing).

        Raises:
            QueryRefused, CloudNotFound, CloudForbidden, InputError: as `query`.
        """
        from google.cloud.bigquery import QueryJobConfig

        config = QueryJobConfig(
            dry_run=True,
            use_query_cache=False,
            query_parameters=[parameter(name, value) for name, value in (parameters or {}).items()],
        )
        try:
            job = self._made().query(sql, job_config=config, location=self._location, timeout=self._timeout)
        except Exception as error:
            raise _said(error, "the query would fail", "bigquery.jobs.create") from error
        return int(job.total_bytes_processed or 0)

    def load(
        self,
        table: str,
        rows: Iterable[Mapping[str, Any]] | pyarrow.Table | str | Path,
        *,
        replace: bool = False,
        job_id: str | None = None,
    ) -> int:
        """Load rows into a table that exists, all or none, at no cost: the way for batches.

        Args:
            table: `dataset.table`, or `project.dataset.table`.
            rows: mappings by column; an Arrow table; or a file, `.parquet`, `.avro`, `.csv` (with a header) or
                `.json`/`.jsonl` (a row a line).
            replace: instead of what is there, in one step.
            job_id: what is the same when the same load is tried again: BigQuery runs one id once. Where the earlier
                one failed, and so loaded nothing, it is run as `…-retry-1`.

        Returns:
            Rows that were loaded.

        Raises:
            InputError: a row doesn't fit the table; `why` names it.
            CloudNotFound, CloudForbidden, CloudUnavailable: as `query`.
        """
        from google.api_core.exceptions import Conflict
        from google.cloud.bigquery import LoadJobConfig, WriteDisposition

        data, format = source(rows)
        config = LoadJobConfig(
            source_format=format,
            write_disposition=WriteDisposition.WRITE_TRUNCATE if replace else WriteDisposition.WRITE_APPEND,
            labels=self._labels,
        )
        if format == "CSV":
            config.skip_leading_rows = 1
        client, full = self._made(), self._table(table)
        try:
            name, job = job_id, None
            while job is None:
                try:
                    job = client.load_table_from_file(
                        data, full, job_config=config, location=self._location, job_id=name, timeout=self._timeout
                    )
                except Conflict:
                    if name is None:
                        raise
                    job = client.get_job(name, location=self._location)
                    if job.state == "DONE" and job.error_result:  # it loaded nothing, and its name is spent
                        name, job = _next(name), None
                        data.seek(0)
            job.result(timeout=self._timeout)
        except Exception as error:
            raise _loaded(error, full) from error
        return int(job.output_rows or 0)

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str] | None = None) -> int:
        """Stream rows into a table: readable within seconds, billed by size. The way for a few rows at a time.

        Args:
            table: `dataset.table`.
            rows: mappings by column.
            keys: what is the same when the same row is sent twice; BigQuery drops the second for about a minute.

        Returns:
            Rows that were taken.

        Raises:
            InputError: rows don't fit the table; none of them was taken.
            CloudNotFound, CloudForbidden, CloudUnavailable: as `query`.
        """
        if not rows:
            return 0
        from google.cloud.bigquery import AutoRowIDs

        full = self._table(table)
        try:
            client = self._made()
            found = client.insert_rows_json(
                full,
                [jsonable(row) for row in rows],
                row_ids=list(keys) if keys else AutoRowIDs.GENERATE_UUID,
                timeout=self._timeout,
            )
        except Exception as error:
            raise _said(error, "the rows can't be written", "bigquery.tables.updateData", full) from error
        if found:
            first = found[0]
            what = "; ".join(f"{e.get('location') or 'row'}: {e.get('message')}" for e in first.get("errors", [])[:3])
            raise InputError(
                f"{len(found)} of {len(rows)} rows don't fit the table", where=f"{full} row {first['index']}", why=what
            )
        return len(rows)

    def append(self, table: str, rows: pyarrow.Table) -> int:
        """Append an Arrow table by the Storage Write API, all rows or none: the quick way in for many.

        An emulator of BigQuery whose Storage API no BIGQUERY_STORAGE_EMULATOR_HOST names is given the rows as a load.

        Args:
            table: `dataset.table`.
            rows: columns as the table has them.

        Returns:
            Rows that were written.

        Raises:
            InputError: the columns don't fit the table.
            PermanentError: the extra arrow is not installed.
            CloudNotFound, CloudForbidden, CloudUnavailable: as `query`.
        """
        from .storage_write import append, is_served

        if not is_served(self._environ):
            return self.load(table, rows)
        return append(self._table(table), rows, self._environ)

    def _table(self, name: str) -> str:
        parts = name.split(".")
        if len(parts) not in (2, 3) or not all(parts):
            raise InputError(f'"{name}" is no table', todo="dataset.table, or project.dataset.table")
        return name if len(parts) == 3 else f"{find_project(self._project, self._environ)}.{name}"

    def _made(self) -> Any:
        with self._lock:
            if self._client is None:
                with quiet_imports():
                    from google.cloud.bigquery import Client

                self._client = Client(
                    project=find_project(self._project, self._environ),
                    location=self._location,
                    **options("bigquery", self._environ, rest=False),
                )
            return self._client


def _next(name: str) -> str:
    """The name of another attempt of a job.

    >>> _next("load-7"), _next("load-7-retry-1")
    ('load-7-retry-1', 'load-7-retry-2')
    """
    first, _, number = name.rpartition("-retry-")
    return f"{first}-retry-{int(number) + 1}" if first and number.isdigit() else f"{name}-retry-1"


def _loaded(error: Exception, table: str) -> Exception:
    said = _said(error, "the rows can't be loaded", "bigquery.tables.updateData", table)
    if isinstance(said, QueryRefused):
        return InputError("the rows don't fit the table", where=table, why=said.why)
    return said


def _said(error: Exception, what: str, permission: str, where: str = "") -> Exception:
    from concurrent.futures import TimeoutError as Late

    from google.api_core.exceptions import BadRequest

    said = getattr(error, "message", None) or str(error)
    if isinstance(error, Late | TimeoutError):
        return CloudUnavailable(
            f"{what}: no answer in time", where=where, todo="a longer timeout_seconds, or less data"
        )
    if "bytesBilledLimitExceeded" in str(error) or "bytes billed" in said:
        return QueryTooLarge(
            "the query would read more than it may",
            why=said,
            todo="ask for less (a partition, fewer columns), or give a larger maximum_bytes_billed",
        )
    if isinstance(error, BadRequest):
        return QueryRefused(what, where=where, why=said)
    return translated(error, what, permission=permission, where=where)
