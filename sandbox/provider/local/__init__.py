"""Providers that ask no API: hashicorp/archive, external, http, local, null, random, time and tls, a file a type.

A root of somebody's own, or a module of others, often has a `random_id` or zips a function. They behave as the real
ones do, but that a given `seed` leads to other values (the same ones each time), that an archive is compressed by
another library, and that their ephemeral resources are not served.
"""

from .catalogue import PROVIDERS
from .servicer import LocalProvider

__all__ = ["PROVIDERS", "LocalProvider"]
