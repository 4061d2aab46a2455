#!/usr/bin/env bash
# boot.sh ROOT OUT: GRUB for UEFI as the removable medium's program, its configuration and an environment block for RAUC.
set -euo pipefail
root=$1 out=$2
install -d "$out/EFI/BOOT" "$out/grub"
install -m644 "$(dirname "$0")/grub.cfg" "$out/grub/grub.cfg"
chroot "$root" grub-mkimage --format=x86_64-efi --prefix=/grub --output=/boot/tram/EFI/BOOT/BOOTX64.EFI \
  part_gpt fat ext2 normal linux loadenv regexp test echo all_video
chroot "$root" grub-editenv /boot/tram/grub/grubenv create
chroot "$root" grub-editenv /boot/tram/grub/grubenv set "ORDER=A B" A_OK=1 A_TRY=0 B_OK=0 B_TRY=0
