"""Every type with every argument unknown, null or of another type: a plan or a located error, never a crash."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tf.gen import tfplugin_pb2 as pb

from sandbox.control.http import Request, Response
from sandbox.provider import lifecycle
from sandbox.provider.catalogue import Catalogue, load
from sandbox.provider.codec import UNKNOWN, decode, encode, from_wire, to_wire
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.fields import Field
from sandbox.provider.planning import plan
from sandbox.provider.servicer import Provider
from sandbox.provider.settings import Settings
from sandbox.provider.state import conform
from sandbox.provider.table import ResourceType

Place = tuple[str | int, ...]
SETTINGS = Settings(project="atm-any", region="asia-south1", zone="asia-south1-a")
every_type = pytest.mark.parametrize("name", sorted(load().resources))


def example(f: Field) -> Any:
    """A value of a field's type."""
    if f.nested:
        return [{name: example(inner) for name, inner in f.fields.items()} for _ in range(max(f.min_items, 1))]
    simple = {"string": f.values[0] if f.values else "a", "number": 1, "bool": True}
    if f.kind in ("list", "set"):
        return [simple[f.element]]
    if f.kind == "map":
        return {"a": simple[f.element]}
    return f.default if f.default is not None else simple[f.kind]


def whole(kind: ResourceType) -> dict[str, Any]:
    """A configuration that gives everything that can be given."""
    config = lifecycle.fit(kind, {})
    return config | {name: _given(f) for name, f in kind.fields.items() if not f.output_only}


def _given(f: Field) -> Any:
    if not f.nested:
        return example(f)
    inner = {name: None if g.output_only else _given(g) for name, g in f.fields.items()}
    return [copy.deepcopy(inner) for _ in range(max(f.min_items, 1))]


def around(kind: ResourceType, place: Place) -> dict[str, Any]:
    """A configuration of what a place needs around it: simple arguments at the top, and the blocks on the way."""
    config = lifecycle.fit(kind, {})
    config |= {name: example(f) for name, f in kind.fields.items() if not f.nested and not f.output_only}
    fields: Mapping[str, Field] = kind.fields
    inner: Any = config
    for step in place[:-1]:
        if isinstance(step, int):
            continue
        inner[step] = [_bare(fields[step]) for _ in range(max(fields[step].min_items, 1))]
        fields, inner = fields[step].fields, inner[step][0]
    last = str(place[-1])
    inner[last] = [_bare(fields[last])] if fields[last].nested else example(fields[last])
    return config


def _bare(f: Field) -> dict[str, Any]:
    return {name: [] if g.block else None for name, g in f.fields.items()}


def places(fields: Mapping[str, Field], at: Place = ()) -> Iterator[tuple[Place, Field]]:
    """Every argument, those in blocks too."""
    for name, f in fields.items():
        if not f.output_only:
            yield (*at, name), f
            yield from places(f.fields, (*at, name, 0))


