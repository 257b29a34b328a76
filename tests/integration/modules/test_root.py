"""The root, on what envctl renders."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from envctl.environments.load import load, names
from envctl.environments.render import write

from tests.integration.modules.terraform import MODULES, ROOT, Terraform, copy_modules

pytestmark = pytest.mark.terraform
In = Callable[[Path], Terraform]

BASE = """\
apis:
  - bigquery.googleapis.com
  - bigqueryconnection.googleapis.com
  - cloudscheduler.googleapis.com
  - iam.googleapis.com
  - pubsub.googleapis.com
  - run.googleapis.com
subprojects:
  producer:
    service_accounts: {producer: {}}
    schemas: {signal: {definition: schemas/signal.avsc}}
    datasets:
      strategy_data:
        tables: {signals: {schema: schemas/signals.json}}
    services:
      maker:
        image: example.com/maker:1
        service_account: producer
        grants: {call: {role: roles/run.invoker, members: [consumer/consumer]}}
  consumer:
    service_accounts:
      consumer:
        grants: {act: {role: roles/iam.serviceAccountUser, members: [producer/producer]}}
    datasets:
      trading_data:
        views: {signals: {query: "SELECT * FROM `${project_id}.strategy_data.signals`"}}
        routines:
          score: {remote: {connection: functions, service: producer/maker, path: /score}, returns: FLOAT64}
    bigquery_connections: {functions: {calls: [producer/maker]}}
    topics:
      signals: {schema: {id: producer/signal}}
      signals-dead: {}
    subscriptions:
      signals-push:
        topic: signals
        push: {service: producer/maker, path: /signals, service_account: consumer}
    schedules:
      wake:
        cron: "0 9 * * 1-5"
        http: {service: producer/maker, path: /wake, service_account: consumer}
