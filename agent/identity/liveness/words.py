"""What a sign that speaks against a live person is called before the officer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A sentence in Vietnamese and in English."""

    vi: str
    en: str


WORDS = {
    "follows": Words(
        vi="Ánh sáng trên khuôn mặt không đổi theo màn hình của máy.",
        en="The light on the face does not change with the kiosk's screen.",
    ),
    "late": Words(
        vi="Khuôn mặt đổi màu chậm hơn màn hình của máy.", en="The face changes colour later than the kiosk's screen."
    ),
    "strength": Words(
        vi="Khuôn mặt phản chiếu ánh sáng của máy quá yếu, như một màn hình.",
        en="The face sends back too little of the kiosk's light, as a screen does.",
    ),
    "behind": Words(
        vi="Nền bên cạnh khuôn mặt sáng lên cùng khuôn mặt, như trên một tờ giấy.",
        en="What lies beside the face lights up with it, as on a sheet of paper.",
    ),
    "relief": Words(
        vi="Bóng của đèn không theo hình khối mũi, má, trán.",
        en="The lamps' shading does not follow the shape of nose, cheeks and forehead.",
    ),
    "bend": Words(vi="Khuôn mặt bắt sáng như một mặt phẳng.", en="The face takes the light as a flat surface does."),
    "turned": Words(
        vi="Đầu không quay, hoặc quay sai hướng.", en="The head was not turned, or was turned the wrong way."
    ),
    "early": Words(vi="Đầu quay trước khi máy yêu cầu.", en="The head turned before it was asked to."),
    "answer_s": Words(vi="Đầu quay quá chậm so với yêu cầu.", en="The head turned too long after it was asked to."),
    "solid": Words(
        vi="Khi quay, khuôn mặt chuyển động như một mặt phẳng.",
        en="While it turned, the face moved as a flat surface does.",
    ),
    "apart": Words(
        vi="Nền chuyển động cùng khuôn mặt.", en="The background moved along with the face."
    ),
    "edges": Words(
        vi="Có cạnh thẳng hai bên khuôn mặt di chuyển cùng khuôn mặt.",
        en="Straight edges on both sides of the face travel with it.",
    ),
    "grid": Words(
        vi="Có vân lưới trên da, như của màn hình hoặc bản in.",
        en="There is a grid in the skin, as of a screen or print.",
    ),
    "blink": Words(vi="Không thấy chớp mắt.", en="No blink was seen."),
}  # fmt: skip
