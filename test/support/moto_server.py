"""Serves moto on a free port, which it prints before it loads moto: until then calls wait in the socket's queue.

It ends with its standard input, so it never outlives the process that started it.
"""

import logging
import os
import signal
import socket
import sys
import threading

signal.signal(signal.SIGINT, signal.SIG_DFL)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
listening = socket.create_server(("127.0.0.1", 0), backlog=128)
print(listening.getsockname()[1], flush=True)

from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

logging.getLogger("werkzeug").setLevel(logging.ERROR)
make_server(
    "127.0.0.1",
    0,
    DomainDispatcherApplication(create_backend_app),
    threaded=True,
    request_handler=MotoRequestHandler,
    fd=listening.fileno(),
).serve_forever()
