// SPDX-License-Identifier: GPL-2.0-only
/* identity.c - what of a built kernel can make a difference */
#include "build/identity.h"

#include <elf.h>
#include <errno.h>
#include <fts.h>
#include <stdint.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"

/** struct elf - a file whose tables lie inside of it */
struct elf {
	char *data;
	size_t len;
	const Elf64_Ehdr *head;
	const Elf64_Shdr *sections;
};

static bool lies_inside(const struct elf *e, uint64_t from, uint64_t len)
{
	return from <= e->len && len <= e->len - from;
}

static bool section_is_there(const struct elf *e, const Elf64_Shdr *s)
{
	return s->sh_type != SHT_NOBITS && lies_inside(e, s->sh_offset, s->sh_size);
}

/* A text in a section of texts, "" for what lies outside. */
static const char *text_at(const struct elf *e, const Elf64_Shdr *s, uint64_t at)
{
	if (!section_is_there(e, s) || at >= s->sh_size || !memchr(e->data + s->sh_offset + at, 0, s->sh_size - at))
		return "";
	return e->data + s->sh_offset + at;
}

static const char *name_of(const struct elf *e, const Elf64_Shdr *s)
{
	return text_at(e, &e->sections[e->head->e_shstrndx], s->sh_name);
}

static bool elf_open(struct elf *e, char *data, size_t len)
{
	const Elf64_Ehdr *h = (const Elf64_Ehdr *)data;

	*e = (struct elf){ .data = data, .len = len, .head = h };
	if (len < sizeof(*h) || memcmp(h->e_ident, ELFMAG, SELFMAG) || h->e_ident[EI_CLASS] != ELFCLASS64 ||
	    h->e_shentsize != sizeof(Elf64_Shdr) || h->e_shstrndx >= h->e_shnum || h->e_shoff % 8 ||
	    !lies_inside(e, h->e_shoff, (uint64_t)h->e_shnum * sizeof(Elf64_Shdr)))
		return false;
	e->sections = (const Elf64_Shdr *)(data + h->e_shoff);
	return true;
}

/* What differs in each build, or is for people alone. */
static bool is_left_out(const char *name)
{
	static const char *const out[] = { ".notes", ".note", ".printk_index", ".BTF" };

	for (size_t i = 0; i < ARRAY_SIZE(out); i++)
		if (str_starts(name, out[i]))
			return true;
	return false;
}

static const Elf64_Shdr *relocations_of(const struct elf *e, size_t section)
{
	for (size_t i = 0; i < e->head->e_shnum; i++)
		if (e->sections[i].sh_type == SHT_RELA && e->sections[i].sh_info == section &&
		    section_is_there(e, &e->sections[i]))
			return &e->sections[i];
	return NULL;
}

static size_t relocations(const Elf64_Shdr *rela)
{
	return rela ? rela->sh_size / sizeof(Elf64_Rela) : 0;
}

/* A copy: a file may have them anywhere. */
static Elf64_Rela relocation(const struct elf *e, const Elf64_Shdr *rela, size_t i)
{
	Elf64_Rela r;

	memcpy(&r, e->data + rela->sh_offset + i * sizeof(r), sizeof(r));
	return r;
}

/*
 * struct bug_entry: displacements of 32 bits, which have relocations, then the line and flags of 16 bits each.
 * So the line is the first half of each word without a relocation.
 */
static void forget_bug_lines(const struct elf *e, const Elf64_Shdr *s, const Elf64_Shdr *rela)
{
	size_t n = relocations(rela), words = s->sh_size / 4;
	_cleanup_(freep) bool *is_address = mem_zalloc(words + 1);

	for (size_t i = 0; i < n; i++) {
		uint64_t word = relocation(e, rela, i).r_offset / 4;

		if (word < words)
			is_address[word] = true;
	}
	for (size_t i = 0; n && i < words; i++)
		if (!is_address[i])
			memset(e->data + s->sh_offset + 4 * i, 0, 2);
}

/* struct _ddebug: four pointers, the line in 18 bits, flags in the rest of its word; a static key. */
static void forget_debug_lines(const struct elf *e, const Elf64_Shdr *s, const Elf64_Shdr *rela)
{
	enum { ENTRY = 56, LINE = 32 };
	const uint32_t keep = ~(uint32_t)0x3ffff;

	(void)rela;
	for (size_t at = LINE; s->sh_size % ENTRY == 0 && at < s->sh_size; at += ENTRY) {
		char *word = e->data + s->sh_offset + at;
		uint32_t v;

		memcpy(&v, word, sizeof(v));
		v &= keep;
		memcpy(word, &v, sizeof(v));
	}
}

static const struct {
	const char *name;
	void (*forget)(const struct elf *e, const Elf64_Shdr *s, const Elf64_Shdr *rela);
} tables[] = {
	{ "__bug_table", forget_bug_lines   },
	{ "__dyndbg",	 forget_debug_lines },
};

