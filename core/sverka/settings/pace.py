"""How hard the systems are pressed, and how realtime asks them."""

from dataclasses import dataclass

from sverka.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How hard the portal is pressed and how long failures are retried.

    Attributes:
        threshold: The portal refuses above so many counted calls.
        drain_per_s: Calls that the portal forgets each second.
        batch: Commands a batch, 50 at most.
        portion: Records that are read, decided and noted at a time.
        operating_s: Running time of one method in ten minutes above which the portal refuses
            this method; 0 for a portal without that limit.
        lanes: Calls under way at once, per side.
        tries: Tries of one record before it is parked for a person.
        calm_s: First pause after a failure; it doubles with each next one.
    """

    threshold: int = 100
    drain_per_s: float = 2.0
    operating_s: float = 480.0
    batch: int = 50
    portion: int = 500
    lanes: int = 4
    tries: int = 5
    calm_s: float = 1.0

    def __post_init__(self) -> None:
        for name in ("portion", "lanes", "tries"):
            if getattr(self, name) < 1:
                raise SettingsError(
                    setting=f"pace.{name}", value=getattr(self, name), remedy="It must be above 0."
                )
        if self.calm_s < 0:
            raise SettingsError(
                setting="pace.calm_s", value=self.calm_s, remedy="It must be 0 or more."
            )
        if not 1 <= self.batch <= 50:
            raise SettingsError(
                setting="pace.batch", value=self.batch, remedy="The portal takes 1 to 50 commands."
            )
        if self.drain_per_s <= 0 or self.threshold < 1:
            raise SettingsError(
                setting="pace",
                value=(self.threshold, self.drain_per_s),
                remedy="threshold and drain_per_s must be above 0.",
            )
        if self.operating_s < 0:
            raise SettingsError(
                setting="pace.operating_s",
                value=self.operating_s,
                remedy="It must be 0 or more; 0 means that the portal has no such limit.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class RealtimeSettings:
    """How realtime asks and carries.

    Attributes:
        portal_every_s: Pause between two looks at the portal's change table; each look is one
            of the two calls a second that the portal allows.
        infobase_every_s: Pause between two polls of the base.
        portion: Records that are carried at a time; smaller than in a full exchange, since a
            person waits for the next one.
        await_portal: The portal's word of a change is waited for, by Push & Pull, instead of
            looking every so often; needs a connection key. Where that cannot be, the history says
            so and `portal_every_s` holds.
        settle_s: So long a record without a pair waits for its twin, in case somebody enters the
            same client on the other side at that moment; 0: it does not.
    """

    portal_every_s: float = 2.0
    infobase_every_s: float = 1.0
    portion: int = 50
    await_portal: bool = False
    settle_s: float = 1.0

    def __post_init__(self) -> None:
        if self.settle_s < 0:
            raise SettingsError(
                setting="realtime.settle_s", value=self.settle_s, remedy="It must be 0 or more."
            )
        for name in ("portal_every_s", "infobase_every_s", "portion"):
            if getattr(self, name) <= 0:
                raise SettingsError(
                    setting=f"realtime.{name}",
                    value=getattr(self, name),
                    remedy="It must be above 0.",
                )
