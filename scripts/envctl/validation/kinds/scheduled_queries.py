"""Scheduled queries of BigQuery, found by their display name: Google makes up what they are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envctl.clouds import Failure, Reason
from envctl.validation.model import Environment, Kind, Place, Read, Setting, Thing, declared_things
from envctl.validation.normal import block, flag, text


def _things(kind: Kind, environment: Environment) -> Iterator[Thing]:
    for thing in declared_things(kind, environment):
        place = Place(thing.place.project, str(thing.fields["location"]), thing.place.subproject, thing.place.key)
        yield Thing(kind, place, kind.resource(place, thing.fields), thing.fields, thing.path)


_LIST = Read(
    "bigquerydatatransfer",
    "v1/projects/{project}/locations/{region}/transferConfigs",
    "bigquery.transfers.get",
    items="transferConfigs",
)


def _select(thing: Thing, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for config in answer["transferConfigs"]:
        if config.get("dataSourceId") == "scheduled_query" and config.get("displayName") == thing.place.key:
            return dict(config)
    return None


def _name(thing: Thing, answer: Mapping[str, Any]) -> str | None:
    found = _select(thing, answer)
    return None if found is None else str(found["name"])


def _owner(document: Mapping[str, Any]) -> str | Failure:
    """Google leaves the owner out where it can't tell: that is no difference."""
    email = (document.get("ownerInfo") or {}).get("email")
    return str(email) if email else Failure(Reason.UNEXPECTED, "Google doesn't tell whose credentials it runs with")


SCHEDULED_QUERIES = Kind(
    name="scheduled_queries",
    noun="scheduled query",
    document=_LIST,
    # Only the answer to one configuration's own GET has its owner.
    reads={"own": Read("bigquerydatatransfer", "v1/{above}", "bigquery.transfers.get", above=_LIST, pick=_name)},
    resource=lambda place, _fields: f"projects/{place.project}/locations/{place.region}/transferConfigs/{place.key}",
    settings=(
        Setting("query", "params.query", normal=block),
        Setting("schedule", "schedule"),
        Setting(
            "dataset",
            "destinationDatasetId",
            normal=text,
            declared=lambda thing, _world: str(thing.fields["dataset"] or "").rpartition("/")[2],
        ),
        Setting("table", "params.destination_table_name_template", normal=text),
        Setting("write", "params.write_disposition", when=lambda fields: fields["table"] is not None),
        Setting("partitioning_field", "params.partitioning_field", normal=text),
        Setting("email_on_failure", "emailPreferences.enableFailureEmail", normal=flag),
        Setting("topic", "notificationPubsubTopic", normal=text),
        Setting("start_time", "scheduleOptions.startTime", when=lambda fields: fields["start_time"] is not None),
        Setting("end_time", "scheduleOptions.endTime", when=lambda fields: fields["end_time"] is not None),
        Setting("kms_key", "encryptionConfiguration.kmsKeyName", normal=text),
        Setting("paused", "disabled", normal=flag),
        Setting("service_account", "ownerInfo.email", found=_owner, reader="own"),
    ),
    things=_things,
    select=_select,
    unchecked={"location": "where it is looked for"},
)
