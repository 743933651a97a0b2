// SPDX-License-Identifier: GPL-2.0-only
/* domxml.c - a machine described, to libvirt's domain XML; pure */
#include "vm/domxml.h"

#include <stdlib.h>

#include "lib/cleanup.h"
#include "lib/str.h"

/* Gives a text as the value of an attribute or element. */
static char *quoted(const char *text)
{
	static const struct { char c; const char *entity; } entities[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '\'', "&apos;" }, { '"', "&quot;" },
	};
	struct strbuf b = { 0 };

	for (; *text; text++) {
		const char *entity = NULL;

		for (size_t i = 0; i < ARRAY_SIZE(entities); i++)
			if (entities[i].c == *text)
				entity = entities[i].entity;
		if (entity)
			strbuf_fmt(&b, "%s", entity);
		else
			strbuf_add(&b, text, 1);
	}
	return b.data ? b.data : str_dup("");
}

/* One line of XML with a text of any kind in it. */
static void line1(struct strbuf *b, const char *before, const char *text, const char *after)
{
	_cleanup_(freep) char *q = quoted(text);

	strbuf_fmt(b, "%s%s%s\n", before, q, after);
}

/*
 * The machine is "pc" and devices sit on its only bus, at slots of their own. With q35 a nested
 * guest under TCG boots one second later, and libvirt puts a PCI Express port before each device:
 * enumerating four of them costs it four seconds more.
 */
enum { SLOT_DISK = 2, SLOT_SERIAL = 8 }; /* and VM_NIC_SLOT */

static void add_slot(struct strbuf *b, int slot)
{
	strbuf_fmt(b, "      <address type='pci' bus='0' slot='%d'/>\n", slot);
}

static void add_disk(struct strbuf *b, const struct vm_disk *d, int nth)
{
	strbuf_fmt(b, "    <disk type='%s' device='disk'>\n", d->is_block ? "block" : "file");
	strbuf_fmt(b, "      <driver name='qemu' type='%s' cache='%s'/>\n", d->format,
		   d->readonly ? "writeback" : "unsafe");
	line1(b, d->is_block ? "      <source dev='" : "      <source file='", d->path, "'/>");
	strbuf_fmt(b, "      <target dev='vd%c' bus='virtio'/>\n", 'a' + nth);
	if (d->readonly)
		strbuf_fmt(b, "      <readonly/>\n");
	add_slot(b, SLOT_DISK + nth);
	strbuf_fmt(b, "    </disk>\n");
}

static void add_channel(struct strbuf *b, const struct vm_channel *c)
{
	strbuf_fmt(b, "    <channel type='unix'>\n");
	if (c->socket)
		line1(b, "      <source mode='bind' path='", c->socket, "'/>");
	line1(b, "      <target type='virtio' name='", c->name, "'/>");
	strbuf_fmt(b, "    </channel>\n");
}

static void add_boot(struct strbuf *b, const struct vm_spec *s)
{
	strbuf_fmt(b, "  <os>\n    <type arch='x86_64' machine='pc'>hvm</type>\n");
	line1(b, "    <kernel>", s->kernel, "</kernel>");
	line1(b, "    <initrd>", s->initrd, "</initrd>");
	line1(b, "    <cmdline>", s->cmdline, "</cmdline>");
	strbuf_fmt(b, "  </os>\n  <features><acpi/><apic/></features>\n");
}

static void add_devices(struct strbuf *b, const struct vm_spec *s)
{
	strbuf_fmt(b, "  <devices>\n    <emulator>/usr/bin/qemu-system-x86_64</emulator>\n");
	for (int i = 0; i < VM_DISKS && s->disks[i].path; i++)
		add_disk(b, &s->disks[i], i);
	line1(b, "    <serial type='file'><source path='", s->console, "'/></serial>");
	strbuf_fmt(b, "    <controller type='virtio-serial' index='0'>\n");
	add_slot(b, SLOT_SERIAL);
	strbuf_fmt(b, "    </controller>\n");
	for (int i = 0; i < VM_CHANNELS && s->channels[i].name; i++)
		add_channel(b, &s->channels[i]);
	strbuf_fmt(b, "    <controller type='usb' model='none'/>\n    <memballoon model='none'/>\n");
	strbuf_fmt(b, "  </devices>\n");
}

static void add_without(struct strbuf *b, const char *feature)
{
	strbuf_fmt(b, "<feature policy='disable' name='%s'/>", feature);
}

/*
 * Where QEMU emulates, an instruction that repeats itself is a loop of one element a turn: with these, kernel and C
 * library copy byte by byte, without them eight bytes or more at a time.
 */
static const char *const slow_emulated[] = { "erms", "fsrm" };

static void add_cpu(struct strbuf *b, const struct vm_spec *s)
{
	bool is_kvm = s->accel == ACCEL_KVM;

	/* "maximum" is -cpu max: under TCG it has AMD's nested virtualization. */
	strbuf_fmt(b, "  <cpu mode='%s' check='none'>", is_kvm ? "host-passthrough" : "maximum");
	for (size_t i = 0; !is_kvm && i < ARRAY_SIZE(slow_emulated); i++)
		add_without(b, slow_emulated[i]);
	for (int i = 0; i < VM_CPU_WITHOUT && s->cpu_without[i]; i++)
		add_without(b, s->cpu_without[i]);
	strbuf_fmt(b, "</cpu>\n");
}

char *domxml_write(const struct vm_spec *s)
{
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "<domain type='%s'%s>\n", s->accel == ACCEL_KVM ? "kvm" : "qemu",
		   s->accel == ACCEL_ICOUNT ? " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'" : "");
	line1(&b, "  <name>", s->name, "</name>");
	strbuf_fmt(&b, "  <memory unit='MiB'>%d</memory>\n  <vcpu>%d</vcpu>\n", s->memory_mib, s->vcpus);
	add_boot(&b, s);
	add_cpu(&b, s);
	/* A kernel that panics reboots at once (panic=-1): the machine ends, and we see it. */
	strbuf_fmt(&b, "  <on_poweroff>destroy</on_poweroff>\n  <on_reboot>destroy</on_reboot>\n"
		       "  <on_crash>destroy</on_crash>\n");
	add_devices(&b, s);
	if (s->accel == ACCEL_ICOUNT)
		strbuf_fmt(&b, "  <qemu:commandline>\n    <qemu:arg value='-icount'/>\n"
			       "    <qemu:arg value='" ACCEL_ICOUNT_ARG "'/>\n  </qemu:commandline>\n");
	strbuf_fmt(&b, "</domain>\n");
	return b.data;
}
