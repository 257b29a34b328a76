"""What a database's statements have made, and what the next one does to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sandbox.apis.spanner.ddl import columns
from sandbox.apis.spanner.ddl.columns import Table
from sandbox.apis.spanner.ddl.statements import Reader, Statement, parse
from sandbox.apis.spanner.ddl.tokens import split
from sandbox.control.errors import ApiError, failed_precondition, not_found

Key = tuple[str, str]
_OF_TABLES = ("TABLE", "INDEX", "VIEW")


@dataclass(slots=True)
class Schema:
    """Tables, and what else there is: kind and name → its name as it is spelt, and the table that it is of. `kept` is
    each statement that still counts, with what it is about.
    """

    postgres: bool
    tables: dict[str, Table] = field(default_factory=dict)
    others: dict[Key, tuple[str, str]] = field(default_factory=dict)
    kept: list[tuple[Key, str]] = field(default_factory=list)

    @classmethod
    def of(cls, statements: Iterable[str], *, postgres: bool) -> Schema:
        """What statements have made that were taken before."""
        schema = cls(postgres)
        for text in statements:
            schema.apply(parse(text, postgres=postgres))
        return schema

    @property
    def statements(self) -> list[str]:
        """The statements that make it."""
        return [text for _, text in self.kept]

    def apply(self, statement: Statement) -> None:
        """What a statement does. Raises what Google would answer for one that can't be carried out."""
        verb, kind = statement.verb, statement.kind
        if verb == "CREATE":
            self._create(statement)
        elif verb == "DROP":
            self._drop(statement)
        elif verb == "RENAME":
            self._rename(statement)
        elif verb == "ALTER" and kind == "TABLE":
            self._alter(statement)
        elif verb == "ALTER" and kind not in ("DATABASE", "STATISTICS", "PROTO BUNDLE"):
            if statement.key not in self.others:
                raise _missing(statement)
            self.kept.append((statement.key, statement.text))
        else:
            self.kept.append((statement.key, statement.text))

    def _taken(self, key: Key) -> bool:
        """Whether a name is there; tables, indexes and views share theirs."""
        if key[0] in _OF_TABLES:
            return key[1] in self.tables or any((kind, key[1]) in self.others for kind in _OF_TABLES[1:])
        return key in self.others

    def _create(self, statement: Statement) -> None:
        key = statement.key
        if self._taken(key):
            if statement.if_exists:
                return
            if not statement.replaces:
                raise failed_precondition(f"Duplicate name in schema: {statement.name}.")
            self._forget(key)
        if statement.kind == "TABLE":
            self.tables[key[1]] = self._table(statement)
        elif key[0] == "INDEX":
            self.others[key] = statement.name, self._indexed(statement)
        else:
            self.others[key] = statement.name, ""
        self.kept.append((key, statement.text))

    def _table(self, statement: Statement) -> Table:
        table, words = Table(statement.name), list(statement.rest)
        read = Reader(statement.text, words)
        if read.key != "(":
            raise read.fail(f"Expecting '(' but found '{read.key}'")
        parts, read.at = split(words, 0)
        columns.read(table, parts, statement.text, postgres=self.postgres)
        self._behind(table, read)
        if not table.key and not self.postgres and "()" not in statement.text.replace(" ", ""):
            raise read.fail(f"Expecting 'PRIMARY' but found '{read.key}'")
        for name in table.key:
            if name.lower() not in table.columns:
                raise failed_precondition(f"Table {table.name} references nonexistent key column {name}.")
        self._refer(table, table.references)
        return table

    def _behind(self, table: Table, read: Reader) -> None:
        """What follows a table's brackets: its key, whose rows it lies among, how long rows stay."""
        while read.at < len(read.words):
            if read.take("PRIMARY", "KEY"):
                if read.key != "(":
                    raise read.fail(f"Expecting '(' but found '{read.key}'")
                table.key = columns.names(read.words, read.at)
                _, read.at = split(read.words, read.at)
            elif read.take("INTERLEAVE", "IN"):
                whole = read.take("PARENT")
                parent = self._found(read.name())
                table.parent = parent.name if whole else ""
                own = [name.lower() for name in table.key[: len(parent.key)]]
                if whole and own != [name.lower() for name in parent.key]:
                    raise failed_precondition(
                        f"Interleaved table {table.name} must have the key columns of its parent {parent.name}, "
                        f"{', '.join(parent.key)}, as the first of its own."
                    )
            else:
                read.at += 1

    def _refer(self, table: Table, references: Sequence[tuple[str, list[str]]]) -> None:
        for name, wanted in references:
            other = table if name.lower() == table.name.lower() else self._found(name)
            self._check_columns(other, wanted)

    def _check_columns(self, table: Table, wanted: Iterable[str]) -> None:
        for name in wanted:
            if name.lower() not in table.columns:
                raise not_found(f"Column not found in table {table.name}: {name}")

    def _found(self, name: str) -> Table:
        if name.lower() not in self.tables:
            raise not_found(f"Table not found: {name}")
        return self.tables[name.lower()]

    def _indexed(self, statement: Statement) -> str:
        """The table that an index is of, which must have its columns; in PostgreSQL they may be expressions."""
        words = list(statement.rest)
        read = Reader(statement.text, words)
        read.expect("ON")
        name = read.name()
        read.take("USING") and read.name()
        if read.key != "(":
            raise read.fail(f"Expecting '(' but found '{read.key}'")
        if ("VIEW", name.lower()) in self.others:
            return name.lower()
        table = self._found(name)
        if not self.postgres:
            self._check_columns(table, columns.names(words, read.at))
        return table.name.lower()

    def _drop(self, statement: Statement) -> None:
        key = statement.key
        there = key[1] in self.tables if key[0] == "TABLE" else key in self.others
        if not there:
            if statement.if_exists:
                return
            raise _missing(statement)
        if key[0] == "TABLE":
            table = self.tables[key[1]]
            if indexes := sorted(
                name for (kind, _), (name, of) in self.others.items() if (kind, of) == ("INDEX", key[1])
            ):
                raise failed_precondition(f"Cannot drop table {table.name} with indices: {', '.join(indexes)}.")
            inner = [one.name for one in self.tables.values() if one.parent.lower() == key[1]]
            if inner:
                raise failed_precondition(
                    f"Cannot drop table {table.name} with interleaved tables: {', '.join(inner)}."
                )
            for one in self.tables.values():
                if one is not table and any(name.lower() == key[1] for name, _ in one.references):
                    raise failed_precondition(f"Cannot drop table {table.name}: the table {one.name} references it.")
        self._forget(key)

    def _forget(self, key: Key) -> None:
        self.tables.pop(key[1], None) if key[0] == "TABLE" else self.others.pop(key, None)
        self.kept = [one for one in self.kept if one[0] != key]

    def _alter(self, statement: Statement) -> None:
        table = self._found(statement.name)
        words = list(statement.rest)
        read = Reader(statement.text, words)
        if read.take("ADD"):
            self._add(table, read)
        elif read.take("DROP"):
            self._take_away(table, read)
        elif read.take("ALTER"):
            read.take("COLUMN")
            self._check_columns(table, [read.name()])
        self.kept.append((statement.key, statement.text))

    def _add(self, table: Table, read: Reader) -> None:
        if read.key in ("CONSTRAINT", "FOREIGN", "CHECK", "ROW", "SYNONYM", "UNIQUE"):
            before = len(table.references)
            columns.rule(table, list(read.rest))
            self._refer(table, table.references[before:])
            return
        read.take("COLUMN")
        exists = read.take("IF", "NOT", "EXISTS")
        part = list(read.rest)
        if not part:
            raise read.fail("Encountered 'EOF' while parsing: column_def")
        if part[0].name.lower() in table.columns:
            if exists:
                return
            raise failed_precondition(f"Duplicate column name {table.name}.{part[0].name}.")
        columns.column(table, part, read.statement, postgres=self.postgres)

    def _take_away(self, table: Table, read: Reader) -> None:
        if read.take("CONSTRAINT"):
            name = read.name()
            if name.lower() not in table.constraints:
                raise not_found(f"{name} is not a constraint in {table.name}.")
            table.constraints.discard(name.lower())
        elif read.key not in ("ROW", "SYNONYM"):
            read.take("COLUMN")
            name = read.name()
            self._check_columns(table, [name])
            if name.lower() in (each.lower() for each in table.key):
                raise failed_precondition(f"Cannot drop key column {name} from table {table.name}.")
            del table.columns[name.lower()]

    def _rename(self, statement: Statement) -> None:
        table = self._found(statement.name)
        new = Reader(statement.text, list(statement.rest)).name()
        if self._taken(("TABLE", new.lower())):
            raise failed_precondition(f"Duplicate name in schema: {new}.")
        old = table.name.lower()
        table.name = new
        self.tables[new.lower()] = self.tables.pop(old)
        for one in self.tables.values():
            one.parent = new if one.parent.lower() == old else one.parent
        self.others = {key: (name, new.lower() if of == old else of) for key, (name, of) in self.others.items()}
        before = [(("TABLE", new.lower()) if key == ("TABLE", old) else key, text) for key, text in self.kept]
        self.kept = [*before, (("TABLE", new.lower()), statement.text)]


def _missing(statement: Statement) -> ApiError:
    return not_found(f"{statement.kind.capitalize()} not found: {statement.name}")
