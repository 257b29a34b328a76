"""Which statement it is, and of what."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.apis.spanner.ddl.tokens import Token, tokens, wrong

# What is created, altered and dropped; the longest first, so that it is found first.
_KINDS = (
    *(("PROPERTY", "GRAPH"), ("PROTO", "BUNDLE"), ("CHANGE", "STREAM"), ("SEARCH", "INDEX"), ("VECTOR", "INDEX")),
    *(("LOCALITY", "GROUP"), ("TABLE",), ("INDEX",), ("VIEW",), ("SEQUENCE",), ("ROLE",), ("SCHEMA",), ("MODEL",)),
    *(("PLACEMENT",), ("FUNCTION",), ("DATABASE",), ("STATISTICS",)),
)
_BEFORE = {"CREATE": ("OR", "REPLACE", "UNIQUE", "NULL_FILTERED"), "ALTER": (), "DROP": ()}
_ONLY = {"DATABASE": ("ALTER",), "STATISTICS": ("ALTER",)}
_UNNAMED = ("PROTO BUNDLE",)
_ALONE = ("GRANT", "REVOKE", "ANALYZE", "RENAME")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: what it does (`CREATE`), to what kind of thing (`TABLE`) of which name, and the words behind."""

    text: str
    verb: str
    kind: str
    name: str
    rest: tuple[Token, ...]
    if_exists: bool = False
    replaces: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What it is about, in any letters; all kinds of index are of one kind."""
        return self.kind.split()[-1] if self.kind.endswith("INDEX") else self.kind, self.name.lower()


class Reader:
    """Words that are read one after the other."""

    def __init__(self, statement: str, words: list[Token]) -> None:
        self.statement, self.words, self.at = statement, words, 0

    @property
    def key(self) -> str:
        return self.words[self.at].key if self.at < len(self.words) else "EOF"

    def take(self, *keys: str) -> bool:
        """Whether these words come next, which are then behind."""
        if [word.key for word in self.words[self.at : self.at + len(keys)]] != list(keys):
            return False
        self.at += len(keys)
        return True

    def fail(self, problem: str) -> Exception:
        place = self.words[self.at].at if self.at < len(self.words) else len(self.statement)
        return wrong(self.statement, place, problem)

    def expect(self, *keys: str) -> None:
        """The next words must be these."""
        for key in keys:
            if not self.take(key):
                raise self.fail(f"Expecting '{key}' but found '{self.key}'")

    def name(self) -> str:
        """A name, with those of its schema before it."""
        parts = []
        while True:
            if self.at >= len(self.words) or not self.words[self.at].is_name:
                raise self.fail(f"Expecting an identifier but found '{self.key}'")
            parts.append(self.words[self.at].name)
            self.at += 1
            if not self.take("."):
                return ".".join(parts)

    @property
    def rest(self) -> tuple[Token, ...]:
        return tuple(self.words[self.at :])


def parse(text: str, *, postgres: bool) -> Statement:
    """A statement of DDL. Raises 400 for what isn't one."""
    words = tokens(text, postgres=postgres)
    while words and words[-1].text == ";":
        words.pop()
    read = Reader(text, words)
    for verb in _ALONE:
        if read.take(verb):
            return _alone(verb, read)
    verb = next((verb for verb in _BEFORE if read.take(verb)), "")
    if not verb:
        raise read.fail(f"Encountered '{read.key}' while parsing: ddl_statement")
    before = []
    while read.key in _BEFORE[verb]:
        before.append(read.key)
        read.at += 1
    kind = next((" ".join(kind) for kind in _KINDS if read.take(*kind)), "")
    if not kind or verb not in _ONLY.get(kind, tuple(_BEFORE)):
        raise read.fail(f"Encountered '{read.key}' while parsing: {verb.lower()}_statement")
    exists = read.take("IF", "NOT", "EXISTS") if verb == "CREATE" else read.take("IF", "EXISTS")
    name = "" if kind in _UNNAMED else read.name()
    return Statement(text, verb, kind, name, read.rest, exists, "REPLACE" in before)


def _alone(verb: str, read: Reader) -> Statement:
    """What is about other things."""
    if verb == "RENAME":
        read.expect("TABLE")
        old = read.name()
        read.expect("TO")
        return Statement(read.statement, verb, "TABLE", old, read.rest)
    if verb in ("GRANT", "REVOKE") and not read.rest:
        raise read.fail(f"Encountered 'EOF' while parsing: {verb.lower()}_statement")
    return Statement(read.statement, verb, "", "", read.rest)
