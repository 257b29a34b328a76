"""APIs that the project enables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envctl.validation.model import Environment, Kind, Place, Read, Thing


def _things(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values = environment.tfvars
    for index, api in enumerate(values["apis"]):
        place = Place(values["project_id"], values["region"], "project", api)
        yield Thing(kind, place, kind.resource(place, {}), {}, ("apis", index))


def _enabled(thing: Thing, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for service in answer["services"]:
        # The name is projects/NUMBER/services/API; only the API tells anything.
        if str(service.get("name")).rpartition("/")[2] == thing.place.key and service.get("state") == "ENABLED":
            return dict(service)
    return None


APIS = Kind(
    name="apis",
    noun="enabled API",
    document=Read(
        "serviceusage",
        "v1/projects/{project}/services",
        "serviceusage.services.list",
        query={"filter": "state:ENABLED", "pageSize": "200"},
        items="services",
    ),
    resource=lambda place, _fields: f"projects/{place.project}/services/{place.key}",
    things=_things,
    select=_enabled,
)
