"""The RAUC recipe by RAUC itself: a bundle that `rauc info` verifies, and refuses when it is another's or changed."""

import configparser
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

RECIPE = Path(__file__).resolve().parents[2] / "systemd" / "image" / "rauc"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (shutil.which("rauc") and shutil.which("mksquashfs")), reason="needs rauc, squashfs-tools"),
]


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a self-signed certificate and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30)).add_extension(x509.BasicConstraints(True, None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(pem))
    paths[1].write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return paths


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rauc")
    content, image, out = folder / "content", folder / "rootfs.ext4", folder / "kiosk.raucb"
    (content / "etc/rauc").mkdir(parents=True)
    shutil.copy(RECIPE / "system.conf", content / "etc/rauc")
    (content / "os-release").write_bytes(Random(1).randbytes(200_000))
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", content, image, "8M"], check=True)
    cert, key = certificate(folder, "release")
    subprocess.run([RECIPE / "bundle.sh", image, "2027.03", cert, key, out], check=True, capture_output=True)
    return out


def info(bundle: Path, keyring: Path) -> subprocess.CompletedProcess[str]:
    command = ["rauc", "info", f"--keyring={keyring}", str(bundle)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_bundle_is_verified_and_is_for_the_system_of_the_recipe(bundle: Path) -> None:
    said = info(bundle, bundle.parent / "release.pem")
    system = configparser.ConfigParser()
    system.read(RECIPE / "system.conf")
    assert said.returncode == 0, said.stderr
    assert f"Compatible: \t'{system['system']['compatible']}'" in said.stdout and "2027.03" in said.stdout
    assert "verity" in said.stdout and {"slot.rootfs.0", "slot.rootfs.1"} <= set(system.sections())


def test_file_system_that_is_no_kiosk_s_root_becomes_no_bundle(tmp_path: Path) -> None:
    image, (cert, key) = tmp_path / "other.ext4", certificate(tmp_path, "release")
    subprocess.run(["mke2fs", "-q", "-t", "ext4", image, "8M"], check=True)
    argv = [RECIPE / "bundle.sh", image, "2027.03", cert, key, tmp_path / "other.raucb"]
    said = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert said.returncode == 1 and "no root of a kiosk" in said.stderr


def test_bundle_of_a_stranger_and_a_changed_one_are_refused(bundle: Path, tmp_path: Path) -> None:
    stranger, _ = certificate(tmp_path, "stranger")
    assert info(bundle, stranger).returncode != 0
    content = bytearray(bundle.read_bytes())
    content[-100] ^= 1
    changed = tmp_path / "changed.raucb"
    changed.write_bytes(content)
    assert info(changed, bundle.parent / "release.pem").returncode != 0
