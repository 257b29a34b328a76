"""The reader that has a process of its own: the same answers, and what becomes of it when either process ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from envctl.clouds import Endpoints, Failure, Reason, SandboxToken
from envctl.clouds.reader import ReaderHere
from envctl.clouds.reader_process import ReaderProcess
from envctl.environments.load import LoadedEnvironment
from envctl.output import Result
from envctl.validation import validate_now

from tests.support.waiting import eventually
from tests.unit.validation.fake_google import FakeGoogle

PROJECT = "full-project"


def begun(cloud: FakeGoogle, project: str = PROJECT) -> ReaderProcess:
    return ReaderProcess().aim(Endpoints(cloud.url), project)


def test_both_readers_tell_the_same(environment: LoadedEnvironment, cloud: FakeGoogle) -> None:
    path = next(path for path in cloud.documents if "/topics/" in path and ":" not in path)
    cloud.faults[path] = (403, {"error": {"code": 403, "message": "no", "status": "PERMISSION_DENIED"}})
    endpoints, project = Endpoints(cloud.url), str(environment.tfvars["project_id"])
    here = validate_now(environment, endpoints, SandboxToken())
    apart = validate_now(environment, endpoints, SandboxToken(), reader=begun(cloud, project))
    assert here.checks == apart.checks
    assert here.counts[Result.UNKNOWN]


async def test_what_is_asked_when_the_process_is_gone_is_unknown_and_not_absent(cloud: FakeGoogle) -> None:
    async with begun(cloud) as reader:
        assert not isinstance(await reader.http("run", "v2/x", "GET", {}, None, ""), dict)
        os.kill(reader.pid, signal.SIGKILL)
        answers = [await reader.client("topic", f"projects/p/topics/{n}", "", "pubsub") for n in range(3)]
    assert {answer.reason for answer in answers if isinstance(answer, Failure)} == {Reason.UNEXPECTED}


async def test_what_waits_for_an_answer_when_the_process_ends_is_told_so(cloud: FakeGoogle) -> None:
    cloud.delays["run/v2/slow"] = 30.0
    async with begun(cloud) as reader:
        waiting = asyncio.ensure_future(reader.http("run", "v2/slow", "GET", {}, None, ""))
        await reader.http("run", "v2/other", "GET", {}, None, "")
        os.kill(reader.pid, signal.SIGKILL)
        answer = await asyncio.wait_for(waiting, 10)
    assert isinstance(answer, Failure)
    assert "ended" in answer.message


async def test_an_answer_that_is_no_message_is_this_one_reads_trouble(cloud: FakeGoogle) -> None:
    name = f"projects/{PROJECT}/topics/odd"
    cloud.faults[f"pubsub/v1/{name}"] = (200, {"labels": 7})
    async with ReaderHere(Endpoints(cloud.url), SandboxToken(), PROJECT) as here, begun(cloud) as apart:
        answers = [await reader.client("topic", name, "", "pubsub") for reader in (here, apart)]
    assert isinstance(answers[0], Failure)
    assert answers[0].reason is Reason.UNEXPECTED
    assert answers[0] == answers[1]


def test_the_process_ends_with_a_command_that_is_killed(tmp_path: Path) -> None:
    program = """
        import time
        from envctl.clouds.reader_process import ReaderProcess
        print(ReaderProcess().pid, flush=True)
        time.sleep(60)
    """
    command = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, cwd=tmp_path)
    assert command.stdout is not None
    pid = int(command.stdout.readline())
    command.kill()
    command.wait()
    eventually(lambda: not Path(f"/proc/{pid}").exists())
    command.stdout.close()


def test_a_terminals_interrupt_is_left_to_the_command(cloud: FakeGoogle) -> None:
    async def read() -> dict[str, object] | Failure:
        async with begun(cloud) as reader:
            await reader.http("run", "v2/x", "GET", {}, None, "")
            os.kill(reader.pid, signal.SIGINT)
            return await reader.http("run", "v2/x", "GET", {}, None, "")

    answer = asyncio.run(read())
    assert isinstance(answer, Failure)
    assert answer.reason is Reason.ABSENT
