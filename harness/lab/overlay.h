/* SPDX-License-Identifier: GPL-2.0-only */
/* overlay.h - an image that is never written to, and what a machine writes in its place */
#ifndef LAB_OVERLAY_H
#define LAB_OVERLAY_H

/**
 * overlay_make() - a qcow2 file above a raw image
 * @root: folder of ours
 * @name: of the file: "guest"
 * @ret:  its path, to be freed
 * Return: 0 or -errno.
 */
int overlay_make(const char *root, const char *name, const char *image, char **ret);

#endif
