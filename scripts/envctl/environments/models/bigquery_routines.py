"""BigQuery's routines: functions, table functions and procedures, and the types that their arguments have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from .base import FieldError, FileContent, Model, Template, matching
from .iam import Grants

_SIMPLE = frozenset(
    {
        "INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC", "BOOL", "STRING", "BYTES", "DATE", "DATETIME", "TIME", "TIMESTAMP",
        "GEOGRAPHY", "JSON", "INTERVAL",
    }
)  # fmt: skip
_TOKEN = re.compile(r"\s*([A-Za-z_]\w*|[<>,])")
SAYS = 'a type of GoogleSQL, such as "FLOAT64", "ARRAY<STRING>" or "STRUCT<symbol STRING, price NUMERIC>"'


def standard_type(text: str) -> dict[str, Any]:
    """A type of GoogleSQL as BigQuery's API has it.

    >>> standard_type("ARRAY<INT64>")
    {'typeKind': 'ARRAY', 'arrayElementType': {'typeKind': 'INT64'}}

    Raises:
        ValueError: it is no type.
    """
    tokens = list(_tokens(text))
    found = _read(tokens, text)
    if tokens:
        raise ValueError(f'"{text}" is not {SAYS}')
    return found


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f'"{text}" is not {SAYS}')
        yield match[1]
        at = match.end()


def _read(tokens: list[str], text: str) -> dict[str, Any]:
    def take(wanted: str | None = None) -> str:
        if not tokens or (wanted is not None and tokens[0] != wanted):
            raise ValueError(f'"{text}" is not {SAYS}')
        return tokens.pop(0)

    word = take().upper()
    if word in _SIMPLE:
        return {"typeKind": word}
    if word == "ARRAY":
        take("<")
        element = _read(tokens, text)
        take(">")
        if element["typeKind"] == "ARRAY":
            raise ValueError(f'"{text}": BigQuery has no arrays of arrays')
        return {"typeKind": "ARRAY", "arrayElementType": element}
    if word != "STRUCT":
        raise ValueError(f'"{text}" is not {SAYS}')
    take("<")
    fields: list[dict[str, Any]] = []
    while not fields or (tokens and tokens[0] == "," and take()):
        name = take()
        fields.append({"name": name, "type": _read(tokens, text)})
    take(">")
    return {"typeKind": "STRUCT", "structType": {"fields": fields}}


def _checked(text: str) -> str:
    standard_type(text)
    return text


SqlType = Annotated[str, AfterValidator(_checked)]
RoutineId = Annotated[str, matching(r"[A-Za-z0-9_]{1,256}", "a routine id: letters, digits or _ (at most 256)")]
_NAME = matching(r"[A-Za-z_][A-Za-z0-9_]{0,127}", "a name: letters, digits or _, not begun by a digit")


class Argument(Model):
    """An argument of a routine."""

    name: Annotated[str, _NAME]
    type: SqlType | None = Field(default=None, description="Without one, any type: of functions in SQL only.")
    mode: Literal["IN", "OUT", "INOUT"] | None = Field(default=None, description="Of procedures only.")


class Column(Model):
    """A column that a table function returns."""

    name: Annotated[str, _NAME]
    type: SqlType


class Routine(Model):
    """A function, a table function or a procedure. Its type is for good: another one replaces it."""

    type: Literal["SCALAR_FUNCTION", "TABLE_VALUED_FUNCTION", "PROCEDURE"] = "SCALAR_FUNCTION"
    language: Literal["SQL", "JAVASCRIPT"] = "SQL"
    description: str = ""
    body: Annotated[str, Template()] | None = Field(
        default=None,
        min_length=1,
        description="An expression, a query, or a procedure's statements. Tables are named with their project.",
    )
    body_file: Annotated[str, FileContent("text")] | None = Field(
        default=None, description="A file below envs/ instead. In SQL, `${project_id}` and the like are replaced."
    )
    arguments: list[Argument] = []
    returns: SqlType | None = Field(default=None, description="Needed in JavaScript; in SQL it follows from the body.")
    returns_table: list[Column] = Field(default=[], description="Of table functions; it follows from the body.")
    libraries: list[Annotated[str, matching(r"gs://\S+", 'an object, such as "gs://my-bucket/lib.js"')]] = Field(
        default=[], description="JavaScript files in Cloud Storage."
    )
    determinism: Literal["DETERMINISTIC", "NOT_DETERMINISTIC"] | None = Field(
        default=None, description="Of functions in JavaScript: whether BigQuery may keep their results."
    )
    security: Literal["DEFINER", "INVOKER"] | None = Field(default=None, description="Whose rights a procedure has.")
    masking: bool = Field(default=False, description="The function masks columns, by data policies.")
    grants: Grants = {}

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if (self.body is None) == (self.body_file is None):
            raise ValueError("has a body or a body_file")
        if len({argument.name.lower() for argument in self.arguments}) < len(self.arguments):
            raise FieldError("names each argument once", "arguments")
        script, procedure = self.language == "JAVASCRIPT", self.type == "PROCEDURE"
        if script and self.type != "SCALAR_FUNCTION":
            raise FieldError(f"a routine of type {self.type} is in SQL", "language")
        if script and self.returns is None:
            raise FieldError("a function in JavaScript needs a returns", "language")
        if self.libraries and not script:
            raise FieldError("only functions in JavaScript have libraries", "libraries")
        if self.determinism and not script:
            raise FieldError("only functions in JavaScript say how deterministic they are", "determinism")
        if self.security and not procedure:
            raise FieldError("only procedures say whose rights they have", "security")
        if self.returns and self.type != "SCALAR_FUNCTION":
            raise FieldError("only scalar functions have a returns", "returns")
        if self.returns_table and self.type != "TABLE_VALUED_FUNCTION":
            raise FieldError("only table functions have a returns_table", "returns_table")
        if self.masking and (self.type != "SCALAR_FUNCTION" or script or len(self.arguments) != 1 or not self.returns):
            raise FieldError("what masks is a function in SQL with one argument and a returns", "masking")
        for index, argument in enumerate(self.arguments):
            if argument.mode and not procedure:
                raise FieldError("only arguments of procedures have a mode", "arguments", index, "mode")
            if argument.type is None and (script or self.type != "SCALAR_FUNCTION"):
                raise FieldError("only arguments of functions in SQL are of any type", "arguments", index)
        return self