def put(state: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """A copy with another value at a place."""
    changed = copy.deepcopy(state)
    inner: Any = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return changed


def find(state: Any, place: Place) -> Any:
    """The value at a place, UNKNOWN where one around it is, None where there is none."""
    for step in place:
        if state is UNKNOWN:
            return UNKNOWN
        try:
            state = state[step]
        except (KeyError, IndexError, TypeError):
            return None
    return state


def planned_of(kind: ResourceType, prior: dict[str, Any] | None, config: dict[str, Any]) -> dict[str, Any] | None:
    """What is planned, in the form and of the types that the schema says; None where an error says why not."""
    proposed = {
        name: (prior or {}).get(name) if value is None and (name == "id" or kind.fields[name].computed) else value
        for name, value in config.items()
        if name != "timeouts"
    }
    with contextlib.suppress(ProviderError):  # the plan must bear what it is asked all the same
        lifecycle.validate(kind, config, SETTINGS)
    try:
        planned, replace = plan(kind, copy.deepcopy(prior), proposed, copy.deepcopy(config), SETTINGS)
    except ProviderError as error:
        assert all(problem.summary for problem in error.problems)
        return None
    back: dict[str, Any] = decode(encode(planned))
    assert conform(kind, back) == lifecycle.fit(kind, back)
    assert all(find(back, path[:1]) is not None or path[0] in back for path in replace)
    return back


@every_type
def test_what_is_unknown_stays_so_wherever_it_stands(name: str, catalogue: Catalogue) -> None:
    kind = catalogue.resources[name]
    for place, f in places(kind.fields):
        config = around(kind, place)
        for before in (None, lifecycle.fit(kind, config) | {"id": "x"}):
            planned = planned_of(kind, before, put(config, place, UNKNOWN))
            if planned is not None and not f.write_only and "set" not in _kinds(kind, place):
                assert find(planned, place) is UNKNOWN, place


def _kinds(kind: ResourceType, place: Place) -> list[str]:
    """The kinds of the fields on the way to a place: members of a set have places of their own."""
    fields, found = kind.fields, []
    for step in place:
        if isinstance(step, str):
            found.append(fields[step].kind)
            fields = fields[step].fields
    return found[:-1]


@every_type
def test_everything_unknown_at_once_is_planned(name: str, catalogue: Catalogue) -> None:
    kind = catalogue.resources[name]
    config = whole(kind) | {name: UNKNOWN for name, f in kind.fields.items() if not f.output_only}
    for before in (None, lifecycle.fit(kind, whole(kind)) | {"id": "x"}):
        planned_of(kind, before, config)


@every_type
def test_null_in_every_argument_is_borne(name: str, catalogue: Catalogue) -> None:
    kind = catalogue.resources[name]
    for place, f in places(kind.fields):
        config = around(kind, place)
        for before in (None, lifecycle.fit(kind, config) | {"id": "x"}):
            planned_of(kind, before, put(config, place, [] if f.block else None))
    nothing = lifecycle.fit(kind, {})
    for before in (None, nothing | {"id": "x"}, lifecycle.fit(kind, whole(kind)) | {"id": "x"}):
        planned_of(kind, before, nothing)


@every_type
async def test_a_state_of_wrong_types_is_refused_at_its_place(name: str, catalogue: Catalogue) -> None:
    kind = catalogue.resources[name]
    provider = Provider(_nowhere, {})
    for place, f in places(kind.fields):
        state = lifecycle.fit(kind, around(kind, place)) | {"id": "x"}
        wrong: Any = "word" if f.kind != "string" or f.nested else [1]
        with pytest.raises(ProviderError) as error:
            await provider.upgrade(_raw(kind, put(state, place, wrong)), "")
        assert "required" in error.value.problems[0].summary
        assert error.value.problems[0].path[0] == place[0]


@every_type
async def test_a_state_of_now_and_one_that_lacks_or_has_more_are_read(name: str, catalogue: Catalogue) -> None:
    kind = catalogue.resources[name]
    provider = Provider(_nowhere, {})
    state = lifecycle.fit(kind, whole(kind)) | {"id": "x"}
    kept = from_wire((await provider.upgrade(_raw(kind, state), "")).upgraded_state)
    assert kept == conform(kind, state)

    bare = from_wire((await provider.upgrade(_raw(kind, {"id": "x", "no_longer": True}), "")).upgraded_state)
    assert bare == lifecycle.fit(kind, {"id": "x"})


async def test_a_state_that_is_no_object_is_refused(catalogue: Catalogue) -> None:
    kind = catalogue.resources["google_pubsub_topic"]
    request = pb.UpgradeResourceState.Request(
        type_name=kind.name, version=kind.version, raw_state=pb.RawState(json=b'"x"')
    )
    with pytest.raises(ProviderError, match="an object is required"):
        await Provider(_nowhere, {}).upgrade(request, "")


async def _nowhere(request: Request) -> Response:
    raise AssertionError("nothing is to be asked")


def _raw(kind: ResourceType, state: dict[str, Any]) -> Any:
    raw = pb.RawState(json=json.dumps(state).encode())
    return pb.UpgradeResourceState.Request(type_name=kind.name, version=kind.version, raw_state=raw)


def test_values_come_back_from_the_wire() -> None:
    value = {"a": [1, "b", None, True, {"c": UNKNOWN}]}
    assert from_wire(to_wire(value)) == value
