"""How workflows run: jumps, loops, handlers, retries, calls, parallel steps."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sandbox.workflows.errors import WorkflowError
from sandbox.workflows.world import Answer, Outgoing
from tests.support.waiting import eventually_async
from tests.unit.workflows.running import FakeWorld, error_of, machine, run


def answer(document: Any, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(document).encode())


def test_assignments_are_values_of_their_own() -> None:
    text = """
    main:
      params: [input]
      steps:
        - set:
            assign:
              - a: {list: [1, 2], text: "${input.name}"}
              - b: ${a}
              - b.list[1]: 20
              - b["new"]: {}
              - b.new.deep.er: 1
              - i: 0
              - a.list[i + 1]: ${a.list[0] + 10}
        - done:
            return: ["${a}", "${b}"]
    """
    a, b = run(text, {"name": "x"})
    assert a == {"list": [1, 11], "text": "x"}
    assert b == {"list": [1, 20], "text": "x", "new": {"deep": {"er": 1}}}


def test_jumps_and_switches() -> None:
    text = """
    main:
      params: [n]
      steps:
        - start: {assign: [{seen: []}]}
        - again:
            switch:
              - condition: ${n == 0}
                next: out
              - condition: ${n % 2 == 1}
                steps:
                  - odd: {assign: [{seen: "${list.concat(seen, n)}"}]}
                  - inner:
                      switch: [{condition: "${n == 3}", next: three}]
            next: less
        - three: {assign: [{seen: "${list.concat(seen, 33)}"}]}
        - less:
            assign: [{n: "${n - 1}"}]
            next: again
        - never: {raise: "not reached"}
        - out: {return: "${seen}"}
    """
    assert run(text, 5) == [5, 3, 33, 1]


def test_loops() -> None:
    text = """
    main:
      steps:
        - init: {assign: [{found: []}, {value: kept}]}
        - over_list:
            for:
              value: v
              index: i
              in: ["a", "b", "c", "d"]
              steps:
                - skip: {switch: [{condition: '${v == "b"}', next: continue}]}
                - stop: {switch: [{condition: '${v == "d"}', next: break}]}
                - add: {assign: [{found: '${list.concat(found, v + string(i))}'}, {local: 1}]}
        - over_range:
            for:
              value: n
              range: [1, 3]
              steps: [{add: {assign: [{found: "${list.concat(found, n)}"}]}}]
        - over_map:
            for:
              value: key
              in: {x: 1}
              steps: [{add: {assign: [{found: "${list.concat(found, key)}"}]}}]
        - done: {return: "${found}"}
    """
    assert run(text) == ["a0", "c2", 1, 2, 3, "x"]


def test_variables_of_a_loop_are_gone_after_it() -> None:
    text = """
    - loop: {for: {value: v, in: [1], steps: [{set: {assign: [{local: 1}]}}]}}
    - done: {return: "${local}"}
    """
    assert error_of(text).value["tags"] == ["KeyError"]


def test_subworkflows_have_parameters_with_defaults() -> None:
    text = """
    main:
      steps:
        - by_step: {call: add, args: {a: 1}, result: one}
        - inline: {return: ["${one}", "${add(1, 2)}", "${nothing()}"]}
    add:
      params: [a, b: 10]
      steps: [{sum: {return: "${a + b}"}}]
    nothing:
      steps: [{leave: {next: end}}, {never: {return: 1}}]
    """
    assert run(text) == [11, 3, None]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [("{}", "needs the argument 'a'"), ("{a: 1, z: 2}", "has no argument 'z'")],
)
def test_arguments_are_checked(arguments: str, message: str) -> None:
    text = (
        f"main: {{steps: [{{c: {{call: f, args: {arguments}}}}}]}}\nf: {{params: [a], steps: [{{r: {{return: 1}}}}]}}"
    )
    assert message in error_of(text).message


def test_recursion_ends() -> None:
    text = "main: {steps: [{c: {call: f}}]}\nf: {steps: [{c: {call: f}}]}"
    assert error_of(text).value["tags"] == ["RecursionError"]


def test_an_endless_workflow_ends() -> None:
    text = "main: {steps: [{a: {next: b}}, {b: {next: a}}]}"
    assert error_of(text).value["tags"] == ["ResourceLimitError"]


def test_memory_is_limited_and_given_back() -> None:
    grow = """
    main:
      params: [rounds]
      steps:
        - init: {assign: [{s: "0123456789"}]}
        - loop: {for: {value: v, range: [1, "${rounds}"], steps: [{g: {assign: [{s: "${s + s}"}]}}]}}
        - done: {return: "${len(s)}"}
    """
    assert run(grow, 14) == 163_840
    assert error_of(grow, 16).value["tags"] == ["ResourceLimitError"]
    again = """
    main:
      params: [s]
      steps:
        - loop: {for: {value: v, range: [1, 50], steps: [{g: {assign: [{t: "${s + s}"}]}}]}}
        - done: {return: ok}
    """
    assert run(again, "x" * 100_000) == "ok"


def test_errors_are_caught_with_their_tags_and_raised_again() -> None:
    text = """
    main:
      params: [what]
      steps:
        - guarded:
            try:
              steps:
                - fail: {raise: "${what}"}
            except:
              as: e
              steps:
                - known: {switch: [{condition: '${"mine" == e}', return: caught}]}
                - other: {raise: "${e}"}
    """
    assert run(text, "mine") == "caught"
    error = error_of(text, {"code": 7, "message": "seven"})
    assert error.value == {"code": 7, "message": "seven"}
    assert [(frame.step, frame.routine, frame.position.line) for frame in error.trace] == [
        ("other", "main", 13),
        ("guarded", "main", 5),
    ]


RETRIED = """
main:
  steps:
    - ask:
        try: {call: http.get, args: {url: "http://127.0.0.1:1/x"}, result: got}
        retry: %s
    - done: {return: "${got.body}"}
