"""What a provider block sets, with the environment variables that stand in for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_VARIABLES = {
    "credentials": (
        "GOOGLE_CREDENTIALS",
        "GOOGLE_CLOUD_KEYFILE_JSON",
        "GCLOUD_KEYFILE_JSON",
        "GOOGLE_APPLICATION_CREDENTIALS",
    ),
    "project": ("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"),
    "region": ("GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"),
    "zone": ("GOOGLE_ZONE", "GCLOUD_ZONE", "CLOUDSDK_COMPUTE_ZONE"),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """What the system tells about the process at the other end of a connection."""

    environ: Mapping[str, str]
    directory: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one configured provider."""

    project: str = ""
    region: str = ""
    zone: str = ""
    default_labels: dict[str, str] = field(default_factory=dict)
    attribution: bool = True
    attribution_always: bool = False
    deletion_policy: str = "DELETE"
    declared_deletion_policy: str = ""
    """The same, empty where the provider block doesn't say: a few types have a default of their own."""
    credentials: str = field(default="", repr=False)
    """A service account's, or the path of its file. No call needs them; a URL is signed by them."""
    directory: str = ""
    """Where Terraform runs: relative paths of a configuration start there."""

    @classmethod
    def of(cls, config: Mapping[str, Any], environ: Mapping[str, str], directory: str = "") -> Settings:
        """Settings from the provider block; a variable of the environment fills in for an argument left out.

        >>> Settings.of({"region": "asia-south1"}, {"GOOGLE_PROJECT": "atm-dev"}).project
        'atm-dev'
        """

        def text(name: str) -> str:
            value = config.get(name)
            if isinstance(value, str) and value:
                return value
            return next((environ[variable] for variable in _VARIABLES[name] if environ.get(variable)), "")

        labels = config.get("default_labels")
        attribution = config.get("add_terraform_attribution_label")
        strategy = config.get("terraform_attribution_label_addition_strategy")
        policy = config.get("deletion_policy")
        return cls(
            project=text("project"),
            region=text("region").rpartition("/")[2],
            zone=text("zone").rpartition("/")[2],
            default_labels={k: v for k, v in labels.items() if isinstance(v, str)} if isinstance(labels, dict) else {},
            attribution=attribution is not False,
            attribution_always=strategy == "PROACTIVE",
            declared_deletion_policy=policy if isinstance(policy, str) else "",
            credentials=text("credentials"),
            deletion_policy=policy if isinstance(policy, str) and policy else "DELETE",
            directory=directory,
        )

    def get(self, name: str) -> str:
        """The provider's default of an argument of that name; "" where it has none.

        >>> Settings(region="asia-south1").get("location")
        'asia-south1'
        """
        return str(getattr(self, "region" if name == "location" else name, ""))
