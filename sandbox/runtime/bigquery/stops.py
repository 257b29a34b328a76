"""Statements of jobs are stopped when they are cancelled.

The engine runs them on the one thread that answers its requests, so it hears of nothing else meanwhile: a thread of its
own takes the names of jobs, a line each, and interrupts DuckDB while it works for one of them.
"""

from __future__ import annotations

import socketserver
import threading
import uuid
from contextvars import ContextVar
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from sandbox.runtime.bigquery.application import on_application

NAME = "x-sandbox-job"
"""The header by which a request says how the job of a `jobs.query` is to be called: twelve hexadecimal digits."""
PREFIX = "bqemu_"
"""What the engine puts before them."""

_MESSAGE = "Job execution was cancelled: User requested cancellation"
_AGAIN_SECONDS = 0.02  # an interrupt that comes just before DuckDB begins is forgotten by it

_job: ContextVar[str] = ContextVar("running", default="")
_name: ContextVar[str] = ContextVar("name", default="")


class _Stopped(BaseException):
    """The job was cancelled. No exception of a script's: its handlers don't see it."""


class Stops:
    """The jobs that are to be stopped, and the one whose statement DuckDB runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: set[str] = set()
        self._running = ""
        self._connection: Any = None

    def ask(self, job: str) -> None:
        """Stop the statement that runs of a job, and let it begin no other."""
        with self._lock:
            self._asked.add(job)
        pause = threading.Event()
        while True:
            with self._lock:
                if self._running != job:
                    return
                self._connection.interrupt()
            pause.wait(_AGAIN_SECONDS)

    @property
    def running(self) -> str:
        """The job whose statement DuckDB runs."""
        return self._running

    def asked(self, job: str) -> bool:
        """Whether a job is to be stopped."""
        with self._lock:
            return job in self._asked

    def begin(self, job: str, connection: Any) -> None:
        """A statement of the job is run next. Raises where it must not be."""
        with self._lock:
            if job in self._asked:
                raise _Stopped
            self._running, self._connection = job, connection

    def end(self) -> None:
        """It has ended."""
        with self._lock:
            self._running, self._connection = "", None

    def forget(self, job: str) -> None:
        """A job has ended."""
        with self._lock:
            self._asked.discard(job)


_STOPS = Stops()


def running_job() -> str:
    """The job whose statement DuckDB runs, PROJECT:ID; nothing where it runs none."""
    return _STOPS.running


def heed_stops(port: int) -> None:
    """Let the engine do so, and take the names of jobs at a port of this machine. What is put around `fetch_arrow`
    later, such as a transaction, sees a stop as an error.
    """
    engine: Any = import_module("bqemulator.storage.engine").DuckDBEngine
    fetch = engine.fetch_arrow

    def fetched(self: Any, sql: str, parameters: Any = None) -> Any:
        job = _job.get()
        if not job:
            return fetch(self, sql, parameters)
        _STOPS.begin(job, self.connection)
        try:
            return fetch(self, sql, parameters)
        except Exception:
            if _STOPS.asked(job):
                raise _Stopped from None
            raise
        finally:
            _STOPS.end()

    engine.fetch_arrow = fetched
    _listen(port)
    _name_queries()


def tell_stops() -> None:
    """Let jobs that were stopped end as BigQuery's do; after all else that replaces how a query is executed."""
    jobs: Any = import_module("bqemulator.api.routes.jobs")
    invalid: Any = import_module("bqemulator.domain.errors").InvalidQueryError
    stopped: Any = type("StoppedError", (invalid,), {"bq_reason": "stopped"})
    execute = jobs.execute_query_job

    async def executed(project: str, job_id: str, *rest: Any, **more: Any) -> Any:
        job = f"{project}:{job_id}"
        token = _job.set(job)
        try:
            return await execute(project, job_id, *rest, **more)
        except _Stopped:
            raise stopped(_MESSAGE) from None
        finally:
            _job.reset(token)
            _STOPS.forget(job)

    jobs.execute_query_job = executed


def _listen(port: int) -> None:
    class Asked(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            job = self.rfile.readline().decode().strip()
            self.wfile.write(b"\n")
            self.wfile.flush()
            _STOPS.ask(job)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", port), Asked)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="stops", daemon=True).start()


def _name_queries() -> None:
    """A request may say how the job of its query is called, so that it can be asked for while it runs."""
    jobs: Any = import_module("bqemulator.api.routes.jobs")

    class Named:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            _name.set(dict(scope.get("headers") or ()).get(NAME.encode(), b"").decode())
            await self.app(scope, receive, send)

    def random() -> Any:
        digits = uuid.uuid4().hex
        return SimpleNamespace(hex=_name.get() + digits[len(_name.get()) :])

    on_application(lambda app, context: app.add_middleware(Named))
    jobs.uuid4 = random
