// SPDX-License-Identifier: GPL-2.0-only
/* vpn_openvpn.c - OpenVPN from end to end: TLS, AES-256-GCM, the TUN read by the daemon */
#include "lib/cleanup.h"
#include "measure/vpn_priv.h"

/* One key and one certificate for both ends; each trusts it because it signs itself. */
static int keys(struct vpn *v)
{
	static const char *const words[] = {
		"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
		"-subj", "/CN=tapbed", "-days", "30",
	};
	_cleanup_(strv_free) struct strv argv = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		strv_add(&argv, words[i]);
	strv_add(&argv, "-keyout");
	strv_fmt(&argv, "%s/key.pem", v->dir);
	strv_add(&argv, "-out");
	strv_fmt(&argv, "%s/cert.pem", v->dir);
	return vpn_exec(&argv, NULL, NULL);
}

static void command(const struct vpn *v, enum vpn_side s, struct strv *argv)
{
	static const char *const fixed[] = {
		"--mode", "p2p", "--proto", "udp4", "--dev-type", "tun", "--disable-dco", "--data-ciphers",
		"AES-256-GCM", "--cipher", "AES-256-GCM", "--auth-nocache", "--verb", "3",
	};

	strv_add(argv, "openvpn");
	strv_add(argv, "--dev");
	strv_add(argv, v->end[s].link);
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		strv_add(argv, fixed[i]);
	strv_add(argv, "--local");
	strv_add(argv, v->end[s].outer);
	strv_add(argv, "--remote");
	strv_add(argv, v->end[!s].outer);
	strv_add(argv, s == VPN_FAR ? "--tls-server" : "--tls-client");
	if (s == VPN_FAR) {
		strv_add(argv, "--dh");
		strv_add(argv, "none");
	}
	strv_add(argv, "--ca");
	strv_fmt(argv, "%s/cert.pem", v->dir);
	strv_add(argv, "--cert");
	strv_fmt(argv, "%s/cert.pem", v->dir);
	strv_add(argv, "--key");
	strv_fmt(argv, "%s/key.pem", v->dir);
}

const struct vpn_daemon vpn_openvpn = {
	.name = "openvpn", .programs = { "openvpn", "openssl", NULL }, .mtu = 1500, .keys = keys, .command = command,
};
