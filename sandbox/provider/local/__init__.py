"""Providers that ask no API: hashicorp/random, hashicorp/null and hashicorp/time, one file a type below `types`.

A root of somebody's own, or a module of others, often has a `random_id` or a `null_resource`. They behave as the real
ones do, but that a given `seed` leads to other values (the same ones each time), and that ephemeral resources are not
served.
"""

from .catalogue import PROVIDERS
from .servicer import LocalProvider

__all__ = ["PROVIDERS", "LocalProvider"]
