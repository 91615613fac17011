"""Everything that sending needs."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.delivery import Channel
from bot.core.links import Links
from bot.core.people import Role
from storage.files import Files
from storage.paces import Pace
from storage.places import Place
from storage.store import Store
from templates.render import Renderer


@dataclass(frozen=True, slots=True)
class Post:
    """Handed in by the composition root."""

    store: Store
    channels: Mapping[str, Channel]
    renderer: Renderer
    links: Links
    shadow: bool = False  # shows what would be sent; nothing leaves
    shadow_staff: bool = False  # but what the staff are told themselves
    digest: bool = False  # the staff are at a platform's desk, and are told there every morning what lies with them
    inviting: bool = False  # there are channels that a person comes to with a one-time code
    words_live: timedelta = timedelta(days=90)  # for how long what people write is kept once it is understood
    seals: Place | None = None  # where the daily seals of the record go
    reports: str = field(default="", repr=False)  # where each month's file for the guarantor goes
    paced: bool = True  # keeps to what each platform takes in a second
    files: Files | None = None  # what people sent, so that it can be forgotten with them
    closing: asyncio.Event = field(default_factory=asyncio.Event)  # set: the batch in hand is finished, none is begun

    def only_shows(self, role: Role) -> bool:
        """Whether what is said to somebody of this role is shown and does not leave."""
        return self.shadow and not (self.shadow_staff and role is Role.STAFF)

    def pace(self, channel: Channel) -> Pace:
        """What the channel's platform takes."""
        return Pace(channel.abilities.per_second, channel.abilities.rest) if self.paced else Pace()
