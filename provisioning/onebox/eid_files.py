"""The files of a stand-in identity card: an invented holder, a drawn portrait, test keys (ICAO Doc 9303-10)."""

import io
import struct
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import serialization
from PIL import Image, ImageDraw

from models.specimens.kinds.identity_card import Holder
from models.specimens.words import slashed
from provisioning.onebox.eid_active import ActiveKey, new_key
from provisioning.onebox.eid_curve import P256, Curve
from provisioning.onebox.eid_pki import Signer, security_object, signed_data
from provisioning.onebox.eid_session import tlv

BSI = bytes.fromhex("04007f0007")
COM, SECURITY_OBJECT, CARD_ACCESS = 0x011E, 0x011D, 0x011C


@dataclass(frozen=True, slots=True, kw_only=True)
class EidData:
    """What is on a card and what only its chip knows; `groups` by number, `files` by identifier."""

    groups: dict[int, bytes] = field(repr=False)
    security_object: bytes = field(repr=False)
    information: str = field(repr=False)
    """What BAC and PACE take from the zone."""

    card_number: str = "123456"
    pace: tuple[Curve, int] | None = (P256, 2)
    """Curve and kind of cipher; None: the card knows BAC alone."""

    active_key: ActiveKey | None = field(default=None, repr=False)
    chip_key: int | None = field(default=None, repr=False)
    chip_kind: int = 2
    card_security: bytes = field(default=b"", repr=False)
    """EF.CardSecurity of the master file; with it, PACE goes by chip authentication mapping."""

    @property
    def files(self) -> dict[int, bytes]:
        """Everything that can be read."""
        listed = b"".join(bytes([_TAGS[number]]) for number in self.groups)
        common = tlv("60", tlv("5F01", b"0107") + tlv("5F36", b"040000") + tlv("5C", listed))
        found = {0x0100 + number: group for number, group in self.groups.items()}
        found |= {COM: common, SECURITY_OBJECT: self.security_object}
        return found | ({CARD_ACCESS: card_access(*self.pace, mapping=self.mapping)} if self.pace else {})

    @property
    def mapping(self) -> int:
        """PACE's mapping by its number: 2 generic, 6 chip authentication."""
        return 6 if self.card_security else 2

    def but(self, number: int, group: bytes) -> "EidData":
        """Return the card with another group under the same signature: a clone's."""
        return replace(self, groups=self.groups | {number: group})

    def without(self, number: int) -> "EidData":
        """Return the card with a group taken away."""
        return replace(self, groups={at: group for at, group in self.groups.items() if at != number})


_TAGS = {1: 0x61, 2: 0x75, 13: 0x6D, 14: 0x6E, 15: 0x6F}


def issue(
    holder: Holder,
    signer: Signer,
    now: datetime,
    *,
    portrait: bytes | None = None,
    active: str = "",
    chip: bool = False,
    pace: tuple[Curve, int] | None = (P256, 2),
    chip_kind: int = 2,
    maps_chip: bool = False,
    hash_name: str = "sha256",
) -> EidData:
    """Return a card signed by `signer` 300 days before `now`.

    `portrait` is JPEG or JPEG 2000, else one is drawn. `active` is "", "rsa" or "ecdsa"; `chip`: chip authentication.
    `maps_chip`: chip authentication mapping, with `chip` and PACE on P-256.
    """
    active_key, chip_key = new_key(active), P256.secret() if chip else None
    groups = {1: zone_group(holder), 2: portrait_group(portrait or drawn_portrait()), 13: personal_group(holder)}
    if active_key or chip_key:
        groups[14] = security_group(chip_key, chip_kind, active)
    if active_key:
        spki = active_key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        groups[15] = tlv("6F", spki)
    first, second, _ = holder.zone
    return EidData(
        groups=groups,
        security_object=security_object(groups, signer, now - timedelta(days=300), hash_name),
        information=first[5:15] + second[:7] + second[8:15],
        pace=pace,
        active_key=active_key,
        chip_key=chip_key,
        chip_kind=chip_kind,
        card_security=card_security(chip_key, chip_kind, signer, now) if maps_chip and chip_key else b"",
    )


def card_security(chip_key: int, chip_kind: int, signer: Signer, now: datetime) -> bytes:
    """Return EF.CardSecurity: the infos of DG14, signed for themselves (9303-11, 9.2.11)."""
    infos = tlv("31", chip_infos(chip_key, chip_kind))
    return signed_data(infos, "0.4.0.127.0.7.3.2.1", signer, now - timedelta(days=300), "sha256")


def card_access(curve: Curve, kind: int, *, mapping: int = 2) -> bytes:
    """Return EF.CardAccess that offers PACE."""
    oid = BSI + bytes([2, 2, 4, mapping, kind])
    return tlv("31", tlv("30", tlv("06", oid) + tlv("02", b"\x02") + tlv("02", bytes([curve.group_id]))))


