"""Cloud Quotas v1: the quotas that people prefer. Nobody counts here, so what is preferred is granted at once."""

from __future__ import annotations

from typing import Any

from sandbox.control.above import PLACES
from sandbox.control.collection import Collection, etag, now
from sandbox.control.context import Call
from sandbox.control.errors import already_exists, invalid_argument
from sandbox.control.router import Api
from sandbox.control.store import Resource

Json = dict[str, Any]


def _preferences(place: str) -> Collection:
    """The preferences of projects, folders or organizations. None is ever deleted."""
    return Collection(
        path=f"v1/{place}/locations/{{location}}/quotaPreferences/{{preference}}",
        noun="QuotaPreference",
        id_rule=r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?",
        id_message="It may have up to 63 lowercase letters, digits, hyphens or underscores.",
        id_param="quotaPreferenceId",
        id_required=False,
        delete=False,
        labels=(),
        required=("service", "quotaId", "quotaConfig"),
        immutable=("service", "quotaId", "dimensions"),
        output_only=("reconciling",),
        on_create_set={"createTime": now, "updateTime": now, "etag": etag},
        on_update_set={"updateTime": now, "etag": etag},
    )


_EVERY = [_preferences(place) for place in PLACES]
API = Api("cloudquotas.googleapis.com", "cloudquotas", _EVERY, flat=False)


def _grant(document: Json) -> None:
    config = document["quotaConfig"]
    preferred = str(config.get("preferredValue", ""))
    if not preferred.removeprefix("-").isdigit():
        raise invalid_argument(f"preferredValue '{preferred}' is no number.", {"quota_config.preferred_value": "int64"})
    email = document.get("contactEmail")
    if email is not None and "@" not in str(email):
        raise invalid_argument(f"contactEmail '{email}' is no address.", {"contact_email": "an address"})
    config |= {"preferredValue": preferred, "grantedValue": preferred, "requestOrigin": "ORIGIN_UNSPECIFIED"}
    document["reconciling"] = False


async def grant(preference: Resource, call: Call) -> None:
    """The only one of its quota and dimensions."""
    if call.params["location"] != "global":
        raise invalid_argument(f"The location must be global, not '{call.params['location']}'.")
    document = preference.document
    own = [document.get(key) for key in ("service", "quotaId", "dimensions")]
    for other in call.store.select(preference.collection, preference.name.rpartition("/quotaPreferences/")[0]):
        if [other.document.get(key) for key in ("service", "quotaId", "dimensions")] == own:
            raise already_exists(f"'{other.id}' is the preference of the quota and its dimensions already.")
    _grant(document)


async def grant_again(old: Resource, new: Resource, call: Call) -> None:
    """Another value of the same quota."""
    _grant(new.document)


for _one in _EVERY:
    _one.on_create(grant)
    _one.on_update(grant_again)
