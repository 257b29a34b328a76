"""A month's cost: the same from the YAML as from a plan, and honest about what it doesn't know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from envctl.cost.estimate import HOURS, estimate
from envctl.cost.items import declared, planned
from envctl.cost.model import Estimate, Item, Price, Prices, difference, table
from envctl.cost.reckon import cost_of_plan, cost_of_yaml
from envctl.costing import CostResult
from envctl.environments import load
from envctl.environments.models.usage import Usage
from envctl.output.cost import cost_json, cost_markdown, cost_text
from envctl.plans.read import read_plan

from tests.support.plans import at, change, plan
from tests.unit.environments.environment_files import HEAD, EnvironmentFiles

ROOT = Path(__file__).resolve().parents[3]
PRICES = table()
RATE = PRICES.rupees_per_dollar


def cost(kind: str, use: Usage | None = None, **facts: Any) -> Estimate:
    usage = {} if use is None else {f"alpha/{kind}/a": use}
    return estimate([Item(kind, f"alpha/{kind}/a", facts)], usage, PRICES, shared=False)


def usd(name: str) -> float:
    return PRICES.prices[name].usd


def test_every_price_has_a_source_and_the_table_a_date() -> None:
    assert {price.source for price in PRICES.prices.values()} <= PRICES.sources.keys()
    assert PRICES.dated
    assert PRICES.region == "asia-south1"


def test_a_service_that_idles_costs_while_it_answers() -> None:
    found = cost("services", Usage(hours=10, requests=2_000_000), vcpu=2.0, gib=4.0, min=0, always=False)
    seconds = 36_000
    dollars = seconds * (2 * usd("run.request.vcpu_second") + 4 * usd("run.request.gib_second")) + 0.8
    assert found.total == pytest.approx(dollars * RATE, abs=0.01)
    assert not any(line.assumed for line in found.lines)


def test_an_instance_that_is_kept_costs_all_month() -> None:
    always = cost("services", Usage(hours=0), vcpu=1.0, gib=0.5, min=1, always=True)
    dollars = HOURS * 3600 * (usd("run.instance.vcpu_second") + 0.5 * usd("run.instance.gib_second"))
    assert always.total == pytest.approx(dollars * RATE, abs=0.01)
    idle = cost("services", Usage(hours=0, requests=0), vcpu=1.0, gib=0.5, min=1, always=False)
    assert 0 < idle.total < always.total


def test_high_availability_doubles_a_database() -> None:
    facts = {"tier": "db-custom-2-7680", "disk": 20, "disk_type": "PD_SSD", "backups": False}
    assert cost("sql_instances", double=True, **facts).total == pytest.approx(
        2 * cost("sql_instances", double=False, **facts).total, abs=0.01
    )


def test_what_has_no_price_is_said_and_never_nothing() -> None:
    found = cost(
        "sql_instances", tier="db-perf-optimized-N-8", disk=10, disk_type="PD_SSD", double=False, backups=False
    )
    assert found.missing == ["alpha/sql_instances/a: the table has no price sql.db-perf-optimized-N-8"]
    assert CostResult("prod", found, 20_000).exit_code == 1
    assert "the table has no price" in cost_text(CostResult("prod", found, 20_000))


def test_what_the_yaml_does_not_say_is_assumed_and_marked() -> None:
    assert all(line.assumed for line in cost("buckets", **{"class": "standard"}).lines)


def test_a_table_of_another_day_is_another_cost() -> None:
    prices = Prices(
        dated="2030-01-01",
        region="x",
        rupees_per_dollar=100,
        rate_source="x",
        sources={"s": "x"},
        prices={"scheduler.job_month": Price(usd=1, source="s")},
    )
    assert estimate([Item("schedules", "a/schedules/b")], {}, prices, shared=False).total == 100


def test_production_fits_the_users_limit_and_says_what_is_off() -> None:
    loaded = load("prod", ROOT)
    found = cost_of_yaml(loaded)
    assert loaded.declared.budget is not None
    assert found.total <= loaded.declared.budget.amount == 20_000
    assert not found.missing
    assert {"shared-services/sql_instances/platform", "shared-services/redis_instances/cache"} <= found.off.keys()
    assert set(found.by_subproject()) == {*loaded.declared.subprojects, "environment"}


SERVICE = {"containers": [{"resources": [{"limits": {"cpu": "2", "memory": "4Gi"}, "cpu_idle": True}]}]}


def test_a_plan_says_before_and_after(tmp_path: Path) -> None:
    loaded = EnvironmentFiles(tmp_path).base(HEAD).dev("project_id: atm-dev-1\n").load()
    service = at("google_cloud_run_v2_service", "engine", module="cloud_run")
    kept = {"template": [{**SERVICE, "scaling": [{"min_instance_count": 1}]}]}
    found = read_plan(
        plan(
            change(service, {"template": [SERVICE]}, kept),
            change(at("google_cloud_scheduler_job"), {}, None),
            change(at("google_redis_instance"), None, {"tier": "BASIC", "memory_size_gb": 1}),
        )
    )
    after, changed = cost_of_plan(found, loaded)
    assert list(changed.things) == [
        "alpha/services/engine",
        "alpha/redis_instances/a",
        "alpha/schedules/a",
    ]
    assert changed.things["alpha/schedules/a"] == pytest.approx(-0.1 * RATE)
    assert changed.after == after.total
    assert changed.more == pytest.approx(sum(changed.things.values()), abs=0.05)


def test_the_facts_of_a_plan_are_those_of_the_yaml() -> None:
    run = {"cpu": "2", "memory": "4Gi", "sidecars": {}, "min_instances": 1, "cpu_idle": True}
    values = {
        "subprojects": {
            "alpha": {"services": {"engine": run}, "redis_instances": {"a": {"tier": "BASIC", "memory_size_gb": 1}}}
        }
    }
    service = {"template": [{**SERVICE, "scaling": [{"min_instance_count": 1}]}]}
    changes = plan(
        change(at("google_cloud_run_v2_service", "engine"), None, service),
        change(at("google_redis_instance"), None, {"tier": "BASIC", "memory_size_gb": 1}),
    )
    assert list(planned(read_plan(changes).resources)) == list(declared(values))


def test_whom_an_uptime_check_tells_costs_what_the_plans_alert_does() -> None:
    told, quiet = {"alert_channels": ["oncall"]}, {"alert_channels": []}
    values = {"subprojects": {"alpha": {"uptime_checks": {"gateway": told, "page": quiet}}}}
    address = at("google_monitoring_alert_policy", "gateway", module="monitoring").replace(".this[", ".uptime[")
    made = change(address, None, {"conditions": [{}]})
    assert list(planned(read_plan(plan(made)).resources)) == list(declared(values)) != []


def test_what_a_plan_only_reads_is_not_its_own() -> None:
    """A data source that waits for the apply is among the changes, and has the type of what it reads."""
    read = change("data.google_redis_instance.theirs", None, {"tier": "BASIC", "memory_size_gb": 1}, "read")
    assert list(planned(read_plan(plan(read)).resources)) == []


def test_above_the_budget_is_a_finding() -> None:
    found = cost("redis_instances", tier="STANDARD_HA", gib=5)
    result = CostResult("prod", found, 100.0, difference(found.total, Estimate(), found))
    assert result.exit_code == 2
    assert "above the budget of ₹100" in cost_text(result)
    assert json.loads(cost_json(result))["within_budget"] is False
    assert "| alpha |" in cost_markdown(result)


@pytest.mark.parametrize(
    ("usage", "says"),
    [
        ("usage: {alpha/topics/nope: {gib: 1}}", "there is no such thing"),
        ("usage: {alpha/topics/ticks: {gib: -1}}", "is at least 0"),
        ("usage: {ticks: {gib: 1}}", "is not a thing as reports name it"),
    ],
)
def test_use_of_what_is_not_there_is_refused_with_its_line(envs: EnvironmentFiles, usage: str, says: str) -> None:
    envs.subprojects(alpha="topics: {ticks: {}}").dev(f"project_id: atm-dev-1\n{usage}\n")
    problem = envs.problem()
    assert problem.startswith("envs/dev.yaml:2:")
    assert says in problem


def test_what_spark_runs_is_said_not_to_be_priced(envs: EnvironmentFiles) -> None:
    envs.subprojects(
        alpha="""
        bigquery_connections: {jobs: {spark: {}}}
        datasets:
          d:
            routines:
              train: {type: PROCEDURE, language: PYTHON, body: print(1), spark: {connection: jobs}}
              plain: {body: "1"}
        """
    )
    loaded = envs.load()
    assert cost_of_yaml(loaded).unpriced == {"spark_procedures": 1}
    found = read_plan(
        plan(
            change("google_bigquery_routine.train", None, {"spark_options": [{"connection": "jobs"}]}),
            change("google_bigquery_routine.plain", None, {"spark_options": []}),
            change("google_bigquery_routine.gone", {"spark_options": [{"connection": "jobs"}]}),
        )
    )
    assert cost_of_plan(found, loaded)[0].unpriced == {"spark_procedures": 1}


def test_use_of_what_is_switched_off_is_allowed(envs: EnvironmentFiles) -> None:
    off = "redis_instances: {cache: {enabled: false, network: projects/x-1234567/global/networks/n}}"
    envs.subprojects(alpha=off).dev("project_id: atm-dev-1\nusage: {alpha/redis_instances/cache: {hours: 1}}\n")
    assert envs.load().declared.usage
