"""`gunicorn -c deploy/gunicorn.conf.py`: Portico under gunicorn, for whoever runs everything else with it.

It wants gunicorn and uvicorn-worker beside Portico. `portico serve --workers N` needs neither.
"""

import os
import shutil
import tempfile
from typing import Any

from uvicorn_worker import UvicornWorker

from entrypoints.http.server import BoundedProtocol
from entrypoints.http.websocket import RoomProtocol


class Worker(UvicornWorker):  # type: ignore[misc]
    CONFIG_KWARGS = {  # noqa: RUF012 - the name and the type are the worker's
        "loop": "uvloop",
        "http": BoundedProtocol,
        "ws": RoomProtocol,
        "factory": True,
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "log_config": None,
        "timeout_graceful_shutdown": 10,
    }


# Counts add up in a folder that has to be known before a worker is made.
_COUNTS = os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="portico-metrics-"))

wsgi_app = "entrypoints.http.app:create_app"
worker_class = Worker
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
graceful_timeout = 15
timeout = 60


def on_exit(server: Any) -> None:
    shutil.rmtree(_COUNTS, ignore_errors=True)
