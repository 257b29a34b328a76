"""Calls to the API: retries, operations, policies written under their etag, and connections told apart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from tf.gen import tfplugin_pb2 as pb

from sandbox.control.http import ConnectionCut, Request, Response
from sandbox.provider import grants, reattach, serve
from sandbox.provider.api import Api, ApiError, NoAnswer, OperationError
from sandbox.provider.catalogue import Catalogue
from sandbox.provider.codec import UNKNOWN, from_wire, to_wire
from sandbox.provider.hooks.registry import Context
from sandbox.provider.lifecycle import fit
from sandbox.provider.settings import Settings


def error(status: int, reason: str = "", message: str = "no") -> Response:
    return Response.of({"error": {"code": status, "status": reason, "message": message}}, status)


def api(*answers: Response | Callable[[Request], Response]) -> tuple[Api, list[Request]]:
    """An API that answers in turn, without waiting; and what it was asked."""
    asked: list[Request] = []
    left = list(answers)

    async def dispatch(request: Request) -> Response:
        asked.append(request)
        answer = left.pop(0) if len(left) > 1 else left[0]
        return answer if isinstance(answer, Response) else answer(request)

    async def no_sleep(seconds: float) -> None:
        await asyncio.sleep(0)

    return Api(dispatch, no_sleep), asked


@pytest.mark.parametrize(
    "busy",
    [
        *(error(status) for status in (429, 500, 502, 503)),
        error(409, "operationInProgress"),
        error(409, "ABORTED", "Too many concurrent edits to the project configuration."),
    ],
)
async def test_a_busy_api_is_asked_again(busy: Response) -> None:
    there, asked = api(busy, busy, Response.of({"name": "x"}))

    assert await there.call("GET", "/thing/v1/x") == {"name": "x"}
    assert len(asked) == 3


async def test_cloud_sql_is_asked_again_after_any_conflict_but_a_taken_name() -> None:
    there, asked = api(error(409, "ABORTED"), Response.of({"name": "x"}))
    assert await there.call("POST", "/sqladmin/v1/x", {}) == {"name": "x"}

    taken = Response.of({"error": {"message": "no", "errors": [{"reason": "instanceAlreadyExists"}]}}, 409)
    there, asked = api(taken)
    with pytest.raises(ApiError, match="Error 409"):
        await there.call("POST", "/sqladmin/v1/x", {})
    assert len(asked) == 1


@pytest.mark.parametrize(("method", "asks"), [("GET", 2), ("POST", 1), ("DELETE", 1)])
async def test_what_changes_something_is_not_asked_again_when_the_connection_is_cut(method: str, asks: int) -> None:
    asked = []

    async def cut(request: Request) -> Response:
        asked.append(request)
        raise ConnectionCut

    with pytest.raises(NoAnswer, match=f'{method.capitalize()} "/thing/v1/x": EOF'):
        await Api(cut).call(method, "/thing/v1/x")
    assert len(asked) == asks


@pytest.mark.parametrize(
    "refusal",
    [error(400), error(403), error(409, "ALREADY_EXISTS"), error(409, "ABORTED"), error(412), error(501), error(504)],
)
async def test_a_refusal_is_told_at_once(refusal: Response) -> None:
    there, asked = api(refusal)

    with pytest.raises(ApiError, match=f"googleapi: Error {refusal.status}: no"):
        await there.call("POST", "/thing/v1/x", {})
    assert len(asked) == 1


async def test_an_answer_that_is_not_json_is_quoted() -> None:
    there, _ = api(Response(404, {}, b"<html>not here</html>"))

    with pytest.raises(ApiError, match="not here"):
        await there.call("GET", "/thing/v1/x")


async def test_an_operation_is_polled_until_it_is_done() -> None:
    there, asked = api(
        Response.of({"name": "operations/1"}), Response.of({"name": "operations/1", "done": True, "response": {"a": 1}})
    )

    assert await there.wait("/thing/v1/", {"name": "operations/1"}, 60) == {"a": 1}
    assert [request.path for request in asked] == ["/thing/v1/operations/1"] * 2


async def test_a_failed_operation_says_why() -> None:
    there, _ = api(Response.of({}))
    failed = {"name": "operations/1", "done": True, "error": {"code": 9, "message": "image not found"}}

    with pytest.raises(OperationError, match="Error code 9, message: image not found"):
        await there.wait("/thing/v1/", failed, 60)


async def test_an_operation_that_never_ends_times_out() -> None:
    there, _ = api(Response.of({"name": "operations/1"}))

    with pytest.raises(TimeoutError, match=r"operations/1 after 0\.1s"):
        await there.wait("/thing/v1/", {"name": "operations/1"}, 0.1)


async def test_a_policy_written_meanwhile_is_read_again(catalogue: Catalogue) -> None:
    kind = catalogue.resources["google_pubsub_topic_iam_member"]
    policy: dict[str, Any] = {"etag": "1", "bindings": [{"role": "roles/x", "members": ["user:b@example.com"]}]}
    conflicts = [error(409, "ABORTED", "There were concurrent policy changes, the etag is old.")]

    def answer(request: Request) -> Response:
        if request.path.endswith(":setIamPolicy"):
            if conflicts:
                policy["bindings"].append({"role": "roles/y", "members": ["user:c@example.com"]})
                policy["etag"] = "2"
                return conflicts.pop()
            assert json.loads(request.body)["policy"]["etag"] == "2"
            policy.update(json.loads(request.body)["policy"], etag="3")
        return Response.of(policy)

    there, _ = api(answer)
    planned = fit(kind, {"topic": "t", "role": "roles/x", "member": "user:Ann@example.com", "project": UNKNOWN})

    state = await grants.create(Context(kind, Settings(project="p"), there, None, planned))

    assert [binding["members"] for binding in policy["bindings"]] == [
        ["user:b@example.com", "user:ann@example.com"],
        ["user:c@example.com"],
    ]
    assert state["id"] == "projects/p/topics/t/roles/x/user:ann@example.com"
    assert (state["topic"], state["project"], state["etag"]) == ("projects/p/topics/t", "p", "3")


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_connections_to_one_socket_have_settings_of_their_own(tmp_path: Path, catalogue: Catalogue, loop: str) -> None:
    module = pytest.importorskip(loop)
    with asyncio.Runner(loop_factory=module.new_event_loop) as runner:
        runner.run(configure_and_plan(tmp_path, catalogue))


async def configure_and_plan(tmp_path: Path, catalogue: Catalogue) -> None:
    async def none(request: Request) -> Response:
        return error(501)

    socket = tmp_path / "provider.sock"
    serving = await serve(none, socket, {})
    kind = catalogue.resources["google_pubsub_topic"]
    new = to_wire(fit(kind, {"name": "orders"}))
    options = [("grpc.use_local_subchannel_pool", 1)]
    try:
        channels = [grpc.aio.insecure_channel(f"unix:{socket}", options=options) for _ in range(3)]
        for number, channel in enumerate(channels):
            configure = channel.unary_unary(
                "/tfplugin6.Provider/ConfigureProvider",
                pb.ConfigureProvider.Request.SerializeToString,
                pb.ConfigureProvider.Response.FromString,
            )
            await configure(pb.ConfigureProvider.Request(config=to_wire({"project": f"p-{number}"})))
        for number, channel in enumerate(channels):
            plan = channel.unary_unary(
                "/tfplugin6.Provider/PlanResourceChange",
                pb.PlanResourceChange.Request.SerializeToString,
                pb.PlanResourceChange.Response.FromString,
            )
            request = pb.PlanResourceChange.Request(
                type_name=kind.name, prior_state=to_wire(None), proposed_new_state=new, config=new
            )
            answer = await plan(request)
            assert list(answer.diagnostics) == []
            assert from_wire(answer.planned_state)["project"] == f"p-{number}"
            assert answer.legacy_type_system
            await channel.close()
    finally:
        await serving.stop()
    assert not any(Path.exists(tmp_path / name) for name in ("provider.sock", "provider.grpc", "provider.c1"))


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_connections_that_only_probe_disturb_no_other(tmp_path: Path, loop: str) -> None:
    async def none(request: Request) -> Response:
        return error(501)

    async def probe_and_ask() -> None:
        socket = tmp_path / "provider.sock"
        serving = await serve(none, socket, {})

        async def probe() -> None:
            _, writer = await asyncio.open_unix_connection(str(socket))
            writer.close()  # as Terraform does first, to see whether anyone listens

        async def ask() -> int:
            options = [("grpc.use_local_subchannel_pool", 1)]
            async with grpc.aio.insecure_channel(f"unix:{socket}", options=options) as channel:
                schema = channel.unary_unary("/tfplugin6.Provider/GetProviderSchema")
                return len({len(await schema(b"")) for _ in range(5)})

        try:
            for _ in range(5):
                asked = await asyncio.gather(*(call() for _ in range(6) for call in (probe, ask, probe)))
                assert asked.count(1) == 6
        finally:
            await serving.stop()

    module = pytest.importorskip(loop)
    with asyncio.Runner(loop_factory=module.new_event_loop) as runner:
        runner.run(probe_and_ask())


async def test_a_socket_left_by_a_killed_process_is_replaced(tmp_path: Path) -> None:
    async def none(request: Request) -> Response:
        return error(501)

    socket = tmp_path / "provider.sock"
    socket.touch()
    serving = await serve(none, socket)

    assert oct(socket.stat().st_mode & 0o777) == "0o600"
    assert json.loads(reattach(socket, 7))["hashicorp/google"]["Addr"]["String"] == str(socket)
    await serving.stop()