only_409:
  params: [e]
  steps: [{decide: {return: '${e.code == 409}'}}]
"""


@pytest.mark.parametrize(
    ("policy", "statuses", "requests", "waited"),
    [
        ("${http.default_retry}", [503, 429, 200], 3, 1 + 1.25),
        ("${http.default_retry}", [404], 1, 0),
        ("${http.default_retry}", [503] * 9, 6, 1 + 1.25 + 1.5625 + 1.953125 + 2.44140625),
        ("${http.default_retry_non_idempotent}", [502], 1, 0),
        ("{predicate: '${only_409}', max_retries: 2, backoff: {initial_delay: 5, max_delay: 8, multiplier: 3}}",
         [409, 409, 200], 3, 5 + 8),
        ("{predicate: '${retry.always}', max_retries: 1, backoff: '${retry.default_backoff}'}", [418, 500], 2, 1),
        ("{predicate: '${retry.never}', max_retries: 3, backoff: '${retry.default_backoff}'}", [503], 1, 0),
    ],
)  # fmt: skip
def test_retries(
    policy: str, statuses: list[int], requests: int, waited: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(statuses)
    world = FakeWorld(respond=lambda request: answer("ok", next(answers)))
    start = world.clock

    async def sleep(seconds: float) -> None:
        world.clock += seconds

    monkeypatch.setattr("sandbox.workflows.library.clock.asyncio.sleep", sleep)
    if statuses[requests - 1] == 200:
        assert run(RETRIED % policy, world=world) == "ok"
    else:
        assert error_of(RETRIED % policy, world=world).value["code"] == statuses[requests - 1]
    assert len(world.sent) == requests and world.clock - start == pytest.approx(waited)


def test_http_requests_are_as_google_sends_them() -> None:
    text = """
    - ask:
        call: http.post
        args:
          url: http://127.0.0.1:1/x?a=1
          query: {b: 2, c: [x, y]}
          headers: {X-Own: 5}
          auth: {type: OIDC, audience: "https://aud"}
          timeout: 30
          body: {k: [1, null]}
        result: got
    - done: {return: "${got}"}
    """
    world = FakeWorld(respond=lambda request: Answer(201, {"Content-Type": "text/plain"}, b"made"))
    assert run(text, world=world) == {"code": 201, "headers": {"Content-Type": "text/plain"}, "body": "made"}
    (sent,) = world.sent
    assert (sent.method, sent.url) == ("POST", "http://127.0.0.1:1/x?a=1&b=2&c=x&c=y")
    assert sent.content == b'{"k":[1,null]}' and sent.timeout == 30
    assert sent.headers["Content-Type"] == "application/json; charset=utf-8" and sent.headers["X-Own"] == "5"
    assert "GoogleCloudWorkflows" in sent.headers["User-Agent"]
    assert sent.auth == {"type": "OIDC", "audience": "https://aud"}


def test_an_http_error_has_what_the_server_said() -> None:
    world = FakeWorld(respond=lambda request: answer({"reason": "gone"}, 410))
    error = error_of("- ask: {call: http.get, args: {url: 'http://h/'}}", world=world)
    assert error.value["code"] == 410 and error.value["body"] == {"reason": "gone"}
    assert error.value["tags"] == ["HttpError"] and "410" in error.message


def test_a_connector_is_the_api_call_that_google_describes() -> None:
    text = """
    - publish:
        call: googleapis.pubsub.v1.projects.topics.publish
        args:
          topic: projects/p/topics/t
          body: {messages: [{data: aGk=}]}
        result: got
    - done: {return: "${got.messageIds[0]}"}
    """
    world = FakeWorld(respond=lambda request: answer({"messageIds": ["7"]}))
    assert run(text, world=world) == "7"
    (sent,) = world.sent
    assert (sent.method, sent.url) == ("POST", "https://pubsub.googleapis.com/v1/projects/p/topics/t:publish")
    assert json.loads(sent.content) == {"messages": [{"data": "aGk="}]}


def test_a_connector_waits_for_its_operation() -> None:
    name = "projects/p/locations/r/operations/o"

    def respond(request: Outgoing) -> Answer:
        if request.method == "POST":
            return answer({"name": name, "metadata": {}})
        assert request.url == f"https://run.googleapis.com/v2/{name}"
        return answer({"name": name, "done": True, "response": {"uri": "http://x"}})

    text = """
    - make:
        call: googleapis.run.v2.projects.locations.services.create
        args:
          parent: projects/p/locations/r
          serviceId: s
          body: {}
          connector_params: {polling_policy: {initial_delay: 0}}
        result: got
    - done: {return: "${got.uri}"}
    """
    assert run(text, world=FakeWorld(respond=respond)) == "http://x"
    failing = FakeWorld(
        respond=lambda r: answer({"name": name, "done": True, "error": {"code": 5, "message": "no image"}})
    )
    error = error_of(text, world=failing)
    assert error.value["tags"] == ["OperationError"] and error.message == "no image"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [("{}", "needs the argument 'topic'"), ("{topic: t, nosuch: 1}", "has no argument 'nosuch'")],
)
def test_arguments_of_connectors_are_checked(arguments: str, message: str) -> None:
    error = error_of(f"- a: {{call: googleapis.pubsub.v1.projects.topics.get, args: {arguments}}}")
    assert message in error.message


def test_branches_share_only_what_they_say() -> None:
    text = """
    main:
      steps:
        - init: {assign: [{sum: 0}, {names: {}}]}
        - branches:
            parallel:
              shared: [sum, names]
              branches:
                - one: {steps: [{a: {assign: [{sum: "${sum + 1}"}, {own: 1}]}}]}
                - two: {steps: [{b: {assign: [{sum: "${sum + 2}"}, {names.two: yes}]}}]}
        - rounds:
            parallel:
              shared: [sum]
              concurrency_limit: 2
              for: {value: v, in: [10, 20, 30], steps: [{c: {assign: [{sum: "${sum + v}"}]}}]}
        - done: {return: ["${sum}", "${names}"]}
    """
    assert run(text) == [63, {"two": "yes"}]
    assert "not shared" in error_of(text.replace("shared: [sum]\n", "shared: [names]\n")).message


def test_a_parallel_step_fails_with_its_branches() -> None:
    text = """
    - p:
        parallel:
          %s
          branches:
            - bad: {steps: [{f: {raise: {message: first, tags: []}}}]}
            - slow: {steps: [{s: {call: sys.sleep, args: {seconds: 30}}}]}
            - good: {steps: [{g: {call: sys.log, args: {text: ran}}}]}
    """
    assert error_of(text % "").value == {"message": "first", "tags": []}
    world = FakeWorld()
    error = error_of((text % "exception_policy: continueAll").replace("seconds: 30", "seconds: 0"), world=world)
    assert error.value["tags"] == ["UnhandledBranchError"]
    assert error.value["branches"] == [{"id": "bad", "error": {"message": "first", "tags": []}}]
    assert world.logs == [("DEFAULT", "ran")]


def test_parallel_steps_nest_two_deep() -> None:
    text = (
        "- p: {parallel: {for: {value: a, in: [1], steps: [{p: {parallel: {for: {value: b, in: [1], steps: %s}}}}]}}}"
    )
    run(text % "[{x: {assign: [{y: 1}]}}]")
    deeper = "[{p: {parallel: {for: {value: c, in: [1], steps: [{x: {assign: [{y: 1}]}}]}}}}]"
    assert error_of(text % deeper).value["tags"] == ["ParallelNestingError"]


JOURNALED = """
main:
  steps:
    - init: {assign: [{code: 0}]}
    - first: {call: http.post, args: {url: "http://h/one"}, result: one}
    - noted: {assign: [{id: "${uuid.generate()}"}, {at: "${sys.now()}"}]}
    - split:
        parallel:
          for: {value: v, in: [a, b, c], steps: [{ask: {call: http.post, args: {url: '${"http://h/" + v}'}}}]}
    - failing:
        try: {call: http.post, args: {url: "http://h/fails"}}
        except: {as: e, steps: [{keep: {assign: [{code: "${e.code}"}]}}]}
    - nap: {call: sys.sleep, args: {seconds: 0}}
    - last: {call: http.post, args: {url: "http://h/last"}, result: end}
    - done: {return: ["${id}", "${at}", "${code}", "${end.body}"]}
