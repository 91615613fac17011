"""A real mail server: a private Postfix with its own configuration, queue and port, relaying to a sink.

It accepts from loopback, tries again within a second or two, and returns real delivery reports, which it relays to
the same sink.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.counterparts.missing import missing
from tests.counterparts.smtp import HOST, Sink

PROGRAMS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])

MAIN = """
compatibility_level = 2
myhostname = mta.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = permit_mynetworks, reject
relayhost = [{host}]:{relay_port}
disable_dns_lookups = yes
smtp_tls_security_level = none
smtpd_tls_security_level = none
smtputf8_enable = yes
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file_prefixes = {home}
maillog_file = {home}/mail.log
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
"""

# Service, type, private, unprivileged, chroot, wake-up, most processes, command.
MASTER = """
{host}:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""


@dataclass(frozen=True, slots=True)
class Mta:
    """The mail server as a test sees it; what it delivers arrives in ``sink``."""

    host: str
    port: int
    sink: Sink
    log: Path

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"


@pytest.fixture(scope="session")
def running_postfix() -> Iterator[Mta]:
    """One server per process of the run; tests ask for ``postfix``."""
    if shutil.which("postfix", path=PROGRAMS) is None:
        missing("postfix", "not installed")
    if os.geteuid() != 0:
        missing("postfix", "it can be started by root only")
    # Not under pytest's own folder: Postfix's account has to be able to enter.
    home = Path(tempfile.mkdtemp(prefix="engawa-postfix-"))
    home.chmod(0o755)
    sink = Sink()
    sink.start()
    mta = Mta(HOST, _free_port(), sink, home / "mail.log")
    _configure(home, mta)
    _tell(home, "postfix", "start")
    yield mta
    _tell(home, "postfix", "stop")
    sink.stop()
    shutil.rmtree(home)


@pytest.fixture
def postfix(running_postfix: Mta) -> Iterator[Mta]:
    """The server with an empty queue and an empty, well-behaved sink."""
    running_postfix.sink.forget()
    yield running_postfix
    _tell(running_postfix.log.parent, "postsuper", "-d", "ALL")


def _configure(home: Path, mta: Mta) -> None:
    (home / "queue").mkdir()
    (home / "data").mkdir()
    shutil.chown(home / "data", "postfix")
    (home / "main.cf").write_text(MAIN.format(home=home, host=HOST, relay_port=mta.sink.port))
    (home / "master.cf").write_text(MASTER.format(host=HOST, port=mta.port))


def _tell(home: Path, program: str, *words: str) -> None:
    """Run one of Postfix's programs on the private instance; on failure its own words are the error."""
    command = [shutil.which(program, path=PROGRAMS) or program, "-c", str(home), *words]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        log = home / "mail.log"
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}{log.read_text() if log.exists() else ''}")


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port
