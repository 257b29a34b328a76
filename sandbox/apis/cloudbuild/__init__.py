"""Cloud Build: connections to hosts of source code and their repositories. Nothing is built, and no host is asked."""
