"""Why a certified copy can't be made as asked, or need not be: grounds of the law and of the scan (R5, R6, R15–R17).

A ground is a code on the wire. A machine proposes it with its evidence; whoever `decided_by` names decides (R1, R19).
The law's words go to the officer and on the written refusal; the screen says only what is the matter with the paper and
what to do, and accuses nobody (R15).
"""

from enum import StrEnum


class DecidedBy(StrEnum):
    """Who acts on a ground, and how."""

    OFFICER = "officer"
    """The machine may propose, an officer decides."""
    OFFICER_ALONE = "officer_alone"
    """Only an officer may raise it; no machine proposes it."""
    ASK = "ask"
    """The citizen is asked; with the answer an officer decides."""
    ADVISE = "advise"
    """The citizen is told and chooses freely."""
    REDIRECT = "redirect"
    """The citizen is led to the right procedure."""
    STOP_AND_PURGE = "stop_and_purge"
    """Scanning stops and the images are destroyed at once; an officer is called (R17)."""


class Ground(StrEnum):
    """One ground: the value is its code.

    `basis` is the law; `vi`, `en` the ground in the law's words; `citizen_vi`, `citizen_en` the sentence on the screen.
    """

    basis: str
    decided_by: DecidedBy
    vi: str
    en: str
    citizen_vi: str
    citizen_en: str

    def __new__(
        cls, code: str, basis: str, decided_by: DecidedBy, vi: str, en: str, citizen_vi: str, citizen_en: str
    ) -> "Ground":
        """Make the member of this code with its texts."""
        ground = str.__new__(cls, code)
        ground._value_ = code
        ground.basis, ground.decided_by = basis, decided_by
        ground.vi, ground.en, ground.citizen_vi, ground.citizen_en = vi, en, citizen_vi, citizen_en
        return ground

    A22_1_ALTERED = (
        "A22_1_ALTERED",
        "NĐ 23/2015 Điều 22(1)",
        DecidedBy.OFFICER,
        "Bản chính bị tẩy xóa, sửa chữa, thêm, bớt nội dung không hợp lệ",
        "Original erased, corrected, or content added/removed",
        "Có chỗ trên giấy cần công chức xem kỹ. Nếu giấy tờ đã được đính chính hợp lệ, hãy đưa kèm văn bản đính chính.",
        "An officer needs to look at one place. If the paper was lawfully corrected, show the correction as well.",
    )
    A22_2_DAMAGED = (
        "A22_2_DAMAGED",
        "NĐ 23/2015 Điều 22(2)",
        DecidedBy.OFFICER,
        "Bản chính bị hư hỏng, cũ nát, không xác định được nội dung",
        "Damaged or worn so content cannot be determined",
        "Có chỗ trên giấy không đọc được. Hãy quét lại; nếu vẫn vậy, hãy xin cơ quan đã cấp giấy cấp lại bản chính.",
        "Part of the paper can't be read. Scan it again; if that does not help, ask its issuer for a new original.",
    )
    A22_3_SECRET = (
        "A22_3_SECRET",
        "NĐ 23/2015 Điều 22(3)",
        DecidedBy.STOP_AND_PURGE,
        "Bản chính đóng dấu mật hoặc ghi rõ không được sao chụp",
        "Secret stamp or marked not to be copied",
        "Giấy tờ này không được sao chụp; ảnh quét được xóa ngay. Vui lòng lấy lại giấy tờ và gặp công chức.",
        "This paper may not be copied; the scan is destroyed at once. Please take the paper back and see an officer.",
    )
    A22_4_CONTENT = (
        "A22_4_CONTENT",
        "NĐ 23/2015 Điều 22(4)",
        DecidedBy.OFFICER_ALONE,
        "Bản chính có nội dung trái pháp luật, đạo đức xã hội; tuyên truyền, kích động chiến tranh, chống chế độ "
        "xã hội chủ nghĩa Việt Nam; xuyên tạc lịch sử của dân tộc Việt Nam; xúc phạm danh dự, nhân phẩm, uy tín của "
        "cá nhân, tổ chức; vi phạm quyền công dân",
        "Illegal/immoral/propaganda/defamatory content",
        "Giấy tờ này không chứng thực được. Vui lòng gặp công chức để được giải thích bằng văn bản.",
        "This paper can't be certified. Please see an officer, who explains it in writing.",
    )
    A22_5_NOT_LEGALISED = (
        "A22_5_NOT_LEGALISED",
        "NĐ 23/2015 Điều 22(5), 20(1); TT 01/2020 Điều 6",
        DecidedBy.ASK,
        "Giấy tờ nước ngoài chưa hợp pháp hóa lãnh sự",
        "Foreign paper without consular legalisation (exempt: passport, ID, residence card, driving licence, diploma, "
        "certificate + transcript; treaty)",
        "Giấy tờ nước ngoài cần được hợp pháp hóa lãnh sự trước. Nếu giấy tờ thuộc diện miễn (hộ chiếu, thẻ căn cước, "
        "thẻ cư trú, giấy phép lái xe, bằng, chứng chỉ kèm bảng điểm, điều ước quốc tế), hãy chọn “Được miễn”.",
        "A foreign paper needs consular legalisation first. If yours is exempt, choose “Exempt”.",
    )
    A22_6_PRIVATE = (
        "A22_6_PRIVATE",
        "NĐ 23/2015 Điều 22(6)",
        DecidedBy.OFFICER,
        "Giấy tờ do cá nhân tự lập không có xác nhận và đóng dấu",
        "Self-made paper without confirmation and seal",
        "Chưa thấy xác nhận và con dấu trên giấy. Hãy xin xác nhận, đóng dấu, hoặc hỏi về chứng thực chữ ký.",
        "No confirmation and seal were found. Have it confirmed and stamped, or ask about certifying a signature.",
    )
    NOT_ORIGINAL = (
        "NOT_ORIGINAL",
        "NĐ 23/2015 Điều 2(5),(6), 18",
        DecidedBy.OFFICER,
        "Giấy tờ xuất trình là bản sao, không phải bản chính",
        "Presented paper is itself a copy",
        "Giấy này trông như một bản sao. Hãy đặt bản chính; nếu đây là bản chính, công chức sẽ xem trực tiếp.",
        "This paper looks like a copy. Put in the original; if this is the original, an officer will look at it.",
    )
    INCOMPLETE = (
        "INCOMPLETE",
        "TT 01/2020 Điều 10",
        DecidedBy.ASK,
        "Thiếu trang có thông tin của bản chính",
        "Pages with information are missing",
        "Có thể còn thiếu trang. Hãy quét thêm trang bìa và mọi trang có ghi thông tin, hoặc xác nhận là đã đủ.",
        "Pages may be missing. Scan the cover and every page with information, or confirm that these are all.",
    )
    NOT_NEEDED_VNEID = (
        "NOT_NEEDED_VNEID",
        "NĐ 280/2025; NĐ 69/2024 Điều 9(6)",
        DecidedBy.ADVISE,
        "Giấy tờ đã tích hợp VNeID, có thể không cần bản sao chứng thực",
        "Already on VNeID: certified copy may be unnecessary",
        "Giấy này có thể đã có trên VNeID và dùng được thay bản sao. Nếu vẫn cần bản sao, hãy chọn “Tiếp tục”.",
        "This paper may be on VNeID, where showing it replaces a copy. If you still need the copy, choose “Continue”.",
    )
    NOT_VALID = (
        "NOT_VALID",
        "NĐ 23/2015 Điều 3(2), 22",
        DecidedBy.ADVISE,
        "Bản chính đã hết thời hạn sử dụng; pháp luật không cấm chứng thực bản sao",
        "The original's term has run out; the law does not bar certifying a copy",
        "Giấy này có thể đã hết hạn. Bản sao vẫn chứng thực được nhưng nơi nhận có thể không chấp nhận. "
        "Nếu vẫn cần, hãy chọn “Tiếp tục”.",
        "This paper may be out of date. A copy can be certified, but its receiver may not accept it. "
        "If you still need it, choose “Continue”.",
    )
    WRONG_PROCEDURE_SIGNATURE = (
        "WRONG_PROCEDURE_SIGNATURE",
        "TT 01/2020 Điều 15",
        DecidedBy.REDIRECT,
        "Sơ yếu lý lịch: cần chứng thực chữ ký (2.000884), không phải bản sao",
        "CV needs signature certification",
        "Sơ yếu lý lịch cần chứng thực chữ ký, không phải bản sao. Hãy mang giấy chưa ký đến quầy để ký tại đó.",
        "A CV needs its signature certified, not a copy. Take it unsigned to the counter and sign it there.",
    )
    QUALITY_BLUR = (
        "QUALITY_BLUR",
        "TT 01/2020 Điều 10; yêu cầu chất lượng ảnh quét của Trạm",
        DecidedBy.ASK,
        "Ảnh quét bị mờ, chữ không rõ nét",
        "The scan is blurred and its letters are not sharp",
        "Ảnh bị mờ. Hãy đặt giấy nằm phẳng, giữ yên và quét lại.",
        "The image is blurred. Lay the paper flat, keep it still and scan it again.",
    )
    QUALITY_CUT_EDGE = (
        "QUALITY_CUT_EDGE",
        "TT 01/2020 Điều 10; yêu cầu chất lượng ảnh quét của Trạm",
        DecidedBy.ASK,
        "Mép giấy nằm ngoài ảnh quét, nội dung có thể bị cắt",
        "An edge of the paper lies outside the scan and content may be cut",
        "Mép giấy bị cắt. Hãy đặt cả tờ giấy vào trong khung rồi quét lại.",
        "An edge is cut off. Place the whole sheet inside the frame and scan it again.",
    )
    QUALITY_LOW_DPI = (
        "QUALITY_LOW_DPI",
        "Hướng dẫn số hóa của Bộ Khoa học và Công nghệ, 11/2025: tối thiểu 300 dpi (200 dpi để tra cứu)",
        DecidedBy.ASK,
        "Độ phân giải của ảnh quá thấp",
        "The image has too few dots per inch",
        "Ảnh không đủ nét để làm bản sao. Hãy quét lại tờ giấy ngay tại máy này thay vì dùng ảnh có sẵn.",
        "The image is too coarse for a copy. Scan the paper here instead of using an image made elsewhere.",
    )
    QUALITY_BLANK = (
        "QUALITY_BLANK",
        "TT 01/2020 Điều 10; yêu cầu chất lượng ảnh quét của Trạm",
        DecidedBy.ASK,
        "Trang quét không có nội dung",
        "The scanned page is blank",
        "Trang này trống. Hãy lật mặt có chữ xuống kính và quét lại; nếu trang đúng là trắng, hãy bỏ trang này.",
        "This page is blank. Turn the printed side down and scan again; if the page really is blank, leave it out.",
    )
    QUALITY_GLARE = (
        "QUALITY_GLARE",
        "TT 01/2020 Điều 10; yêu cầu chất lượng ảnh quét của Trạm",
        DecidedBy.ASK,
        "Ảnh bị lóa, đèn che mất một phần nội dung",
        "A lamp's glare hides part of the content",
        "Ảnh bị lóa đèn. Hãy xoay hoặc dời tờ giấy để không còn vệt sáng, bỏ bìa bóng nếu có, rồi quét lại.",
        "A lamp glares on the paper. Turn or move it until the bright spot is gone, take it out of any glossy cover, "
        "and scan it again.",
    )
    QUALITY_SHADOW = (
        "QUALITY_SHADOW",
        "TT 01/2020 Điều 10; yêu cầu chất lượng ảnh quét của Trạm",
        DecidedBy.ASK,
        "Bóng tối che một phần trang giấy",
        "A shadow lies over part of the page",
        "Có bóng đổ lên giấy. Hãy rút tay và lùi lại để đèn chiếu đều lên cả tờ giấy, rồi quét lại.",
        "A shadow lies on the paper. Take your hands away, step back so that the lamp lights it all, and scan again.",
    )
    QUALITY_COVERED = (
        "QUALITY_COVERED",
        "TT 01/2020 Điều 10; yêu cầu chất lượng ảnh quét của Trạm",
        DecidedBy.ASK,
        "Ngón tay hoặc vật khác che một phần trang giấy",
        "A finger or another thing covers part of the page",
        "Có ngón tay che lên giấy. Hãy đặt giấy nằm yên trên mặt kính, bỏ tay ra rồi quét lại.",
        "A finger covers part of the paper. Leave it lying on the glass, take your hand away and scan it again.",
    )
    QUALITY_TWO_PAPERS = (
        "QUALITY_TWO_PAPERS",
        "TT 01/2020 Điều 10; yêu cầu chất lượng ảnh quét của Trạm",
        DecidedBy.ASK,
        "Có nhiều hơn một tờ giấy trong ảnh",
        "There is more than one paper in the image",
        "Trong ảnh có nhiều tờ giấy; chỉ tờ lớn nhất được đọc. Hãy đặt từng tờ một rồi quét lại.",
        "There are several papers in the image; only the largest was read. Lay them one by one and scan again.",
    )
    QUALITY_NO_PAPER = (
        "QUALITY_NO_PAPER",
        "TT 01/2020 Điều 10; yêu cầu chất lượng ảnh quét của Trạm",
        DecidedBy.ASK,
        "Không thấy tờ giấy nào trong ảnh",
        "No paper was found in the image",
        "Không thấy tờ giấy trong ảnh. Hãy đặt cả tờ giấy vào trong khung, trên nền khác màu giấy, rồi quét lại.",
        "No paper was found. Place the whole sheet inside the frame, on a ground of another colour, and scan it again.",
    )
    QUALITY_UNREAD = (
        "QUALITY_UNREAD",
        "TT 01/2020 Điều 10; yêu cầu chất lượng ảnh quét của Trạm",
        DecidedBy.ASK,
        "Máy không đọc được chữ trên trang (chữ nước ngoài, chữ viết tay hoặc không có chữ)",
        "The page's writing can't be read by the machine (another script, handwriting, or no writing)",
        "Máy không đọc được chữ trên trang này. Nếu giấy đặt sai chiều, hãy quét lại; nếu là chữ nước ngoài hoặc chữ "
        "viết tay, công chức sẽ xem.",
        "The machine can't read this page. If it lay the wrong way, scan it again; if it is in another script or by "
        "hand, an officer will look at it.",
    )