/* "Linux version 6.12.1-base.host (...) #3 SMP Mon Nov ...": in the banner, and from the # on in utsname. */
static void forget_banner(char *data, size_t len)
{
	static const char begin[] = "Linux version ";
	char *at = memmem(data, len, begin, strlen(begin));

	while (at) {
		size_t length = strnlen(at, len - (size_t)(at - data));
		char *number = memchr(at, '#', length);

		if (number && number < at + length) {
			_cleanup_(freep) char *version = str_fmt("%.*s", (int)strcspn(number, "\n"), number);
			char *again = data;

			memset(at, 0, (size_t)(number - at));
			while (*version && (again = memmem(again, len - (size_t)(again - data), version, strlen(version))))
				memset(again, 0, strlen(version));
		}
		at = memmem(at + 1, len - (size_t)(at + 1 - data), begin, strlen(begin));
	}
}

/* The place that a relocation means, not its number in a table that any other change renumbers. */
static void add_relocation(struct hash *h, const struct elf *e, const Elf64_Shdr *rela, const Elf64_Rela *r)
{
	const Elf64_Shdr *symbols = rela->sh_link < e->head->e_shnum ? &e->sections[rela->sh_link] : NULL;
	uint64_t nth = ELF64_R_SYM(r->r_info);
	const char *name = "";
	Elf64_Sym sym = { 0 };

	if (symbols && section_is_there(e, symbols) && nth < symbols->sh_size / sizeof(sym)) {
		memcpy(&sym, e->data + symbols->sh_offset + nth * sizeof(sym), sizeof(sym));
		if (symbols->sh_link < e->head->e_shnum)
			name = text_at(e, &e->sections[symbols->sh_link], sym.st_name);
		if (!*name && sym.st_shndx < e->head->e_shnum)
			name = name_of(e, &e->sections[sym.st_shndx]);
	}
	hash_text(h, "to", name);
	hash_bytes(h, "value", &sym.st_value, sizeof(sym.st_value));
	hash_bytes(h, "at", &r->r_offset, sizeof(r->r_offset));
	hash_bytes(h, "addend", &r->r_addend, sizeof(r->r_addend));
}

static void add_section(struct hash *h, const struct elf *e, size_t i)
{
	const Elf64_Shdr *s = &e->sections[i], *rela = relocations_of(e, i);
	const char *name = name_of(e, s);

	if (!(s->sh_flags & SHF_ALLOC) || is_left_out(name))
		return;
	hash_text(h, "section", name);
	hash_bytes(h, "size", &s->sh_size, sizeof(s->sh_size));
	if (!section_is_there(e, s))
		return;
	for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
		if (!strcmp(name, tables[t].name))
			tables[t].forget(e, s, rela);
	hash_bytes(h, "content", e->data + s->sh_offset, s->sh_size);
	for (size_t r = 0; r < relocations(rela); r++) {
		Elf64_Rela one = relocation(e, rela, r);

		add_relocation(h, e, rela, &one);
	}
}

void identity_of_elf(struct hash *h, char *data, size_t len)
{
	struct elf e;

	if (!elf_open(&e, data, len)) {
		hash_bytes(h, "file", data, len);
		return;
	}
	forget_banner(data, len);
	for (size_t i = 0; i < e.head->e_shnum; i++)
		add_section(h, &e, i);
}

static int add_file(struct hash *h, const char *name, const char *path)
{
	_cleanup_(freep) char *data = NULL;
	size_t len;
	int err = fs_read(path, &data, &len);

	hash_text(h, "name", name);
	if (!err)
		identity_of_elf(h, data, len);
	return err;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Modules by their path below the folder of the release, which may have another name. */
static int add_modules(struct hash *h, const char *dir)
{
	_cleanup_(freep) char *root = str_fmt("%s/lib/modules", dir);
	char *const roots[] = { root, NULL };
	FTS *f = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	int err = f ? 0 : err_set(errno, "%s: walk", root);

	for (FTSENT *e = f ? fts_read(f) : NULL; e && !err; e = fts_read(f)) {
		const char *below = strstr(e->fts_path, "/kernel/");

		if (e->fts_info == FTS_F && str_ends(e->fts_name, ".ko"))
			err = add_file(h, below ? below : e->fts_name, e->fts_path);
	}
	if (f)
		fts_close(f);
	return err;
}

int identity_of_kernel(const char *dir, char **ret)
{
	struct hash *h = hash_new("identity 1");
	_cleanup_(freep) char *kernel = str_fmt("%s/kernel", dir), *digits = NULL;
	int err = add_file(h, "kernel", kernel);

	if (!err)
		err = add_modules(h, dir);
	digits = hash_end(h);
	if (!err)
		*ret = take_ptr(&digits);
	return err;
}
