"""DDL of Spanner, in both dialects: read statement by statement, against what stands in the schema.

What is checked: that a statement is one of Spanner's, its brackets and texts, names that must or must not be there,
columns, types of GoogleSQL, keys, interleaving and references. What isn't: expressions (queries of views, checks,
defaults, generated columns) and the options of all but databases.
"""

from sandbox.apis.spanner.ddl.schema import Schema as Schema
from sandbox.apis.spanner.ddl.statements import Statement as Statement
from sandbox.apis.spanner.ddl.statements import parse as parse
