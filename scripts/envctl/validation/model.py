"""What a kind of thing is to the validation: a table of how to name it, to read it, and which settings to compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from envctl.output.model import Cause

from .normal import same

Fields = Mapping[str, Any]
PathPart = str | int


class Environment(Protocol):
    """What the validation needs of an environment: its resolved values and where they are declared."""

    @property
    def name(self) -> str: ...

    @property
    def tfvars(self) -> dict[str, Any]: ...

    def where(self, path: tuple[PathPart, ...], /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Read:
    """One question to an API. `{name}`, `{project}`, `{region}`, `{key}`, `{dataset}`, `{table}` are the thing's.

    Attributes:
        service: the API, such as "run".
        path: from the API's version on.
        permission: what the caller needs.
        method: POST for `:getIamPolicy` where the API wants it so.
        query: parameters.
        body: sent with POST.
        items: the list to gather from all pages.
        client: the function of `clients` that asks instead, through Google's generated client.
        above: asked first, where Google made up a name in the path: it stands there as `{above}`.
        pick: that name, in the answer to `above`; None where it isn't there.
    """

    service: str
    path: str
    permission: str
    method: str = "GET"
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    items: str | None = None
    client: str | None = None
    above: Read | None = None
    pick: Callable[[Thing, Mapping[str, Any]], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """A declared value and the API's field that must equal it.

    Attributes:
        field: of the YAML model; where it doesn't exist there ("state"), what Google calls it.
        api: dotted path in the API's document, for reading and for the documentation.
        normal: applied to both sides before they are compared.
        declared: the expected value, where it is not simply the field.
        found: the value in the document, where it is not simply what stands at `api`; a Failure where the document
            leaves it open.
        when: whether the setting is compared at all; None always.
        says: for the documentation, what `declared` expects or when it applies.
        hidden: never show what was found: somebody may have put a secret there.
    """

    field: str
    api: str
    normal: Callable[[Any], Any] = same
    declared: Callable[[Thing, World], Any] | None = None
    found: Callable[[Mapping[str, Any]], Any] | None = None
    when: Callable[[Fields], bool] | None = None
    says: str = ""
    hidden: bool = False
    reader: str = "document"


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a thing isn't what was declared."""

    what: str
    message: str
    expected: Any = None
    actual: Any = None


@dataclass(frozen=True, slots=True)
class Comparer:
    """A setting that needs more than an equality, such as a table's schema; it may find several differences.

    `resolve` puts into the thing what only the cloud knows, before it is compared.
    """

    field: str
    api: str
    compare: Callable[[Thing, Mapping[str, Any]], list[Difference]]
    says: str = ""
    resolve: Callable[[Thing, World], Thing] | None = None


Grouping = Callable[[Mapping[str, Any]], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing.

    Attributes:
        name: as in the YAML, such as "topics".
        noun: such as "topic".
        document: how to read one.
        resource: its full name.
        settings, comparers: what is compared.
        policy: how to read its grants; None where it has none.
        bindings: the grants in the answer to `policy`, where they are not its `bindings`.
        reads: further questions, by the name that settings use as `reader`.
        things: all that an environment declares; by default the items of the subprojects' map of that name.
        select: the thing's own document in an answer that many share; None there means that it is missing.
        unchecked: fields that no API can tell, and why.
        readers: the role of a thing's `readers`, which are grants of it.
    """

    name: str
    noun: str
    document: Read
    resource: Callable[[Place, Fields], str]
    settings: tuple[Setting, ...] = ()
    comparers: tuple[Comparer, ...] = ()
    policy: Read | None = None
    bindings: Grouping | None = None
    reads: Mapping[str, Read] = field(default_factory=dict)
    things: Callable[[Kind, Environment], Iterator[Thing]] | None = None
    select: Callable[[Thing, Mapping[str, Any]], Mapping[str, Any] | None] | None = None
    unchecked: Mapping[str, str] = field(default_factory=dict)
    readers: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is declared, and in which project and region it lives."""

    project: str
    region: str
    subproject: str
    key: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One declared thing.

    Attributes:
        kind: what it is.
        place: project, region, subproject and key.
        name: its full name, as its API writes it.
        fields: its resolved values.
        path: where it stands in the YAML.
        labels: all that it must carry.
        parent: id of the thing without which it can't be, such as a table's dataset.
    """

    kind: Kind
    place: Place
    name: str
    fields: Fields
    path: tuple[PathPart, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    parent: str | None = None

    @property
    def id(self) -> str:
        """Unique in an environment, such as "strategy-engine/topics/signals"."""
        return f"{self.place.subproject}/{self.kind.name}/{self.place.key}"

    @property
    def title(self) -> str:
        """For a person, such as "topic projects/p/topics/signals"."""
        return f"{self.kind.noun} {self.name}"

    def fill(self, template: str) -> str:
        """A text with the thing's names in it."""
        dataset, _, table = self.place.key.partition(".")
        names = {
            "name": self.name,
            "project": self.place.project,
            "region": self.place.region,
            "key": self.place.key,
            "dataset": dataset,
            "table": table,
        }
        return re.sub(r"\{(\w+)\}", lambda match: names.get(match[1], match[0]), template)


class Blocked(Exception):
    """What is expected can't be known, because of another thing."""

    def __init__(self, cause: Cause, *, missing: bool, permission: str | None = None) -> None:
        super().__init__(cause.title)
        self.cause = cause
        self.missing = missing
        self.permission = permission


class World(Protocol):
    """What a setting may ask about other things."""

    def service_uri(self, path: str) -> str:
        """The address of a service, named "subproject/key". Raises Blocked where it can't be known."""
        ...

    def server_name(self, thing: str) -> str:
        """The name that Google gave a thing, by its id. Raises Blocked where it can't be known."""
        ...

    def policy_tag(self, path: str) -> str:
        """The name that Google gave a policy tag, by "TAXONOMY/PATH". Raises Blocked where it can't be known."""
        ...


def declared_things(kind: Kind, environment: Environment, *maps: str) -> Iterator[Thing]:
    """The items of a kind's map, or of several maps, in all subprojects."""
    values = environment.tfvars
    for subproject, declared in values["subprojects"].items():
        for name in maps or (kind.name,):
            for key, fields in declared[name].items():
                place = Place(values["project_id"], values["region"], subproject, key)
                path = ("subprojects", subproject, name, key)
                labels = expected_labels(values, subproject, fields)
                yield Thing(kind, place, kind.resource(place, fields), fields, path, labels)


def expected_labels(values: Mapping[str, Any], subproject: str, fields: Fields) -> dict[str, str]:
    """The environment's labels, the subproject's, the thing's own: the nearer wins."""
    return {**values["labels"], "subproject": subproject, **(fields.get("labels") or {})}


def always(value: Any) -> Callable[[Thing, World], Any]:
    """An expected value that no field declares, such as a state."""
    return lambda _thing, _world: value
