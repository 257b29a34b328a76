"""The relational database: SQLite by default, PostgreSQL where configured. Loaded when first used."""
