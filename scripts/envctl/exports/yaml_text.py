"""YAML as people read it: keys in the order they were put in, long texts as blocks, nothing by reference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value.rstrip("\n") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def yaml_text(document: Any, head: str = "") -> str:
    """A document as YAML, below a comment.

    >>> yaml_text({"b": [1], "a": "on"}, "Made.")
    '# Made.\\nb:\\n  - 1\\na: "on"\\n'
    """
    comment = "".join(f"# {line}".rstrip() + "\n" for line in head.splitlines())
    text: str = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, default_flow_style=False, allow_unicode=True, width=110
    )
    return comment + text.replace("'on'", '"on"')


def yaml_documents(documents: Iterable[Any], head: str = "") -> str:
    """Several documents in one file."""
    texts = [yaml_text(document) for document in documents]
    return yaml_text({}, head).removesuffix("{}\n") + "---\n".join(texts)
