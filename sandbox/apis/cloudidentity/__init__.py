"""Cloud Identity v1: groups and who is in them. They are members of policies by their addresses, as any group is."""
