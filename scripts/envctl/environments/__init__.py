"""Environments: YAML in, checked, merged and resolved, and out as what Terraform reads.

>>> from pathlib import Path
>>> from envctl.environments import load, write
>>> loaded = load("local", Path("."))  # doctest: +SKIP
>>> write(loaded, Path("build/local"))  # doctest: +SKIP
"""

from .explain import Explanation, explain
from .load import LoadedEnvironment, load, names
from .problems import InvalidEnvironment, Location, Problem
from .render import Rendered, tfvars, write

__all__ = [
    "Explanation",
    "InvalidEnvironment",
    "LoadedEnvironment",
    "Location",
    "Problem",
    "Rendered",
    "explain",
    "load",
    "names",
    "tfvars",
    "write",
]
