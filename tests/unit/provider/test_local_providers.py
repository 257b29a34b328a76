"""What asks no API: schemas are the real ones, plans those of the plugin framework, values of the form they have."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tf.gen import tfplugin_pb2 as pb

from sandbox.provider.codec import UNKNOWN
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.local import PROVIDERS, LocalProvider, catalogue
from sandbox.provider.local.kind import Kind, Run, plan
from tests.unit.provider.test_schema_facts import described

FACTS = json.loads(Path(__file__).with_name("facts_local.json").read_text())
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
KINDS = {name: kind for provider in PROVIDERS for name, kind in catalogue.load(provider).kinds.items()}


@pytest.fixture
def run() -> Run:
    return Run(lambda: NOON, asyncio.Event())


async def _made(name: str, config: dict[str, Any], run: Run) -> dict[str, Any]:
    planned, _ = plan(KINDS[name], None, dict(KINDS[name].fit(config)), config)
    known = {key: None if value is UNKNOWN else value for key, value in planned.items()}
    return KINDS[name].fit(await KINDS[name].create(known, run))


def _again(kind: Kind, prior: dict[str, Any], config: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The plan of a change, as Terraform proposes it: what isn't given and may be set by the provider stays."""
    proposed = {
        name: prior[name] if f.computed and config.get(name) is None else config.get(name)
        for name, f in kind.fields.items()
    }
    return plan(kind, prior, proposed, config)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_schemas_equal_the_real_ones(provider: str) -> None:
    served = pb.GetProviderSchema.Response.FromString(await LocalProvider(provider).schema(None, ""))

    def of(facts: dict[str, Any]) -> dict[str, Any]:
        return {name: fact["core"] for name, fact in facts.items() if name.partition("_")[0] == provider}

    def shown(schemas: Any) -> dict[str, Any]:
        return {name: {"block": described(one.block), "version": one.version} for name, one in schemas.items()}

    assert shown(served.resource_schemas) == of(FACTS["kinds"])
    assert shown(served.data_source_schemas) == of(FACTS["sources"])
    functions = {
        name: {
            "parameters": [{"name": one.name, "type": json.loads(one.type)} for one in function.parameters],
            "return_type": json.loads(getattr(function, "return").type),
        }
        for name, function in served.functions.items()
    }
    assert functions == (FACTS["functions"] if provider == "time" else {})


async def test_a_password_has_what_it_must(run: Run) -> None:
    made = await _made("random_password", {"length": 12, "special": False, "min_upper": 9, "min_numeric": 3}, run)
    assert sum(map(str.isupper, made["result"])) == 9
    assert sum(map(str.isdigit, made["result"])) == 3
    assert made["bcrypt_hash"].startswith("$2a$10$")
    assert (made["id"], made["number"], made["numeric"]) == ("none", True, True)


async def test_an_id_is_told_in_four_notations(run: Run) -> None:
    made = await _made("random_id", {"byte_length": 4, "prefix": "atm-"}, run)
    number = int(made["hex"].removeprefix("atm-"), 16)
    assert made["dec"] == f"atm-{number}"
    assert made["b64_url"] == f"atm-{made['id']}"
    assert (await KINDS["random_id"].restore(f"atm-,{made['id']}", run))["dec"] == made["dec"]  # type: ignore[misc]


async def test_a_seed_leads_to_the_same_each_time(run: Run) -> None:
    twice = [await _made("random_integer", {"min": 1, "max": 10**9, "seed": "a"}, run) for _ in range(2)]
    assert twice[0] == twice[1]
    shuffled = await _made("random_shuffle", {"input": ["a", "b", "c"], "result_count": 7, "seed": "a"}, run)
    assert sorted(shuffled["result"][:3]) == sorted(shuffled["result"][3:6]) == ["a", "b", "c"]
    assert len(shuffled["result"]) == 7


async def test_a_uuid_of_version_7_holds_the_time(run: Run) -> None:
    made = (await _made("random_uuid7", {}, run))["result"]
    assert int(made.replace("-", "")[:12], 16) == NOON.timestamp() * 1000
    assert made[14] == "7"


@pytest.mark.parametrize(
    ("before", "after", "replaced"),
    [
        ({"a": "1"}, {"a": "1"}, False),
        ({"a": "1"}, {"a": "2"}, True),
        ({"a": "1"}, {"a": UNKNOWN}, True),
        ({"a": "1"}, {"a": "1", "b": None}, False),
        ({"a": "1"}, {"a": "1", "b": "2"}, True),
        ({"a": "1"}, None, True),
        (None, {"a": None}, False),
        (None, {"a": "1"}, True),
        (None, UNKNOWN, True),
    ],
)
async def test_other_keepers_replace(before: Any, after: Any, replaced: bool, run: Run) -> None:
    prior = await _made("random_pet", {"keepers": before}, run)
    planned, replace = _again(KINDS["random_pet"], prior, {"keepers": after})
    assert (replace == ["keepers"]) is replaced
    assert planned["id"] == prior["id"]


