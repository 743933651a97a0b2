// SPDX-License-Identifier: GPL-2.0-only
/* vmlinux.c - the ELF kernel inside a bzImage */
#include "build/vmlinux.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include "build/archive.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"

#define HDR_SETUP_SECTS	   0x1f1
#define HDR_MAGIC	   0x202
#define HDR_VERSION	   0x206
#define HDR_PAYLOAD_OFFSET 0x248
#define HDR_PAYLOAD_LENGTH 0x24c

/* include/xen/interface/elfnote.h */
#define XEN_ELFNOTE_PHYS32_ENTRY 18

static uint32_t le32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static bool is_elf(const char *path)
{
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char magic[SELFMAG];

	return fd >= 0 && read(fd, magic, SELFMAG) == SELFMAG && !memcmp(magic, ELFMAG, SELFMAG);
}

int vmlinux_extract(const char *bzimage, const char *out)
{
	_cleanup_(freep) char *image = NULL;
	size_t len, sects, start, size;
	int ret = fs_read(bzimage, &image, &len);

	if (ret)
		return ret;
	if (len < 0x260 || memcmp(image + HDR_MAGIC, "HdrS", 4) ||
	    (le32(image + HDR_VERSION) & 0xffff) < 0x208)
		return err_say(EINVAL, "%s is no bzImage of boot protocol 2.08 or later", bzimage);
	sects = (unsigned char)image[HDR_SETUP_SECTS] ? (unsigned char)image[HDR_SETUP_SECTS] : 4;
	start = (sects + 1) * 512 + le32(image + HDR_PAYLOAD_OFFSET);
	size = le32(image + HDR_PAYLOAD_LENGTH);
	if (start > len || size > len - start || size < 4)
		return err_say(EINVAL, "%s: its payload lies outside the file", bzimage);
	/* The last four bytes are the unpacked size, which gzip alone has itself. */
	ret = archive_inflate(image + start, size - 4, out);
	if (ret)
		return err_wrap(ret, "%s: unpack the payload", bzimage);
	return is_elf(out) ? 0 : err_say(EINVAL, "%s: its payload is no ELF file", bzimage);
}

static bool note_is_pvh(const char *notes, size_t len)
{
	size_t at = 0;

	while (at + sizeof(Elf64_Nhdr) <= len) {
		Elf64_Nhdr n;
		const char *name = notes + at + sizeof(n);

		memcpy(&n, notes + at, sizeof(n));
		if (n.n_type == XEN_ELFNOTE_PHYS32_ENTRY && n.n_namesz == 4 &&
		    at + sizeof(n) + 4 <= len && !memcmp(name, "Xen", 4))
			return true;
		at += sizeof(n) + ((n.n_namesz + 3) & ~3u) + ((n.n_descsz + 3) & ~3u);
	}
	return false;
}

bool vmlinux_has_pvh(const char *elf)
{
	_cleanup_(closep) int fd = open(elf, O_RDONLY | O_CLOEXEC);
	Elf64_Ehdr eh;
	Elf64_Phdr ph;

	if (fd < 0 || pread(fd, &eh, sizeof(eh), 0) != sizeof(eh) || memcmp(eh.e_ident, ELFMAG, SELFMAG))
		return false;
	for (int i = 0; i < eh.e_phnum; i++) {
		_cleanup_(freep) char *notes = NULL;

		if (pread(fd, &ph, sizeof(ph), (off_t)(eh.e_phoff + (size_t)i * eh.e_phentsize)) != sizeof(ph))
			return false;
		if (ph.p_type != PT_NOTE || ph.p_filesz > 65536)
			continue;
		notes = malloc(ph.p_filesz);
		if (notes && pread(fd, notes, ph.p_filesz, (off_t)ph.p_offset) == (ssize_t)ph.p_filesz &&
		    note_is_pvh(notes, ph.p_filesz))
			return true;
	}
	return false;
}
