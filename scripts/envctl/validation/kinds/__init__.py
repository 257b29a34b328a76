"""Every kind of thing that is validated, in the order in which they are declared and reported."""

from __future__ import annotations

from collections.abc import Iterator

from envctl.validation.model import Environment, Kind, Thing, declared_things

from .apis import APIS
from .bigquery_connections import BIGQUERY_CONNECTIONS
from .bucket_parts import MANAGED_FOLDERS, NOTIFICATIONS, OBJECTS
from .buckets import BUCKETS
from .budget import BUDGET
from .dashboards import DASHBOARDS
from .data_catalog import DATA_POLICIES, POLICY_TAGS, TAXONOMIES
from .datasets import DATASETS, MATERIALIZED_VIEWS, TABLES, VIEWS
from .dns import DNS_RECORDS, DNS_ZONES
from .events import TRIGGERS
from .external_tables import EXTERNAL_TABLES
from .github import GITHUB, GITHUB_ACCOUNTS, GITHUB_PROVIDER, GITHUB_STATE
from .iap import IAP_BACKENDS, IAP_SERVICES
from .kms import KMS_KEYS
from .load_balancers import BACKENDS, LOAD_BALANCERS
from .logging import AUDIT_LOGS, LOG_BUCKETS, LOG_METRICS, LOG_SINKS
from .monitoring import ALERT_POLICIES, NOTIFICATION_CHANNELS, UPTIME_ALERTS, UPTIME_CHECKS
from .network import (
    ADDRESSES,
    FIREWALL,
    NATS,
    NETWORK,
    ROUTES,
    SUBNETS,
)
from .orchestration import SCHEDULES, WORKFLOWS
from .private_access import CONNECTORS, PRIVATE_SERVICES
from .project import PROJECT
from .pubsub import SCHEMAS, TOPICS
from .redis import REDIS_INSTANCES
from .repositories import REPOSITORIES
from .roles import CUSTOM_ROLES, DENY_POLICIES
from .routines import ROUTINES
from .row_access import ROW_ACCESS_POLICIES
from .run import JOBS, SERVICES, WORKER_POOLS
from .scheduled_queries import SCHEDULED_QUERIES
from .secrets import SECRETS
from .service_accounts import SERVICE_ACCOUNTS
from .slos import BURN_ALERTS, SLO_SERVICES, SLOS
from .sql import SQL_INSTANCES
from .subscriptions import SUBSCRIPTIONS
from .tasks import QUEUES

KINDS: tuple[Kind, ...] = (
    PROJECT,
    APIS,
    CUSTOM_ROLES,
    DENY_POLICIES,
    SERVICE_ACCOUNTS,
    GITHUB,
    GITHUB_PROVIDER,
    GITHUB_ACCOUNTS,
    GITHUB_STATE,
    NETWORK,
    SUBNETS,
    FIREWALL,
    ADDRESSES,
    NATS,
    PRIVATE_SERVICES,
    ROUTES,
    DNS_ZONES,
    DNS_RECORDS,
    CONNECTORS,
    KMS_KEYS,
    SECRETS,
    REPOSITORIES,
    BUCKETS,
    MANAGED_FOLDERS,
    OBJECTS,
    NOTIFICATIONS,
    BIGQUERY_CONNECTIONS,
    TAXONOMIES,
    POLICY_TAGS,
    DATA_POLICIES,
    DATASETS,
    TABLES,
    EXTERNAL_TABLES,
    ROW_ACCESS_POLICIES,
    VIEWS,
    MATERIALIZED_VIEWS,
    ROUTINES,
    SQL_INSTANCES,
    REDIS_INSTANCES,
    SCHEMAS,
    TOPICS,
    SUBSCRIPTIONS,
    SERVICES,
    JOBS,
    WORKER_POOLS,
    LOAD_BALANCERS,
    BACKENDS,
    IAP_BACKENDS,
    IAP_SERVICES,
    WORKFLOWS,
    SCHEDULES,
    SCHEDULED_QUERIES,
    QUEUES,
    TRIGGERS,
    LOG_METRICS,
    LOG_SINKS,
    LOG_BUCKETS,
    AUDIT_LOGS,
    BUDGET,
    NOTIFICATION_CHANNELS,
    ALERT_POLICIES,
    UPTIME_CHECKS,
    UPTIME_ALERTS,
    SLO_SERVICES,
    SLOS,
    BURN_ALERTS,
    DASHBOARDS,
)


def all_things(environment: Environment) -> Iterator[Thing]:
    """Everything that an environment declares, kind by kind."""
    for kind in KINDS:
        yield from kind.things(kind, environment) if kind.things else declared_things(kind, environment)