async def test_a_text_keeps_its_value_where_an_empty_list_of_characters_becomes_none(run: Run) -> None:
    prior = await _made("random_string", {"length": 8, "override_special": ""}, run)
    assert _again(KINDS["random_string"], prior, {"length": 8})[1] == []
    assert _again(KINDS["random_string"], prior, {"length": 8, "override_special": "-"})[1] == ["override_special"]
    assert _again(KINDS["random_string"], prior, {"length": 8, "numeric": False})[1] == ["number", "numeric"]


@pytest.mark.parametrize(
    ("name", "config", "said"),
    [
        ("random_string", {"length": 0}, "at least 1"),
        ("random_string", {"length": 3, "min_upper": 2, "min_lower": 2}, "at least sum of"),
        (
            "random_string",
            {"length": 3, **dict.fromkeys(("special", "upper", "lower", "numeric"), False)},
            "must be true",
        ),
        ("random_bytes", {"length": 0}, "at least 1"),
        ("time_offset", {}, "must be configured"),
        ("time_rotating", {"rotation_days": 0}, "at least 1"),
        ("time_static", {"rfc3339": "yesterday"}, "RFC 3339"),
        ("time_sleep", {"create_duration": "30"}, "followed at once by"),
        ("time_sleep", {}, "must be specified"),
    ],
)
def test_what_the_real_ones_refuse_is_refused(name: str, config: dict[str, Any], said: str) -> None:
    assert any(said in problem.detail for problem in KINDS[name].check(config))


async def test_a_month_on_a_month_without_the_day_runs_into_the_next(run: Run) -> None:
    made = await _made("time_offset", {"offset_months": 1, "offset_hours": 1}, run)
    assert made["rfc3339"] == "2026-03-03T13:00:00Z"
    planned, replace = _again(KINDS["time_offset"], made, {"offset_days": -1})
    assert (planned["rfc3339"], planned["base_rfc3339"], replace) == (
        "2026-01-30T12:00:00Z",
        "2026-01-31T12:00:00Z",
        [],
    )


async def test_what_has_rotated_is_over(run: Run) -> None:
    rotating = KINDS["time_rotating"]
    made = await _made("time_rotating", {"rotation_days": 7}, run)
    assert made["rotation_rfc3339"] == "2026-02-07T12:00:00Z"
    assert rotating.read(made, run) == made
    assert rotating.read(made, Run(lambda: datetime(2026, 2, 8, tzinfo=UTC), asyncio.Event())) is None


async def test_a_time_that_is_given_is_known_when_it_is_planned() -> None:
    config = {"rfc3339": "2026-01-31T09:15:00+05:30"}
    planned, _ = plan(KINDS["time_static"], None, KINDS["time_static"].fit(config), config)
    assert (planned["hour"], planned["unix"], planned["id"]) == (9, 1769831100, config["rfc3339"])


async def test_a_sleep_ends_when_terraform_is_interrupted(run: Run) -> None:
    run.stopped.set()
    with pytest.raises(ProviderError, match="Create time sleep error"):
        await _made("time_sleep", {"create_duration": "1h"}, run)


async def test_states_of_before_are_brought_up(run: Run) -> None:
    made = KINDS["random_password"].fit(KINDS["random_password"].upgrade(0, {"id": "none", "result": "a-secret"}))
    assert (made["length"], made["numeric"], made["min_upper"]) == (8, True, 0)
    assert made["bcrypt_hash"].startswith("$2a$")
    of_two = {"id": "a", "result": "a", "number": False}
    assert KINDS["random_string"].upgrade(1, of_two)["numeric"] is False


def test_durations_and_times_are_parsed() -> None:
    functions = catalogue.load("time").functions
    told = functions["duration_parse"].call("-1h30m0.5s")
    assert (told["hours"], told["milliseconds"]) == (-1.5001388888888889, -5400500)
    assert functions["rfc3339_parse"].call("2026-02-01T00:00:00Z")["weekday_name"] == "Sunday"
    assert functions["unix_timestamp_parse"].call(0)["rfc3339"] == "1970-01-01T00:00:00Z"
    for name, value in (("duration_parse", "1 h"), ("rfc3339_parse", "2026"), ("unix_timestamp_parse", 0.5)):
        with pytest.raises(ValueError, match="Error parsing"):
            functions[name].call(value)
