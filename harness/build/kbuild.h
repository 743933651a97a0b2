/* SPDX-License-Identifier: GPL-2.0-only */
/* kbuild.h - the kernel's own build: configure, compile, install, and what went wrong */
#ifndef BUILD_KBUILD_H
#define BUILD_KBUILD_H

#include "build/fragment.h"
#include "build/toolchain.h"

/**
 * struct kbuild - one build
 * @source:    source tree; nothing is written there
 * @out:       folder of the objects, O=
 * @suffix:    LOCALVERSION, what is added to the release
 * @toolchain: what it is built with
 * @log:       takes what the tools say
 */
struct kbuild {
	const char *source;
	const char *out;
	const char *suffix;
	const struct toolchain *toolchain;
	const char *log;
};

/**
 * kbuild_configure() - everything off but what the fragments ask for
 * Return: 0; -EINVAL with each option that did not survive and may not be missing; other -errno.
 */
int kbuild_configure(const struct kbuild *b, const struct fragments *f);

/**
 * kbuild_compile() - vmlinux and modules
 * Return: 0; -ENOEXEC with the compiler's lines when it is the source that does not build;
 * -ENOSPC; other -errno when it is this machine that cannot build it.
 */
int kbuild_compile(const struct kbuild *b);

/**
 * kbuild_install() - what a machine boots from, as build/kernel.h describes it
 * @part:        artifact
 * @ret_release: what uname -r will say, to be freed
 * Return: 0; -ENOTSUP for a kernel without PVH, which could not be booted; other -errno.
 */
int kbuild_install(const struct kbuild *b, const char *part, char **ret_release);

/**
 * kbuild_blame() - whose fault a failed build is
 * @output:     what make, compiler and linker said
 * @ret_lines:  where the lines that tell it begin, in @output; untouched when none does
 * @ret_length: their length
 * Return: ENOEXEC the source's; ENOSPC; EIO this machine's; EPROTO when nobody says so.
 */
int kbuild_blame(const char *output, const char **ret_lines, size_t *ret_length);

#endif
