import json
from datetime import date

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import assume, given
from hypothesis import strategies as st

from contract import c40, seal_faults, vds

KEY = ec.derive_private_key(7, ec.SECP256R1())
HEADER = vds.Header(
    issuing_country="VNM",
    signer_id="VNTR",
    cert_ref="5B",
    issue_date=date(2026, 11, 22),
    signature_date=date(2026, 11, 23),
    feature_ref=b"VN",
)
MESSAGES = (vds.Message(tag=1, value=b"one"), vds.Message(tag=2, value=b""), vds.Message(tag=254, value=b"x" * 300))
RAW = vds.encode(HEADER, MESSAGES, vds.signing_with(KEY))
DAY = st.dates(min_value=date(1, 1, 1))
C40_TEXT = st.text(alphabet=" 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.fixture(scope="module")
def vectors(shared):
    return json.loads((shared / "samples/vds/vds_vectors.json").read_text())


@pytest.fixture(scope="module")
def signer_key(shared):
    der = (shared / "samples/vds/sealgen_UTTS5B.crt").read_bytes()
    return x509.load_der_x509_certificate(der).public_key()


def verifies(seal, key):
    try:
        vds.verify(seal, key)
    except (seal_faults.SignatureInvalid, seal_faults.SignatureSize):
        return False
    return True


def test_published_headers_decode_and_are_written_back_byte_for_byte(vectors):
    assert len(vectors["headers"]) == 2
    for vector in vectors["headers"]:
        header = vds.decode_header(bytes.fromhex(vector["hex"]))
        assert header == vds.Header(
            raw_version=vector["rawVersion"],
            issuing_country=vector["issuingCountry"],
            signer_id=vector["signerId"],
            cert_ref=vector["certRef"],
            issue_date=date.fromisoformat(vector["issueDate"]),
            signature_date=header.signature_date,
            feature_ref=bytes.fromhex(vector["docRef"]),
        )
        assert vds.encode_header(header).hex() == vector["hex"]


def test_all_published_seals_decode_as_their_publisher_reads_them(vectors):
    assert len(vectors["seals"]) == 12
    for vector in vectors["seals"]:
        seal = vds.decode(bytes.fromhex(vector["hex"]))
        header = seal.header
        assert (header.raw_version, header.issuing_country) == (vector["rawVersion"], vector["issuingCountry"])
        assert (header.signer_id, header.cert_ref) == (vector["signerId"], vector["certRef"])
        assert header.issue_date.isoformat() == vector["documentIssueDate"]
        assert header.signature_date.isoformat() == vector["signatureDate"]
        assert header.feature_ref.hex() == vector["docFeatureRef"]
        assert len(seal.signature) == vector["signatureLen"]
        assert [(m.tag, m.value.hex()) for m in seal.messages] == [
            (m["tag"], m["valueHex"]) for m in vector["messages"]
        ]


def test_published_c40_values_read_as_their_publisher_reads_them(vectors):
    texts = [m for vector in vectors["seals"] for m in vector["messages"] if m["c40"] is not None]
    assert len(texts) > 10
    for message in texts:
        assert c40.decode(bytes.fromhex(message["valueHex"])).rstrip() == message["c40"].rstrip()


def test_published_seals_are_written_back_byte_for_byte(vectors):
    for vector in vectors["seals"]:
        seal = vds.decode(bytes.fromhex(vector["hex"]))
        assert vds.encode(seal.header, seal.messages, lambda _, seal=seal: seal.signature).hex() == vector["hex"]


def test_exactly_the_seven_published_seals_of_the_signer_verify(vectors, signer_key):
    genuine = {v["name"] for v in vectors["seals"] if verifies(vds.decode(bytes.fromhex(v["hex"])), signer_key)}
    assert genuine == {v["name"] for v in vectors["seals"] if "UTTS5B" in v["verifiesWith"]}
    assert len(genuine) == 7


def test_every_flipped_bit_of_a_published_seal_is_noticed(vectors, signer_key):
    raw = bytes.fromhex(next(v["hex"] for v in vectors["seals"] if v["name"] == "addressStickerPassport"))
    for position in range(len(raw)):
        changed = raw[:position] + bytes((raw[position] ^ 0x01,)) + raw[position + 1 :]
        with pytest.raises(seal_faults.SealError):
            vds.verify(vds.decode(changed), signer_key)


@pytest.mark.parametrize(
    ("curve", "signature_bytes"),
    [
        (ec.SECP224R1(), 56),
        (ec.SECP256R1(), 64),
        (ec.BrainpoolP256R1(), 64),
        (ec.SECP384R1(), 96),
        (ec.BrainpoolP512R1(), 128),
        (ec.SECP521R1(), 132),
    ],
)
def test_each_key_size_signs_at_its_length_and_verifies(curve, signature_bytes):
    key = ec.generate_private_key(curve)
    seal = vds.decode(vds.encode(HEADER, MESSAGES, vds.signing_with(key)))
    assert len(seal.signature) == signature_bytes
    assert verifies(seal, key.public_key())
    assert not verifies(seal, ec.generate_private_key(curve).public_key())


def test_a_signature_of_another_size_is_named_before_it_is_computed():
    seal = vds.decode(RAW)
    with pytest.raises(seal_faults.SignatureSize, match="64 bytes, this key makes 56"):
        vds.verify(seal, ec.derive_private_key(7, ec.SECP224R1()).public_key())


def test_a_signature_of_zeros_proves_nothing():
    seal = vds.decode(vds.encode(HEADER, MESSAGES, lambda _: bytes(64)))
    with pytest.raises(seal_faults.SignatureInvalid):
        vds.verify(seal, KEY.public_key())


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP192R1()), rsa.generate_private_key(public_exponent=65537, key_size=2048)],
    ids=["too small", "RSA"],
)
def test_a_key_that_makes_no_seals_is_named_unsuitable(key):
    with pytest.raises(seal_faults.UnsuitableKey):
        vds.verify(vds.decode(RAW), key.public_key())


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", seal_faults.NotASeal),
        (b"\x00" + RAW[1:], seal_faults.NotASeal),
        (b"\xdc", seal_faults.Truncated),
        (b"\xdc\x04" + RAW[2:], seal_faults.UnknownVersion),
        (RAW[:2] + b"\x00\x00" + RAW[4:], seal_faults.BadText),
        (RAW[:2] + b"\xfe\x42" + RAW[4:], seal_faults.BadText),
        (RAW[:4] + c40.encode("VNTR0G") + RAW[8:], seal_faults.BadCertificateRef),
        (RAW[:4] + c40.encode("VNTR 2") + RAW[8:], seal_faults.BadCertificateRef),
        (RAW[:4] + c40.encode("VNTR00") + RAW[8:], seal_faults.BadCertificateRef),
        (RAW[:10] + (13012026).to_bytes(3, "big") + RAW[13:], seal_faults.BadDate),
        (RAW[:10] + (2302026).to_bytes(3, "big") + RAW[13:], seal_faults.BadDate),
        (RAW[:10] + bytes(3) + RAW[13:], seal_faults.BadDate),
        (RAW[:18], seal_faults.Unsigned),
        (RAW[:18] + b"\x01\x80", seal_faults.BadLength),
        (RAW[:18] + b"\x01\x81\x03one", seal_faults.BadLength),
        (RAW[:18] + b"\x01\x82\x00\x03one", seal_faults.BadLength),
        (RAW[:18] + b"\x01\x84\xff\xff\xff\xffone", seal_faults.Truncated),
        (RAW[:18] + b"\xff", seal_faults.Truncated),
        (RAW[:-1], seal_faults.Truncated),
        (RAW + b"\x00", seal_faults.TrailingBytes),
    ],
)
def test_a_malformed_seal_is_refused_with_its_true_cause(raw, fault):
    with pytest.raises(fault) as caught:
        vds.decode(raw)
    assert type(caught.value) is fault
    assert fault.remedy in str(caught.value)


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_seal_or_a_seal_error(raw):
    try:
        vds.decode(b"\xdc\x03" + raw)
    except seal_faults.SealError as fault:
        assert str(fault)


