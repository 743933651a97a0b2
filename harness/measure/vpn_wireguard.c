// SPDX-License-Identifier: GPL-2.0-only
/* vpn_wireguard.c - wireguard-go, configured through the socket that it opens */
#include <string.h>

#include "lib/cleanup.h"
#include "lib/fs.h"
#include "measure/vpn_priv.h"

#define PORT 51820

static int wg(const char *what, const char *input, char **ret)
{
	_cleanup_(strv_free) struct strv argv = { 0 };
	int err;

	strv_add(&argv, "wg");
	strv_add(&argv, what);
	err = vpn_exec(&argv, input, ret);
	if (!err)
		(*ret)[strcspn(*ret, "\n")] = '\0';
	return err;
}

static int write_config(const struct vpn *v, enum vpn_side s, const char *secret, const char *peers_public)
{
	_cleanup_(freep) char *name = str_fmt("%s.conf", v->end[s].link);
	_cleanup_(freep) char *text =
		str_fmt("[Interface]\nPrivateKey = %s\nListenPort = %d\n"
			"[Peer]\nPublicKey = %s\nAllowedIPs = 0.0.0.0/0\nEndpoint = %s:%d\n",
			secret, PORT, peers_public, v->end[!s].outer, PORT);

	return vpn_write(v, name, text);
}

static int keys(struct vpn *v)
{
	char *secret[VPN_SIDES] = { NULL }, *public[VPN_SIDES] = { NULL };
	int err = 0;

	for (enum vpn_side s = 0; s < VPN_SIDES && !err; s++) {
		err = wg("genkey", NULL, &secret[s]);
		if (!err)
			err = wg("pubkey", secret[s], &public[s]);
	}
	for (enum vpn_side s = 0; s < VPN_SIDES && !err; s++)
		err = write_config(v, s, secret[s], public[!s]);
	for (enum vpn_side s = 0; s < VPN_SIDES; s++) {
		free(secret[s]);
		free(public[s]);
	}
	return err;
}

static void command(const struct vpn *v, enum vpn_side s, struct strv *argv)
{
	strv_add(argv, "wireguard-go");
	strv_add(argv, "-f");
	strv_add(argv, v->end[s].link);
}

static int begin(struct vpn *v, enum vpn_side s)
{
	_cleanup_(freep) char *sock = str_fmt("/var/run/wireguard/%s.sock", v->end[s].link);
	_cleanup_(strv_free) struct strv argv = { 0 };
	int err = vpn_wait_for(v, s, sock, fs_exists);

	if (err)
		return err;
	strv_add(&argv, "wg");
	strv_add(&argv, "setconf");
	strv_add(&argv, v->end[s].link);
	strv_fmt(&argv, "%s/%s.conf", v->dir, v->end[s].link);
	return vpn_exec(&argv, NULL, NULL);
}

const struct vpn_daemon vpn_wireguard = {
	.name = "wireguard-go", .programs = { "wireguard-go", "wg", NULL }, .mtu = 1420,
	.keys = keys, .command = command, .begin = begin,
};
