"""The project itself: that its number is the declared one, by which Google's agents are named."""

from __future__ import annotations

from collections.abc import Iterator

from envctl.validation.model import Environment, Kind, Place, Read, Setting, Thing, always
from envctl.validation.normal import text


def _things(kind: Kind, environment: Environment) -> Iterator[Thing]:
    values = environment.tfvars
    if values["project_number"] is None:
        return  # nothing is declared of it, so the permission to read it isn't needed
    place = Place(values["project_id"], values["region"], "project", values["project_id"])
    yield Thing(kind, place, kind.resource(place, {}), {"project_number": values["project_number"]}, ())


PROJECT = Kind(
    name="project",
    noun="project",
    document=Read("cloudresourcemanager", "v1/projects/{project}", "resourcemanager.projects.get"),
    resource=lambda place, _fields: f"projects/{place.project}",
    settings=(
        Setting("project_number", "projectNumber", normal=text),
        Setting("state", "lifecycleState", declared=always("ACTIVE"), says="ACTIVE"),
    ),
    things=_things,
)
