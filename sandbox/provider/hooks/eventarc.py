"""Eventarc: the configuration of Google's channels, which is there everywhere."""

from __future__ import annotations

from sandbox.provider.hooks.registry import Context, hook


@hook("delete", "google_eventarc_google_channel_config")
async def leave(ctx: Context) -> None:
    """It stays as it is, as with the real provider."""
