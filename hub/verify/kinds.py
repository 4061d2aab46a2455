"""Kinds of document in words for the public: what sort of paper a seal speaks of, never whose."""

KINDS = {
    "BANG_DIEM": ("Bảng điểm", "transcript of marks"),
    "BANG_TOT_NGHIEP": ("Bằng tốt nghiệp", "diploma"),
    "BHXH": ("Sổ bảo hiểm xã hội", "social insurance book"),
    "BHYT": ("Thẻ bảo hiểm y tế", "health insurance card"),
    "CAN_CUOC_2024": ("Thẻ căn cước", "identity card"),
    "CCCD_BARCODE": ("Thẻ căn cước công dân", "citizen identity card"),
    "CCCD_CHIP": ("Thẻ căn cước công dân", "citizen identity card"),
    "CHUNG_CHI": ("Chứng chỉ", "certificate of training"),
    "CMND": ("Chứng minh nhân dân", "identity card, old form"),
    "CONG_VAN": ("Công văn", "official letter"),
    "DANG_KY_XE": ("Chứng nhận đăng ký xe", "vehicle registration"),
    "GCN_QSDD": ("Giấy chứng nhận quyền sử dụng đất", "land-use right certificate"),
    "GIAY_UY_QUYEN": ("Giấy ủy quyền", "authorisation letter"),
    "GPLX": ("Giấy phép lái xe", "driving licence"),
    "GP_KINH_DOANH": ("Đăng ký kinh doanh", "business registration"),
    "HOC_BA": ("Học bạ", "school record"),
    "HOP_DONG": ("Hợp đồng", "contract"),
    "HO_CHIEU": ("Hộ chiếu", "passport"),
    "KET_HON": ("Kết hôn (giấy chứng nhận hoặc trích lục)", "marriage certificate"),
    "KHAI_SINH": ("Khai sinh (giấy hoặc trích lục)", "birth certificate"),
    "KHAI_TU": ("Khai tử (giấy hoặc trích lục)", "death certificate"),
    "QUYET_DINH": ("Quyết định", "decision"),
    "SO_YEU_LY_LICH": ("Sơ yếu lý lịch", "personal record"),
    "XAC_NHAN_HON_NHAN": ("Xác nhận tình trạng hôn nhân", "certificate of marital status"),
}
_OTHER = ("Giấy tờ khác", "other paper")


def kind_words(code: str) -> str:
    """Return `Học bạ – school record` for the seal's code of a kind; an unknown code is an other paper."""
    vietnamese, english = KINDS.get(code, _OTHER)
    return f"{vietnamese} – {english}"
