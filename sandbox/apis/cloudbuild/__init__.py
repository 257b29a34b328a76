"""Cloud Build: triggers, connections to hosts of source code, and repositories. Nothing is built, no host is asked."""
