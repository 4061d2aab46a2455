"""Faults of the devices that hold money."""

from agent.devices.errors.base import DeviceError


class CashError(DeviceError):
    """Notes or coins can't be taken in or given out; what was taken is counted by the device itself."""

    money_vi = "Tiền đã được máy đếm vẫn được ghi nhận cho lượt này; phần chưa dùng sẽ được trả lại."
    money_en = "Money that was counted is kept in your favour for this visit; what is not used comes back."


class CashUnavailable(CashError):
    """The cash device does not answer."""

    code = "CASH_UNAVAILABLE"
    vi = "Máy thu tiền chưa sẵn sàng. Xin gọi nhân viên."
    en = "The cash device is not ready. Please call a member of staff."
    remedy = "Check the cash device's power and cable; its own counters keep what it holds"
    cause_vi = "Máy tiền không trả lời"
    remedy_vi = "Kiểm tra nguồn và cáp của máy tiền; bộ đếm của máy vẫn giữ số tiền bên trong"


class NotesSilent(CashError):
    """The bill validator is unplugged or does not answer."""

    code = "NOTES_SILENT"
    vi = "Khe nhận tiền giấy chưa sẵn sàng. Xin dùng tiền xu hoặc chuyển khoản."
    en = "The note slot is not ready. Please pay with coins or by transfer."
    remedy = "Check the bill validator's MDB plug and its 34 V supply"
    cause_vi = "Đầu nhận tiền giấy bị rút phích hoặc không trả lời"
    remedy_vi = "Kiểm tra phích MDB của đầu nhận tiền giấy và nguồn 34 V"


class NoteJammed(CashError):
    """A note is stuck in the bill validator."""

    code = "NOTES_JAMMED"
    vi = "Một tờ tiền bị kẹt. Xin đừng kéo, nhân viên sẽ lấy ra cho bạn."
    en = "A note is stuck. Please don't pull it; a member of staff will take it out for you."
    remedy = "Open the bill validator, take the note out and give it to its owner if the screen did not count it"
    cause_vi = "Một tờ tiền kẹt trong đầu nhận tiền giấy"
    remedy_vi = "Mở đầu nhận tiền giấy, lấy tờ tiền ra và trả cho người nộp nếu màn hình chưa đếm tờ đó"
    money_vi = "Tờ bị kẹt chưa được tính; nhân viên sẽ trả lại cho bạn. Tiền đã đếm vẫn được ghi nhận."
    money_en = "The stuck note is not counted; a member of staff gives it back. What was counted is kept for you."


class NoteCassetteOut(CashError):
    """The note cassette is not in its place."""

    code = "NOTES_CASSETTE_OUT"
    vi = "Khe nhận tiền giấy đang được bảo trì. Xin dùng tiền xu hoặc chuyển khoản."
    en = "The note slot is being serviced. Please pay with coins or by transfer."
    remedy = "Put the empty cassette in until it clicks; the count of the cassette begins anew"
    cause_vi = "Hộp tiền giấy không ở đúng chỗ"
    remedy_vi = "Lắp hộp rỗng vào đến khi nghe tiếng khớp; bộ đếm của hộp bắt đầu lại"


class NoteCassetteFull(CashError):
    """The note cassette takes no further note."""

    code = "NOTES_CASSETTE_FULL"
    vi = "Hộp tiền giấy đã đầy. Xin dùng tiền xu hoặc chuyển khoản."
    en = "The note cassette is full. Please pay with coins or by transfer."
    remedy = "Change the cassette and close the period of the cash report"
    cause_vi = "Hộp tiền giấy đã đầy"
    remedy_vi = "Thay hộp tiền và chốt kỳ trong sổ tiền mặt"


class NotesFailed(CashError):
    """The bill validator reports a defect of its own."""

    code = "NOTES_FAILED"
    vi = "Khe nhận tiền giấy gặp lỗi. Xin dùng tiền xu hoặc chuyển khoản."
    en = "The note slot failed. Please pay with coins or by transfer."
    remedy = "Clean the bill validator's sensors, switch it off and on; if it happens again, replace it"
    cause_vi = "Đầu nhận tiền giấy báo lỗi của chính nó"
    remedy_vi = "Lau các cảm biến của đầu nhận tiền giấy, tắt rồi bật lại; nếu lặp lại thì thay"


