"""A verdict in plain words, Vietnamese first: what `tram verify`, the verify page and the kiosk say."""

from collections.abc import Iterator

from contract.clock import vietnam_text
from contract.messages import Standing
from hub.verify.paper_match import Comparison
from hub.verify.values import Reason, SignatureFinding, Verdict

HEADLINES = {
    Standing.VALID: ("BẢN SAO HỢP LỆ", "The copy is valid."),
    Standing.INVALID: ("BẢN SAO KHÔNG CÓ GIÁ TRỊ", "The copy is NOT valid."),
    Standing.UNKNOWN: ("CHƯA KẾT LUẬN ĐƯỢC", "It cannot be told whether the copy is valid."),
}

IN_LOG = (
    "Bản sao này là dòng {index} của nhật ký công khai, dưới một mốc đã ký.",
    "This copy is line {index} of the public log, under a signed head.",
)
SOON_IN_LOG = (
    "Bản sao này là dòng {index} của nhật ký công khai; mốc đã ký sẽ có trong một phút.",
    "This copy is line {index} of the public log; a signed head follows within a minute.",
)
PAPER_REMARK = (
    "Mã QR là thật. Hãy so tờ giấy với các mục dưới đây; chữ bên trong thì chỉ bản điện tử mới chứng minh được.",
    "The seal is genuine. Compare the paper with the entries below; only the electronic copy proves its inner text.",
)

PAPER_HEADLINES = {
    Comparison.AGREES: ("TỜ GIẤY KHỚP VỚI BẢN ĐÃ LƯU", "The paper agrees with the record."),
    Comparison.DIFFERS: ("CÓ CHỖ KHÁC VỚI BẢN ĐÃ LƯU", "Some places differ from the record."),
    Comparison.TOO_POOR: ("ẢNH CHƯA ĐỦ RÕ ĐỂ SO SÁNH", "The photo is too poor to tell."),
}
PAPER_ADVICE = {
    Comparison.AGREES: (
        "Mọi chữ và số đọc rõ được trong ảnh đều đúng. Chỗ mờ, chữ viết tay, con dấu, ảnh chân dung thì máy không so.",
        "All that could be read clearly is right. Blurred places, handwriting, seals and portraits are not compared.",
    ),
    Comparison.DIFFERS: (
        "Hãy nhìn kỹ từng chỗ được đánh số: máy cũng có thể đọc nhầm. Nếu vẫn nghi ngờ, hãy hỏi cơ quan đã cấp.",
        "Look closely at each numbered place: the reader may be wrong. If in doubt still, ask the agency.",
    ),
    Comparison.TOO_POOR: (
        "Điều này không nói gì về tờ giấy. Hãy chụp lại: đủ sáng, thẳng từ trên, thấy cả bốn góc, chữ rõ nét.",
        "This says nothing about the paper. Try again: well lit, from straight above, four corners, letters sharp.",
    ),
}
NOT_OURS = (
    ("Không phải tệp đã cấp", "Not the file that was given out"),
    (
        "Chỉ bổ sung bằng chứng cho đúng tệp mà cơ quan đã cấp, trùng từng byte. Tệp của bạn không được lưu lại.",
        "Evidence is added only to the very file that the agency gave out. Your file was not kept.",
    ),
)
EXTENDED_LATER = (
    ("Chưa bổ sung được", "Not possible right now"),
    (
        "Dịch vụ dấu thời gian chưa trả lời. Bản sao của bạn vẫn như cũ; hãy thử lại sau một giờ.",
        "The timestamp service does not answer. Your copy is what it was; try again in an hour.",
    ),
)
NOT_EXTENDABLE = (
    ("Không bổ sung được", "Evidence can't be added"),
    (
        "Bản sao này đã bị hủy bỏ, hoặc một chứng thư của nó đã bị thu hồi. Hãy hỏi cơ quan đã cấp.",
        "This copy was annulled, or one of its certificates was revoked. Ask the agency.",
    ),
)
COMPLETE = (
    ("Tệp đã đầy đủ", "The file is complete"),
    (
        "Tệp này đã có đủ bằng chứng, được bảo vệ đến {day}. Trước ngày đó hãy quay lại đây một lần.",
        "This file has all the evidence and is protected until {day}. Come back once before that day.",
    ),
)

