"""The cloud as it is when everything is as declared: each API's document of each thing, from Google's reference.

It is written without the validation's own tables, which it is there to prove.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.validation.declared.bigquery import datasets
from tests.unit.validation.declared.bigquery_around import connections, queries, taxonomies
from tests.unit.validation.declared.databases import redis, sql
from tests.unit.validation.declared.identities import accounts, deny_policies, keys, repositories, roles, secrets
from tests.unit.validation.declared.orchestration import orchestration, queues, triggers
from tests.unit.validation.declared.pubsub import pubsub
from tests.unit.validation.declared.run import run
from tests.unit.validation.declared.storage import buckets
from tests.unit.validation.declared.thing import Deployed


def deployed(values: Mapping[str, Any]) -> Iterator[Deployed]:
    """Everything but APIs and project roles."""
    for key, sub in values["subprojects"].items():
        common = {**values["labels"], "subproject": key, "goog-terraform-provisioned": "true"}
        for maker in (
            roles,
            accounts,
            keys,
            secrets,
            repositories,
            buckets,
            connections,
            taxonomies,
            datasets,
            sql,
            redis,
            pubsub,
            run,
            orchestration,
            queries,
            queues,
            triggers,
        ):
            yield from maker(values, sub, common)
    yield from deny_policies(values)
