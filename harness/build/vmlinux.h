/* SPDX-License-Identifier: GPL-2.0-only */
/* vmlinux.h - the ELF kernel inside a bzImage */
#ifndef BUILD_VMLINUX_H
#define BUILD_VMLINUX_H

#include <stdbool.h>

/**
 * vmlinux_extract() - take the ELF kernel out of a bzImage
 * @bzimage: file
 * @out:     ELF file to write
 *
 * A kernel with CONFIG_PVH that is booted as ELF skips the firmware and its own decompressor:
 * about one second of every boot under TCG. Payload offsets: boot protocol 2.08,
 * Documentation/arch/x86/boot.rst.
 *
 * Return: 0; -EINVAL when @bzimage is none, or its payload is not an ELF file; other -errno.
 */
int vmlinux_extract(const char *bzimage, const char *out);

/** vmlinux_has_pvh() - Return: whether the ELF file has the PVH entry note that QEMU boots by. */
bool vmlinux_has_pvh(const char *elf);

#endif
