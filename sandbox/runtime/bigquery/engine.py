"""`python -m sandbox.runtime.bigquery.engine HOME STOPS ARGS…`: bqemulator with DuckDB's spatial extension at hand.

The extension comes from a Python package. DuckDB looks for extensions below the home directory, and would download
one that it does not find there, so the engine has a home of its own where the package's file is linked.
"""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sandbox.runtime.bigquery import default_dataset
from sandbox.runtime.bigquery.cells import replace_cells
from sandbox.runtime.bigquery.copies import replace_copies
from sandbox.runtime.bigquery.datasets_made import note_datasets
from sandbox.runtime.bigquery.destinations import replace_destinations
from sandbox.runtime.bigquery.extracts import replace_extracts
from sandbox.runtime.bigquery.function_statements import parse_functions
from sandbox.runtime.bigquery.functions import add_functions, add_macros
from sandbox.runtime.bigquery.javascript import run_javascript
from sandbox.runtime.bigquery.lean import answer_lean
from sandbox.runtime.bigquery.loads import replace_loads
from sandbox.runtime.bigquery.made import note_what_is_made
from sandbox.runtime.bigquery.names import give_names
from sandbox.runtime.bigquery.once import note_ends
from sandbox.runtime.bigquery.parameters import bind_by_type
from sandbox.runtime.bigquery.records import quote_fields
from sandbox.runtime.bigquery.scanned import count_bytes
from sandbox.runtime.bigquery.script_jobs import keep_children
from sandbox.runtime.bigquery.script_parameters import bind_scripts
from sandbox.runtime.bigquery.script_set import replace_set
from sandbox.runtime.bigquery.stops import heed_stops, tell_stops
from sandbox.runtime.bigquery.storage import add_storage
from sandbox.runtime.bigquery.temporary import keep_apart
from sandbox.runtime.bigquery.told import tell


def link_extension(home: Path) -> Path:
    """Make the spatial extension of this DuckDB available below `home`. Returns the link."""
    duckdb = import_module("duckdb")
    version = f"v{duckdb.__version__}"
    with duckdb.connect() as connection:
        platform = str(connection.execute("PRAGMA platform").fetchone()[0])
    found = find_spec("duckdb_extension_spatial")
    folders = found.submodule_search_locations if found else None
    for folder in folders or ():
        file = Path(folder) / "extensions" / version / "spatial.duckdb_extension"
        if file.is_file():
            break
    else:
        raise SystemExit(f"The package duckdb-extension-spatial has no extension for DuckDB {version}.")
    link = home / ".duckdb" / "extensions" / version / platform / file.name
    link.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if link.is_symlink() and link.readlink() == file:
        return link
    link.unlink(missing_ok=True)
    link.symlink_to(file)
    return link


def give_threads_cursors() -> None:
    """Let every worker thread use a DuckDB cursor of its own.

    bqemulator answers some requests in threads, all on one connection; DuckDB allows that only to cursors, and two
    requests at a time would read each other's results.
    """
    engine = import_module("bqemulator.storage.engine").DuckDBEngine
    shared = engine.connection.fget
    cursors = threading.local()

    def connection(self: Any) -> Any:
        main = shared(self)
        if threading.current_thread() is threading.main_thread():
            return main
        if getattr(cursors, "of", None) is not main:
            cursors.of, cursors.cursor = main, main.cursor()
            cursors.cursor.execute("SET TimeZone = 'UTC'")
            add_macros(cursors.cursor)
        return cursors.cursor

    engine.connection = property(connection)


def main() -> None:
    """Link the extension and become bqemulator."""
    home, stops, *arguments = sys.argv[1:]
    link_extension(Path(home))
    give_threads_cursors()
    replace_loads(Path(home).parent / "loads")
    replace_extracts()
    replace_copies()
    replace_destinations()
    add_functions()
    parse_functions()
    run_javascript()
    give_names()
    heed_stops(int(stops))
    note_ends()
    note_what_is_made()
    note_datasets()
    tell()
    keep_children()
    count_bytes()
    bind_scripts()
    bind_by_type()
    keep_apart()
    replace_set()
    quote_fields()
    replace_cells()
    default_dataset.apply()
    tell_stops()
    add_storage()
    answer_lean()
    import_module("bqemulator.cli").main(arguments)


if __name__ == "__main__":
    main()
