"""Signed heads: the published example holds, and nothing but what the log's own key signed."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import note
from contract.note import Checkpoint, LogKey, LogSigner, NoteWrong

ROOT = bytes(range(32))


@pytest.fixture
def signer() -> LogSigner:
    return LogSigner(name="tram.example.vn/log", key=Ed25519PrivateKey.from_private_bytes(b"\x07" * 32))


def test_head_is_three_lines_and_a_signature_that_opens_again(signer: LogSigner) -> None:
    signed = signer.sign(20852163, ROOT)
    assert signed.startswith(
        f"tram.example.vn/log\n20852163\n{base64.b64encode(ROOT).decode()}\n\n— tram.example.vn/log "
    )
    assert note.opened(signed, signer.public) == Checkpoint(origin="tram.example.vn/log", size=20852163, root=ROOT)


def test_published_key_is_read_again(signer: LogSigner) -> None:
    assert str(LogKey.parse(str(signer.public))) == str(signer.public)


def test_id_of_a_key_is_the_hash_that_the_specification_names() -> None:
    """The example of C2SP signed-note: PeterNeumann's key in golang.org/x/mod/sumdb/note."""
    key = LogKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    with pytest.raises(NoteWrong, match="lacks origin, size or root"):  # a good signature, but no head of a log
        note.opened(text, key)
    with pytest.raises(NoteWrong, match="is not good"):
        note.opened(text.replace("problem is", "problem was"), key)


def test_signature_of_a_witness_is_passed_over(signer: LogSigner) -> None:
    witness = LogSigner(name="witness.example", key=Ed25519PrivateKey.generate())
    cosigned = signer.sign(5, ROOT) + witness.sign(5, ROOT).rpartition("\n\n")[2]
    assert note.opened(cosigned, signer.public).size == 5


@pytest.mark.parametrize(
    "bend",
    [
        lambda text: text.replace("\n5\n", "\n6\n"),
        lambda text: text.replace("\n5\n", "\n05\n"),
        lambda text: text.partition("\n\n")[0] + "\n",
        lambda text: text.replace("— tram", "— dram"),
        lambda text: "",
        lambda text: text[:-10] + "\n",
        lambda text: text.replace("— ", "- "),
    ],
    ids=["other size", "leading zero", "unsigned", "other name", "empty", "cut off", "plain dash"],
)
def test_bent_head_is_refused(signer: LogSigner, bend) -> None:
    with pytest.raises(NoteWrong):
        note.opened(bend(signer.sign(5, ROOT)), signer.public)


def test_head_of_another_log_under_the_same_key_is_refused(signer: LogSigner) -> None:
    other = LogSigner(name="tram.example.vn/log", key=signer.key)
    text = Checkpoint(origin="elsewhere", size=5, root=ROOT).text
    signature = base64.b64encode(other.public.id + other.key.sign(text.encode())).decode()
    with pytest.raises(NoteWrong, match="elsewhere"):
        note.opened(f"{text}\n— {other.name} {signature}\n", signer.public)


@pytest.mark.parametrize(
    "text", ["", "name", "name+00000000+AAAA", "x+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "n+zz+é"]
)
def test_bad_key_is_refused(text: str) -> None:
    with pytest.raises(NoteWrong):
        LogKey.parse(text)
