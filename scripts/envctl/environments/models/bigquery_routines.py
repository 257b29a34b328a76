"""BigQuery's routines: functions, table functions and procedures, and the types that their arguments have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from .base import ConnectionPath, FieldError, FileContent, Model, ServicePath, Template, matching
from .iam import Grants

_SIMPLE = frozenset(
    {
        "INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC", "BOOL", "STRING", "BYTES", "DATE", "DATETIME", "TIME", "TIMESTAMP",
        "GEOGRAPHY", "JSON", "INTERVAL",
    }
)  # fmt: skip
# https://cloud.google.com/bigquery/docs/remote-functions#limitations
_REMOTE = _SIMPLE - {"GEOGRAPHY", "INTERVAL"}
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


class RemoteFunction(Model):
    """Where a function is carried out: a service of the platform, or any HTTPS endpoint, that answers rows."""

    connection: ConnectionPath = Field(description="Its identity calls; it needs the right to.")
    service: ServicePath | None = Field(default=None, description="Called at the address that follows from its name.")
    path: str = Field(default="/", pattern=r"^/")
    endpoint: Annotated[str, matching(r"https://\S+", 'an address, such as "https://…run.app"'), Template()] | None = (
        None
    )
    max_batching_rows: int | None = Field(default=None, ge=1, description="Rows of a request; by default BigQuery's.")
    context: dict[str, str] = Field(default={}, description="Sent with each request, as userDefinedContext.")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.service is None) == (self.endpoint is None):
            raise ValueError("calls a service or an endpoint: give one of the two")
        if self.endpoint is not None and self.path != "/":
            raise FieldError("an endpoint has its path in itself", "path")
        return self


_File = Annotated[str, matching(r"gs://\S+", 'an object, such as "gs://my-bucket/jobs/train.py"'), Template()]


class SparkProcedure(Model):
    """How Spark runs a procedure: its code is the body (in Python), a main_file, or a main_class of jars."""

    connection: ConnectionPath = Field(description="One for Spark; its identity reads the files and runs the job.")
    runtime_version: str | None = Field(default=None, description='Such as "2.2"; by default BigQuery\'s.')
    container_image: str | None = Field(default=None, description="An image with what the code needs.")
    main_file: _File | None = None
    main_class: str | None = None
    jars: list[_File] = []
    py_files: list[_File] = []
    files: list[_File] = []
    archives: list[_File] = []
    properties: dict[str, str] = Field(default={}, description='Of Spark, such as "spark.executor.instances".')


class Routine(Model):
    """A function, a table function or a procedure. Its type is for good: another one replaces it."""

    type: Literal["SCALAR_FUNCTION", "TABLE_VALUED_FUNCTION", "PROCEDURE"] = "SCALAR_FUNCTION"
    language: Literal["SQL", "JAVASCRIPT", "PYTHON", "JAVA", "SCALA"] = Field(
        default="SQL", description="Python, Java and Scala are of procedures for Spark."
    )
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
    returns: SqlType | None = Field(
        default=None, description="Needed in JavaScript and of what is remote; in SQL it follows from the body."
    )
    returns_table: list[Column] = Field(default=[], description="Of table functions; it follows from the body.")
    libraries: list[Annotated[str, matching(r"gs://\S+", 'an object, such as "gs://my-bucket/lib.js"')]] = Field(
        default=[], description="JavaScript files in Cloud Storage."
    )
    determinism: Literal["DETERMINISTIC", "NOT_DETERMINISTIC"] | None = Field(
        default=None, description="Of functions in JavaScript: whether BigQuery may keep their results."
    )
    security: Literal["DEFINER", "INVOKER"] | None = Field(default=None, description="Whose rights a procedure has.")
    masking: bool = Field(default=False, description="The function masks columns, by data policies.")
    remote: RemoteFunction | None = Field(default=None, description="Of a function that is carried out elsewhere.")
    spark: SparkProcedure | None = Field(default=None, description="Of a procedure that Spark runs.")
    grants: Grants = {}

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if len({argument.name.lower() for argument in self.arguments}) < len(self.arguments):
            raise FieldError("names each argument once", "arguments")
        written = (self.body is not None) + (self.body_file is not None)
        if self.remote:
            self._fits_remote(written)
        elif self.spark or self.language in ("PYTHON", "JAVA", "SCALA"):
            self._fits_spark(written)
        elif written != 1:
            raise ValueError("has a body or a body_file")
        self._fits_language()
        self._fits_type()
        return self

    def _fits_remote(self, written: int) -> None:
        if self.type != "SCALAR_FUNCTION" or self.language != "SQL" or self.spark or self.masking:
            raise FieldError("what is remote is a scalar function, without language, spark and masking", "remote")
        if written:
            raise FieldError("what is remote has no body and no body_file", "remote")
        if self.returns is None:
            raise FieldError("a remote function needs a returns", "remote")
        if self.returns.upper() not in _REMOTE:
            raise FieldError(f"remote functions return no {self.returns}", "returns")
        for index, argument in enumerate(self.arguments):
            if (argument.type or "").upper() not in _REMOTE:
                raise FieldError(
                    f"remote functions take no {argument.type or 'argument of any type'}", "arguments", index
                )

    def _fits_spark(self, written: int) -> None:
        if self.spark is None:
            raise FieldError(f"a routine in {self.language} is a procedure with a spark", "language")
        if self.type != "PROCEDURE" or self.language not in ("PYTHON", "JAVA", "SCALA"):
            raise FieldError("what has a spark is a procedure in PYTHON, JAVA or SCALA", "spark")
        code = written + (self.spark.main_file is not None) + (self.spark.main_class is not None)
        if code != 1:
            raise FieldError(
                "a procedure for Spark has one of a body, a body_file, a main_file and a main_class", "spark"
            )
        if written and self.language != "PYTHON":
            raise FieldError(f"a procedure in {self.language} has a main_file or a main_class, and no body", "spark")
        if self.spark.main_class and (self.language == "PYTHON" or not self.spark.jars):
            raise FieldError("a main_class is in JAVA or SCALA, in one of the jars", "spark", "main_class")
        if self.security:
            raise FieldError("a procedure for Spark has its connection's rights", "security")

    def _fits_language(self) -> None:
        script = self.language == "JAVASCRIPT"
        if script and self.type != "SCALAR_FUNCTION":
            raise FieldError(f"a routine of type {self.type} is in SQL", "language")
        if script and self.returns is None:
            raise FieldError("a function in JavaScript needs a returns", "language")
        if self.libraries and not script:
            raise FieldError("only functions in JavaScript have libraries", "libraries")
        if self.determinism and not script:
            raise FieldError("only functions in JavaScript say how deterministic they are", "determinism")
        if self.masking and (self.type != "SCALAR_FUNCTION" or script or len(self.arguments) != 1 or not self.returns):
            raise FieldError("what masks is a function in SQL with one argument and a returns", "masking")

    def _fits_type(self) -> None:
        procedure = self.type == "PROCEDURE"
        if self.security and not procedure:
            raise FieldError("only procedures say whose rights they have", "security")
        if self.returns and self.type != "SCALAR_FUNCTION":
            raise FieldError("only scalar functions have a returns", "returns")
        if self.returns_table and self.type != "TABLE_VALUED_FUNCTION":
            raise FieldError("only table functions have a returns_table", "returns_table")
        for index, argument in enumerate(self.arguments):
            if argument.mode and not procedure:
                raise FieldError("only arguments of procedures have a mode", "arguments", index, "mode")
            if argument.type is None and (self.language != "SQL" or self.type != "SCALAR_FUNCTION"):
                raise FieldError("only arguments of functions in SQL are of any type", "arguments", index)
