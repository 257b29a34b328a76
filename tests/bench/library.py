"""What the library costs: configuration and log lines, beside their limits and what they stand on."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADER = ("library", "median µs", "min-max", "limit µs", "of limit", "peer", "peer µs", "ratio")
RUNS = 7


@dataclass(frozen=True)
class Row:
    """One line of the table; times in microseconds a call."""

    what: str
    times: list[float]
    limit: float
    peer: str = ""
    peer_times: tuple[float, ...] = ()

    def cells(self) -> tuple[str, ...]:
        median = statistics.median(self.times)
        spread = f"{min(self.times):,.1f}-{max(self.times):,.1f}"
        limit = (f"{self.limit:,.0f}", f"{median / self.limit:.2f}")
        if not self.peer_times:
            return (self.what, f"{median:,.1f}", spread, *limit, "", "", "")
        other = statistics.median(self.peer_times)
        return (self.what, f"{median:,.1f}", spread, *limit, self.peer, f"{other:,.1f}", f"{median / other:.2f}")


def per_call(call: Callable[[], object], calls: int) -> float:
    """Microseconds that a call takes."""
    began = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - began) / calls * 1e6


def beside(
    first: Callable[[], object], second: Callable[[], object], calls: int
) -> tuple[list[float], tuple[float, ...]]:
    """Both in turn, after one run of each that isn't counted."""
    per_call(first, calls), per_call(second, calls)
    pairs = [(per_call(first, calls), per_call(second, calls)) for _ in range(RUNS)]
    return [a for a, _ in pairs], tuple(b for _, b in pairs)


def measure() -> list[Row]:
    """Every row."""
    return [*importing(), *configuration(), *logging(), *resilience(), *aggregation()]


def importing() -> list[Row]:
    code = "import time; b = time.perf_counter(); import shared_services; print((time.perf_counter() - b) * 1e6)"
    return [Row("import shared_services", [in_new_process(code) for _ in range(RUNS)], 50_000)]


def configuration() -> list[Row]:
    from shared_services import ConfigManager

    # Cold: the first configuration of a process whose imports are done; its model and schema are built in this time.
    code = (
        "import time\nfrom shared_services import ConfigManager\nmanager = ConfigManager()\n"
        "b = time.perf_counter()\nmanager.get_config({name!r})\nprint((time.perf_counter() - b) * 1e6)"
    )
    rows = [
        Row(f"get_config({name!r}), cold", [in_new_process(code.format(name=name)) for _ in range(RUNS)], 20_000)
        for name in ("trading", "market-data-ingestion")
    ]
    manager = ConfigManager()
    manager.get_config("trading")
    import yaml

    text = (manager.folder / "trading.yaml").read_text()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    times, peer = beside(lambda: manager.load_config("trading"), lambda: yaml.load(text, loader), 200)  # noqa: S506
    rows.append(Row("load_config('trading'), again", times, 20_000, "PyYAML: parse alone", peer))
    times = [per_call(lambda: manager.get_config("trading"), 20_000) for _ in range(RUNS)]
    rows.append(Row("get_config('trading'), warm", times, 100))
    return rows


def logging() -> list[Row]:
    from shared_services import flush_logs, get_logger, setup_logging

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        setup_logging("bench", "INFO", "json", Path(folder) / "bench.log", to_stdout=False, queue_size=10_000_000)
        ours, theirs = get_logger("bench"), structlog_alone(Path(folder) / "structlog.log")

        def line(logger: Any) -> Callable[[], object]:
            return lambda: logger.info("Trade executed", symbol="RELIANCE", quantity=100, price=2450.5)

        times, peer = beside(line(ours), line(theirs), 3000)
        rows = [Row("logger.info, four fields", times, 30, "structlog alone, to a file", peer)]
        extra = {"symbol": "RELIANCE", "quantity": 100, "price": 2450.5}
        times = [per_call(lambda: ours.info("Trade executed", extra=extra), 3000) for _ in range(RUNS)]
        rows.append(Row("logger.info, extra=", times, 30))
        times = [per_call(lambda: ours.debug("silent", symbol="TCS"), 20_000) for _ in range(RUNS)]
        rows.append(Row("logger.debug, switched off", times, 30))
        flush_logs(60)
    return rows


