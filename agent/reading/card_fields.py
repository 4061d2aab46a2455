"""Fields that cards and passports share: the same label with or without its English, a value of its own form."""

from agent.reading import cleaning
from agent.reading.form import Clean, Field


def bilingual(vietnamese: str, english: str) -> tuple[str, str]:
    """Return a label's phrases: with its translation, as on cards since 2021, and alone."""
    return f"{vietnamese} / {english}", vietnamese


def full_name(*phrases: str, lines: int = 1) -> Field:
    """Return the holder's name."""
    return Field(name="full_name", label="Họ và tên", phrases=phrases, lines=lines, clean=cleaning.person_name)


def birth(*phrases: str) -> Field:
    """Return the day of birth."""
    return Field(name="date_of_birth", label="Ngày sinh", phrases=phrases, clean=cleaning.day)


def issue(*phrases: str) -> Field:
    """Return the day of issue."""
    return Field(name="issued_on", label="Ngày cấp", phrases=phrases, clean=cleaning.day)


def expiry(*phrases: str, label: str = "Có giá trị đến", lines: int = 1) -> Field:
    """Return the last day of validity, or `Không thời hạn`."""
    return Field(name="expires_on", label=label, phrases=phrases, lines=lines, clean=cleaning.expiry)


def place(
    name: str, label: str, *phrases: str, lines: int = 2, joint: str = " ", clean: Clean = cleaning.address
) -> Field:
    """Return an address; where each of its lines is a part of its own, `joint` is a comma."""
    return Field(name=name, label=label, phrases=phrases, lines=lines, joint=joint, clean=clean)


SEX = Field(name="sex", label="Giới tính", phrases=bilingual("Giới tính", "Sex"), clean=cleaning.sex)
NATIONALITY = Field(
    name="nationality",
    label="Quốc tịch",
    phrases=bilingual("Quốc tịch", "Nationality"),
    clean=cleaning.first_words,
)
