"""What the handlers and jobs of a process may use, built once in `server/app.py`."""

from concurrent.futures import Executor
from dataclasses import dataclass

from aiohttp import web

from evidence.locker import Intake
from evidence.objects.probe import ProvableStore
from server.auth.limits import RateLimits
from server.clock import Clock
from server.config import Settings
from server.db import Database
from server.media.processes import MediaProcesses
from server.snapshots import Snapshots


@dataclass(frozen=True)
class Services:
    """The parts of a process. `cpu` runs hashing and muxing, `store` runs store calls: one never starves the other."""

    settings: Settings
    database: Database
    clock: Clock
    objects: ProvableStore
    cpu: Executor
    store: Executor
    intake: Intake
    media: MediaProcesses
    limits: RateLimits
    snapshots: Snapshots
    link_secret: bytes


SERVICES = web.AppKey("services", Services)
