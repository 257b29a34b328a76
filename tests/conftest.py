"""For every test."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# As envctl runs terraform, so that the suite is quicker too.
os.environ.setdefault("GOGC", "400")

# A machine under load is no finding: timings are for `make bench`.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
