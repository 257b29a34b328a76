"""Identity-Aware Proxy: who comes through it, to a backend service or straight to a Cloud Run service."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from envctl.validation.model import Environment, Kind, Read, Thing, declared_things

from .load_balancers import BACKENDS
from .run import SERVICES

_WEB = "projects/{project}/iap_web"


def _policy(web: str) -> Read:
    return Read(
        "iap",
        f"v1/{_WEB}/{web}/services/{{key}}:getIamPolicy",
        "iap.webServices.getIamPolicy",
        method="POST",
        body={"options": {"requestedPolicyVersion": 3}},
    )


def _in_front_of(kind: Kind) -> Callable[[Kind, Environment], Iterator[Thing]]:
    """The proxies in front of things of a kind."""

    def things(own: Kind, environment: Environment) -> Iterator[Thing]:
        for thing in (kind.things or declared_things)(kind, environment):
            fields = thing.fields["iap"]
            if fields is not None:
                path = (*thing.path, "iap")
                yield Thing(own, thing.place, own.resource(thing.place, fields), fields, path, parent=thing.id)

    return things


IAP_BACKENDS = Kind(
    name="iap_backends",
    noun="proxy",
    document=BACKENDS.document,
    resource=lambda place, _fields: f"projects/{place.project}/iap_web/compute/services/{place.key}",
    policy=_policy("compute"),
    things=_in_front_of(BACKENDS),
)

IAP_SERVICES = Kind(
    name="iap_services",
    noun="proxy",
    document=Read("run", "v2/projects/{project}/locations/{region}/services/{key}", "run.services.get"),
    resource=lambda place, _fields: f"projects/{place.project}/iap_web/cloud_run-{place.region}/services/{place.key}",
    policy=_policy("cloud_run-{region}"),
    things=_in_front_of(SERVICES),
)
