"""BigQuery's Storage API: sessions that read tables, and streams that write into them.

It has no REST: this is what its gRPC stands on (`sandbox/rpc`). Google's own HTTP rules of it don't tell some methods
apart, so the paths here are others. Rows go by `ReadRows` and `AppendRows`, which are streams and only there.
"""

from __future__ import annotations

from sandbox.apis.bigquerystorage import sessions, streams
from sandbox.control.router import Api, Route

_TABLE = "v1/projects/{project}/datasets/{dataset}/tables/{table}"
_READ_STREAM = "v1/projects/{project}/locations/{location}/sessions/{session}/streams/{stream}"
_WRITE_STREAM = f"{_TABLE}/streams/{{stream}}"

API = Api(
    "bigquerystorage.googleapis.com",
    "bigquerystorage",
    routes=[
        Route("POST", _TABLE, sessions.create, verb="createReadSession", data=True),
        Route("GET", _READ_STREAM, sessions.get_stream, data=True),
        Route("POST", _READ_STREAM, sessions.split, verb="split", data=True),
        Route("POST", _TABLE, streams.create, verb="createWriteStream", data=True),
        Route("POST", _TABLE, streams.commit, verb="batchCommit", data=True),
        Route("GET", _WRITE_STREAM, streams.get, data=True),
        Route("GET", f"{_TABLE}/{streams.DEFAULT}", streams.get, data=True),  # as Java's writer calls it
        Route("POST", _WRITE_STREAM, streams.finalize, verb="finalize", data=True),
        Route("POST", _WRITE_STREAM, streams.flush, verb="flush", data=True),
    ],
    flat=False,
    start=sessions.start,
)
