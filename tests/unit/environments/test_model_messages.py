"""What the models refuse, and how it is said."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles


def test_unknown_key_names_file_line_and_suggestion(envs: EnvironmentFiles) -> None:
    problem = envs.subprojects(alpha="topics:\n  signals:\n    retentoin: 600s\n").problem()
    expected = 'subprojects.alpha.topics.signals.retentoin: unknown key (did you mean "retention"?)'
    assert problem == f"envs/base.yaml:6:9 {expected}"


def test_an_unknown_key_at_the_top_and_a_missing_project(envs: EnvironmentFiles) -> None:
    problems = envs.dev("projectid: atm-dev-1\n").problems()
    assert problems == [
        'envs/dev.yaml:1:1 project_id: "project_id" is missing (add project_id: …)',
        'envs/dev.yaml:1:1 projectid: unknown key (did you mean "project_id"?)',
    ]


SERVICE = "service_accounts: {runner-1: {}}\nservices:\n  engine:\n    image: x\n    service_account: runner-1\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("max_instances: '3'", 'expected a whole number, got text "3" (write 3 without quotes, _ or ,)'),
        ("max_instances: 1_000", 'expected a whole number, got text "1_000" (write 1000'),
        ("max_instances: 1.5", "expected a whole number, got the number 1.5"),
        ("max_instances: true", "expected a whole number, got true"),
        ("cpu_idle: no", 'expected true or false, got text "no" (write false)'),
        ("cpu_idle: 1", "expected true or false, got the whole number 1"),
        ("timeout: 30", "expected text, got the whole number 30 (put it in quotes)"),
        ("timeout: 30", "services.engine.timeout"),
        ("timeout: 1h", '"1h" is not seconds with an s, such as "600s"'),
        ("timeout: 9000s", 'timeout is between "1s" and "3600s", not "9000s"'),
        ("args: run", 'expected a list, got text "run" (put it in brackets: [ … ])'),
        ("env: [A]", "expected a mapping, got a list"),
        ("env: {PORT: '1'}", "PORT is set by Cloud Run itself"),
        ("env: {A: 1}", "env.A: expected text, got the whole number 1 (put it in quotes)"),
        ("env: {1a: x}", '"1a" is not a name of letters, digits and _'),
        ("ingress: inside", 'expected "all", "internal" or "internal-and-cloud-load-balancing"'),
        ("concurrency: 0", "is at least 1; got the whole number 0"),
        ("concurrency: 2000", "is at most 1000; got the whole number 2000"),
        ("cpu: '3'", 'services.engine.cpu: cpu is 0.08 to 1, or 1, 2, 4, 6, 8: not "3"'),
        ("memory: 64Gi", "services.engine.memory: memory with 1 vCPU is 128Mi to 4096Mi, not 64Gi"),
        ("{cpu: 500m}", "Cloud Run refuses a concurrency above 1 below one vCPU"),
        ("min_instances: 3", "services.engine.min_instances: min_instances (3) is at most max_instances (1)"),
        ("labels: {Team: x}", 'label key "Team" is not'),
        ("labels: {team: X Y}", 'label value "X Y" of "team" is not'),
        ("startup_probe: {path: health}", "matches ^/"),
        ("startup_probe: {path: /h, timeout_seconds: 20}", "startup_probe.timeout_seconds: timeout_seconds is at most"),
    ],
)
def test_a_wrong_value_of_a_service_is_said_in_words(envs: EnvironmentFiles, line: str, message: str) -> None:
    line = line.strip("{}") if line.startswith("{") else line
    problem = envs.subprojects(alpha=f"{SERVICE}    {line}\n").problem()
    assert problem.startswith("envs/base.yaml:9:")
    assert message in problem
    assert "pydantic" not in problem and "type=" not in problem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("topics: {no: {}}", '"no" is not a Pub/Sub id: 3 to 255'),
        ("topics: {google-x: {}}", "not by goog"),
        ("service_accounts: {me: {}}", '"me" is not an account id: 6 to 30'),
        ("datasets: {a-b: {}}", '"a-b" is not a dataset id'),
        ("services: {Engine: {image: x, service_account: a}}", '"Engine" is not a Cloud Run name'),
        ("buckets: {data: {location: my house}}", '"my house" is not a location'),
        ("buckets: {data: {soft_delete_seconds: 5}}", "soft_delete_seconds is 0, or 604800"),
        ("buckets: {data: {retention: {period_seconds: 60}}}", "retention and versioning exclude each other"),
        ("buckets: {data: {lifecycle_rules: [{action: Delete}]}}", "lifecycle_rules[0]: needs a condition"),
        ("buckets: {data: {lifecycle_rules: [{action: Remove, age_days: 1}]}}", 'expected "Delete", "SetStorageClass"'),
        ("buckets: {d: {regions: [asia-south1]}}", "regions: a dual region has two different regions"),
        ("buckets: {d: {regions: [asia-south1, asia-south2]}}", "regions: regions need the multi-region"),
        ("buckets: {d: {rpo: ASYNC_TURBO}}", "rpo: ASYNC_TURBO is for dual regions"),
        ("buckets: {d: {hierarchical_namespace: true}}", "hierarchical_namespace: a bucket with a hierarchical"),
        ("buckets: {d: {autoclass: {}, storage_class: ARCHIVE}}", "storage_class: autoclass moves objects itself"),
        (
            "buckets: {d: {autoclass: {}, lifecycle_rules: [{action: Delete, matches_storage_class: [NEARLINE]}]}}",
            "lifecycle_rules[0]: autoclass moves objects itself",
        ),
        ("buckets: {d: {website: {}}}", "website: needs a main_page"),
        ("buckets: {d: {ip_filter: {public_ranges: [all]}}}", 'public_ranges[0]: "all" is not a range'),
        ("buckets: {d: {ip_filter: {allow_cross_org_vpcs: true}}}", "allow_cross_org_vpcs needs vpc_sources"),
        ("buckets: {d: {managed_folders: {reports: {}}}}", "is not a folder's name, with a slash at its end"),
        (
            "buckets: {d: {refused_encryption: [google_managed, customer_managed, customer_supplied]}}",
            "refused_encryption: all three ways",
        ),
        ("secrets: {a: {rotation: {period: 3600s, next_time: '2030-01-01T00:00:00Z'}}}", "rotation needs a topic"),
        ("repositories: {r: {format: NPM, immutable_tags: true}}", "immutable_tags is for DOCKER"),
        ("schedules: {s: {cron: '0  1 * * *', pubsub: {topic: t, data: x}}}", "cron has 5 with one space between"),
        (
            "schedules: {s: {cron: '0 1 * * *', http: {uri: 'http://x', service_account: a, method: GET, body: {}}}}",
            "http.method: a request with a body is a POST",
        ),
        ("kms_keys: {k: {purpose: MAC}}", "kms_keys.k: MAC needs an algorithm: one that begins with HMAC_"),
        ("kms_keys: {k: {algorithm: EC_SIGN_P256_SHA256}}", "k.algorithm: an algorithm for ENCRYPT_DECRYPT begins"),
        ("kms_keys: {k: {rotation_period: 60s}}", 'rotation_period is between "86400s" and "3153600000s"'),
        ("kms_keys: {k: {used_by: [storage, storage]}}", "k.used_by: used_by names each product once"),
        ("kms_keys: {a b: {}}", '"a b" is not a key\'s id'),
        ("sql_instances: {s: {network: main}}", '"main" is not a network\'s full name'),
        ("sql_instances: {s: {network: projects/p1/global/networks/n, tier: n2}}", "s.tier: a tier of ENTERPRISE is"),
        ("sql_instances: {s: {network: projects/p1/global/networks/n, backups: false}}", "recovery needs backups"),
        ("sql_instances: {s: {network: projects/p1/global/networks/n, log_retention_days: 9}}", "is at most 7"),
        (
            "redis_instances: {r: {network: projects/p1/global/networks/n, read_replicas: 1}}",
            "need STANDARD_HA and 5 GB",
        ),
        (
            "triggers: {T: {criteria: {type: x}, service: a, service_account: a}}",
            '"T" is not a trigger\'s id: lower-case letters',
        ),
        (
            "triggers: {t: {criteria: {type: x}, service_account: a, service: a, workflow: b}}",
            "t: a trigger leads to a service or to a workflow",
        ),
        (
            "triggers: {t: {criteria: {bucket: x}, service: a, service_account: a}}",
            "t.criteria: criteria have the type of the event",
        ),
        (
            "triggers: {t: {criteria: {type: google.cloud.storage.object.v1.deleted}, service_account: a, service: a}}",
            "t: events of Cloud Storage come from a bucket: give one",
        ),
        (
            "triggers: {t: {criteria: {type: x}, bucket: b, service_account: a, service: a}}",
            "t.bucket: a bucket is for events of the types google.cloud.storage.object.v1.",
        ),
        (
            "triggers: {t: {criteria: {type: google.cloud.storage.object.v1.finalized, bucket: b}, bucket: b, "
            "service_account: a, service: a}}",
            "t.bucket: the bucket stands in criteria too",
        ),
        ("queues: {q: {name: a_b}}", '"a_b" is not 1 to 100 letters, digits or -'),
        (
            "triggers: {t: {criteria: {type: x}, service_account: a, service: a, path_patterns: {type: y}}}",
            'path_patterns: "type" stands in criteria too',
        ),
        (
            "triggers: {t: {criteria: {type: x}, service_account: a, service: a, topic: t}}",
            "t.topic: a topic is for events of the type google.cloud.pubsub.topic.v1.messagePublished",
        ),
        (
            "triggers: {t: {service: a, service_account: a, criteria: "
            "{type: google.cloud.pubsub.topic.v1.messagePublished}}}",
            "t: events of Pub/Sub come from a topic: give one",
        ),
        (
            "triggers: {t: {criteria: {type: x}, service_account: a, workflow: a, path: /x}}",
            "t.path: path is for a service",
        ),
        (
            "triggers: {t: {criteria: {type: x}, service_account: a, workflow: a, retry: false}}",
            "t.retry: retry can be switched off for a service only",
        ),
        ("triggers: {t: {criteria: {type: x}, service_account: a, service: a, channel: c}}", "channel"),
        ("queues: {a_b: {}}", '"a_b" is not a queue\'s id: letters, digits or -'),
        ("queues: {q: {max_attempts: 0}}", "q.max_attempts: max_attempts is -1, or 1 and more"),
        ("queues: {q: {min_backoff: 2s, max_backoff: 1s}}", "q.min_backoff: min_backoff is at most max_backoff (1s)"),
        ("queues: {q: {target: {service_account: a}}}", "q.target: tasks go to a service or to a uri: give one"),
        ("repositories: {images: {format: docker}}", 'did you mean "DOCKER"?'),
        ("service_accounts: {runner-1: {project_roles: [owner]}}", '"owner" is not a role, such as'),
        ("topics: {t-1: {grants: {a/b: {role: roles/x, members: [allUsers]}}}}", "is not the key of a grant"),
        ("topics: {t-1: {grants: {a: {role: roles/x, members: []}}}}", "has at least 1 entries"),
        ("topics: {t-1: {grants: {a: {role: roles/x, members: ['Bob Smith']}}}}", "is not a member"),
        ("schedules: {s: {cron: '0 25 * * *', pubsub: {topic: t, data: x}}}", 'hour "25" is outside 0 to 23'),
        ("schedules: {s: {cron: '0 18 * *', pubsub: {topic: t, data: x}}}", "has 4 fields; cron has 5 with"),
        ("schedules: {s: {cron: '0 18 * * *'}}", "a schedule has one target: http or pubsub"),
        ("schedules: {s: {cron: '* * * * *', time_zone: Asia/Kolkatta, pubsub: {topic: t, data: x}}}", "time zone"),
        ("subscriptions: {s-1: {topic: t, expiration_ttl: 60s}}", 'expiration_ttl is at least "86400s"'),
    ],
)
def test_what_google_would_refuse_is_refused_here(envs: EnvironmentFiles, text: str, message: str) -> None:
    problems = envs.subprojects(alpha=text).problems()
    assert any(message in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("project_id: A", '"A" is not a project id: 6 to 30'),
        ("project_id: atm-dev-1\nregion: india", '"india" is not a region, such as "asia-south1"'),
        ("project_id: atm-dev-1\ntime_zone: Asia", '"Asia" is not a time zone'),
        ("project_id: atm-dev-1\ntime_zone: ../../etc/passwd", "is not a time zone"),
        ("project_id: atm-dev-1\ncloud: aws", 'expected "google" or "sandbox", got text "aws"'),
        ("project_id: atm-dev-1\napis: [pubsub]", 'apis[0]: "pubsub" is not an API'),
        ("project_id: atm-dev-1\nsubprojects: {a b: {}}", '"a b" is not a subproject id'),
    ],
)
def test_a_wrong_environment_is_refused(envs: EnvironmentFiles, text: str, message: str) -> None:
    assert message in envs.dev(f"{text}\n").problem()


def test_a_value_cannot_write_to_the_terminal(envs: EnvironmentFiles) -> None:
    problem = envs.dev('project_id: "a\\e[31m\\nb"\n').problem()
    assert r'"a\x1b[31m\nb" is not a project id' in problem
    assert len(envs.dev(f"project_id: {'x' * 100_000}\n").problem()) < 1000


def test_all_problems_come_at_once_sorted_by_place(envs: EnvironmentFiles) -> None:
    envs.subprojects(
        alpha="topics: {t-1: {retention: 1s}, t-2: {retnetion: 600s}}\nbuckets: {b: {versioning: maybe}}\n"
    )
    envs.dev("project_id: atm-dev-1\nlabels: {UP: x}\nregion: 5\n")
    assert [problem.split(" ")[0] for problem in envs.problems()] == [
        "envs/base.yaml:4:31",
        "envs/base.yaml:4:42",
        "envs/base.yaml:5:31",
        "envs/dev.yaml:2:1",
        "envs/dev.yaml:3:9",
    ]
