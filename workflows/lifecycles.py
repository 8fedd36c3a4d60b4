"""The two state machines that every route shares: a referral's and a mail message's."""

from dataclasses import dataclass

from core.words import Told


@dataclass(frozen=True)
class Lifecycle:
    """States, and for each event the states it may come from and the one it leads to."""

    name: str
    initial: str
    states: tuple[str, ...]
    #: event → (from states, to state)
    events: dict[str, tuple[tuple[str, ...], str]]

    @property
    def open_states(self) -> tuple[str, ...]:
        """The states that something can still come of."""
        left = {state for sources, _ in self.events.values() for state in sources}
        return tuple(state for state in self.states if state in left)


_ANSWERABLE = ("sent", "accepted", "waiting")

REFERRAL = Lifecycle(
    name="referral",
    initial="draft",
    states=(
        "draft",
        "sent",
        "accepted",
        "waiting",
        "declined",
        "started",
        "finished",
        "no_show",
        "withdrawn",
    ),
    events={
        "send": (("draft",), "sent"),
        "accept": (("sent", "waiting"), "accepted"),
        "wait": (("sent", "accepted"), "waiting"),
        "decline": (_ANSWERABLE, "declined"),
        "start": (_ANSWERABLE, "started"),
        "no_show": (("accepted", "waiting", "sent"), "no_show"),
        "finish": (("started",), "finished"),
        "withdraw": (("draft", "sent", "accepted", "waiting", "started"), "withdrawn"),
    },
)

MESSAGE = Lifecycle(
    name="message",
    initial="pending",
    states=("pending", "claimed", "data_started", "sent", "uncertain", "failed", "cancelled"),
    events={
        "claim": (("pending",), "claimed"),
        "start_data": (("claimed",), "data_started"),
        "release": (("claimed",), "pending"),
        "deliver": (("data_started",), "sent"),
        "lose_track": (("data_started",), "uncertain"),
        "fail": (("claimed", "data_started", "pending"), "failed"),
        "retry": (("claimed", "data_started", "uncertain", "failed"), "pending"),
        "cancel": (("pending", "claimed", "failed", "uncertain"), "cancelled"),
        # the relay took it and could not deliver it after all
        "bounce": (("sent", "uncertain", "pending"), "failed"),
    },
)

#: what a state is called on a screen
CALLED = {
    "draft": Told("draft"),
    "sent": Told("sent"),
    "accepted": Told("accepted"),
    "waiting": Told("on the waiting list"),
    "declined": Told("not suitable"),
    "started": Told("started"),
    "finished": Told("finished"),
    "no_show": Told("did not come"),
    "withdrawn": Told("withdrawn"),
    "pending": Told("ready to go"),
    "claimed": Told("taken up"),
    "data_started": Told("being delivered"),
    "uncertain": Told("uncertain whether it arrived"),
    "failed": Told("not delivered"),
    "cancelled": Told("not needed any more"),
}
