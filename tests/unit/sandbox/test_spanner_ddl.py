"""Spanner's DDL: what is one of its statements, and what a schema lets be done."""

from __future__ import annotations

import pytest

from sandbox.apis.spanner.ddl import Schema, parse
from sandbox.control.errors import ApiError

SINGERS = "CREATE TABLE Singers (Id INT64 NOT NULL, Name STRING(1024), Tags ARRAY<STRING(MAX)>) PRIMARY KEY (Id)"
ALBUMS = (
    "CREATE TABLE Albums (Id INT64, Album INT64, Title STRING(MAX) DEFAULT ('a, b')) PRIMARY KEY (Id, Album), "
    "INTERLEAVE IN PARENT Singers ON DELETE CASCADE"
)


def made(*statements: str, postgres: bool = False) -> Schema:
    return Schema.of(statements, postgres=postgres)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE One (x INT64) PRIMARY KEY ()",
        "CREATE TABLE IF NOT EXISTS `Singers` (x INT64) PRIMARY KEY (x)",
        "CREATE TABLE V (id UUID DEFAULT (NEW_UUID()), e ARRAY<FLOAT32>(vector_length=>128)) PRIMARY KEY (id)",
        "CREATE TABLE S (id STRING(36) PRIMARY KEY, at TIMESTAMP OPTIONS (allow_commit_timestamp = true))",
        "CREATE TABLE F (id INT64, s INT64, FOREIGN KEY (s) REFERENCES Singers (Id), CHECK (s > 0)) PRIMARY KEY (id)",
        "CREATE UNIQUE NULL_FILTERED INDEX ByName ON Singers (Name DESC) STORING (Tags)",
        "CREATE SEARCH INDEX Words ON Singers (Name)",
        "CREATE VIEW Names SQL SECURITY INVOKER AS SELECT s.Name FROM Singers AS s WHERE s.Id < 3",
        "CREATE CHANGE STREAM Everything FOR ALL",
        "CREATE SEQUENCE Numbers OPTIONS (sequence_kind = 'bit_reversed_positive')",
        "CREATE ROLE reader",
        "CREATE SCHEMA sales",
        "CREATE PROPERTY GRAPH Music NODE TABLES (Singers)",
        "GRANT SELECT ON TABLE Singers TO ROLE reader",
        "ALTER TABLE Singers ADD COLUMN Born DATE",
        "ALTER TABLE Singers ALTER COLUMN Name STRING(MAX) NOT NULL",
        "ALTER TABLE Singers DROP COLUMN Name",
        "RENAME TABLE Singers TO Artists",
        "DROP TABLE IF EXISTS Nothing",
        "-- why\nDROP TABLE Singers;",
        "ANALYZE",
    ],
)
def test_statements_of_googlesql(statement: str) -> None:
    made(SINGERS).apply(parse(statement, postgres=False))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE TABL x (y INT64) PRIMARY KEY (y)", "line 1, column 8: Encountered 'TABL'"),
        ("SELECT 1", "Encountered 'SELECT' while parsing: ddl_statement"),
        ("CREATE TABLE x (y INT64 PRIMARY KEY (y)", "Expecting ')'"),
        ("CREATE TABLE x (y INT) PRIMARY KEY (y)", "Encountered 'INT' while parsing: column_type"),
        ("CREATE TABLE x (y STRING) PRIMARY KEY (y)", "Expecting a length"),
        ("CREATE TABLE x (y INT64)", "Expecting 'PRIMARY'"),
        ("CREATE TABLE x (y INT64) PRIMARY KEY (z)", "references nonexistent key column z"),
        ("CREATE TABLE x (y INT64) PRIMARY KEY (y), INTERLEAVE IN PARENT Nothing", "Table not found: Nothing"),
        ("CREATE TABLE x (y INT64) PRIMARY KEY (y), INTERLEAVE IN PARENT Singers", "key columns of its parent"),
        ("CREATE TABLE singers (y INT64) PRIMARY KEY (y)", "Duplicate name in schema: singers"),
        ("CREATE INDEX i ON Nothing (y)", "Table not found: Nothing"),
        ("CREATE INDEX i ON Singers (y)", "Column not found in table Singers: y"),
        (
            "CREATE TABLE x (y INT64, FOREIGN KEY (y) REFERENCES Nothing (z)) PRIMARY KEY (y)",
            "Table not found: Nothing",
        ),
        ("ALTER TABLE Singers ADD COLUMN name STRING(MAX)", "Duplicate column name Singers.name"),
        ("ALTER TABLE Singers DROP COLUMN Id", "Cannot drop key column Id"),
        ("ALTER TABLE Singers DROP CONSTRAINT c", "c is not a constraint"),
        ("DROP TABLE Nothing", "Table not found: Nothing"),
        ("DROP INDEX Nothing", "Index not found: Nothing"),
        ("DROP TABLE Singers", "with interleaved tables: Albums"),
        ("DROP TABLE Albums", "with indices: ByTitle"),
        ("CREATE TABLE x (y STRING(MAX) DEFAULT ('open) PRIMARY KEY (y)", "Unclosed string literal"),
    ],
)
def test_statements_that_are_refused(statement: str, said: str) -> None:
    schema = made(SINGERS, ALBUMS, "CREATE INDEX ByTitle ON Albums (Title)")
    with pytest.raises(ApiError) as refused:
        schema.apply(parse(statement, postgres=False))
    assert said in refused.value.message


def test_what_is_dropped_is_forgotten_with_what_changed_it() -> None:
    schema = made(
        SINGERS, "CREATE TABLE B (x INT64) PRIMARY KEY (x)", "ALTER TABLE B ADD COLUMN y INT64", "DROP TABLE B"
    )
    assert schema.statements == [SINGERS]
    assert made(*schema.statements).statements == [SINGERS]


def test_a_table_that_is_renamed_is_made_again_under_its_new_name() -> None:
    schema = made(SINGERS, "RENAME TABLE Singers TO Artists")
    assert set(made(*schema.statements).tables) == {"artists"}
    schema.apply(parse("DROP TABLE Artists", postgres=False))
    assert schema.statements == []


def test_statements_of_postgresql() -> None:
    schema = made(
        "CREATE TABLE lots (id bigint PRIMARY KEY, symbol varchar(20) DEFAULT 'x', \"Of\" text)",
        "CREATE INDEX by_symbol ON lots (symbol)",
        "ALTER TABLE lots ADD COLUMN size bigint",
        "CREATE SEQUENCE numbers BIT_REVERSED_POSITIVE",
        "CREATE VIEW seen SQL SECURITY INVOKER AS SELECT id::text FROM lots",
        postgres=True,
    )
    assert set(schema.tables["lots"].columns) == {"id", "symbol", "of", "size"}
