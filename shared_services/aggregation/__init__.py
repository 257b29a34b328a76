"""Log lines from files, Cloud Logging and standard input into one table, each once."""
