"""gRPC in front of the sandbox's REST: Google's clients speak it first, some speak nothing else.

A call is told apart by its full name (`/google.pubsub.v1.Publisher/CreateTopic`). What it takes, answers and means in
HTTP is read from Google's own client package of that API (`methods.py`), when its first call comes; `packages.py` says
which package that is. The request becomes the HTTP request that the package's REST transport would send
(`transcoding.py`), goes where HTTP requests go, and the answer comes back as a message or a status (`statuses.py`).

- `rules/*.rules`: HTTP rules of the packages that have no REST transport, and so hold none;
- `mixins.py`: operations, IAM policies and locations, which many APIs share;
- `streaming_pull.py` (Pub/Sub's subscribers), `log_tail.py`, `read_rows.py`, `append_rows.py`: what has no REST;
- `storage_*.py`: Cloud Storage, whose messages aren't its REST's;
- `server.py`: the port.
"""

from sandbox.rpc.server import Serving, serve

__all__ = ["Serving", "serve"]
