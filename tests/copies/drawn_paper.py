"""A text page of the tests' own making, with or without a red seal."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from agent.copies import typefaces
from agent.copies.image import Pixels
from agent.reading.values import Line

A4_PX = (2480, 3508)
MM_PER_PX = 25.4 / 300
SENTENCES = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
    "Xét đề nghị của Giám đốc Sở Tư pháp tại Tờ trình số 45/TTr-STP,",
    "Ủy ban nhân dân quyết nghị những điều khoản dưới đây để thi hành ngay:",
    "Phương thức tuyển sinh, trình tự, thủ tục cấp giấy chứng nhận quyền sử dụng",
)


class Paper:
    """A drawn A4 page and what stands on it."""

    def __init__(self, *, lines: int = 40, seal: bool = False) -> None:
        picture = Image.new("RGB", A4_PX, (250, 249, 246))
        pen, font = ImageDraw.Draw(picture), ImageFont.truetype(typefaces.serif(), 54)
        self.lines = tuple(self._write(pen, font, number) for number in range(lines))
        if seal:
            for radius, width in ((200, 10), (140, 5)):
                pen.ellipse(
                    (1500 - radius, 2700 - radius, 1500 + radius, 2700 + radius), outline=(205, 30, 45), width=width
                )
        noise = np.random.default_rng(4).normal(0, 3, (A4_PX[1], A4_PX[0], 1))
        self.pixels: Pixels = np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @staticmethod
    def _write(pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, number: int) -> Line:
        text, at = SENTENCES[number % len(SENTENCES)], (300, 240 + 76 * number)
        pen.text(at, text, font=font, fill=(25, 25, 28))
        box = pen.textbbox(at, text, font=font)
        x0, y0, x1, y1 = (edge * MM_PER_PX for edge in box)
        return Line(text=text, box=(x0, y0, x1, y1), confidence=1.0, sure=True)


def decoded(data: bytes) -> Pixels:
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"))
