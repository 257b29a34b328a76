"""Grants that a thing needs to work: what may not be read, called or started is told what to grant."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import NETWORK, EnvironmentFiles

READER = """
    service_accounts: {runner-1: {%s}}
    secrets: {token: {%s}}
    services: {engine: {image: x, service_account: runner-1, secrets: {TOKEN: {secret: token}}}}
    """
GRANT = "grants: {read: {role: roles/secretmanager.secretAccessor, members: [%s]}}"


@pytest.mark.parametrize(
    ("account", "secret"),
    [
        ("", GRANT % "runner-1"),
        ("", GRANT % "alpha/runner-1"),
        ("", GRANT % "'serviceAccount:runner-1@atm-dev-1.iam.gserviceaccount.com'"),
        ("project_roles: [roles/secretmanager.secretAccessor]", ""),
        ("project_roles: [projects/atm-dev-1/roles/reader]", ""),
    ],
)
def test_a_service_may_use_a_secret_it_can_read(envs: EnvironmentFiles, account: str, secret: str) -> None:
    envs.subprojects(alpha=READER % (account, secret)).load()


@pytest.mark.parametrize("secret", ["", GRANT.replace("secretAccessor", "viewer") % "runner-1", GRANT % "allUsers"])
def test_a_service_that_cannot_read_its_secret_is_told_what_to_grant(envs: EnvironmentFiles, secret: str) -> None:
    envs.subprojects(alpha=READER % ("", secret))
    if "allUsers" in secret:
        envs.load()
        return
    problem = envs.problem()
    assert "services.engine.secrets.TOKEN: alpha/runner-1 may not read the secret alpha/token" in problem
    assert "roles/secretmanager.secretAccessor in subprojects.alpha.secrets.token.grants" in problem


def test_a_queue_that_may_not_call_its_service_is_told_what_to_grant(envs: EnvironmentFiles) -> None:
    text = """
        service_accounts: {runner-1: {}, caller-1: {}}
        services: {engine: {image: x, service_account: runner-1, %s}}
        queues: {q: {target: {service: engine, service_account: caller-1}}}
        """
    problem = envs.subprojects(alpha=text % "").problem()
    assert "queues.q.target.service_account: alpha/caller-1 may not call the service alpha/engine" in problem
    target = envs.subprojects(alpha=text % "grants: {c: {role: roles/run.invoker, members: [caller-1]}}").load()
    queue = target.tfvars["subprojects"]["alpha"]["queues"]["q"]["target"]
    assert queue["oidc"] == {"service_account": "caller-1@atm-dev-1.iam.gserviceaccount.com", "audience": None}
    assert queue["oauth"] is None


def test_a_trigger_is_told_which_grants_it_lacks(envs: EnvironmentFiles) -> None:
    text = """
        service_accounts: {runner-1: {}, caller-1: {%s}}
        topics: {ticks: {}}
        services: {engine: {image: x, service_account: runner-1, %s}}
        buckets: {raw: {location: EU}}
        triggers:
          t:
            criteria: {type: google.cloud.storage.object.v1.finalized}
            bucket: raw
            service: engine
            service_account: caller-1
          m:
            criteria: {type: google.cloud.pubsub.topic.v1.messagePublished}
            topic: ticks
            service: engine
            service_account: caller-1
        """
    envs.dev('project_id: atm-dev-1\nproject_number: "123456789012"\n')
    problems = envs.subprojects(alpha=text % ("", "")).problems()
    assert len(problems) == 3
    said = "\n".join(problems)
    assert "triggers.t.service_account: alpha/caller-1 may not receive events" in said
    assert "add roles/eventarc.eventReceiver to subprojects.alpha.service_accounts.caller-1.project_roles" in said
    assert "triggers.t.service_account: alpha/caller-1 may not call the service alpha/engine" in said
    assert "triggers.m.service_account: alpha/caller-1 may not call the service alpha/engine" in said
    given = (
        "project_roles: [roles/eventarc.eventReceiver]",
        "grants: {c: {role: roles/run.invoker, members: [caller-1]}}",
    )
    assert (
        envs.subprojects(alpha=text % given).load().tfvars["subprojects"]["alpha"]["triggers"]["t"]["service"]
        == "engine"
    )


def test_a_schedule_that_may_not_call_its_service_is_told_what_to_grant(envs: EnvironmentFiles) -> None:
    text = """
        service_accounts: {runner-1: {}, caller-1: {}}
        services: {engine: {image: x, service_account: runner-1, %s}}
        schedules: {s: {cron: "* * * * *", http: {service: engine, service_account: caller-1}}}
        """
    problem = envs.subprojects(alpha=text % "").problem()
    assert "schedules.s.http.service_account: alpha/caller-1 may not call the service alpha/engine" in problem
    assert "roles/run.invoker in subprojects.alpha.services.engine.grants" in problem
    envs.subprojects(alpha=text % "grants: {c: {role: roles/run.invoker, members: [caller-1]}}").load()


def test_a_schedule_that_may_not_start_its_workflow_is_told_what_to_add(envs: EnvironmentFiles) -> None:
    text = """
        service_accounts: {runner-1: {%s}}
        workflows: {flow: {source: flow.txt, service_account: runner-1}}
        schedules: {s: {cron: "* * * * *", http: {workflow: flow, service_account: runner-1}}}
        """
    envs.file("flow.txt", "- a: {return: 1}\n")
    problem = envs.subprojects(alpha=text % "").problem()
    assert "add roles/workflows.invoker to subprojects.alpha.service_accounts.runner-1.project_roles" in problem
    envs.subprojects(alpha=text % "project_roles: [roles/workflows.invoker]").load()


def test_a_push_that_may_not_call_its_service_is_told_what_to_grant(envs: EnvironmentFiles) -> None:
    envs.subprojects(
        alpha="""
        service_accounts: {runner-1: {}}
        services: {engine: {image: x, service_account: runner-1}}
        topics: {ticks: {}}
        subscriptions: {feed: {topic: ticks, push: {service: engine, service_account: runner-1}}}
        """
    )
    assert "subscriptions.feed.push.service_account: alpha/runner-1 may not call" in envs.problem()


def test_a_role_given_twice_to_a_member_is_refused(envs: EnvironmentFiles) -> None:
    envs.subprojects(
        alpha="""
        service_accounts: {runner-1: {}}
        topics:
          ticks:
            grants:
              a: {role: roles/pubsub.viewer, members: [runner-1]}
              b: {role: roles/pubsub.viewer, members: ["serviceAccount:runner-1@atm-dev-1.iam.gserviceaccount.com"]}
        """
    )
    assert "has roles/pubsub.viewer already, by a.members[0]" in envs.problem()


def test_a_bucket_is_never_opened_to_the_world(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha="buckets: {b: {grants: {g: {role: roles/storage.objectViewer, members: [allUsers]}}}}")
    assert "public access to the bucket is prevented" in envs.problem()


def test_a_bucket_is_opened_where_it_says_so(envs: EnvironmentFiles) -> None:
    bucket = "{public_access: true, grants: {g: {role: roles/storage.objectViewer, members: [allUsers]}}}"
    loaded = envs.subprojects(alpha=f"buckets: {{b: {bucket}}}").load()
    assert loaded.tfvars["subprojects"]["alpha"]["buckets"]["b"]["public_access"] is True


def test_an_uptime_check_with_a_token_may_call_its_service(envs: EnvironmentFiles) -> None:
    text = """
        service_accounts: {runner-1: {}}
        services: {engine: {image: x, service_account: runner-1}}
        uptime_checks: {up: {service: engine, authenticate: true}}
        """
    envs.subprojects(alpha=text)
    base = envs.root / "envs" / "base.yaml"
    base.write_text(base.read_text().replace("apis: [", "apis: [monitoring.googleapis.com, "))
    assert "needs the project's number, which names Monitoring's agent" in envs.problem()
    envs.dev('project_id: atm-dev-1\nproject_number: "123456789012"\n')
    engine = envs.load().tfvars["subprojects"]["alpha"]["services"]["engine"]
    agent = "serviceAccount:service-123456789012@gcp-sa-monitoring-notification.iam.gserviceaccount.com"
    assert engine["grants"]["uptime-checks"]["members"] == [agent]


def test_a_bucket_s_logs_need_a_bucket_that_takes_them(envs: EnvironmentFiles) -> None:
    envs.subprojects(alpha="buckets: {b: {logging: {bucket: beta/logs}}}", beta="buckets: {logs: {}}")
    assert "Cloud Storage may not write logs into the bucket beta/logs" in envs.problem()


def test_a_folder_s_grants_and_an_object_s_file_are_checked(envs: EnvironmentFiles) -> None:
    grants = "{g: {role: roles/storage.objectViewer, members: [nobody-at-all]}}"
    inside = f"managed_folders: {{reports/: {{grants: {grants}}}}}, objects: {{a: {{content: no.txt}}}}"
    envs.subprojects(alpha=f"buckets: {{b: {{{inside}}}}}")
    problems = envs.problems()
    assert any('"nobody-at-all" names no service account' in problem for problem in problems)
    assert any("there is no file envs/no.txt" in problem for problem in problems)


def test_a_user_of_a_database_has_to_be_let_in(envs: EnvironmentFiles) -> None:
    instance = f"sql_instances: {{orders: {{{NETWORK}, users: [router]}}}}"
    account = "service_accounts: {router: {project_roles: [roles/cloudsql.client]}}"
    problem = envs.subprojects(alpha=f"{account}\n{instance}").problem()
    assert (
        "sql_instances.orders.users[0]: alpha/router couldn't log in: it lacks roles/cloudsql.instanceUser" in problem
    )
    envs.subprojects(alpha=f"{account.replace(']', ', roles/cloudsql.instanceUser]')}\n{instance}").load()
