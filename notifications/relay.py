"""The mail server that takes our mails: where it is, how it is spoken to, whom it may be given."""

import ipaddress
from dataclasses import dataclass
from typing import Literal, Protocol

Security = Literal["auto", "starttls", "tls", "none"]


class Ready(Protocol):
    """A mail as `notifications.rendering` makes it."""

    @property
    def to_email(self) -> str: ...

    @property
    def message_id(self) -> str: ...

    @property
    def source(self) -> bytes: ...


@dataclass(frozen=True)
class Relay:
    """A mail server, and which addresses it may be given."""

    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    #: ``auto``: STARTTLS with a verified certificate, unless the relay is on this machine
    security: Security = "auto"
    #: the only addresses and ``@domains`` that are mailed; empty: everybody
    only_to: tuple[str, ...] = ()
    #: how we name ourselves to the mail server
    hello: str = "localhost"
    #: certificates to trust besides those of the system
    ca_file: str | None = None
    #: seconds to wait for a connection and for an answer
    timeout: float = 45
    #: seconds to wait for the answer to a whole mail: a server may deliver it in that time
    last_timeout: float = 600

    def may_mail(self, address: str) -> bool:
        """Whether an address is on the list, when there is one."""
        if not self.only_to:
            return True
        address = address.lower()
        domain = "@" + address.rpartition("@")[2]
        return any(each.lower() in (address, domain) for each in self.only_to)

    @property
    def on_this_machine(self) -> bool:
        """Whether mails do not leave this machine on their way to the relay."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"

    @property
    def starts_tls(self) -> bool:
        """Whether the connection must be made safe before anything is said."""
        return self.security == "starttls" or (self.security == "auto" and not self.on_this_machine)