"""
DEAD_LETTER = "      signals-pull: {topic: signals, dead_letter: {topic: signals-dead}}\n    schedules:\n"


@pytest.fixture(scope="module")
def root(terraform: In, tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """A copy of the root, with a state on disk. Nothing here applies or edits anything in it."""
    folder = tmp_path_factory.mktemp("root")
    copy_modules(folder, *MODULES)
    shutil.copytree(ROOT / "infra", folder / "infra", ignore=shutil.ignore_patterns(".terraform*", "backend.tf"))
    return terraform(folder / "infra").init()


def environment(folder: Path, base: str = BASE) -> Path:
    """The rendered variables of an environment of two subprojects that refer to each other."""
    (folder / "envs" / "schemas").mkdir(parents=True)
    (folder / "envs" / "base.yaml").write_text(base, encoding="utf-8")
    (folder / "envs" / "dev.yaml").write_text('project_id: atm-dev\nproject_number: "123456789012"\n', encoding="utf-8")
    fields = [{"name": "symbol", "type": "STRING"}]
    (folder / "envs" / "schemas" / "signals.json").write_text(json.dumps(fields), encoding="utf-8")
    avro = {"type": "record", "name": "Signal", "fields": [{"name": "symbol", "type": "string"}]}
    (folder / "envs" / "schemas" / "signal.avsc").write_text(json.dumps(avro), encoding="utf-8")
    return write(load("dev", folder), folder / "build").tfvars


def planned(root: Terraform, tfvars: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    """What is planned, by address."""
    root("plan", "-refresh=false", "-no-color", f"-var-file={tfvars}", "-out=plan", *arguments).must_pass()
    plan = json.loads(root("show", "-json", "plan").must_pass().out)
    return {change["address"]: change["change"] for change in plan["resource_changes"]}


def test_root_is_valid(root: Terraform) -> None:
    root("validate", "-no-color").must_pass()


@pytest.mark.parametrize("name", names(ROOT))
def test_environment_of_this_repository_plans(root: Terraform, name: str, tmp_path: Path) -> None:
    tfvars = write(load(name, ROOT), tmp_path / "build").tfvars
    done = root("plan", "-refresh=false", "-no-color", f"-var-file={tfvars}").must_pass()
    added = re.search(r"^Plan: (\d+) to add, 0 to change, 0 to destroy", done.out, re.M)
    assert added and int(added[1]) > 100, done.out


def test_subprojects_refer_to_each_other(root: Terraform, tmp_path: Path) -> None:
    changes = planned(root, environment(tmp_path))

    push = 'module.push_subscriptions["consumer"].google_pubsub_subscription.this["signals-push"]'
    assert changes[push]["after_unknown"]["push_config"][0]["push_endpoint"] is True, (
        "the service's address comes with it"
    )
    wake = 'module.scheduler["consumer"].google_cloud_scheduler_job.this["wake"]'
    assert changes[wake]["after_unknown"]["http_target"][0]["uri"] is True
    score = 'module.bigquery["consumer"].google_bigquery_routine.function["trading_data/score"]'
    endpoint = changes[score]["after"]["remote_function_options"][0]["endpoint"]
    assert endpoint == "https://maker-123456789012.asia-south1.run.app/score", "it comes before the service"
    caller = 'module.cloud_run["producer"].google_cloud_run_v2_service_iam_member.caller["maker/consumer/functions"]'
    assert changes[caller]["after_unknown"]["member"] is True, "Google makes up who the connection is"
    view = 'module.bigquery_views["consumer"].google_bigquery_table.view["trading_data/signals"]'
    assert changes[view]["after"]["view"][0]["query"] == "SELECT * FROM `atm-dev.strategy_data.signals`"
    labels = changes['module.topics["consumer"].google_pubsub_topic.this["signals"]']["after"]["labels"]
    assert labels == {"environment": "dev", "managed-by": "terraform", "subproject": "consumer"}


def test_dead_letters_need_the_project_number(root: Terraform, tmp_path: Path) -> None:
    tfvars = environment(tmp_path, BASE.replace("    schedules:\n", DEAD_LETTER))

    without = tmp_path / "without.tfvars.json"
    without.write_text(json.dumps({**json.loads(tfvars.read_text()), "project_number": None}), encoding="utf-8")
    refused = root("plan", "-refresh=false", "-no-color", f"-var-file={without}")
    assert refused.code == 1
    assert "need project_number" in " ".join(refused.out.split())

    changes = planned(root, tfvars)
    agents = [address for address in changes if "_iam_member.dead_letter[" in address]
    assert sorted(agents) == [
        'module.subscriptions["consumer"].google_pubsub_subscription_iam_member.dead_letter["signals-pull"]',
        'module.topics["consumer"].google_pubsub_topic_iam_member.dead_letter["signals-dead"]',
    ]


def test_an_id_in_two_subprojects_is_refused(root: Terraform, tmp_path: Path) -> None:
    tfvars = environment(tmp_path)
    variables = json.loads(tfvars.read_text(encoding="utf-8"))
    variables["subprojects"]["producer"]["topics"] = variables["subprojects"]["consumer"]["topics"]
    tfvars.write_text(json.dumps(variables), encoding="utf-8")

    refused = root("plan", "-refresh=false", "-no-color", f"-var-file={tfvars}")

    assert refused.code == 1
    assert "more than one subproject has topics.signals, topics.signals-dead" in " ".join(refused.out.split())


def test_a_field_that_rendering_left_out_is_refused(root: Terraform, tmp_path: Path) -> None:
    tfvars = environment(tmp_path)
    variables = json.loads(tfvars.read_text(encoding="utf-8"))
    del variables["subprojects"]["producer"]["services"]["maker"]["ingress"]
    tfvars.write_text(json.dumps(variables), encoding="utf-8")

    refused = root("plan", "-refresh=false", "-no-color", f"-var-file={tfvars}")

    assert refused.code == 1
    assert '"ingress" is required' in refused.out
