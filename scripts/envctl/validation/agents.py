"""What products' own agents need for what is declared: the same grants that the modules make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .grants import Agent
from .kinds.bigquery_connections import ACCOUNT
from .kinds.kms import key_users
from .model import Thing

_ROWS = ("roles/bigquery.dataEditor", "roles/bigquery.metadataViewer")
_OBJECTS = ("roles/storage.objectCreator", "roles/storage.legacyBucketReader")
_SOURCE = ("roles/storage.objectViewer", "roles/storage.legacyBucketReader")
_FILES = {"roles/storage.objectViewer": "reads", "roles/storage.objectUser": "writes"}
_CALL = "roles/run.invoker"
_PUBLISH, _TAKE = "roles/pubsub.publisher", "roles/pubsub.subscriber"


def agents_of(things: Iterable[Thing]) -> dict[tuple[str, str], list[Agent]]:
    """The agents' grants by kind and name of the thing that they are on, each once."""
    found: dict[tuple[str, str], list[Agent]] = {}
    for where, agent in _needed(things):
        on_thing = found.setdefault(where, [])
        if agent not in on_thing:
            on_thing.append(agent)
    return found


def _needed(things: Iterable[Thing]) -> Iterator[tuple[tuple[str, str], Agent]]:
    dead = "nothing becomes a dead letter"
    for thing in things:
        if thing.kind.name == "subscriptions" and thing.fields["dead_letter"] is not None:
            yield ("topics", thing.fields["dead_letter"]["topic"]), _pubsub(_PUBLISH, dead)
            yield ("subscriptions", thing.name), _pubsub(_TAKE, dead)
        if thing.kind.name == "subscriptions" and (rows := thing.fields.get("bigquery")) is not None:
            _, project, _, dataset = rows["dataset"].split("/")
            for role in _ROWS:
                yield ("tables", f"{project}.{dataset}.{rows['table']}"), _pubsub(role, "no row is written")
        if thing.kind.name == "subscriptions" and (objects := thing.fields.get("cloud_storage")) is not None:
            for role in _OBJECTS:
                yield ("buckets", objects["bucket"]), _pubsub(role, "no object is written")
        if (
            thing.kind.name == "topics"
            and (source := (thing.fields["ingestion"] or {}).get("cloud_storage")) is not None
        ):
            for role in _SOURCE:
                yield ("buckets", source["bucket"]), _pubsub(role, "no object becomes messages")
        if thing.kind.name == "bigquery_connections":
            for role, field in _FILES.items():
                for bucket in thing.fields[field]:
                    yield (
                        ("buckets", bucket),
                        _connection(role, "no file is read"),
                    )
            for service in thing.fields["calls"]:
                place = f"projects/{thing.place.project}/locations/{thing.place.region}"
                name = f"{place}/services/{service.rpartition('/')[2]}"
                yield ("services", name), _connection(_CALL, "no remote function is carried out")
        if thing.kind.name == "notifications":
            yield ("topics", thing.fields["topic"]), _storage(_PUBLISH, "no change of an object is told")
        if thing.kind.name == "kms_keys":
            yield from ((("kms_keys", thing.name), agent) for agent in key_users(thing.fields["used_by"]))


def _connection(role: str, without: str) -> Agent:
    """The account that Google makes for a connection of BigQuery."""
    return Agent(role, ACCOUNT, "a BigQuery connection", without, f"connection {role}")


def _pubsub(role: str, without: str) -> Agent:
    """Pub/Sub's own account, which forwards and delivers messages."""
    return Agent(role, r"service-[0-9]+@gcp-sa-pubsub", "Pub/Sub", without, role)


def _storage(role: str, without: str) -> Agent:
    """Cloud Storage's own account, which publishes notifications."""
    return Agent(role, r"service-[0-9]+@gs-project-accounts", "Cloud Storage", without, f"storage {role}")
