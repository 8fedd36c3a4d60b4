"""A real Postfix on loopback that delivers into maildirs: everything it needs is in one folder.

Nothing of a Postfix that the machine may run is touched: queue, data, configuration and ports are
its own. It drops root itself, so only root can start it.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.notifications.lines import LOOPBACK
from tests.notifications.servers import Certificate, needed

#: mail to any of these names @voorbeeld.example is delivered; other names are refused at once, and
#: mail for elsewhere is taken and comes back: nothing leaves the machine
RECEIVERS = ("ann", "bea", "wim", "hanna", "fatima", "joke")
DOMAIN = "voorbeeld.example"
_DAEMONS = ("/usr/lib/postfix/sbin", "/usr/libexec/postfix", "/usr/lib/postfix")
_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {daemons}
command_directory = {commands}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.{domain}
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
default_transport = elsewhere
relay_transport = elsewhere
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {receivers} }}
virtual_transport = virtual
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
bounce_queue_lifetime = 1h
notify_classes =
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
virtual unix - n n - - virtual
elsewhere unix - n n - - pipe user=nobody argv=/bin/sh -c {{ exit 67 }}
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """A running mail server."""

    def __init__(self, folder: Path, certificate: Certificate):
        self.folder = folder
        self.domain = DOMAIN
        with closing(socket.create_server((LOOPBACK, 0))) as free:
            self.port = free.getsockname()[1]
        self._command = needed("postfix", "postfix")
        self._write(certificate)
        self._run("start")

    def _write(self, certificate: Certificate) -> None:
        owner = pwd.getpwnam("postfix")
        for name in ("etc", "queue", "data", "mail"):
            (self.folder / name).mkdir()
        for name in ("data", "mail"):
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        # it reads the key as root, but only where it may look
        key, cert = (shutil.copy(path, self.folder) for path in (certificate.key, certificate.path))
        values = {
            "folder": self.folder, "domain": DOMAIN, "port": self.port, "uid": owner.pw_uid,
            "gid": owner.pw_gid, "certificate": cert, "key": key,
            "daemons": next(path for path in _DAEMONS if Path(path, "master").exists()),
            "commands": Path(self._command).parent,
            "receivers": ", ".join(f"{{ {name}@{DOMAIN} = {name}/ }}" for name in RECEIVERS),
        }  # fmt: skip
        (self.folder / "etc" / "main.cf").write_text(_MAIN.format(**values), encoding="ascii")
        (self.folder / "etc" / "master.cf").write_text(_MASTER.format(**values), encoding="ascii")

    def _run(self, what: str) -> None:
        ran = subprocess.run(
            [self._command, "-c", self.folder / "etc", what], capture_output=True, text=True
        )
        if ran.returncode:
            log = self.folder / "postfix.log"
            said = log.read_text(encoding="utf-8") if log.exists() else ""
            raise AssertionError(f"postfix {what}: {ran.stderr}\n{said}")

    def address(self, name: str) -> str:
        """An address that is delivered here."""
        return f"{name}@{DOMAIN}"

    def paths(self, name: str) -> list[Path]:
        """The files in somebody's maildir."""
        return sorted((self.folder / "mail" / name / "new").glob("*"))

    def mails(self, name: str, count: int = 1, seconds: float = 20) -> list[EmailMessage]:
        """The mails of somebody, parsed, once there are so many of them."""
        end = time.monotonic() + seconds
        while len(self.paths(name)) < count:
            if time.monotonic() > end:
                said = (self.folder / "postfix.log").read_text(encoding="utf-8")
                raise AssertionError(f"{len(self.paths(name))} of {count} mails came\n{said}")
            time.sleep(0.05)
        read = [message_from_bytes(path.read_bytes(), policy=policy.default)
                for path in self.paths(name)]  # fmt: skip
        return [mail for mail in read if isinstance(mail, EmailMessage)]

    def stop(self) -> None:
        """End all its processes."""
        self._run("stop")


@pytest.fixture(scope="session")
def postfix(certificate: Certificate) -> Iterator[Postfix]:
    """A Postfix that was started for this run."""
    needed("postfix", "postfix")
    if os.geteuid() != 0:
        pytest.skip("only root can start a mail server that delivers into maildirs")
    # a folder of its own: those of pytest are closed to the user that delivers
    with tempfile.TemporaryDirectory(prefix="brug-postfix-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Postfix(folder, certificate)
        try:
            yield server
        finally:
            server.stop()
