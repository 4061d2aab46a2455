import hashlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from contract import ids

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def test_a_new_id_is_canonical_and_bears_the_time_it_was_given():
    text = ids.new_ulid(NOON)
    assert ids.parse_ulid(text) == text
    assert ULID.from_str(text).datetime == NOON


def test_ids_of_one_millisecond_differ_and_cannot_be_counted_up():
    drawn = [ULID.from_str(ids.new_ulid(NOON)) for _ in range(200)]
    assert len(set(drawn)) == 200
    assert all(int(b) - int(a) != 1 for a, b in pairwise(drawn))


def test_ids_sort_by_time_even_when_the_clock_went_back_in_between():
    later = ids.new_ulid(NOON + timedelta(milliseconds=1))
    assert ids.new_ulid(NOON) < later


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01KAN7Q3X8ZJ5M2R9T4V6W8Y0",
        "01KAN7Q3X8ZJ5M2R9T4V6W8Y0BB",
        "01kan7q3x8zj5m2r9t4v6w8y0b",
        "01KAN7Q3X8ZJ5M2R9T4V6W8Y0I",
        "81KAN7Q3X8ZJ5M2R9T4V6W8Y0B",
        "01KAN7Q3X8ZJ5M2R9T4V6W8Y0B\n",
        "01KAN7Q3X8ZJ5M2R9T4V6W8Y/#",
        "٠1KAN7Q3X8ZJ5M2R9T4V6W8Y0B",
    ],
)
def test_any_other_spelling_of_an_id_is_refused(text):
    with pytest.raises(ids.MalformedUlid):
        ids.parse_ulid(text)


@given(st.binary(min_size=16, max_size=16))
def test_sixteen_bytes_and_the_text_are_the_same_id(raw):
    text = ids.ulid_from_bytes(raw)
    assert ids.parse_ulid(text) == text
    assert ids.ulid_to_bytes(text) == raw


@pytest.mark.parametrize("size", [0, 15, 17])
def test_bytes_of_another_length_are_no_id(size):
    with pytest.raises(ids.MalformedUlid):
        ids.ulid_from_bytes(bytes(size))


def test_a_blob_is_named_by_the_published_hash_of_abc():
    assert ids.sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert ids.sha256_hex(b"") == hashlib.sha256().hexdigest()