@given(st.integers(0, len(RAW) - 1), st.binary(max_size=4))
def test_a_damaged_seal_is_never_taken_for_genuine(position, patch):
    damaged = RAW[:position] + patch + RAW[position + len(patch) :]
    assume(damaged != RAW)
    with pytest.raises(seal_faults.SealError):
        vds.verify(vds.decode(damaged), KEY.public_key())


@given(
    st.builds(
        vds.Header,
        issuing_country=st.sampled_from(["VNM", "D  ", "UTO"]),
        signer_id=st.sampled_from(["VNTR", "DEZV"]),
        cert_ref=st.text(alphabet="0123456789ABCDEF", min_size=1, max_size=40),
        issue_date=DAY,
        signature_date=DAY,
        feature_ref=st.binary(min_size=2, max_size=2),
    ),
    st.lists(st.builds(vds.Message, tag=st.integers(0, 254), value=st.binary(max_size=400)), max_size=4),
)
def test_what_is_written_is_read_back(header, messages):
    seal = vds.decode(vds.encode(header, messages, lambda _: b"s" * 64))
    assert (seal.header, seal.messages) == (header, tuple(messages))


@given(C40_TEXT)
def test_c40_text_is_read_back_at_two_bytes_per_three_characters(text):
    raw = c40.encode(text)
    assert len(raw) == c40.encoded_size(len(text))
    assert c40.decode(raw) == text


@pytest.mark.parametrize("text", ["a", "Đ", "A/B", "A_B"])
def test_c40_refuses_characters_it_lacks(text):
    with pytest.raises(seal_faults.BadText):
        c40.encode(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"signer_id": "VNT"},
        {"cert_ref": ""},
        {"cert_ref": "5" * 256},
        {"cert_ref": "5b"},
        {"raw_version": vds.VERSION_3},
        {"raw_version": 9},
        {"issuing_country": "VNAM"},
        {"feature_ref": b"V"},
    ],
)
def test_a_header_that_no_reader_could_read_is_not_written(changes):
    fields = {name: getattr(HEADER, name) for name in vds.Header.__dataclass_fields__}
    with pytest.raises(seal_faults.SealError):
        vds.encode_header(vds.Header(**{**fields, **changes}))


def test_the_signature_tag_is_not_free_for_messages():
    with pytest.raises(seal_faults.BadLength):
        vds.encode(HEADER, [vds.Message(tag=255, value=b"")], vds.signing_with(KEY))
