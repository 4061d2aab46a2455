#!/usr/bin/env bash
# boot.sh ROOT OUT ARCH: GRUB for UEFI as the removable medium's program, its configuration and an environment block for RAUC.
# On arm64 with what a Raspberry Pi has to begin with: its firmware starts U-Boot, which is a UEFI and starts that GRUB.
set -euo pipefail
root=$1 out=$2 here=$(dirname "$(realpath "$0")")
case $3 in
  amd64) format=x86_64-efi program=BOOTX64.EFI ;;
  arm64) format=arm64-efi program=BOOTAA64.EFI ;;
  *) echo "no boot partition is made for $3" >&2; exit 1 ;;
esac
install -d "$out/EFI/BOOT" "$out/grub"
install -m644 "$here/grub.cfg" "$out/grub/grub.cfg"
chroot "$root" grub-mkimage "--format=$format" --prefix=/grub "--output=/boot/tram/EFI/BOOT/$program" \
  part_gpt fat ext2 normal linux loadenv regexp test echo all_video
chroot "$root" grub-editenv /boot/tram/grub/grubenv create
chroot "$root" grub-editenv /boot/tram/grub/grubenv set "ORDER=A B" A_OK=1 A_TRY=0 B_OK=0 B_TRY=0
if [ "$3" = arm64 ]; then
  install -m644 "$root"/usr/lib/raspi-firmware/{bootcode.bin,start*.elf,fixup*.dat} "$out"
  install -m644 "$root"/usr/lib/linux-image-*/broadcom/bcm*.dtb "$root/usr/lib/u-boot/rpi_arm64/u-boot.bin" "$here/config.txt" "$out"
  rm -rf "$root/boot/firmware" # a second kernel, by raspi-firmware's own hook
fi
