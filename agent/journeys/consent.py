"""What a citizen agrees to before a camera looks at them (Law 91/2025/QH15: explicit, silence is not consent)."""

from contract.ids import sha256_hex

CONSENT = (
    "Trạm muốn so khuôn mặt bạn với ảnh trên thẻ căn cước. Bạn đặt thẻ lên đầu đọc và nhìn vào camera khoảng 4 giây; "
    "màn hình sẽ đổi màu. Ảnh chỉ nằm trong bộ nhớ của trạm; một ảnh của bạn cùng ảnh trên thẻ được niêm phong, chỉ "
    "công chức xử lý hồ sơ này mở được, và bị xóa khi hồ sơ có quyết định. Bạn có thể từ chối, hoặc đổi ý bất cứ lúc "
    "nào: bản sao được cấp như nhau. Nếu trạm chưa chắc chắn, công chức chỉ được biết số lần thử.",
    "May the kiosk compare your face with your identity card's picture? Lay the card on the reader and look at the "
    "camera for about 4 seconds; the screen changes colour. Pictures stay in the kiosk's memory; one of you and the "
    "card's are sealed for this paper's officer alone, and deleted with the decision. You may say no or change your "
    "mind: the copy is the same. If it is not sure, the officer learns only how often it tried.",
)
"""Vietnamese, English."""

POPULATION = (
    " Công chức có thể hỏi cơ sở dữ liệu dân cư: số, tên và ngày sinh trên thẻ có khớp không.",
    " The officer may compare its data with the population database.",
)
"""What is added where the kiosk's hub can ask that database."""

PHOTO = (
    "Trạm chụp một ảnh của bạn và đọc ảnh trên thẻ; công chức tự so bằng mắt, máy không phân tích khuôn mặt. Hai ảnh "
    "được niêm phong và bị xóa khi hồ sơ có quyết định. Bấm Chụp ảnh nghĩa là bạn đồng ý.",
    "The kiosk takes one picture of you and reads that of your card; an officer compares them by eye, no machine "
    "measures your face. Both are sealed, and deleted when the paper is decided. Touching Photograph says that you "
    "agree.",
)
"""What is agreed to by choosing the photograph."""


def to_face(*, population: bool) -> tuple[str, str]:
    """Return the text that is agreed to before the camera looks."""
    if not population:
        return CONSENT
    return CONSENT[0] + POPULATION[0], CONSENT[1] + POPULATION[1]


def version_of(text: tuple[str, str]) -> str:
    """Return the name of exactly this text; any change of a word changes it."""
    return f"sha256:{sha256_hex(''.join(text).encode())[:16]}"
