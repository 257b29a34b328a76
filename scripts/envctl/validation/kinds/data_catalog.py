"""Taxonomies, policy tags and data policies. Google makes up the first two's names: they are found by display name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envctl.validation.model import Environment, Kind, Place, Read, Setting, Thing, World, always, declared_things
from envctl.validation.normal import text, unordered
from envctl.validation.schema import tag_name

from .common import DESCRIPTION, policy_read

_LIST = Read(
    "datacatalog",
    "v1/projects/{project}/locations/{region}/taxonomies",
    "datacatalog.taxonomies.list",
    items="taxonomies",
)


def _located(kind: Kind, environment: Environment) -> Iterator[Thing]:
    for thing in declared_things(TAXONOMIES, environment):
        place = Place(thing.place.project, str(thing.fields["location"]), thing.place.subproject, thing.place.key)
        yield Thing(kind, place, TAXONOMIES.resource(place, thing.fields), thing.fields, thing.path)


def _taxonomy(thing: Thing, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    name = thing.fields["display_name"]
    return next((dict(one) for one in answer["taxonomies"] if one.get("displayName") == name), None)


TAXONOMIES = Kind(
    name="taxonomies",
    noun="taxonomy",
    document=_LIST,
    resource=lambda place, _fields: f"projects/{place.project}/locations/{place.region}/taxonomies/{place.key}",
    settings=(DESCRIPTION, Setting("activated_policy_types", "activatedPolicyTypes", normal=unordered)),
    things=_located,
    select=_taxonomy,
    unchecked={
        "display_name": "it is found by it",
        "location": "where it is looked for",
        "tags": "a kind of their own",
    },
)


def _tags(kind: Kind, environment: Environment) -> Iterator[Thing]:
    for taxonomy in _located(TAXONOMIES, environment):
        for path, declared in taxonomy.fields["tags"].items():
            place = Place(
                taxonomy.place.project, taxonomy.place.region, taxonomy.place.subproject, f"{taxonomy.place.key}/{path}"
            )
            fields = {**declared, "taxonomy": taxonomy.fields["display_name"]}
            yield Thing(
                kind, place, kind.resource(place, fields), fields, (*taxonomy.path, "tags", path), parent=taxonomy.id
            )


def _name_of_taxonomy(thing: Thing, answer: Mapping[str, Any]) -> str | None:
    found = (one for one in answer["taxonomies"] if one.get("displayName") == thing.fields["taxonomy"])
    return next((str(one["name"]) for one in found), None)


def _tag(thing: Thing, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    name = thing.fields["display_name"]
    return next((dict(one) for one in answer["policyTags"] if one.get("displayName") == name), None)


def _name_of_tag(thing: Thing, answer: Mapping[str, Any]) -> str | None:
    found = _tag(thing, answer)
    return None if found is None else str(found["name"])


def _above(thing: Thing, world: World) -> str:
    taxonomy, _, path = thing.place.key.partition("/")
    above = path.rpartition("/")[0]
    return tag_name(world.policy_tag(f"{taxonomy}/{above}")) if above else ""


_TAGS = Read(
    "datacatalog",
    "v1/{above}/policyTags",
    "datacatalog.taxonomies.get",
    items="policyTags",
    above=_LIST,
    pick=_name_of_taxonomy,
)

POLICY_TAGS = Kind(
    name="policy_tags",
    noun="policy tag",
    document=_TAGS,
    resource=lambda place, _fields: (
        f"projects/{place.project}/locations/{place.region}/taxonomies/" + place.key.replace("/", "/policyTags/", 1)
    ),
    settings=(
        DESCRIPTION,
        Setting(
            "parent",
            "parentPolicyTag",
            declared=_above,
            normal=lambda name: tag_name(text(name)),
            says="the tag that its path stands below, by the name that Google gave it",
        ),
    ),
    policy=Read(
        "datacatalog",
        "v1/{above}:getIamPolicy",
        "datacatalog.taxonomies.getIamPolicy",
        method="POST",
        body={"options": {"requestedPolicyVersion": 3}},
        above=_TAGS,
        pick=_name_of_tag,
    ),
    readers="roles/datacatalog.categoryFineGrainedReader",
    things=_tags,
    select=_tag,
    unchecked={
        "display_name": "it is found by it",
        "readers": "its grants have them",
        "masking": "a kind of their own",
    },
)


def _policies(kind: Kind, environment: Environment) -> Iterator[Thing]:
    for tag in _tags(POLICY_TAGS, environment):
        for key, declared in tag.fields["masking"].items():
            place = Place(tag.place.project, tag.place.region, tag.place.subproject, f"{tag.place.key}/{key}")
            yield Thing(
                kind, place, kind.resource(place, declared), declared, (*tag.path, "masking", key), parent=tag.id
            )


def _marked(thing: Thing, world: World) -> str:
    return world.policy_tag(thing.place.key.rpartition("/")[0])


DATA_POLICIES = Kind(
    name="data_policies",
    noun="data policy",
    document=Read("bigquerydatapolicy", "v1/{name}", "bigquery.dataPolicies.get"),
    resource=lambda place, _fields: (
        f"projects/{place.project}/locations/{place.region}/dataPolicies/{place.key.rpartition('/')[2]}"
    ),
    settings=(
        Setting("type", "dataPolicyType", declared=always("DATA_MASKING_POLICY")),
        Setting("policy_tag", "policyTag", declared=_marked, normal=lambda name: tag_name(text(name))),
        Setting("expression", "dataMaskingPolicy.predefinedExpression"),
    ),
    policy=policy_read("bigquerydatapolicy", "v1", "bigquery.dataPolicies.getIamPolicy", method="POST"),
    readers="roles/bigquerydatapolicy.maskedReader",
    things=_policies,
    unchecked={"readers": "its grants have them"},
)
