"""Labels and annotations: what the user writes, what the provider adds, what the resource ends up with.

`labels` is what the configuration says; `terraform_labels` adds the provider block's default labels and the
attribution label; `effective_labels` adds what others set on the resource, and is what the API gets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.codec import UNKNOWN, is_known
from sandbox.provider.fields import Field
from sandbox.provider.settings import Settings

ATTRIBUTION = "goog-terraform-provisioned"


def plan_labels(
    fields: Mapping[str, Field], prior: Mapping[str, Any] | None, planned: dict[str, Any], settings: Settings
) -> None:
    """Set `terraform_labels`, `effective_labels` and `effective_annotations` of a planned state."""
    if "terraform_labels" in fields:
        _plan_labels(prior, planned, settings)
    if "effective_annotations" in fields:
        _plan_annotations(prior, planned)


def _plan_labels(prior: Mapping[str, Any] | None, planned: dict[str, Any], settings: Settings) -> None:
    labels = planned.get("labels")
    if not is_known(labels):
        planned["terraform_labels"] = planned["effective_labels"] = UNKNOWN
        return
    before = _known(prior, "terraform_labels")
    ours = dict(settings.default_labels)
    if settings.attribution and (prior is None or settings.attribution_always or ATTRIBUTION in before):
        ours[ATTRIBUTION] = "true"
    ours |= labels or {}
    effective = {k: v for k, v in _known(prior, "effective_labels").items() if k not in before} | ours
    planned["terraform_labels"] = _keep(prior, "terraform_labels", ours)
    planned["effective_labels"] = _keep(prior, "effective_labels", effective)


def _plan_annotations(prior: Mapping[str, Any] | None, planned: dict[str, Any]) -> None:
    annotations = planned.get("annotations")
    if not is_known(annotations):
        planned["effective_annotations"] = UNKNOWN
        return
    before = _known(prior, "annotations")
    if not annotations and not before:
        return
    effective = {k: v for k, v in _known(prior, "effective_annotations").items() if k not in before}
    planned["effective_annotations"] = _keep(prior, "effective_annotations", effective | (annotations or {}))


def _known(prior: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    value = (prior or {}).get(name)
    return value if isinstance(value, dict) else {}


def _keep(prior: Mapping[str, Any] | None, name: str, value: dict[str, Any]) -> Any:
    """The prior value where nothing changes, so that null and empty do not alternate."""
    before = (prior or {}).get(name)
    return before if prior is not None and (before or {}) == value else value


def own(labels: Mapping[str, str] | None, mine: Any) -> dict[str, str]:
    """Of the labels a resource has, those that `mine` names."""
    return {key: labels[key] for key in mine if labels and key in labels} if isinstance(mine, dict) else {}
