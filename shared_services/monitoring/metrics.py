"""The metrics of all services: collected from their /metrics, and handed on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from shared_services.errors import PermanentError

if TYPE_CHECKING:
    from shared_services.discovery.client import Tokens
    from shared_services.discovery.registry import ServiceRegistry

_OF_PYTHON = re.compile(r"(python|process)_.*|.*_created")


@dataclass(frozen=True, slots=True)
class Sample:
    """A value of a metric.

    Args:
        name: of the family, such as `http_requests_total`.
        kind: counter, gauge, histogram, summary or unknown.
        about: what it says.
        labels: with the service's name and address among them.
        value: the value.
        part: of a histogram or summary: `_bucket`, `_sum`, `_count`; else empty.
        began: since when a counter counts, in seconds since 1970; 0 where nobody knows.
    """

    name: str
    kind: str
    about: str
    labels: dict[str, str]
    value: float
    part: str = ""
    began: float = 0.0


@dataclass(frozen=True, slots=True)
class Collected:
    """What was collected, and from whom nothing was to be had.

    Args:
        samples: the values.
        failed: why, by service and address.
    """

    samples: tuple[Sample, ...]
    failed: dict[str, str]

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        metrics = [
            {"name": s.name + s.part, "kind": s.kind, "labels": s.labels, "value": _plain(s.value)}
            for s in self.samples
        ]
        return {"metrics": metrics, "failed": self.failed}

    def prometheus(self) -> str:
        """As Prometheus reads it: each family once, the samples of all services in it."""
        families: dict[str, list[Sample]] = {}
        for sample in self.samples:
            families.setdefault(sample.name, []).append(sample)
        return "".join(f"{line}\n" for name, samples in sorted(families.items()) for line in _family(name, samples))


async def collect(
    registry: ServiceRegistry,
    *,
    only: Sequence[str] = (),
    matching: Callable[[str], bool] = lambda name: _OF_PYTHON.fullmatch(name) is None,
    seconds: float = 10,
    tokens: Tokens | None = None,
) -> Collected:
    """Ask services for their metrics, all at once.

    Args:
        registry: knows where they are.
        only: ask these alone; by default all that are known.
        matching: which families are kept, by name; by default all but those of Python and of the process.
        seconds: how long an answer may take.
        tokens: gives the ID token for an address.
    """
    names = tuple(only) or await registry.services()
    endpoints = [each for name in names for each in await registry.endpoints(name)]

    async def ask(client: httpx.AsyncClient, service: str, url: str) -> list[Sample] | str:
        try:
            token = None if tokens is None else await asyncio.to_thread(tokens, url)
            headers = {"authorization": f"Bearer {token}"} if token else {}
            answer = await client.get(f"{url}/metrics", headers=headers)
            if answer.status_code != 200:
                return f"HTTP {answer.status_code}"
            own = {"service": service, "instance": url}
            return [s for s in parse(answer.text, own) if matching(s.name)]
        except (httpx.HTTPError, ValueError) as error:
            return f"{type(error).__name__}: {error}"

    async with httpx.AsyncClient(timeout=seconds, trust_env=False) as client:
        answers = await asyncio.gather(*(ask(client, each.service, each.url) for each in endpoints))
    failed = {
        f"{each.service} at {each.url}": answer
        for each, answer in zip(endpoints, answers, strict=True)
        if isinstance(answer, str)
    }
    return Collected(tuple(s for answer in answers if isinstance(answer, list) for s in answer), failed)


def parse(text: str, own: dict[str, str]) -> Iterator[Sample]:
    """The samples of a page of metrics.

    >>> text = "# HELP orders_total Orders.\\n# TYPE orders_total counter\\norders_total{side=\\"BUY\\"} 3\\n"
    >>> [(sample.name, sample.labels, sample.value) for sample in parse(text, {"service": "router"})]
    [('orders_total', {'side': 'BUY', 'service': 'router'}, 3)]

    Args:
        text: as Prometheus reads it.
        own: labels that each sample gets.

    Raises:
        ValueError: it can't be read.
        PermanentError: prometheus-client is not installed.
    """
    try:
        from prometheus_client.parser import text_string_to_metric_families
    except ImportError:
        raise PermanentError("prometheus-client is not installed", todo="install the extra service") from None
    families = list(text_string_to_metric_families(text))
    began = next((f.samples[0].value for f in families if f.name == "process_start_time_seconds" and f.samples), 0.0)
    for family in families:
        name = f"{family.name}_total" if family.type == "counter" else family.name
        for each in family.samples:
            part = each.name.removeprefix(family.name)
            if part == "_created":
                continue
            part = "" if family.type == "counter" else part
            yield Sample(name, family.type, family.documentation, {**each.labels, **own}, each.value, part, began)


def _family(name: str, samples: Sequence[Sample]) -> Iterator[str]:
    first = samples[0]
    about = first.about.replace("\\", "\\\\").replace("\n", "\\n")
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {'untyped' if first.kind == 'unknown' else first.kind}"
    for each in samples:
        labels = ",".join(f'{key}="{_escaped(value)}"' for key, value in sorted(each.labels.items()))
        yield f"{name}{each.part}{{{labels}}} {_number(each.value)}"


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}[str(value)]
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _plain(value: float) -> float | None:
    return value if value == value and abs(value) != float("inf") else None


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
