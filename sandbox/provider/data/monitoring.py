"""Data sources of Cloud Monitoring: a channel by what it is, and from where uptime is checked."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.provider.data import listing
from sandbox.provider.diagnostics import ProviderError
from sandbox.provider.hooks.registry import Context

State = dict[str, Any]
# Type → service, id, fields.
TABLES: dict[str, tuple[str, str, str]] = {
    "google_monitoring_uptime_check_ips": (
        "monitoring",
        "uptime_check_ips_id",
        """
uptime_check_ips list computed
  ip_address string computed
  location string computed
  region string computed
""",
    ),
}


async def find_channel(ctx: Context) -> None:
    """The name of the one channel that has what is said of it."""
    ctx.planned["project"] = listing.project(ctx)
    wanted = {name: ctx.planned[name] for name in ("display_name", "type") if ctx.planned[name]}
    if not wanted:
        raise ProviderError("At least one of display_name or type must be provided")
    for field in ("labels", "user_labels"):
        wanted |= {f"{field}.{key}": value for key, value in (ctx.planned[field] or {}).items()}
    text = " AND ".join(f'{path}="{value}"' for path, value in wanted.items())
    url = f"{ctx.kind.base}v3/projects/{ctx.planned['project']}/notificationChannels?filter={quote(text, safe='')}"
    found = (await ctx.api.call("GET", url)).get("notificationChannels") or []
    if not found:
        raise ProviderError(f"No NotificationChannel found using filter: {text}")
    if len(found) > 1:
        raise ProviderError(f"Found more than one 1 NotificationChannel matching specified filter: {text}")
    ctx.planned["name"] = found[0]["name"]


async def _checkers(ctx: Context) -> State:
    """All of Google's, wherever a check runs from."""
    return {"id": ctx.kind.id, "uptime_check_ips": await listing.every(ctx, "v3/uptimeCheckIps", "uptime_check_ips")}


READ = {"google_monitoring_uptime_check_ips": _checkers}
