"""What the base of a service costs: beside the same route of a bare FastAPI, under load, and its cold start."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.table import Row, printed
from tests.support.servers import answers, free_port

ROOT = Path(__file__).resolve().parents[2]
ROUTE = """
@app.get("/bars/{symbol}")
async def bars(symbol: str):
    return {"symbol": symbol}
"""
BARE = f"""
import os, uvicorn
from fastapi import FastAPI
app = FastAPI()
{ROUTE}
uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
"""
OURS = f"""
import dataclasses
from shared_services import ServiceSettings, create_app, run_service
settings = ServiceSettings.of("market-data-ingestion")
app = create_app(settings=dataclasses.replace(settings, rate_per_second=1e6, rate_burst=1_000_000))
{ROUTE}
run_service(app)
"""
FROM_NOTHING = """
from shared_services import create_app, run_service
run_service(create_app("market-data-ingestion"))
"""
HEADER = ("under load of 2 processes", "median ms", "of FastAPI alone", "added ms", "limit ms", "of limit")
RUNS, SECONDS = 5, 3


def measure() -> tuple[list[tuple[str, ...]], list[Row]]:
    """The lines of what a request takes, and the rows of starts."""
    pairs = []
    with served(OURS) as ours, served(BARE) as bare:
        loaded(ours, 1), loaded(bare, 1)
        pairs = [(loaded(ours, SECONDS), loaded(bare, SECONDS)) for _ in range(RUNS)]
    with_base, alone = (statistics.median(column) for column in zip(*pairs, strict=True))
    added = statistics.median(a - b for a, b in pairs)
    line = ("GET of a route", f"{with_base:.3f}", f"{alone:.3f}", f"{added:.3f}", "0.3", f"{added / 0.3:.2f}")
    rows = [
        Row("service, cold start", [start(FROM_NOTHING) for _ in range(RUNS)], 1.5, "FastAPI alone", bare_starts()),
        Row("starter, cold start", [start("", "-m", "services.starter") for _ in range(RUNS)], 1.5),
    ]
    return [line], rows


def loaded(port: int, seconds: float) -> float:
    """The median of answers in milliseconds, with two processes that ask one request after another."""
    command = [sys.executable, "-m", "tests.support.load", str(port), str(seconds), "/bars/TCS,1"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)]
    said = [json.loads(process.communicate()[0].splitlines()[-1]) for process in running]
    return statistics.mean(float(each["p50"]) for each in said)


def bare_starts() -> tuple[float, ...]:
    return tuple(start(BARE) for _ in range(RUNS))


def start(program: str, *arguments: str) -> float:
    """Seconds until it answers."""
    began = time.perf_counter()
    with served(program, *arguments):
        return time.perf_counter() - began


@contextmanager
def served(program: str, *arguments: str) -> Iterator[int]:
    """A service in a process of its own; its port."""
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *(arguments or ("-c", program))]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        answers(port, 60)
        yield port
    finally:
        process.kill()
        process.wait()


def main() -> None:
    from tests.bench.__main__ import HEADER as WIDE

    lines, rows = measure()
    print(printed(HEADER, lines))
    print(f"\n{printed(WIDE, [row.cells() for row in rows])}")


if __name__ == "__main__":
    main()
