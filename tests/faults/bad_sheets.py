"""Sheets that no reader can read, and files that are none, drawn when they are asked for."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image, ImageDraw, ImageFont

A4_PX = (2480, 3508)
CHINESE_FACE = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
"""fonts-wqy-microhei, 1.6 MB."""
ARABIC_FACE = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
LATIN_FACE = Path("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf")
READABLE = ("Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc")

_CHINESE = (
    "出生医学证明",
    "姓名：李明 性别：男 出生日期：二〇一八年三月五日",
    "根据《中华人民共和国户籍管理条例》的有关规定，",
    "兹证明上述新生儿出生情况属实，特发此证。",
    "母亲姓名：王芳 身份证号码见附页 国籍：中国",
    "签发机构：第一人民医院 签发日期：二〇一八年三月十日",
    "本证明一式三份，请妥善保管，涂改无效。",
)
_ARABIC = (
    "شهادة ميلاد",
    "الاسم الكامل: أحمد بن محمد",
    "تاريخ الميلاد: الخامس من شهر مارس",
    "تشهد دائرة الأحوال المدنية بأن البيانات أعلاه صحيحة",
    "وقد سلمت هذه الشهادة بناء على طلب صاحبها",
    "اسم الأم: فاطمة بنت علي الجنسية: مغربية",
    "المدير العام لدائرة الأحوال المدنية",
)


def chinese() -> Image.Image:
    """A page of Chinese print."""
    return _printed(_CHINESE, CHINESE_FACE)


def arabic() -> Image.Image:
    """A page of Arabic print, set from right to left with its joined forms."""
    return _printed(_ARABIC, ARABIC_FACE)


def _printed(texts: tuple[str, ...], face: Path) -> Image.Image:
    page = Image.new("RGB", A4_PX, "white")
    pen, set_in = ImageDraw.Draw(page), ImageFont.truetype(face, 54)
    for row in range(28):
        pen.text((300, 300 + 100 * row), texts[row % len(texts)], fill=(20, 20, 20), font=set_in)
    return page


def blank() -> Image.Image:
    """A sheet with nothing on it but a scanner's grain."""
    grain = np.random.default_rng(1).normal(248, 2, A4_PX[::-1])
    return Image.fromarray(grain.clip(0, 255).astype(np.uint8)).convert("RGB")


def black() -> Image.Image:
    """What a scanner gives with its lid open in the dark."""
    return Image.new("RGB", A4_PX, (3, 3, 3))


def noise() -> Image.Image:
    """Pure noise in all colours."""
    return Image.fromarray(np.random.default_rng(2).integers(0, 256, (*A4_PX[::-1], 3), np.uint8))


def speckle() -> Image.Image:
    """Black and white dots of three pixels: as many pieces of ink as a page can hold."""
    dots = np.random.default_rng(3).random((A4_PX[1] // 3, A4_PX[0] // 3)) < 0.4
    return Image.fromarray(np.kron(~dots, np.ones((3, 3), bool)).astype(np.uint8) * 255).convert("RGB")


def readable() -> Image.Image:
    """A slip of paper (90 × 45 mm) with two lines that every reader must get right."""
    slip = Image.new("L", (1063, 532), 255)
    pen, set_in = ImageDraw.Draw(slip), ImageFont.truetype(LATIN_FACE, 46)
    for row, text in enumerate(READABLE):
        pen.text((60, 120 + 140 * row), text, fill=0, font=set_in)
    return slip


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    """The bytes of a picture file, at 300 dpi."""
    out = io.BytesIO()
    picture.save(out, form, dpi=(300, 300), **options)
    return out.getvalue()


def pdf_of(picture: Image.Image) -> bytes:
    """A PDF whose only page is the picture."""
    return saved(picture, "PDF", resolution=300)


def png_header(width_px: int, height_px: int) -> bytes:
    """A PNG of a few bytes whose header promises that many pixels, with a tiny body."""
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def pdf_bomb(copies: int) -> bytes:
    """A PDF of a few KB whose page draws one picture of 30,000 × 30,000 px many times."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    side = 30_000
    picture = document.make_stream(bytes(side * side // 8))
    picture.update(
        {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": side, "/Height": side,
         "/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 1}
    )  # fmt: skip
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.obj.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q\n" * copies)
    out = io.BytesIO()
    document.save(out, compress_streams=True, recompress_flate=True, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()