REASONS = {
    Reason.NOT_READABLE: (
        "Không đọc được tệp này. Hãy dùng tệp gốc, hoặc chụp lại rõ hơn.",
        "The file can't be read. Use the original file, or take a sharper picture.",
    ),
    Reason.TOO_COSTLY: (
        "Tệp này nặng hoặc bất thường đến mức không kiểm tra được ở đây. Hãy dùng đúng tệp mà cơ quan đã cấp.",
        "The file is too heavy or too odd to be checked here. Use the very file that the agency gave out.",
    ),
    Reason.NO_SEAL: (
        "Không tìm thấy mã QR của bản sao chứng thực. Hãy chụp thẳng, đủ sáng, thấy trọn mã QR ở trang cuối.",
        "No QR seal of a certified copy was found. Take the picture straight, with the whole QR of the last page.",
    ),
    Reason.NO_SIGNATURE: (
        "Tệp này không có chữ ký số nào: đây không phải bản sao điện tử có chứng thực.",
        "The file carries no signature: it is not a certified electronic copy.",
    ),
    Reason.NO_TRUST: (
        "Chưa có bộ chứng thư tin cậy của cơ quan (trust.json), nên chưa biết chữ ký là của ai.",
        "The agency's trust bundle (trust.json) is missing, so the signer can't be recognised. Give it with --trust.",
    ),
    Reason.NOT_RECORDED: (
        "Mã QR đúng là của cơ quan nhưng không khớp với sổ chứng thực. Hãy hỏi cơ quan đã cấp.",
        "The seal is the agency's, but the register does not confirm it. Ask the agency.",
    ),
    Reason.SEAL_UNREADABLE: ("Mã QR bị hỏng hoặc bị sửa.", "The QR seal is damaged or was altered."),
    Reason.SEAL_SIGNER_UNKNOWN: (
        "Chứng thư của mã QR không thuộc cơ quan mà ta đang tin cậy.",
        "The QR seal's certificate is not among those trusted here.",
    ),
    Reason.SEAL_FORGED: (
        "Chữ ký trong mã QR không đúng: mã QR là giả hoặc đã bị sửa.",
        "The QR seal's signature is wrong: it is forged or was altered.",
    ),
    Reason.SIGNER_UNKNOWN: (
        "Không nhận ra người ký: chứng thư không thuộc cơ quan mà ta đang tin cậy.",
        "The signer is not known here: the certificate leads to no trusted authority.",
    ),
    Reason.CERTIFICATE_BAD: (
        "Chứng thư số đã bị thu hồi hoặc hết hạn trước lúc ký.",
        "A certificate was revoked or expired when it signed.",
    ),
    Reason.CERTIFICATE_UNPROVEN: (
        "Chưa chứng minh được chứng thư số còn hiệu lực lúc ký.",
        "It can't be proven that a certificate was valid when it signed.",
    ),
    Reason.SIGNATURE_BROKEN: (
        "Chữ ký số không còn khớp: tệp đã bị thay đổi sau khi ký.",
        "A signature no longer fits: the file was changed after signing.",
    ),
    Reason.BYTES_NOT_COVERED: (
        "Có phần của tệp không được chữ ký nào bảo vệ.",
        "Part of the file is covered by no signature.",
    ),
    Reason.CHANGED_AFTER_SIGNING: (
        "Nội dung đã được thêm hoặc sửa sau khi ký.",
        "Content was added or altered after signing.",
    ),
    Reason.DRAFT_CHANGED: (
        "Phần ảnh chụp bản chính đã bị thay đổi so với lúc chứng thực.",
        "What changed: the image of the original is not the one that was certified.",
    ),
    Reason.TAIL_CHANGED: (
        "Phần lời chứng và chữ ký đã bị thay đổi; phần ảnh chụp bản chính còn nguyên.",
        "What changed: the certifying statement and signatures; the image of the original is intact.",
    ),
    Reason.SIGNATURES_MISSING: (
        "Thiếu chữ ký của người chứng thực, của cơ quan, hoặc dấu thời gian.",
        "The certifier's signature, the agency's, or the timestamp over the whole file is missing.",
    ),
    Reason.ANNULLED: (
        "Bản sao này đã bị hủy bỏ giá trị pháp lý.",
        "This copy was annulled and has no legal value.",
    ),
}


def lines(verdict: Verdict) -> Iterator[str]:
    """Yield the verdict line by line."""
    vietnamese, english = HEADLINES[verdict.standing]
    yield f"{vietnamese} — {english}"
    yield from _reasons(verdict)
    yield from _record(verdict)
    yield from _signers(verdict.signatures)
    yield from _changes(verdict)
    yield from _annulment(verdict)
    if verdict.standing == Standing.VALID and verdict.medium == "paper":
        yield "Lưu ý: mã QR là thật; hãy so nội dung trên giấy với bản điện tử hoặc với các mục ghi ở trên."
        yield "       (The seal is genuine; compare what the paper says with the entries above.)"


def _reasons(verdict: Verdict) -> Iterator[str]:
    for reason in verdict.reasons:
        vietnamese, english = REASONS[reason]
        yield f"  • {vietnamese}"
        yield f"    {english}"


def _record(verdict: Verdict) -> Iterator[str]:
    seal = verdict.seal
    if seal is None:
        return
    yield f"Số chứng thực     {seal.register_label}"
    yield f"Cơ quan           {verdict.agency or 'chưa rõ'} ({seal.agency_code})"
    yield f"Chứng thực lúc    {vietnam_text(seal.issued_at)}"
    yield f"Loại giấy tờ      {seal.kind}, {seal.pages} trang; người yêu cầu: {seal.requester_initials}"
    yield f"Mã bản sao        {seal.copy_id}; nhật ký công khai số {seal.log_index}"


def _signers(found: tuple[SignatureFinding, ...]) -> Iterator[str]:
    roles = iter(("Người chứng thực", "Cơ quan ký"))
    for each in found:
        role = "Dấu thời gian" if each.is_timestamp else next(roles, "Chữ ký khác")
        when = vietnam_text(each.signed_at) if each.signed_at else "không rõ lúc nào"
        state = "; ".join(REASONS[reason][0] for reason in each.reasons) or "đúng, chứng thư còn hiệu lực lúc ký"
        yield f"{role:<17} {each.subject} (cấp bởi {each.issuer}), {when}: {state}"


def _changes(verdict: Verdict) -> Iterator[str]:
    if verdict.medium == "pdf" and verdict.standing == Standing.VALID:
        yield f"Toàn vẹn          không có thay đổi nào sau khi ký; mức {verdict.level}"


def _annulment(verdict: Verdict) -> Iterator[str]:
    if verdict.annulment is not None:
        given = verdict.annulment
        yield f"Hủy bỏ            theo {given.decision_no}, {vietnam_text(given.at)}: {given.reason}"
    elif verdict.annulled_known_at is not None and verdict.seal is not None:
        how = "hỏi trực tuyến" if verdict.annulled_checked_online else "danh sách đã lưu"
        yield f"Hủy bỏ            không có trong danh sách đến {vietnam_text(verdict.annulled_known_at)} ({how})"
