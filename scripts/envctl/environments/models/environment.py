"""A subproject and an environment: what `envs/*.yaml` holds once it is merged."""

from typing import Annotated, Literal

from pydantic import Field

from .base import Labels, Model, Region, TimeZone, matching
from .bigquery import Dataset
from .bigquery_connections import BigQueryConnection, ConnectionId
from .bigquery_queries import ScheduledQuery, ScheduledQueryId
from .budget import Budget
from .data_catalog import Taxonomy, TaxonomyId
from .events import Trigger
from .github import Github
from .iam import AccountId, ServiceAccount
from .kms import CryptoKey
from .load_balancer import LoadBalancer, LoadBalancerId
from .logging import AuditedService, AuditLog, LogBucket, LogBucketId, LogMetric, LogSink, MetricId, SinkId
from .monitoring import AlertPolicy, ChannelId, Dashboard, NotificationChannel, UptimeCheck
from .network import Network
from .orchestration import Schedule, Workflow
from .policy import DriftPolicy, Policy
from .pubsub import PubsubId, Schema, Subscription, Topic
from .redis import RedisInstance
from .registry import Repository
from .roles import CustomRole, CustomRoleId, DenyPolicy, DenyPolicyId
from .run import Job, Service, WorkerPool
from .secrets import Secret
from .slo import SloId, SloService
from .sql import SqlInstance
from .storage import Bucket, BucketName
from .tasks import Queue
from .usage import Usage, UsagePath

