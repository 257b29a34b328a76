"""Google's own agents that call a service, and BigQuery's connections: of what makes them call follows the grant."""

from __future__ import annotations

from typing import Any

from .models import Environment

UPTIME_GRANT = "uptime-checks"
"""The key of the grant by which Monitoring's own agent may call a service that an uptime check asks with a token."""
IAP_GRANT = "identity-aware-proxy"
"""The key of the grant by which Identity-Aware Proxy may call a service for the people that it signed in."""


def let_agents_call(environment: Environment, subprojects: dict[str, Any]) -> None:
    """Add the agents' grants to the services of the tfvars, and name load balancers' services as Cloud Run does."""

    def may_call(path: str, key: str, product: str) -> None:
        owner, _, service = path.partition("/")
        agent = f"serviceAccount:service-{environment.project_number}@gcp-sa-{product}.iam.gserviceaccount.com"
        grant = {"role": "roles/run.invoker", "members": [agent], "condition": None}
        subprojects[owner]["services"][service]["grants"][key] = grant

    for subproject in subprojects.values():
        for service in subproject["services"].values():
            service["connections"] = []
    for key, subproject in subprojects.items():
        for check in subproject["uptime_checks"].values():
            if check["authenticate"]:
                may_call(check["service"], UPTIME_GRANT, "monitoring-notification")
        for name, service in subproject["services"].items():
            if service["iap"] is not None:
                may_call(f"{key}/{name}", IAP_GRANT, "iap")
        for name, connection in subproject["bigquery_connections"].items():
            for path in connection["calls"]:
                owner, _, service = path.partition("/")
                subprojects[owner]["services"][service]["connections"].append(f"{key}/{name}")
        for balancer in subproject["load_balancers"].values():
            for backend in balancer["backends"].values():
                if backend["iap"] is not None:
                    may_call(backend["service"], IAP_GRANT, "iap")
                backend["service"] = backend["service"].rpartition("/")[2]