"""


def test_what_was_done_is_not_done_again() -> None:
    """Cut off after each effect in turn: the next run does only what is left, and gives the same."""

    def respond(request: Outgoing) -> Answer:
        return answer("late", 500 if request.url.endswith("fails") else 200)

    whole = FakeWorld(respond=respond)
    expected = run(JOURNALED, world=whole)
    assert expected[2:] == [500, "late"]
    assert [request.url[9:] for request in whole.sent] == ["one", "a", "b", "c", "fails", "last"]
    keys = list(whole.journal)
    for cut in range(len(keys) + 1):
        world = FakeWorld(respond=respond, journal={key: whole.journal[key] for key in keys[:cut]}, clock=9e9)
        again = run(JOURNALED, world=world)
        done = [request.url[9:] for request in world.sent]
        assert again[2:] == expected[2:]
        assert done == ["one", "a", "b", "c", "fails", "last"][6 - len(done) :]
        assert set(keys) == set(world.journal)


def test_the_history_has_each_step_once() -> None:
    world = FakeWorld()
    text = """
    main:
      steps:
        - a: {assign: [{x: 1}]}
        - b: {call: f}
        - c: {raise: "${x}"}
    f: {steps: [{log: {call: sys.log, args: {text: hi}}}]}
    """
    error_of(text, world=world)
    shown = [(e.routine, e.step, e.kind, e.state, e.parent) for e in world.entries.values()]
    assert shown == [
        ("main", "a", "STEP_ASSIGN", "STATE_SUCCEEDED", 0),
        ("main", "b", "STEP_SUBWORKFLOW_CALL", "STATE_SUCCEEDED", 0),
        ("f", "log", "STEP_STD_LIB_CALL", "STATE_SUCCEEDED", 2),
        ("main", "c", "STEP_RAISE", "STATE_FAILED", 0),
    ]


def test_a_cancelled_execution_is_told_where_it_was() -> None:
    world = FakeWorld()

    async def cancelled() -> None:
        running = machine("- nap: {call: sys.sleep, args: {seconds: 100}}", world)
        task = asyncio.create_task(running.run(None))
        assert await eventually_async(lambda: list(running.history.current.values()) == [("main", "nap")])
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert [entry.state for entry in world.entries.values()] == ["STATE_CANCELLED"]


@pytest.mark.parametrize(
    ("level", "logged"),
    [
        ("LOG_ALL_CALLS", [("good: uuid.generate", None), ("bad: http.get", "HttpError")]),
        ("LOG_ERRORS_ONLY", [("bad: http.get", "HttpError")]),
        ("LOG_NONE", []),
    ],
)
def test_calls_are_logged_as_wanted(level: str, logged: list[Any]) -> None:
    world = FakeWorld(call_log_level=level, respond=lambda request: answer({}, 500))
    error_of("- good: {call: uuid.generate}\n- bad: {call: http.get, args: {url: 'http://h/'}}", world=world)
    assert [(call, error and error["tags"][0]) for call, error in world.logs] == logged


def test_callbacks() -> None:
    text = """
    - make: {call: events.create_callback_endpoint, args: {http_callback_method: POST}, result: callback}
    - wait: {call: events.await_callback, args: {callback: "${callback}", timeout: 10}, result: got}
    - done: {return: "${got.http_request.body}"}
    """
    assert run(text) == "uuid-1"


def test_an_error_says_what_it_is() -> None:
    assert str(WorkflowError("boom")) == "RuntimeError: 'boom'"


def test_a_handler_is_one_step_where_it_has_no_list_of_them() -> None:
    text = """
    - copy:
        try: {raise: {code: 404}}
        except: {as: e, raise: {exception: ${e}, object: "a"}}
    """
    assert error_of(text).value == {"exception": {"code": 404}, "object": "a"}


def test_expressions_stand_in_lists_and_maps_of_brackets() -> None:
    text = """
    - names: {assign: [{a: x}, {m: {k: [1, 2]}}]}
    - done: {return: {list: [${a}, ${m["k"][1]}, ${"}, " + a}, plain], map: {of: ${m.k[0]}, text: '${a}'}}}
    """
    assert run(text) == {"list": ["x", 2, "}, x", "plain"], "map": {"of": 1, "text": "x"}}
