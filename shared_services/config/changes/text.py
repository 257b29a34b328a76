"""A layer as YAML that the strict reader reads back exactly: texts in quotes, numbers as they are."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import yaml

from shared_services.errors import InputError

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})  # what YAML 1.1 takes for no text


def layer_text(values: dict[str, Any], header: str = "") -> str:
    """A layer as the text of its object.

    >>> print(layer_text({"limits": {"orders_per_minute": 60}, "opens": "09:20"}, "version 3"), end="")
    # version 3
    limits:
      orders_per_minute: 60
    opens: "09:20"
    """
    lines = "".join(f"# {' '.join(line.split())}\n" for line in header.splitlines())
    if not values:
        return lines + "{}\n"
    return lines + yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def sound(value: Any, depth: int = 0) -> Any:
    """The value, where JSON, YAML and 64-bit readers hold it alike.

    >>> sound({"symbols": ("TCS", "INFY")})
    {'symbols': ['TCS', 'INFY']}

    Raises:
        InputError: something else is in it.
    """
    if depth > 20:
        raise InputError("the change is nested too deeply")
    if isinstance(value, Mapping):
        return {sound(str(key), depth): sound(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [sound(item, depth + 1) for item in value]
    if (
        isinstance(value, str)
        and not value.isprintable()
        and re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", value)
    ):
        raise InputError("the change holds a character that no text has")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError("the change holds a number that is not finite")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**18:
        raise InputError("the change holds a number that is too large")
    return value


class _Dumper(yaml.SafeDumper):
    """Block style, and no aliases: what two places say is said twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Key(str):
    __slots__ = ()


def _mapping(dumper: yaml.SafeDumper, data: dict[str, Any]) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", {_Key(key): item for key, item in data.items()}.items())


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style='"')


def _key(dumper: yaml.SafeDumper, data: _Key) -> yaml.Node:
    text = str(data)
    style = None if _PLAIN_KEY.fullmatch(text) and text.lower() not in _WORDS else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Key, _key)
