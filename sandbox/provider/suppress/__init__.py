"""Differences that mean nothing: two spellings of one value, by subject.

A field names its rule in the table (`suppress=duration`, with an argument `suppress=or_empty:180s`). A rule gets
the value in the state and the one in the configuration, None where there is none, and its argument. One that a single
type has stands with that type's hooks.
"""

from __future__ import annotations

from sandbox.provider.suppress import filled as filled
from sandbox.provider.suppress import spellings as spellings
from sandbox.provider.suppress.links import relative_name as relative_name
from sandbox.provider.suppress.links import without_version as without_version
from sandbox.provider.suppress.members import normal_member as normal_member
from sandbox.provider.suppress.registry import names as names
from sandbox.provider.suppress.registry import rule as rule
from sandbox.provider.suppress.registry import suppressed as suppressed
from sandbox.provider.suppress.spellings import seconds as seconds
