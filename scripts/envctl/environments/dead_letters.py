"""Dead-letter pairs: `dead_letter` without a topic makes one, and a subscription that keeps what comes.

They are put into the data before it is validated, so everything after it sees a topic, a subscription and an alert like
any other: references may name them, they are rendered and they are validated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shared_services.yaml.nodes import Mapping, find, locate, plain

from .models.pubsub import DeadLetter
from .paths import Path, format_path
from .problems import Problem

REVIEW_ACK_DEADLINE = 60  # a person or a replay looks at them
_INHERITED = ("regions", "kms_key")  # dead letters are as secret as what they were


@dataclass(frozen=True, slots=True)
class Pair:
    """What `dead_letter` of a subscription makes.

    Args:
        subproject: whose it is.
        subscription: which one.
        consumer: whose errors tell why: the service it is pushed to, or the subscription itself.
        declared: what `dead_letter` says.
    """

    subproject: str
    subscription: str
    consumer: str
    declared: DeadLetter

    @property
    def topic(self) -> str:
        """The name of the topic that takes the dead letters, and of the alert."""
        return self.declared.name or f"{self.subscription}-dead"

    @property
    def review(self) -> str:
        """The name of the subscription that keeps them."""
        return f"{self.topic}-review"

    @property
    def path(self) -> Path:
        """Where it is declared."""
        return ("subprojects", self.subproject, "subscriptions", self.subscription, "dead_letter")

    def made(self, source: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """What is made, by kind and name. `source` is the topic that the messages come from."""
        kept = self.declared.retention
        yield "topics", self.topic, {"retention": kept, **{key: source[key] for key in _INHERITED if key in source}}
        review = {"topic": self.topic, "retention": kept, "ack_deadline_seconds": REVIEW_ACK_DEADLINE}
        yield "subscriptions", self.review, review
        if self.declared.alert:
            alert = {
                "severity": "ERROR",
                "channels": list(self.declared.alert),
                "documentation": f"Messages of {self.subscription} could not be handled. "
                f"Look at the last errors of {self.consumer}, then replay {self.review}.",
                "conditions": [{"name": "dead letters", "undelivered": {"subscription": self.review}}],
            }
            yield "alert_policies", self.topic, alert


def pairs(data: Any) -> Iterator[Pair]:
    """Every pair that plain data asks for. What isn't valid yet is passed over."""
    for subproject, declared in _mapping(_mapping(data).get("subprojects")).items():
        for name, subscription in _mapping(_mapping(declared).get("subscriptions")).items():
            said = _mapping(subscription).get("dead_letter")
            if isinstance(said, dict) and said.get("topic") is None:
                consumer = _mapping(_mapping(subscription).get("push")).get("service")
                yield Pair(subproject, name, str(consumer or f"what takes {name}"), _declared(said))


def _declared(said: dict[str, Any]) -> DeadLetter:
    """What is said, or the defaults where it is wrong, which the models tell."""
    try:
        return DeadLetter.model_validate(said)
    except ValidationError:
        return DeadLetter()


def with_pairs(data: dict[str, Any], tree: Mapping) -> tuple[dict[str, Any], list[Problem]]:
    """The data with all pairs in it, and the pairs whose names are taken."""
    asked = list(pairs(data))
    problems = list(_without_a_pair(data, tree))
    if not asked:
        return data, problems
    subprojects = {name: dict(one) if isinstance(one, dict) else one for name, one in data["subprojects"].items()}
    for pair in asked:
        subproject = subprojects[pair.subproject]
        subscription = subproject["subscriptions"][pair.subscription]
        source = _source(data, pair.subproject, subscription.get("topic"))
        for kind, name, thing in pair.made(source):
            things = subproject.get(kind) if subproject.get(kind) is not None else {}
            if not isinstance(things, dict):
                continue
            if name in things:
                message = f'makes "{name}", which {kind} has already'
                hint = "give its topic, or give the pair another name"
                at = locate(tree, pair.path)
                problems.append(Problem.at(at, format_path(pair.path), message, hint))
            else:
                subproject[kind] = {**things, name: thing}
        named = {**subscription, "dead_letter": {**subscription["dead_letter"], "topic": pair.topic}}
        subproject["subscriptions"] = {**subproject["subscriptions"], pair.subscription: named}
    return {**data, "subprojects": subprojects}, problems


def _without_a_pair(data: Any, tree: Mapping) -> Iterator[Problem]:
    """What is for pairs, beside a topic that somebody else made."""
    for subproject, declared in _mapping(_mapping(data).get("subprojects")).items():
        for name, subscription in _mapping(_mapping(declared).get("subscriptions")).items():
            said = _mapping(_mapping(subscription).get("dead_letter"))
            for field in ("name", "retention", "alert"):
                if said.get("topic") is not None and said.get(field) is not None:
                    path: Path = ("subprojects", subproject, "subscriptions", name, "dead_letter", field)
                    message = "is of the topic and subscription that are made where no topic is given"
                    yield Problem.at(locate(tree, path), format_path(path), message, "leave it out, or the topic")


def declared_at(tree: Mapping, path: Path) -> Path:
    """Where something that a pair made stands in the YAML: at the `dead_letter` of its subscription."""
    if len(path) < 4 or path[0] != "subprojects" or path[2] not in ("topics", "subscriptions", "alert_policies"):
        return path
    at = ("subprojects", path[1], "subscriptions")
    subscriptions = find(tree, at)
    own = {} if subscriptions is None else {path[1]: {"subscriptions": plain(subscriptions)}}
    for pair in pairs({"subprojects": own}):
        if path[3] == (pair.review if path[2] == "subscriptions" else pair.topic):
            return _within(pair, path)
    return path


def _within(pair: Pair, path: Path) -> Path:
    """The field of `dead_letter` that a field of what it made comes from."""
    match (path[2], *path[4:5]):
        case ("subscriptions", "retention"):
            return (*pair.path, "retention")
        case ("alert_policies", "channels"):
            return (*pair.path, "alert", *path[5:])
        case ("alert_policies", *_):
            return (*pair.path, "alert")
    return pair.path


def _source(data: Any, subproject: str, topic: Any) -> dict[str, Any]:
    """The topic of a subscription, its key's path as the subscription's subproject would write it."""
    if not isinstance(topic, str):
        return {}
    owner, _, name = topic.rpartition("/")
    owner = owner or subproject
    found = dict(_mapping(_mapping(_mapping(_mapping(data.get("subprojects")).get(owner)).get("topics")).get(name)))
    key = found.get("kms_key")
    if isinstance(key, str) and "/" not in key:
        found["kms_key"] = f"{owner}/{key}"
    return {field: value for field, value in found.items() if value is not None}


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
