"""The portrait in DG2: a face image record in a biometric template (ICAO 9303-10, 4.7.2; ISO/IEC 19794-5:2005, 5)."""

import io
import struct
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from agent.identity.chip import tlv
from agent.identity.errors import ChipAnswerBroken

MOST_PIXELS = 4_000_000
"""Far above a portrait (ISO/IEC 19794-5 full frontal is 0.2 to 1 million); checked before anything is decoded."""

_TEMPLATES, _TEMPLATE, _PLAIN_RECORD, _RECORD = 0x7F61, 0x7F60, 0x5F2E, 0x7F2E
_MAGIC = b"FAC\x00010\x00"
_RECORD_HEAD = struct.Struct(">8sIH")
_FACE_HEAD = struct.Struct(">IH14x")
_IMAGE_HEAD = struct.Struct(">BBHH6x")
_POINT_BYTES = 8


class Format(StrEnum):
    """How the picture is compressed, by its name in Pillow."""

    JPEG = "JPEG"
    JPEG2000 = "JPEG2000"


_BEGINNINGS = {
    Format.JPEG: (b"\xff\xd8\xff",),
    Format.JPEG2000: (b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """The picture as the chip holds it; only one whose card was found genuine should be decoded."""

    data: bytes = field(repr=False)
    format: Format

    def pixels(self) -> NDArray[np.uint8]:
        """Return it as RGB (height, width, 3); raise ChipAnswerBroken where it can't be decoded or is too large."""
        try:
            with Image.open(io.BytesIO(self.data), formats=[self.format]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise ChipAnswerBroken(f"a portrait of {picture.width} x {picture.height} pixels")
                return np.asarray(picture.convert("RGB"))
        except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as fault:
            raise ChipAnswerBroken(f"the portrait can't be decoded ({type(fault).__name__})") from None


def parse(group: bytes) -> Portrait:
    """Return the first portrait of DG2; raise ChipAnswerBroken."""
    template = tlv.first(group, 0x75, _TEMPLATES, _TEMPLATE)
    record = next((value for tag, value in tlv.objects(template) if tag in (_PLAIN_RECORD, _RECORD)), None)
    if record is None:
        raise ChipAnswerBroken("DG2 holds no face image record")
    try:
        return _portrait(record)
    except struct.error:
        raise ChipAnswerBroken("the face image record ends within its head") from None


def _portrait(record: bytes) -> Portrait:
    magic, length, faces = _RECORD_HEAD.unpack_from(record)
    if magic != _MAGIC or length != len(record) or not faces:
        raise ChipAnswerBroken("the face image record contradicts itself")
    face_bytes, points = _FACE_HEAD.unpack_from(record, _RECORD_HEAD.size)
    face = record[_RECORD_HEAD.size : _RECORD_HEAD.size + face_bytes]
    image_at = _FACE_HEAD.size + points * _POINT_BYTES
    _, kind, _, _ = _IMAGE_HEAD.unpack_from(face, image_at)
    data = face[image_at + _IMAGE_HEAD.size :]
    if len(face) != face_bytes or kind > 1:
        raise ChipAnswerBroken("the face image record is cut off or of an unknown kind")
    found = next((form for form, heads in _BEGINNINGS.items() if data.startswith(heads)), None)
    if found is None:
        raise ChipAnswerBroken("the portrait is neither JPEG nor JPEG 2000")
    return Portrait(data=data, format=found)
