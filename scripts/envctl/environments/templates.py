"""`${project_id}`, `${region}` and `${environment}` in texts. `$${` stands for a `${` that is meant as such."""

from __future__ import annotations

import re
from collections.abc import Mapping

VARIABLES = ("environment", "project_id", "region")

_VARIABLE = re.compile(r"(?P<escape>\$\$\{)|\$\{(?P<name>[^}]*)\}?")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced; an unknown one stays as it is.

    >>> fill("${region}-docker.pkg.dev", {"region": "asia-south1"})
    'asia-south1-docker.pkg.dev'
    >>> fill("$${region}", {"region": "asia-south1"})
    '${region}'
    """

    def replace(match: re.Match[str]) -> str:
        return "${" if match["escape"] else values.get(match["name"], match.group())

    return _VARIABLE.sub(replace, text)


def unknown_variables(text: str) -> list[str]:
    """The variables in a text that there are not.

    >>> unknown_variables("${project}.${region}")
    ['project']
    """
    return [m["name"] for m in _VARIABLE.finditer(text) if not m["escape"] and m["name"] not in VARIABLES]
