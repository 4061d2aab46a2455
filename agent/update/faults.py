"""What can hinder an update; each text says what happened, `remedy` what to do. Nothing was changed by any of them.

UpdateFault
├── ClockNotTrusted     the date is not known well enough to judge signatures (R23)
│   └── ClockNotSet         no time server has set it yet: soon after a boot it is waited for
├── RepositoryAway      the network or the server fails; it is tried again
├── FolderAway          the folder that was carried here can't be read, or lacks something
├── RepositoryRefused   what the repository says is not to be believed
├── ReleaseRefused      the release exists but not for this kiosk, or not any more
├── ContentDamaged      a file is not the one that the release lists
├── NoRoom              the disk is too full or fails
├── SlotBroken          the new environment does not pass its own check
└── NotInTime           the moment for the switch did not come, or the wish was withdrawn
"""


class UpdateFault(Exception):
    """The update can't go on."""

    remedy = ""


class ClockNotTrusted(UpdateFault):
    """No trusted time (R23)."""

    remedy = (
        "See the time line of `tram doctor`, which names the cause; then ask again. Who stands at the kiosk "
        "compares its clock and adds --clock-is-right."
    )


class ClockNotSet(ClockNotTrusted):
    """Nobody has set the clock yet, or it settles."""


class RepositoryAway(UpdateFault):
    """The repository can't be reached now."""

    remedy = "Check the network with `tram doctor`; the update goes on by itself where it stopped."


class FolderAway(UpdateFault):
    """What was carried here can't be read."""

    remedy = "Put the stick in again, or copy the repository to it anew, then repeat; what has come stays."


class RepositoryRefused(UpdateFault):
    """The repository's metadata are not believed."""

    remedy = "Tell the publisher. Do not work around it: somebody may offer a false or an old program."


class ReleaseRefused(UpdateFault):
    """This release is not installed here."""

    remedy = "Choose another release, or publish the wanted content under a higher number."


class ContentDamaged(UpdateFault):
    """What came is not what is listed."""

    remedy = "Ask again; if it comes back, publish the release's objects anew, or use another mirror."


class NoRoom(UpdateFault):
    """The disk does not take it."""

    remedy = "Make room on the kiosk's disk, or replace it if `tram doctor` names errors; then ask again."


class SlotBroken(UpdateFault):
    """The new environment can't run."""

    remedy = "Publish a release that passes `tram update self-check` on this kind of machine."


class NotInTime(UpdateFault):
    """The moment did not come."""

    remedy = "Ask again for a time when the kiosk is not in use."
