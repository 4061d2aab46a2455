import pytest

from contract import topics

SHA = "ab" * 32


def test_a_written_topic_parses_back_to_its_parts():
    parsed = topics.parse_up(topics.up("k-01", "blob", SHA, 7))
    assert parsed.kiosk == "k-01"
    assert parsed.blob == topics.BlobTopic(kiosk="k-01", sha256=SHA, index=7)


def test_a_request_topic_is_no_blob():
    parsed = topics.parse_up(topics.up("k-01", "request", "certify"))
    assert parsed.room == ("request", "certify")
    assert parsed.blob is None


@pytest.mark.parametrize(
    "topic",
    ["", "tram/v1", "tram/v2/k/up/state", "tram/v1/k-01/down/ack", "tram/v1/K_01/up/state", "tram/v1/k-01/up",
     "other/v1/k-01/up/state", "tram/v1//up/state"],
)  # fmt: skip
def test_a_topic_outside_the_contract_is_named_bad(topic):
    with pytest.raises(topics.BadTopic):
        topics.parse_up(topic)


@pytest.mark.parametrize(
    "room",
    [
        ("blob",),
        ("blob", SHA),
        ("blob", SHA[:-1], "0"),
        ("blob", SHA, "x"),
        ("blob", SHA, "-1"),
        ("blob", SHA, "1234567"),
    ],
)
def test_a_malformed_chunk_address_is_named_bad(room):
    with pytest.raises(topics.BadTopic):
        _ = topics.parse_up(topics.up("k-01", *room)).blob


@pytest.mark.parametrize(("size", "chunks"), [(1, 1), (65536, 1), (65537, 2), (0, 0), (300_000, 5)])
def test_chunk_count_covers_every_byte(size, chunks):
    assert topics.chunk_count(size) == chunks
