"""For every test."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Most of the suite's time is terraform's, a second each: it collects no garbage before there is a gigabyte of it.
os.environ.setdefault("GOGC", "off")
os.environ.setdefault("GOMEMLIMIT", "1GiB")

# A machine under load is no finding: timings are for `make bench`.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
