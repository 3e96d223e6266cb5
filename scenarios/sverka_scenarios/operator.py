"""The person who runs the exchange: settings, decisions, resending; and what he may lose."""

from dataclasses import dataclass, replace
from typing import Any

from sverka_scenarios.builders import Someone
from sverka_scenarios.targets import EmbeddedCore

NOBODY_WE_KNOW = "new"


@dataclass(slots=True)
class Operator:
    """What a person may do to the exchange itself, besides starting it."""

    core: EmbeddedCore

    def sets(self, **clients: Any) -> None:  # Any: fields of ClientSettings
        """He changes settings of the clients and starts the exchange's process anew."""
        settings = self.core.settings
        self.core.configure(replace(settings, clients=replace(settings.clients, **clients)))

    def decides(self, who: Someone, is_: Someone) -> None:
        """He says on the review list: this one is that one."""
        for review in self.core.reviews():
            if review.key in who.listed_as and not review.decided:
                chosen = next(key for key in review.candidates if key in is_.listed_as)
                self.core.decide(review, chosen)

    def decides_new(self, who: Someone) -> None:
        """He says on the review list: this one is nobody we know."""
        for review in self.core.reviews():
            if review.key in who.listed_as and not review.decided:
                self.core.decide(review, NOBODY_WE_KNOW)

    def resends(self) -> None:
        """He presses 'resend' on every unsent package."""
        self.core.resend_all()

    def loses_the_memory(self) -> None:
        """The journal is gone: links, inbox, history; the exchange starts with an empty one."""
        self.core.forget()
