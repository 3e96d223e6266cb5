"""What administrators of the two systems do around the exchange: tariffs, keys, backups, clocks."""

from abc import ABC

from b24_emulator.portal import Portal
from b24_emulator.rules.limits import LIMITS
from b24_emulator.rules.tariffs import TARIFFS, Block
from onec_emulator.infobase import Infobase
from sverka_emulator_kit.messages import Request
from sverka_emulator_kit.trouble import Refuse
from sverka_scenarios.ends import End
from sverka_scenarios.running import Running
from sverka_scenarios.skew import WrongClock


class Administrators(Running, ABC):
    """The two systems, as their administrators and their neighbours treat them.

    Attributes:
        crowded_until_s: Until then others used the portal's limit up, so that the exchange
            could not help being refused.
    """

    portal: End
    portal_system: Portal
    base_system: Infobase
    base_clock: WrongClock
    connection_key: str
    crowded_until_s: float

    def portal_is_limited(self, profile: str) -> None:
        """The portal's limits change, and the settings tell the exchange so."""
        self.portal_system.limits = LIMITS[profile]
        self.changes_settings(limits=profile, told_limits=profile)

    def portal_works_long(self, on: str, seconds_s: float) -> None:
        """Each call of such a method takes the portal so long from now on."""
        self.portal_system.costs.set({on: (seconds_s, seconds_s)})

    def tokens_live(self, life_s: float) -> None:
        """Access tokens that the portal gives out from now on live so long."""
        self.portal_system.token_life_s = life_s

    def portal_changes_tariff(self, name: str) -> None:
        """The portal has another tariff from now on, and the exchange's process starts anew."""
        self.portal_system.tariff = TARIFFS[name]
        self.restarts()

    def portal_updates_app(self) -> None:
        """An administrator updates the application on the portal: its bindings are gone."""
        self.portal_system.update_app()

    def portal_reinstalls_app(self) -> None:
        """He removes the application and installs it anew: all tokens are gone, the key is new."""
        self.connection_key = self.portal_system.reinstall_app()

    def gets_new_key(self) -> None:
        """A person puts the application's present key into the settings."""
        self.changes_settings()

    def portal_is_renamed(self) -> None:
        """The portal gets another address; the old one only says where it is now."""
        self.portal_system.rename(self.roads["portal"].alias)

    def portal_is_closed(self, why: Block = Block.NONE) -> None:
        """The portal is closed to programs, or open again."""
        self.portal_system.block = why

    def weaken_key(self) -> None:
        """The key's owner is no administrator: the portal refuses what only one may do."""
        denied = Refuse(403, "ACCESS_DENIED", "Access denied!")
        for what in ("event.bind", "event.offline.*"):
            self.portal.suffers(denied, on=what, times=None)

    def base_is_saved(self) -> bytes:
        """An administrator makes a backup of the base."""
        return self.base_system.snapshot()

    def base_is_restored(self, backup: bytes) -> None:
        """He puts the backup back; for that he stops the exchange, and starts it afterwards."""
        self.base_system.restore(backup)
        self.restarts()

    def base_clock_is_ahead(self, seconds_s: float) -> None:
        """Somebody set the clock of the base's server wrong."""
        self.base_clock.ahead_s = seconds_s

    def base_also_exchanges_with(self, node: str) -> None:
        """The base has one more exchange over the same plan, with queue and number of its own."""
        self.base_system.act("create", {"set": self.base_system.plan, "fields": {"Code": node}})

    def neighbour_calls(self, times: int, *, every_s: float) -> None:
        """Another program calls the portal from the same address, beside what follows."""
        for number in range(times):
            self.later(number * every_s, self._neighbour)
        self.crowded_until_s = self.clock.now_s() + times * every_s

    def _neighbour(self) -> None:
        call = Request("GET", f"{self.portal_system.webhook_path}profile")
        self.portal_system.answer(call)
