"""Importing a module does no work: no socket, no child, no written file, no thread, with an empty environment."""

import subprocess
import sys
from pathlib import Path

from tests.contract.source import PACKAGES, ROOT, module_name, python_files

IMPORT_ALL = """
import importlib, sys, threading
forbidden = {"socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.mkdir", "os.rename",
             "os.fork", "os.posix_spawn", "os.system", "sqlite3.connect", "tempfile.mkdtemp", "tempfile.mkstemp"}
def refuse(event, arguments):
    if event == "subprocess.Popen" and arguments[0].endswith("/ldconfig"):
        return  # ctypes looks for libc so when aioice's ifaddr is imported
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if event in forbidden or writes:
        raise RuntimeError(f"work at import: {event} {arguments}")
sys.addaudithook(refuse)
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    importlib.import_module(name)
print(threading.active_count(), "asyncio.events" in sys.modules and sys.modules["asyncio.events"]._get_running_loop())
"""


def test_importing_every_module_does_no_work(tmp_path: Path) -> None:
    names = [module_name(path) for path in python_files(*PACKAGES) if "migrations" not in path.parts]
    command = [sys.executable, "-B", "-c", IMPORT_ALL, str(ROOT), *names]
    run = subprocess.run(command, env={}, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (run.returncode, run.stdout) == (0, "1 None\n"), run.stderr[-3000:]
    assert list(tmp_path.iterdir()) == []
