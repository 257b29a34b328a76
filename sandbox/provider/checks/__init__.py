"""Values that cannot be: what an argument may hold beyond its words, its range and its regular expression.

A field names its checks in the table (`check=json`, with an argument `check=length:1..256`). A check gets the value as
it is known, the argument's name as errors spell it (`rules.0.action`) and its own argument, and yields a sentence for
everything that is wrong. The sentences are hashicorp/google's, so that both providers refuse with the same words.
"""

from __future__ import annotations

from sandbox.provider.checks import addresses as addresses
from sandbox.provider.checks import identifiers as identifiers
from sandbox.provider.checks import products as products
from sandbox.provider.checks import texts as texts
from sandbox.provider.checks.registry import checked as checked
from sandbox.provider.checks.registry import names as names
