"""The reader against every worked example of ICAO Doc 9303-11 that has numbers."""

from collections.abc import Sequence

import pytest

from agent.apdu import Answer, Command
from agent.identity import mrz
from agent.identity.chip import bac, pace
from agent.identity.chip.access import CardNumber, ZoneKey
from agent.identity.chip.channel import Channel
from agent.identity.chip.ciphers import FOR_ENCRYPTION, FOR_MAC, FOR_PASSWORD, Cipher
from agent.identity.chip.pace_groups import Group
from agent.identity.chip.secure_messaging import SecureMessaging
from agent.identity.chip.security_infos import parse
from agent.identity.errors import ChannelBroken
from contract.clock import Deadline, SimulatedClock
from tests.identity import icao_examples as icao
from tests.identity.icao_examples import PaceExample, octets


class ScriptedCard:
    """Says what the example's chip says, and holds the commands against the example's."""

    def __init__(self, talk: Sequence[tuple[str, str]]) -> None:
        self._talk = list(talk)

    async def transmit(self, command: Command, deadline: Deadline) -> Answer:
        wanted, said = self._talk.pop(0)
        assert bytes(command).hex() == octets(wanted).hex()
        return Answer(data=octets(said), status=0x9000)

    @property
    def over(self) -> bool:
        return not self._talk


class ExampleChance(pace.Chance):
    def __init__(self, example: PaceExample) -> None:
        self._keys, self._nonce = [int(example.terminal_map, 16), int(example.terminal_key, 16)], example.terminal_map
        if not example.chip_map:
            self._keys.pop(0)

    def key(self, group: Group) -> int:
        return self._keys.pop(0)

    def nonce(self) -> bytes:
        return octets(self._nonce)


@pytest.fixture
def deadline(clock: SimulatedClock) -> Deadline:
    return Deadline.after(clock, 10.0)


@pytest.mark.parametrize(("information", "lines"), icao.LONG_NUMBERS)
def test_zone_gives_the_information_that_bac_takes(information: str, lines: tuple[str, ...]) -> None:
    """The composite digit of the two short zones is wrong in the standard itself; nothing depends on it here."""
    zone = mrz.parse(lines)
    assert zone is not None
    assert zone.faults == (("composite",) if information == icao.ZONE_INFORMATION else ())
    assert ZoneKey.of(zone) == ZoneKey(information=information)


def test_bac_keys_are_the_standards() -> None:
    key = ZoneKey(information=icao.ZONE_INFORMATION)
    assert key.bac_seed == icao.SEED
    assert Cipher.DES3.derived(key.bac_seed, FOR_ENCRYPTION) == icao.BAC_ENCRYPTION
    assert Cipher.DES3.derived(key.bac_seed, FOR_MAC) == icao.BAC_MAC


async def test_bac_opens_the_session_of_the_example_and_reads_its_file(deadline: Deadline) -> None:
    terminal = bac.Terminal(key=ZoneKey(information=icao.ZONE_INFORMATION), nonce=icao.NONCE, key_half=icao.KEY_HALF)
    command = Command(ins=0x82, data=terminal.proof(icao.CHIP_NONCE), answer=0x28)
    assert bytes(command) == icao.BAC_COMMAND
    card = ScriptedCard([(sent, said) for _, sent, said, _ in icao.TALK])
    channel = Channel(card, deadline)
    channel.session = terminal.session(icao.CHIP_NONCE, icao.BAC_ANSWER)
    data = [await channel.need(_command(plain), "the example") for plain, *_ in icao.TALK]
    assert data == [octets(told) for *_, told in icao.TALK]
    assert card.over


def test_session_with_the_examples_keys_is_the_same() -> None:
    session = SecureMessaging(Cipher.DES3, icao.SESSION_ENCRYPTION, icao.SESSION_MAC, icao.COUNTER)
    plain, sent, *_ = icao.TALK[0]
    assert bytes(session.protected(_command(plain))) == octets(sent)


def test_answer_out_of_step_is_refused() -> None:
    """The example's first answer, once the counter has gone on."""
    session = SecureMessaging(Cipher.DES3, icao.SESSION_ENCRYPTION, icao.SESSION_MAC, icao.COUNTER + 1)
    session.protected(_command(icao.TALK[0][0]))
    with pytest.raises(ChannelBroken):
        session.opened(Answer(data=octets(icao.TALK[0][2]), status=0x9000))


