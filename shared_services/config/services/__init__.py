"""The models of the services' own files, `config/services/`, by subproject."""
