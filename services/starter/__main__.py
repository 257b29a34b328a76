"""`python -m services.starter`: serve on `$HOST:$PORT` until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType

from services.starter.app import Identity, Server, log


def main() -> int:
    """Serve; 0 after a signal, 1 where the port can't be had."""
    job = os.environ.get("CLOUD_RUN_JOB")
    if job:
        # A job's container ends by itself; there is nothing that this one could do.
        log("WARNING", "The job has no package yet: nothing was done", Identity(job, "", ""), kind="starter")
        return 0
    identity = Identity.of(os.environ)
    text = os.environ.get("PORT", "8080")
    host = os.environ.get("HOST", "127.0.0.1")
    if not text.isdigit() or int(text) > 65535:
        log("ERROR", f"PORT must be a number up to 65535, not '{text}'.", identity)
        return 1
    try:
        server = Server((host, int(text)), identity)
    except OSError as error:
        log("ERROR", f"Can't listen on {host}:{text}: {error.strerror}.", identity)
        return 1

    def stop(number: int, frame: FrameType | None) -> None:
        # shutdown() waits for serve_forever(), which runs in this very thread.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log("INFO", "Service started", identity, kind="starter", port=server.server_port)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    log("INFO", "Service stopped", identity)
    return 0


if __name__ == "__main__":
    sys.exit(main())
