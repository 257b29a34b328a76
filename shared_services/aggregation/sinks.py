"""Where rows go: BigQuery, or a file. Each takes a batch once, however often it is given."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from shared_services.errors import PermanentError

if TYPE_CHECKING:
    from shared_services.cloud import BigQueryClient


class Sink(Protocol):
    """Takes batches."""

    name: str

    def before(self) -> Any:
        """What it has to know later to take the next batch once only, as JSON."""
        ...

    def take(self, name: str, rows: Path, before: Any) -> None:
        """Take a batch, unless it has it already.

        Args:
            name: the batch's; always the same for the same one.
            rows: a file with a line of JSON for each.
            before: what `before` gave when the batch was made.
        """
        ...


class BigQuerySink:
    """A table of BigQuery. A batch is a load job with a name of its own, which BigQuery runs once.

    Args:
        client: asks BigQuery.
        table: `dataset.table`.
    """

    def __init__(self, client: BigQueryClient, table: str) -> None:
        self._client, self._table = client, table
        self.name = f"bigquery:{table}"

    def before(self) -> Any:
        """Nothing: the job's name is enough."""
        return None

    def take(self, name: str, rows: Path, before: Any) -> None:
        """Load the batch."""
        self._client.load(self._table, rows, job_id=f"log-aggregator-{name}")


class FileSink:
    """A file of JSON lines; `-` is standard output, which can't tell whether it has a batch already.

    Args:
        path: the file.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.name = f"file:{path if path == '-' else Path(path).absolute()}"

    def before(self) -> Any:
        """How long the file is."""
        try:
            return 0 if self._path == "-" else Path(self._path).stat().st_size
        except FileNotFoundError:
            return 0

    def take(self, name: str, rows: Path, before: Any) -> None:
        """Append the batch; what an interrupted attempt left of it is cut off first."""
        try:
            with rows.open("rb") as source:
                if self._path == "-":
                    shutil.copyfileobj(source, sys.stdout.buffer, 1 << 20)
                    sys.stdout.buffer.flush()
                    return
                path = Path(self._path)
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("r+b" if path.exists() else "w+b") as file:
                    file.truncate(min(int(before), os.fstat(file.fileno()).st_size))
                    file.seek(0, os.SEEK_END)
                    shutil.copyfileobj(source, file, 1 << 20)
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise PermanentError("the lines can't be written", where=self._path, why=error.strerror or "") from error