SecretId = Annotated[str, matching(r"[A-Za-z0-9_-]{1,255}", "a secret id: letters, digits, - or _ (at most 255)")]
BucketId = Annotated[
    str, matching(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?", "a bucket's key: lower-case letters, digits, - or _")
]
DatasetId = Annotated[str, matching(r"[A-Za-z0-9_]{1,1024}", "a dataset id: letters, digits or _")]
RepositoryId = Annotated[
    str, matching(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a repository id: lower-case letters, digits or - (at most 63)")
]
RunName = Annotated[
    str,
    matching(
        r"[a-z]([a-z0-9-]{0,47}[a-z0-9])?",
        "a Cloud Run name: lower-case letters, digits or - (at most 49), begun by a letter",
    ),
]
WorkflowId = Annotated[
    str, matching(r"[A-Za-z]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?", "a workflow id: letters, digits, - or _ (at most 64)")
]
ScheduleId = Annotated[str, matching(r"[A-Za-z0-9_-]{1,500}", "a schedule id: letters, digits, - or _ (at most 500)")]
QueueId = Annotated[str, matching(r"[A-Za-z0-9-]{1,100}", "a queue's id: letters, digits or - (at most 100)")]
TriggerId = Annotated[
    str,
    matching(
        r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
        "a trigger's id: lower-case letters, digits or - (at most 63), begun by a letter",
    ),
]
KmsKeyId = Annotated[str, matching(r"[A-Za-z0-9_-]{1,63}", "a key's id: letters, digits, - or _ (at most 63)")]
SqlInstanceId = Annotated[
    str,
    matching(
        r"[a-z]([a-z0-9-]{0,60}[a-z0-9])?",
        "a Cloud SQL instance's name: lower-case letters, digits or - (at most 62), begun by a letter",
    ),
]
RedisInstanceId = Annotated[
    str,
    matching(
        r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?",
        "a Redis instance's name: lower-case letters, digits or - (at most 40), begun by a letter",
    ),
]
MonitoringId = Annotated[
    str, matching(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a key: lower-case letters, digits or - (at most 63)")
]
SubprojectId = Annotated[
    str, matching(r"[a-z][a-z0-9-]{1,61}[a-z0-9]", "a subproject id: lower-case letters, digits or -")
]
ServiceName = Annotated[str, matching(r"[a-z][a-z0-9-]*\.googleapis\.com", 'an API, such as "run.googleapis.com"')]
ProjectId = Annotated[
    str,
    matching(
        r"[a-z][a-z0-9-]{4,28}[a-z0-9]", "a project id: 6 to 30 lower-case letters, digits or -, begun by a letter"
    ),
]
ProjectNumber = Annotated[
    str, matching(r"[1-9][0-9]{5,18}", 'a project number: 6 to 19 digits, such as "123456789012"')
]


class Subproject(Model):
    """One of the platform's subprojects, with all that belongs to it."""

    description: str = ""
    custom_roles: dict[CustomRoleId, CustomRole] = {}
    service_accounts: dict[AccountId, ServiceAccount] = {}
    kms_keys: dict[KmsKeyId, CryptoKey] = {}
    secrets: dict[SecretId, Secret] = {}
    repositories: dict[RepositoryId, Repository] = {}
    buckets: dict[BucketId, Bucket] = {}
    bigquery_connections: dict[ConnectionId, BigQueryConnection] = {}
    taxonomies: dict[TaxonomyId, Taxonomy] = {}
    datasets: dict[DatasetId, Dataset] = {}
    sql_instances: dict[SqlInstanceId, SqlInstance] = {}
    redis_instances: dict[RedisInstanceId, RedisInstance] = {}
    schemas: dict[PubsubId, Schema] = {}
    topics: dict[PubsubId, Topic] = {}
    subscriptions: dict[PubsubId, Subscription] = {}
    services: dict[RunName, Service] = {}
    jobs: dict[RunName, Job] = {}
    worker_pools: dict[RunName, WorkerPool] = {}
    load_balancers: dict[LoadBalancerId, LoadBalancer] = {}
    workflows: dict[WorkflowId, Workflow] = {}
    schedules: dict[ScheduleId, Schedule] = {}
    scheduled_queries: dict[ScheduledQueryId, ScheduledQuery] = {}
    queues: dict[QueueId, Queue] = {}
    triggers: dict[TriggerId, Trigger] = {}
    log_metrics: dict[MetricId, LogMetric] = {}
    alert_policies: dict[MonitoringId, AlertPolicy] = {}
    uptime_checks: dict[MonitoringId, UptimeCheck] = {}
    slo_services: dict[SloId, SloService] = {}
    dashboards: dict[MonitoringId, Dashboard] = {}


class State(Model):
    """Where Terraform keeps its state: a bucket that bootstrap makes."""

    bucket: BucketName | None = Field(default=None, description="By default the project id and -tfstate.")
    prefix: str = Field(default="terraform/state", pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$")


class Environment(Model):
    """An environment: the platform, where it runs, and how it is protected."""

    cloud: Literal["google", "sandbox"] = Field(
        default="google", description="Where the APIs answer: Google Cloud, or the embedded one on this machine."
    )
    project_id: ProjectId
    project_number: ProjectNumber | None = Field(
        default=None, description="Names Google's own agents; needed where they are given roles, as for dead letters."
    )
    region: Region = "asia-south1"
    time_zone: TimeZone = "Asia/Kolkata"
    labels: Labels = {}
    deletion_protection: bool = Field(
        default=True, description="For whatever can be protected and doesn't say otherwise."
    )
    delete_contents: bool = Field(
        default=False,
        description="Let destroy remove buckets and datasets that hold something and don't say otherwise.",
    )
    secret_placeholders: bool = Field(
        default=False, description='Give secrets that don\'t say otherwise a first version that says "unset".'
    )
    pause_schedules: bool = Field(default=False, description="Make schedules that don't say otherwise, but paused.")
    state: State = State()
    apis: list[ServiceName] = Field(default=[], description="APIs that the project enables.")
    network: Network | None = Field(default=None, description="The VPC, and what it lets in and out.")
    notification_channels: dict[ChannelId, NotificationChannel] = Field(
        default={}, description="Whom alerts and the budget tell."
    )
    log_sinks: dict[SinkId, LogSink] = Field(default={}, description="Where log entries go, besides to their bucket.")
    log_buckets: dict[LogBucketId, LogBucket] = Field(default={}, description="Where log entries are kept.")
    audit_logs: dict[AuditedService, AuditLog] = Field(
        default={}, description="Which accesses to data are recorded, by API."
    )
    deny_policies: dict[DenyPolicyId, DenyPolicy] = Field(
        default={}, description="What nobody may do on the project, whatever roles they have."
    )
    budget: Budget | None = Field(default=None, description="What a month may cost, and who is told.")
    github: Github | None = Field(default=None, description="The repository whose workflows plan and apply.")
    policy: Policy = Field(default=Policy(), description="What the rules of `envctl policy` need, and exceptions.")
    drift: DriftPolicy = Field(default=DriftPolicy(), description="What `envctl drift` lets pass, for a time.")
    usage: dict[UsagePath, Usage] = Field(default={}, description="How much things are used, for `envctl cost`.")
    subprojects: dict[SubprojectId, Subproject] = {}

    @property
    def project_numbers(self) -> dict[str, str]:
        """The declared numbers by project id: what a sandbox must know before it is used."""
        return {} if self.project_number is None else {self.project_id: self.project_number}
