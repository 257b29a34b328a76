"""How render, plan and validation grow with the number of resources, and what latency costs validation."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.table import Row, timed
from tests.support.checkout import Checkout, checkout

SIZES = (300, 1000, 3000)
LATENCY_SECONDS = 0.05
_PER_SUBPROJECT = 50
_PER_TOPIC = 3  # a topic, its grant, its subscription

VALIDATE = """
import sys
from pathlib import Path
from envctl.clouds.credentials import SandboxToken
from envctl.clouds.endpoints import Endpoints
from envctl.environments import load
from envctl.validation import validate_now
report = validate_now(load("local", Path.cwd()), Endpoints(sys.argv[1]), SandboxToken(), lean=True)
sys.exit(report.exit_code)
"""


def measure(folder: Path) -> tuple[list[Row], list[tuple[str, ...]]]:
    """Rows of the latency measurement, and lines of the growth table."""
    lines, rows = [], []
    for size in SIZES:
        made = checkout(folder / str(size))
        declare(made, size)
        made.must("sandbox", "up", "local")
        made.must("bootstrap", "local", "--state-only")
        applied = timed(lambda made=made: made.must("apply", "local", timeout=600))  # type: ignore[misc]
        times = [
            min(timed(lambda made=made, command=command: made.must(command, "local")) for _ in range(3))  # type: ignore[misc]
            for command in ("render", "plan", "validate-env")
        ]
        memory = int(next(line for line in status(made.sandbox["pid"]) if line.startswith("VmRSS")).split()[1]) // 1024

        lines.append((str(size), f"{applied:.1f}", *(f"{seconds:.2f}" for seconds in times), str(memory)))
        if size == SIZES[0]:
            with delayed(made.sandbox["port"]) as port:
                seconds = [timed(lambda made=made, port=port: validate(made, port)) for _ in range(3)]  # type: ignore[misc]
            rows.append(Row(f"validate {size} resources, 50 ms latency a call", seconds, 5.0))
        made.must("down")
    return rows, lines


def declare(made: Checkout, size: int) -> None:
    """Write an environment of about `size` resources: subprojects of fifty, as large as the platform's own.

    Each has an account, and topics with a grant and a subscription.
    """
    grants = "grants: {p: {role: roles/pubsub.publisher, members: [%s]}}"
    lines = ["apis: [pubsub.googleapis.com, iam.googleapis.com]", "subprojects:"]
    for number in range(size // _PER_SUBPROJECT):
        topics = [f"load-{number}-{topic}" for topic in range(_PER_SUBPROJECT // _PER_TOPIC)]
        account = f"account-{number}"
        lines += [
            f"  load-{number}:",
            f"    service_accounts: {{{account}: {{}}}}",
            "    topics:",
            *(f"      {topic}: {{retention: 86400s, {grants % account}}}" for topic in topics),
            "    subscriptions:",
            *(f"      {topic}-pull: {{topic: {topic}}}" for topic in topics),
        ]
    shutil.rmtree(made.root / "envs/subprojects")
    (made.root / "envs/base.yaml").write_text("\n".join(lines) + "\n")
    (made.root / "envs/local.yaml").write_text("cloud: sandbox\nproject_id: atm-local\ndeletion_protection: false\n")


def status(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/status").read_text().splitlines()


def validate(made: Checkout, port: int) -> None:
    command = [sys.executable, "-c", VALIDATE, f"http://127.0.0.1:{port}"]
    subprocess.run(command, cwd=made.root, env=made.environment, check=True)


@contextmanager
def delayed(port: int) -> Iterator[int]:
    """A port that passes everything on to another, what is asked for later by the latency."""
    ready, stop, ports = threading.Event(), threading.Event(), []

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wait: float) -> None:
        while data := await reader.read(65536):
            await asyncio.sleep(wait)
            writer.write(data)
            await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pipe(reader, here, LATENCY_SECONDS), pipe(there, writer, 0), return_exceptions=True)

    async def serve() -> None:
        server = await asyncio.start_server(connect, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await asyncio.to_thread(stop.wait)
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield ports[0]
    finally:
        stop.set()
        thread.join(5)
