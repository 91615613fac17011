"""A real mailbox: a private Dovecot with its own configuration, folders and port, on loopback.

Mails are put into its folders as a mail server puts them there; everything else is IMAP. As root it runs its parts
under the accounts that Debian made for it, otherwise all of it under ours.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.counterparts.missing import missing

HOST = "127.0.0.1"
PASSWORD = "p:a/ss@w+rd"
PROGRAMS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
MAILS = 1000  # the user and group whose the mails are where root runs it; no account is needed for them
PATIENCE = 60  # seconds until the server has to be there; reached only when something is broken

CERTIFICATE = Path(__file__).parents[1] / "bot" / "channels" / "mail" / "localhost.pem"

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
listen = {host}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%u
mail_max_userip_connections = 50
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {encrypted}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True, slots=True)
class MailFolder:
    """One person's mailbox as a test sees it."""

    port: int
    encrypted: int  # the port where TLS comes first
    user: str
    path: Path
    numbers: Iterator[int]

    @property
    def url(self) -> str:
        return f"imap://{self.user}:{quote(PASSWORD, safe='')}@{HOST}:{self.port}/INBOX"

    @property
    def url_by_tls(self) -> str:
        return f"imaps://{self.user}:{quote(PASSWORD, safe='')}@{HOST}:{self.encrypted}/INBOX"

    def deliver(self, data: bytes) -> None:
        """A mail arrives."""
        name = f"{next(self.numbers):06}.test"
        draft = self.path / "tmp" / name
        draft.write_bytes(data)
        if os.geteuid() == 0:
            os.chown(draft, MAILS, MAILS)
        draft.rename(self.path / "new" / name)

    def unread(self) -> list[str]:
        """The names of what nobody has marked as read."""
        lying = [path.name for part in ("new", "cur") for path in (self.path / part).iterdir()]
        return sorted(name for name in lying if "S" not in name.partition(":2,")[2])

    def empty(self) -> None:
        """Somebody deletes everything."""
        for part in ("new", "cur"):
            for path in (self.path / part).iterdir():
                path.unlink()


class Mailboxes:
    """The server; it can be stopped and started again in the middle of a test."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._numbers = count(1)
        self.port, self.encrypted = _free_port(), _free_port()

    def start(self) -> None:
        (self._home / "dovecot.conf").write_text(_configuration(self._home, self.port, self.encrypted))
        program = shutil.which("dovecot", path=PROGRAMS) or "dovecot"
        command = [program, "-F", "-c", str(self._home / "dovecot.conf")]
        with (self._home / "words").open("ab") as words:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=words, stderr=words)
        self._wait()

    def stop(self) -> None:
        """It says BYE to whoever is connected."""
        self._process.terminate()
        self._process.wait(PATIENCE)

    def _wait(self) -> None:
        """Until it takes connections; where it ends instead, its own words are the error."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection((HOST, self.port), timeout=PATIENCE).close()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self._home / "words").read_text()) from None

    def folder(self) -> MailFolder:
        """An empty mailbox of a new user."""
        user = f"user{next(self._numbers)}"
        path = self._home / "mail" / user
        for part in ("new", "cur", "tmp"):
            (path / part).mkdir(parents=True)
        if os.geteuid() == 0:
            for place in (path, *path.iterdir()):
                os.chown(place, MAILS, MAILS)
        return MailFolder(self.port, self.encrypted, user, path, count(1))


@pytest.fixture(scope="session")
def mailboxes() -> Iterator[Mailboxes]:
    """One server per process of the run; most tests ask for ``mail_folder``."""
    if shutil.which("dovecot", path=PROGRAMS) is None or not Path("/usr/lib/dovecot/imap").exists():
        missing("dovecot-imapd", "not installed")
    # Not under pytest's own folder: the accounts that parts of it run under have to be able to enter.
    home = Path(tempfile.mkdtemp(prefix="engawa-dovecot-"))
    home.chmod(0o755)
    (home / "mail").mkdir(mode=0o755)
    server = Mailboxes(home)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def mail_folder(mailboxes: Mailboxes) -> MailFolder:
    return mailboxes.folder()


def _configuration(home: Path, port: int, encrypted: int) -> str:
    root = os.geteuid() == 0
    me, mine = _account()
    return CONFIGURATION.format(
        home=home,
        host=HOST,
        port=port,
        encrypted=encrypted,
        certificate=CERTIFICATE,
        password=PASSWORD,
        internal="dovecot" if root else me,
        internal_group="dovecot" if root else mine,
        login="dovenull" if root else me,
        uid=MAILS if root else os.geteuid(),
        gid=MAILS if root else os.getegid(),
    )


def _account() -> tuple[str, str]:
    """The names of our own user and group."""
    named = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True).stdout.strip()
    return named, group


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port