@pytest.mark.parametrize("example", icao.PACE_EXAMPLES, ids=lambda example: example.name)
def test_password_opens_the_nonce(example: PaceExample) -> None:
    key = ZoneKey(information=example.information) if example.information else CardNumber(digits="123456")
    password_key = Cipher.AES128.derived(key.secret, FOR_PASSWORD)
    assert password_key == octets(example.password_key)
    assert Cipher.AES128.decrypt(password_key, octets(example.sealed_nonce)) == octets(example.nonce)


@pytest.mark.parametrize("example", icao.PACE_EXAMPLES, ids=lambda example: example.name)
def test_nonce_is_mapped_to_the_generator(example: PaceExample) -> None:
    group = _suite(example).group
    if example.random:
        random = pace.pseudo_random(octets(example.nonce), octets(example.terminal_map), group.field_bits)
        assert random == octets(example.random)
        mapped = group.mapped_at(random)
    else:
        private = int(example.terminal_map, 16)
        assert group.public_key(private) == octets(example.terminal_map_public)
        mapped = group.mapped_generically(octets(example.nonce), private, octets(example.chip_map_public))
    assert mapped.public_key(1) == octets(example.generator)
    assert mapped.public_key(int(example.terminal_key, 16)) == octets(example.terminal_public)
    assert mapped.shared(int(example.terminal_key, 16), octets(example.chip_public)) == octets(example.secret)


@pytest.mark.parametrize("example", icao.PACE_EXAMPLES, ids=lambda example: example.name)
async def test_pace_says_and_hears_what_the_example_does(example: PaceExample, deadline: Deadline) -> None:
    """Appendix H publishes no APDUs: there the layout is appendix G's with H's values."""
    card = ScriptedCard(_pace_talk(example))
    channel = Channel(card, deadline)
    key = ZoneKey(information=example.information) if example.information else CardNumber(digits="123456")
    mapping = await pace.open_session(channel, key, _suite(example), ExampleChance(example))
    assert card.over
    assert (mapping is not None) == bool(example.chip_data)
    if mapping:
        assert mapping.factor == int(example.chip_factor, 16)
        assert mapping.is_of(octets(example.chip_own_public))
        assert not mapping.is_of(octets(example.chip_public))
    expected = SecureMessaging(Cipher.AES128, octets(example.encryption), octets(example.mac))
    assert channel.session is not None
    command = Command(ins=0xB0, answer=4)
    assert channel.session.protected(command) == expected.protected(command)


def _pace_talk(example: PaceExample) -> list[tuple[str, str]]:
    reference = 1 if example.information else 2
    talk = [
        (f"0022C1A40F800A{example.oid}8301{reference:02X}", ""),
        ("10860000027C0000", f"7C128010{example.sealed_nonce}"),
    ]
    if example.random:
        talk.append((_general(0x81, example.terminal_map), "7C00"))
    else:
        talk.append((_general(0x81, example.terminal_map_public), _dynamic(0x82, example.chip_map_public)))
    talk.append((_general(0x83, example.terminal_public), _dynamic(0x84, example.chip_public)))
    said = f"8608{example.chip_token}" + (_object(0x8A, example.chip_data) if example.chip_data else "")
    talk.append((f"008600000C7C0A8508{example.terminal_token}00", _object(0x7C, said)))
    return talk


def _general(tag: int, value: str) -> str:
    data = _dynamic(tag, value)
    return f"10860000{len(octets(data)):02X}{data}00"


def _dynamic(tag: int, value: str) -> str:
    return _object(0x7C, _object(tag, value))


def _object(tag: int, value: str) -> str:
    count = len(octets(value))
    return f"{tag:02X}{'81' if count > 127 else ''}{count:02X}{value}"


def _suite(example: PaceExample) -> pace.Suite:
    info = f"3012060A{example.oid}0201020201{example.group_id:02X}"
    suite = pace.offered(parse(octets(f"3114{info}")))
    assert suite is not None
    return suite


def _command(apdu: str) -> Command:
    cla, ins, p1, p2, *rest = octets(apdu)
    if len(rest) > 1:
        return Command(cla=cla, ins=ins, p1=p1, p2=p2, data=bytes(rest[1:]))
    return Command(cla=cla, ins=ins, p1=p1, p2=p2, answer=rest[0])