class NoteFraud(CashError):
    """The bill validator saw somebody pull at a note that it had taken."""

    code = "NOTES_FRAUD"
    vi = "Khe nhận tiền giấy cần nhân viên kiểm tra. Xin dùng tiền xu hoặc chuyển khoản."
    en = "The note slot must be checked. Please pay with coins or by transfer."
    remedy = "Look at the camera's record, count the cassette, and compare with the cash report"
    cause_vi = "Đầu nhận tiền giấy thấy có người kéo lại tờ tiền đã nhận"
    remedy_vi = "Xem lại hình camera, đếm hộp tiền và đối chiếu với sổ tiền mặt"


class ChangerSilent(CashError):
    """The coin changer is unplugged or does not answer."""

    code = "CHANGER_SILENT"
    vi = "Máy nhận và trả xu chưa sẵn sàng. Xin trả vừa đủ bằng tiền giấy hoặc chuyển khoản."
    en = "The coin changer is not ready. Please pay the exact sum in notes or by transfer."
    remedy = "Check the coin changer's MDB plug and its 34 V supply"
    cause_vi = "Máy trả xu bị rút phích hoặc không trả lời"
    remedy_vi = "Kiểm tra phích MDB của máy trả xu và nguồn 34 V"


class CoinJammed(CashError):
    """A coin is stuck in the coin changer."""

    code = "CHANGER_JAMMED"
    vi = "Một đồng xu bị kẹt. Nhân viên sẽ lấy ra cho bạn."
    en = "A coin is stuck. A member of staff will take it out for you."
    remedy = "Open the changer's coin path or the tube named on its display, take the coin out, press its reset"
    cause_vi = "Một đồng xu kẹt trong máy trả xu"
    remedy_vi = "Mở đường xu hoặc ống xu mà máy nêu tên, lấy đồng xu ra rồi nhấn nút đặt lại"
    money_vi = "Xu bị kẹt chưa được tính; nhân viên sẽ trả lại cho bạn. Tiền đã đếm vẫn được ghi nhận."
    money_en = "The stuck coin is not counted; a member of staff gives it back. What was counted is kept for you."


class CoinSlotOut(CashError):
    """The coin changer's own acceptor is not in its place."""

    code = "CHANGER_ACCEPTOR_OUT"
    vi = "Khe nhận xu đang được bảo trì. Xin dùng tiền giấy hoặc chuyển khoản."
    en = "The coin slot is being serviced. Please pay with notes or by transfer."
    remedy = "Put the acceptor back into the coin changer and connect its ribbon cable"
    cause_vi = "Khe nhận xu của máy trả xu không ở đúng chỗ"
    remedy_vi = "Lắp lại khe nhận xu vào máy trả xu và nối cáp dẹt"


class ChangerFailed(CashError):
    """The coin changer reports a defect of its own."""

    code = "CHANGER_FAILED"
    vi = "Máy nhận và trả xu gặp lỗi. Xin trả vừa đủ bằng tiền giấy hoặc chuyển khoản."
    en = "The coin changer failed. Please pay the exact sum in notes or by transfer."
    remedy = "Clean the tubes' sensors, switch the coin changer off and on; if it happens again, replace it"
    cause_vi = "Máy trả xu báo lỗi của chính nó"
    remedy_vi = "Lau cảm biến các ống xu, tắt rồi bật lại máy trả xu; nếu lặp lại thì thay"


class ChangeEmpty(CashError):
    """The coin changer's tubes are empty."""

    code = "CHANGER_EMPTY"
    vi = "Trạm hết tiền lẻ. Xin trả vừa đủ; phần thừa được ghi vào phiếu."
    en = "The kiosk has no change. Please pay the exact sum; a rest is written on a voucher."
    remedy = "Fill the change tubes"
    cause_vi = "Các ống xu của máy trả xu đã hết"
    remedy_vi = "Nạp xu vào các ống"


class PayoutUnknown(CashError):
    """How much of a payout came out can't be known: the device was lost in the middle of it."""

    code = "PAYOUT_UNKNOWN"
    vi = "Chưa rõ tiền thừa đã ra hay chưa. Xin xem khay trả và gọi nhân viên."
    en = "Whether your change came out is not known. Please look into the tray and call a member of staff."
    remedy = "Count the tubes, compare with the cash report, and give the citizen what did not come out"
    cause_vi = "Không biết đã trả ra bao nhiêu: mất liên lạc với máy giữa chừng"
    remedy_vi = "Đếm các ống xu, đối chiếu với sổ tiền mặt, và đưa công dân phần chưa ra"
    money_vi = "Số tiền này được ghi là chưa rõ; công chức sẽ xác định và trả phần còn thiếu."
    money_en = "The sum is written down as not known; an officer finds out and pays what is missing."
