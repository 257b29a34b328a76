"""The models of the files in `config/`, one file each."""
