"""What can go wrong, split by what the caller does next.

SverkaError
├── TryLater                      run again: nothing was lost
│   ├── Throttled                 the other side refuses for its limits
│   ├── Blocked                   the other side is closed to programs for a while
│   └── Unreachable               the other side does not answer, or answers nonsense
├── SettingsError                 repair the settings
│   ├── KeyDamaged                the connection key is not whole
│   ├── KeyForeign                the text is no connection key of ours
│   ├── PortalMoved               the portal has another address now
│   └── AccessRefused             the other side does not accept key, login or right
├── JournalError                  look at the journal file
│   ├── JournalBusy               another process holds it
│   ├── JournalFull               the disk takes no more; make room and run again
│   ├── JournalForeign            the file is not ours
│   └── JournalNewer              a newer version of ours wrote it
└── ProtocolSurprise              report a bug: the other side spoke in an unknown way
"""


class SverkaError(Exception):
    """The root of all errors of the core. Facts are also attributes."""


class TryLater(SverkaError):
    """Nothing was lost; the same exchange can be run again."""


class Throttled(TryLater):
    def __init__(self, *, side: str, call: str, tries: int) -> None:
        self.side, self.call, self.tries = side, call, tries
        super().__init__(
            f"{call} at the {side} was refused for its limits {tries} times. "
            "Lower Pace.drain_per_s or run again: nothing was lost."
        )


class Unreachable(TryLater):
    def __init__(self, *, side: str, call: str, reason: str) -> None:
        self.side, self.call, self.reason = side, call, reason
        super().__init__(
            f"The {side} did not answer {call}: {reason}. Check that it runs and run again: "
            "nothing was lost."
        )


class Blocked(TryLater):
    def __init__(self, *, side: str, answer: str) -> None:
        self.side, self.answer = side, answer
        super().__init__(
            f"The {side} is closed to programs: {answer}. Ask the vendor's support why; the "
            "exchange goes on when it is open again: nothing was lost."
        )


class SettingsError(SverkaError):
    def __init__(self, *, setting: str, value: object, remedy: str) -> None:
        self.setting, self.value, self.remedy = setting, value, remedy
        super().__init__(f"{setting} = {value!r} cannot be used. {remedy}")


class KeyDamaged(SettingsError):
    def __init__(self, key: str) -> None:
        super().__init__(
            setting="portal.key",
            value=_shortened(key),
            remedy="Its check sum differs, so a part is missing or changed. Copy it again, whole, "
            "from the application '1C + CRM' of the portal.",
        )


class KeyForeign(SettingsError):
    def __init__(self, key: str, why: str) -> None:
        super().__init__(
            setting="portal.key",
            value=_shortened(key),
            remedy=f"It is no connection key: {why}. Take the key from the application "
            "'1C + CRM' of the portal.",
        )


class PortalMoved(SettingsError):
    def __init__(self, *, setting: str, address: str, moved_to: str, remedy: str) -> None:
        self.address, self.moved_to = address, moved_to
        super().__init__(
            setting=setting, value=address, remedy=f"The portal has moved to {moved_to}. {remedy}"
        )


class AccessRefused(SettingsError):
    def __init__(self, *, side: str, answer: str, remedy: str) -> None:
        self.side, self.answer = side, answer
        super().__init__(setting=f"{side} access", value=answer, remedy=remedy)


class JournalError(SverkaError):
    """The journal cannot be used; what it held before is still there, whole."""


class JournalBusy(JournalError):
    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"Journal {path} is held by another process. Wait until that exchange ends, or stop it."
        )


class JournalForeign(JournalError):
    def __init__(self, path: str, why: str) -> None:
        self.path = path
        super().__init__(f"Journal {path} cannot be used: {why}. Name another file.")


class JournalNewer(JournalError):
    def __init__(self, path: str, *, version: int, known: int) -> None:
        self.path, self.version, self.known = path, version, known
        super().__init__(
            f"Journal {path} cannot be used yet: its version is {version}, this program knows "
            f"{known}. Update sverka; do not name another file, since this one holds the links."
        )


class JournalFull(JournalError):
    def __init__(self, path: str, why: str = "the disk is full") -> None:
        self.path, self.why = path, why
        super().__init__(
            f"Journal {path} cannot be written: {why}. Make room and run again: nothing was "
            "lost, and nothing is half written."
        )


class ProtocolSurprise(SverkaError):
    def __init__(self, *, side: str, call: str, what: str) -> None:
        self.side, self.call, self.what = side, call, what
        super().__init__(
            f"The {side} answered {call} in a way we do not know: {what}. "
            "Please report it with this text; the record stays in the journal."
        )


def _shortened(secret: str) -> str:
    return secret if len(secret) < 12 else f"{secret[:4]}…{secret[-4:]}"
