// SPDX-License-Identifier: GPL-2.0-only
/* vm_agent.c - asking a guest through qemu-guest-agent */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include <libvirt/libvirt-qemu.h>
#include <openssl/evp.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "vm/vm.h"
#include "vm/vm_priv.h"

int vm_agent_wait(struct vm *v, double deadline)
{
	for (;;) {
		struct pollfd p[] = {
			{ .fd = v->agent_fd, .events = POLLIN },
			{ .fd = v->ended_fd, .events = POLLIN },
			{ .fd = stop_fd(), .events = POLLIN },
		};
		double left = deadline - time_now();

		if (left <= 0)
			return err_say(ETIMEDOUT, "%s: its qemu-guest-agent did not answer in time", v->name);
		if (poll(p, ARRAY_SIZE(p), (int)(left * 1000) + 1) < 0 && errno != EINTR)
			return err_set(errno, "poll");
		if (stop_asked())
			return err_say(EINTR, "stopped by signal %d", stop_signal());
		if (p[1].revents)
			return err_say(EPIPE, "%s: %s before its qemu-guest-agent answered", v->name, vm_how_it_ended(v));
		if (p[0].revents)
			return 0;
	}
}

int vm_agent(struct vm *v, const char *command, json_t *arguments, int timeout_s, json_t **ret)
{
	json_t *request = json_pack("{s:s, s:o*}", "execute", command, "arguments", arguments);
	_cleanup_(freep) char *line = json_dumps(request, JSON_COMPACT);
	_cleanup_(freep) char *answer = NULL;
	json_error_t e;
	json_t *reply;

	json_decref(request);
	answer = virDomainQemuAgentCommand(v->dom, line, timeout_s, 0);
	if (!answer)
		return err_wrap(vm_fail(command), "%s", v->name);
	reply = json_loads(answer, 0, &e);
	if (!json_object_get(reply, "return")) {
		json_decref(reply);
		return err_say(EPROTO, "%s: %s: unexpected answer %.200s", v->name, command, answer);
	}
	if (ret)
		*ret = json_incref(json_object_get(reply, "return"));
	json_decref(reply);
	return 0;
}

static int decode(const char *base64, struct strbuf *to)
{
	size_t len = strlen(base64);
	_cleanup_(freep) unsigned char *raw = mem_zalloc(len + 1);
	int n = EVP_DecodeBlock(raw, (const unsigned char *)base64, (int)len);

	if (n < 0)
		return err_say(EPROTO, "guest-file-read: not base64");
	while (len && base64[--len] == '=')
		n--;
	strbuf_add(to, (const char *)raw, (size_t)n);
	return 0;
}

static int read_all(struct vm *v, json_int_t handle, struct strbuf *to)
{
	bool eof = false;
	int err = 0;

	while (!err && !eof) {
		json_t *r = NULL;

		err = vm_agent(v, "guest-file-read", json_pack("{s:I, s:i}", "handle", handle, "count", 65536),
			       10, &r);
		if (!err)
			err = decode(json_string_value(json_object_get(r, "buf-b64")), to);
		/* Files of /proc say their end only with an empty read. */
		eof = json_is_true(json_object_get(r, "eof")) ||
		      !json_integer_value(json_object_get(r, "count"));
		json_decref(r);
	}
	return err;
}

int vm_agent_read_file(struct vm *v, const char *path, char **ret)
{
	struct strbuf b = { 0 };
	json_t *h = NULL;
	int err = vm_agent(v, "guest-file-open", json_pack("{s:s}", "path", path), 10, &h);

	if (err)
		return err_wrap(err, "%s", path);
	err = read_all(v, json_integer_value(h), &b);
	(void)vm_agent(v, "guest-file-close", json_pack("{s:I}", "handle", json_integer_value(h)), 10, NULL);
	json_decref(h);
	if (err) {
		strbuf_free(&b);
		return err_wrap(err, "%s", path);
	}
	*ret = b.data ? b.data : str_dup("");
	return 0;
}

/* What is written reaches the file when it is closed, and so does its refusal. */
int vm_agent_write_file(struct vm *v, const char *path, const char *text)
{
	size_t len = strlen(text);
	_cleanup_(freep) char *base64 = mem_zalloc(len * 4 / 3 + 5);
	json_t *h = NULL;
	json_int_t handle;
	int err = vm_agent(v, "guest-file-open", json_pack("{s:s, s:s}", "path", path, "mode", "r+"), 10, &h), closed;

	if (err)
		return err_wrap(err, "%s", path);
	handle = json_integer_value(h);
	json_decref(h);
	EVP_EncodeBlock((unsigned char *)base64, (const unsigned char *)text, (int)len);
	err = vm_agent(v, "guest-file-write", json_pack("{s:I, s:s}", "handle", handle, "buf-b64", base64), 10, NULL);
	closed = vm_agent(v, "guest-file-close", json_pack("{s:I}", "handle", handle), 10, NULL);
	err = err ? err : closed;
	return err ? err_wrap(err, "%s: write '%s'", path, text) : 0;
}
