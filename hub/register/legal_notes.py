"""The sentence that a copy carries about where and how its original was seen (R3, NĐ 23/2015 Art. 10)."""

from contract.messages import LegalMode

_SENTENCES = {
    LegalMode.PREPARE_ONLY: (
        "Hồ sơ được chuẩn bị tại máy; bản chính được xuất trình và đối chiếu tại trụ sở cơ quan thực hiện chứng thực."
    ),
    LegalMode.STAFFED_AT_OFFICE: "Bản chính được xuất trình và đối chiếu tại trụ sở cơ quan thực hiện chứng thực.",
    LegalMode.PILOT_REMOTE: "Thực hiện thí điểm ngoài trụ sở theo {decision}.",
}


def sentence(mode: LegalMode, decision: str) -> str:
    """Return the sentence of a kiosk's legal mode; `decision` is the number of the pilot's decision."""
    return _SENTENCES[mode].format(decision=decision)
