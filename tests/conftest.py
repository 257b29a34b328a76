"""For every test."""

from __future__ import annotations

import os

# As envctl runs terraform, so that the suite is quicker too.
os.environ.setdefault("GOGC", "400")
