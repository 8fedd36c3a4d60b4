"""A mail and a relay, and handing the one over to the other."""

from dataclasses import replace

from notifications.delivery import Connections
from notifications.outcomes import Outcome
from notifications.relay import Ready, Relay
from tests.builders import NOW
from tests.notifications.lines import Proxy
from tests.notifications.mails import SENDER, Plain, a_letter, rendered
from tests.notifications.servers import Sink

TO = "joke@taalhuis.voorbeeld"


def a_mail(to: str = TO, key: str = "digest:1") -> Plain:
    return rendered(a_letter(to), key=key, sender=SENDER, now=NOW)


def a_relay(server: Sink | Proxy, **options: object) -> Relay:
    return replace(Relay("127.0.0.1", server.port), **options)  # type: ignore[arg-type]


def hand_over(connections: Connections[str], mail: Ready) -> Outcome:
    """One mail, and how it ended."""
    connections.hand_over("", mail, sender=SENDER.email, key="digest:1")
    [(_, outcome)] = connections.finished()
    return outcome


def deliver(relay: Relay, *mails: Ready) -> list[Outcome]:
    with Connections[str](relay) as connections:
        return [hand_over(connections, mail) for mail in mails or [a_mail()]]