def resilience() -> list[Row]:
    """What stands in the way of every call: breaker, limiter, a hit of the memory cache."""
    import threading

    import cachetools
    import pybreaker

    from shared_services import Bulkhead, CircuitBreaker, MemoryCache, RateLimiter

    def nothing() -> None:
        pass

    breaker, other_breaker = CircuitBreaker("bench"), pybreaker.CircuitBreaker()
    times, peer = beside(lambda: breaker.call(nothing), lambda: other_breaker.call(nothing), 20_000)
    rows = [Row("CircuitBreaker.call, closed", times, 2, "pybreaker", peer)]
    memory = MemoryCache(10_000, 60)
    theirs: Any = cachetools.TTLCache(10_000, 60)
    lock = threading.Lock()
    for number in range(10_000):
        memory.set(f"key-{number}", number)
        theirs[f"key-{number}"] = number

    def hit() -> object:
        with lock:
            return theirs.get("key-7000")

    times, peer = beside(lambda: memory.get("key-7000"), hit, 20_000)
    rows.append(Row("MemoryCache.get, a hit", times, 2, "cachetools.TTLCache with a lock", peer))
    limiter = RateLimiter(per_second=1e9, burst=1_000_000)
    times = [per_call(lambda: limiter.check("client-7"), 20_000) for _ in range(RUNS)]
    rows.append(Row("RateLimiter.check", times, 2))
    bulkhead = Bulkhead(limit=10)
    times = [per_call(lambda: bulkhead.call(nothing), 20_000) for _ in range(RUNS)]
    rows.append(Row("Bulkhead.call", times, 2))
    return rows


def aggregation() -> list[Row]:
    """A line from a file into a file, checkpoint and all; 20 µs are 50,000 lines a second."""
    from shared_services.aggregation.aggregate import Aggregator
    from shared_services.aggregation.files import FileSource
    from shared_services.aggregation.sinks import FileSink

    lines = 100_000
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        log = Path(folder) / "bench.log"
        with log.open("w") as out:
            for number in range(lines):
                severity = "ERROR" if number % 50 == 0 else "INFO"
                said = {"timestamp": "2026-01-02T09:15:00.123Z", "severity": severity, "level": severity}
                said |= {"service": "auth", "message": f"order {number} accepted", "module": "orders"}
                more = {"function": "accept", "line": 45, "logger": "trades", "symbol": "RELIANCE", "price": 2450.5}
                out.write(json.dumps({**said, "correlation_id": "6f0c4d0e-6f5b-5c5c-9d0e-3c5a3c1f7a11", **more}) + "\n")
        runs = iter(range(1000))

        def aggregated() -> None:
            run = next(runs)
            sink = FileSink(str(Path(folder) / f"out-{run}.jsonl"))
            Aggregator([FileSource([str(log)])], sink, Path(folder) / f"state-{run}").run()

        def loaded() -> None:
            with log.open("rb") as file:
                for line in file:
                    json.loads(line)

        times, peer = beside(aggregated, loaded, 1)
    each, alone = [t / lines for t in times], tuple(t / lines for t in peer)
    return [Row("log_aggregator, a line", each, 20, "json.loads of the line alone", alone)]


def structlog_alone(path: Path) -> Any:
    """structlog with what makes the same fields: level, time, place, JSON; written at once."""
    import structlog

    processors = structlog.processors
    return structlog.wrap_logger(
        structlog.WriteLogger(path.open("w")),
        processors=[
            structlog.contextvars.merge_contextvars,
            processors.add_log_level,
            processors.TimeStamper(fmt="iso", utc=True),
            processors.CallsiteParameterAdder(
                {
                    processors.CallsiteParameter.MODULE,
                    processors.CallsiteParameter.FUNC_NAME,
                    processors.CallsiteParameter.LINENO,
                }
            ),
            processors.JSONRenderer(json.dumps),
        ],
        cache_logger_on_first_use=True,
    )


def in_new_process(code: str) -> float:
    """The number that a new Python prints."""
    answer = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    return float(answer.stdout)


def main() -> None:
    from tests.bench.table import printed

    print(printed(HEADER, [row.cells() for row in measure()]))


if __name__ == "__main__":
    main()
