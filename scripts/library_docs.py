"""The reference of `shared_services`, from its docstrings."""

from __future__ import annotations

import ast
import enum
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SECTION = re.compile(r"(Args|Returns|Raises|Yields):")
_TITLES = {"Args": "Takes", "Returns": "Gives", "Raises": "Raises", "Yields": "Gives"}


def page(notice: str) -> str:
    """The whole page: every public name by the part it belongs to, with its signature, its text and its example."""
    import shared_services

    parts: dict[str, list[str]] = {}
    for name, part in public(Path(shared_services.__file__).with_suffix(".pyi")):
        parts.setdefault(part, []).append(name)
    lines = [notice, "# shared_services", "", *_paragraphs(shared_services.__doc__ or ""), ""]
    for part, names in sorted(parts.items()):
        lines += [f"- [{part}](#{part}): " + ", ".join(f"`{name}`" for name in sorted(names))]
    for part, names in sorted(parts.items()):
        lines += ["", f"## {part}", ""]
        for name in sorted(names):
            lines += _entry(name, getattr(shared_services, name))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def public(stub: Path) -> Iterator[tuple[str, str]]:
    """Each public name, and the part of the library that has it."""
    for statement in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ImportFrom):
            yield from ((name.name, str(statement.module).partition(".")[0]) for name in statement.names)


def members(thing: type) -> Iterator[tuple[str, Any]]:
    """A class's own public methods and properties that have a docstring."""
    for name, member in vars(thing).items():
        if name.startswith("_") and name != "__getitem__":
            continue
        function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if (inspect.isfunction(function) or isinstance(member, property)) and inspect.getdoc(member):
            yield name, member


def _entry(name: str, thing: Any) -> list[str]:
    text = inspect.getdoc(thing) if inspect.isclass(thing) or callable(thing) else None
    lines = [f"### {name}", ""]
    signature = _signature(name, thing)
    if signature:
        lines += ["```python", signature, "```", ""]
    lines += [*_paragraphs(text or ""), ""]
    if inspect.isclass(thing) and not issubclass(thing, BaseException | enum.Enum):
        for member_name, member in members(thing):
            if isinstance(member, property):
                lines += [f"**`.{member_name}`** {_first(member)}", ""]
            else:
                lines += [f"#### {name}.{member_name}", "", "```python", _signature(member_name, member), "```", ""]
                lines += [*_paragraphs(inspect.getdoc(member) or ""), ""]
    return lines


def _signature(name: str, thing: Any) -> str:
    if inspect.isclass(thing) and issubclass(thing, BaseException | enum.Enum):
        return ""
    function = thing.__func__ if isinstance(thing, classmethod | staticmethod) else thing
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return ""
    kept = [p for p in signature.parameters.values() if p.name not in {"self", "cls"}]
    text = f"{name}{signature.replace(parameters=kept)}"
    # Addresses, quoted annotations and modules' names say nothing to a reader.
    text = re.sub(r"<(?:function|class|object|module)? ?'?([\w.]+)[^>]*>", r"\1", text)
    text = re.sub(
        r"'([^']*)'", lambda m: m[1] if re.fullmatch(r"[\w.\[\], |]+", m[1]) and "=" not in m[0] else m[0], text
    )
    return text if len(text) <= 110 else _broken(text)


def _broken(text: str) -> str:
    """A long signature with a parameter a line."""
    head, _, rest = text.partition("(")
    depth, part, parts = 0, "", []
    for index, letter in enumerate(rest):
        if letter == ")" and not depth:
            tail = rest[index:]
            break
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            parts.append(part.strip())
            part = ""
        else:
            part += letter
    else:
        tail = ""
    parts += [part.strip()] if part.strip() else []
    return "\n".join([f"{head}(", *(f"    {each}," for each in parts), tail])


def _first(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").partition("\n\n")[0].replace("\n", " ")


def _paragraphs(text: str) -> list[str]:
    lines: list[str] = []
    in_code = False
    indent = ""
    for line in text.splitlines():
        code = line.startswith(">>>") or (in_code and line.strip() and not _SECTION.fullmatch(line))
        if code != in_code:
            lines += ["", "```python"] if code else ["```", ""]
            in_code = code
        if code:
            lines.append(re.sub(r"\s*# doctest:.*", "", line))
            continue
        match = _SECTION.fullmatch(line)
        if match:
            lines += [f"{_TITLES[match[1]]}:", ""]
            indent = "    "
        elif indent and line.startswith(indent):
            item = line[len(indent) :]
            name, colon, rest = item.partition(": ")
            if item.startswith(" "):
                lines[-1] += f" {item.strip()}"
            else:
                lines.append(f"- `{name}`: {rest}" if colon and " " not in name.replace(", ", "") else f"- {item}")
        else:
            indent = "" if line.strip() else indent
            lines.append(line)
    if in_code:
        lines.append("```")
    return lines