def zone_group(holder: Holder) -> bytes:
    """Return DG1."""
    return tlv("61", tlv("5F1F", "".join(holder.zone).encode("ascii")))


def portrait_group(picture: bytes) -> bytes:
    """Return DG2 with one face image record (ISO/IEC 19794-5:2005)."""
    with Image.open(io.BytesIO(picture)) as image:
        kind, (width, height) = int(image.format != "JPEG"), image.size
    head = struct.pack(">BBHHBBHH", 1, kind, width, height, 1, 2, 0, 0)
    face = struct.pack(">IH14x", 20 + len(head) + len(picture), 0) + head + picture
    record = b"FAC\x00010\x00" + struct.pack(">IH", 14 + len(face), 1) + face
    format_head = tlv("A1", tlv("87", b"\x01\x01") + tlv("88", b"\x00\x08"))
    return tlv("75", tlv("7F61", tlv("02", b"\x01") + tlv("7F60", format_head + tlv("5F2E", record))))


def personal_group(holder: Holder) -> bytes:
    """Return DG13 as public readers of Vietnamese cards expect it (see agent.identity.chip.personal_group)."""
    person = holder.person
    texts = {
        1: ("13", person.number),
        2: ("0C", person.name),
        3: ("13", slashed(person.born)),
        4: ("0C", person.sex),
        5: ("0C", "Việt Nam"),
        6: ("0C", person.ethnicity),
        7: ("0C", "Không"),
        8: ("0C", person.former_origin),
        9: ("0C", person.address),
        10: ("0C", "Nốt ruồi cách 1 cm trước tai trái"),
        11: ("13", slashed(holder.issued)),
        12: ("0C", holder.expiry_text),
    }
    fields = b"".join(
        tlv("30", tlv("02", bytes([number])) + tlv(tag, text.encode("utf-8"))) for number, (tag, text) in texts.items()
    )
    parents = b"".join(tlv("30", tlv("0C", name.encode("utf-8"))) for name in ("NGUYỄN VĂN MẪU", "TRẦN THỊ MẪU"))
    return tlv("6D", tlv("30", fields + tlv("30", tlv("02", b"\x0d") + parents)))


def security_group(chip_key: int | None, chip_kind: int, active: str) -> bytes:
    """Return DG14: the chip's key with its protocol, and the hash that ECDSA signs with."""
    infos = chip_infos(chip_key, chip_kind) if chip_key else b""
    if active == "ecdsa":
        plain_sha256 = tlv("06", BSI + bytes([1, 1, 4, 1, 3]))
        infos += tlv("30", tlv("06", bytes.fromhex("678108010105")) + tlv("02", b"\x01") + plain_sha256)
    return tlv("6E", tlv("31", infos))


def chip_infos(chip_key: int, chip_kind: int) -> bytes:
    """Return the chip's public key and its protocol."""
    algorithm = tlv("30", tlv("06", BSI + b"\x01\x02") + tlv("02", bytes([P256.group_id])))
    point = P256.written(P256.times(chip_key, P256.base))
    public = tlv("30", algorithm + tlv("03", b"\x00" + point))
    key = tlv("30", tlv("06", BSI + bytes([2, 2, 1, 2])) + public + tlv("02", b"\x01"))
    protocol = tlv("06", BSI + bytes([2, 2, 3, 2, chip_kind]))
    return key + tlv("30", protocol + tlv("02", b"\x01") + tlv("02", b"\x01"))


def drawn_portrait(form: str = "JPEG2000", size: tuple[int, int] = (420, 525)) -> bytes:
    """Return a drawn head that is no person's, as JPEG or JPEG 2000 of so many pixels (width, height)."""
    image = Image.new("RGB", (420, 525), (206, 216, 226))
    pen = ImageDraw.Draw(image)
    pen.ellipse((60, 420, 360, 700), fill=(60, 70, 110))
    pen.ellipse((110, 90, 310, 380), fill=(214, 178, 150))
    pen.pieslice((105, 60, 315, 330), 180, 360, fill=(40, 34, 32))
    for x in (165, 255):
        pen.ellipse((x - 16, 215, x + 16, 235), fill=(250, 250, 250))
        pen.ellipse((x - 8, 217, x + 8, 233), fill=(50, 36, 30))
    pen.arc((170, 270, 250, 330), 20, 160, fill=(150, 80, 80), width=6)
    out = io.BytesIO()
    extra = {"quality_mode": "rates", "quality_layers": [40]} if form == "JPEG2000" else {"quality": 90}
    image.resize(size).save(out, form, **extra)
    return out.getvalue()
