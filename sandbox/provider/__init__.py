"""The embedded Terraform provider: `hashicorp/google` as the sandbox serves it.

Terraform connects through TF_REATTACH_PROVIDERS (`reattach`) to a socket of the sandbox process (`serve`).
What is served is driven by tables; the engine is general:

- `tables/<product>/<type>.table`: one resource type: its fields, URLs and rules (grammar: `table.py`);
  `tables/provider.table`: the arguments of the provider block.
- `schema.py` makes the schema Terraform sees, `validation.py` refuses what cannot be, `plan.py` and `planning.py` make
  the plan, `expand.py` and `flatten.py` translate between Terraform's values and the API's documents, `resource.py`
  creates, reads, updates and deletes, `grants.py` does so for single members of IAM policies, `importing.py`
  understands import ids, `lifecycle.py` picks among them, `api.py` calls the control plane's dispatch.
- `servicer.py` speaks the plugin protocol, `server.py` and `front.py` hold the socket; each connection has the
  settings of its own provider block.
- `hooks/<product>.py`: what is not the general case (`hooks/registry.py` lists the points).
- `suppress/`: spellings of one value that are no difference.

A new resource type is a new table. Give it `noun`, `service`, `id` and the calls; run its plan and a full cycle
(tests/integration/provider); add a hook only where the real provider does something of its own.
"""

from sandbox.provider.server import Serving, reattach, serve
from sandbox.provider.servicer import Provider

__all__ = ["Provider", "Serving", "reattach", "serve"]
