// SPDX-License-Identifier: GPL-2.0-only
/*
 * init.c - PID 1 of every VM: from the initramfs to the services of a role
 *
 * One static program in one initramfs serves the host under test, the guest on it, and the
 * trial boots that decide which accelerator works. The kernel's command line says who it is:
 *
 *	tapbed.role=host|guest|trial	row of the table below
 *	tapbed.profile=lean|full	lean: stay PID 1; full: become the image's systemd
 *	tapbed.addr=10.77.0.2/24	IPv4 address of the first NIC
 *
 * Disks, by the order in which the machine has them: vda the image, vdb the kit (tapbed, kernel
 * modules, the guest's kernel), vdc the guest's image if there are guests.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ROWS 12

/* A service that ends is started again, unless the machine is there for it alone. */
enum service_end { SERVICE_AGAIN, SERVICE_POWER_OFF };

struct service {
	const char *argv[6];
	const char *port; /* virtio-serial port whose device replaces the argument "PORT" */
	enum service_end end;
	pid_t pid;
	int starts;
};

struct role {
	const char *name;
	const char *late[MAX_ROWS];	/* modules of the kit, by modprobe */
	bool has_kit;
	struct service services[MAX_ROWS];
};

static struct role roles[] = {
	{
		.name = "host",
		.late = { "tun", "tap", "vhost_net", "kvm_amd", "kvm_intel", "sch_fq_codel" },
		.has_kit = true,
		.services = {
			{ .argv = { "/kit/tapbed", "agent", "--port", "PORT" },
			  .port = "org.tapbed.agent", .end = SERVICE_POWER_OFF },
		},
	},
	{
		.name = "guest",
		.services = {
			/* -J: its own intervals go to the client. To a serial console they would take seconds. */
			{ .argv = { "/usr/bin/iperf3", "-s", "-J", "--logfile", "/dev/null" } },
			/* For what has priority beside the first one's test: probe shaping. */
			{ .argv = { "/usr/bin/iperf3", "-sJ", "-p5202", "--logfile", "/dev/null" } },
			/* RFC 862, for requests and their answers: probe latency. */
			{ .argv = { "/usr/bin/socat", "TCP4-LISTEN:7,fork,reuseaddr,nodelay", "PIPE" } },
			{ .argv = { "/usr/sbin/qemu-ga", "-m", "virtio-serial", "-p", "PORT" },
			  .port = "org.qemu.guest_agent.0" },
		},
	},
	{ .name = "trial" },
};

/* The trial's word; lib/accel looks for it on the console. */
static const char alive[] = "tapbed-init: alive\n";

static void say(const char *what, const char *object)
{
	fprintf(stderr, "tapbed-init: %s %s: %s\n", what, object, strerror(errno));
}

static void __attribute__((noreturn)) power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

/* Gives the value of a word of the kernel's command line, or the fallback. */
static const char *param(const char *name, const char *fallback)
{
	static char line[4096];
	static char value[256];
	size_t len = strlen(name);
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
	char *save = NULL;

	if (fd >= 0)
		close(fd);
	line[n > 0 ? n : 0] = '\0';
	for (char *w = strtok_r(line, " \n", &save); w; w = strtok_r(NULL, " \n", &save)) {
		if (strncmp(w, name, len) || w[len] != '=')
			continue;
		snprintf(value, sizeof(value), "%s", w + len + 1);
		return value;
	}
	return fallback;
}

static void mount_one(const char *dev, const char *dir, const char *type, unsigned long flags)
{
	mkdir(dir, 0755);
	if (mount(dev, dir, type, flags, NULL))
		say("mount", dir);
}

static void mount_kernel_fs(void)
{
	mount_one("proc", "/proc", "proc", 0);
	mount_one("sysfs", "/sys", "sysfs", 0);
	mount_one("devtmpfs", "/dev", "devtmpfs", 0);
}

static void load_module(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
		say("load module", path);
	if (fd >= 0)
		close(fd);
}

/* build/initrd.c lists what this kernel does not have built in, in the order of the needs. */
static void load_early(void)
{
	FILE *f = fopen("/modules/order", "re");
	char path[256];

	while (f && fgets(path, sizeof(path), f)) {
		path[strcspn(path, "\n")] = '\0';
		load_module(path);
	}
	if (f)
		fclose(f);
}

/* Disks appear when their driver has probed them: wait for the event, not for a time. */
static int wait_for_disk(const char *dev)
{
	for (int ms = 0; ms < 10000; ms += 5) {
		if (!access(dev, F_OK))
			return 0;
		usleep(5000);
	}
	say("no disk", dev);
	return -1;
}

static void enter_image(bool with_kit)
{
	if (wait_for_disk("/dev/vda"))
		power_off();
	mount_one("/dev/vda", "/root", "ext4", MS_NOATIME);
	if (with_kit && !wait_for_disk("/dev/vdb")) {
		mount_one("/dev/vdb", "/root/kit", "ext4", MS_RDONLY);
		mkdir("/root/lib/modules", 0755);
		mount_one("/root/kit/lib/modules", "/root/lib/modules", NULL, MS_BIND);
	}
	mount("/dev", "/root/dev", NULL, MS_MOVE, NULL);
	mount("/sys", "/root/sys", NULL, MS_MOVE, NULL);
	mount("/proc", "/root/proc", NULL, MS_MOVE, NULL);
	if (chdir("/root") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/")) {
		say("enter", "image");
		power_off();
	}
}

static void mount_runtime_fs(void)
{
	mount_one("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV);
	mount_one("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV);
	mkdir("/dev/shm", 01777);
	mkdir("/dev/pts", 0755);
	mount_one("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV);
	mount_one("devpts", "/dev/pts", "devpts", 0);
	mount_one("debugfs", "/sys/kernel/debug", "debugfs", 0);
	mount_one("tracefs", "/sys/kernel/tracing", "tracefs", 0);
	mount_one("cgroup2", "/sys/fs/cgroup", "cgroup2", 0);
	if (symlink("/proc/self/fd", "/dev/fd") && errno != EEXIST)
		say("link", "/dev/fd");
}

static void set_address(const char *nic, const char *spec)
{
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq r = { 0 };
	struct sockaddr_in *sin = (struct sockaddr_in *)&r.ifr_addr;
	unsigned int len = 24;
	char addr[64];

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", nic);
	if (sscanf(spec, "%63[0-9.]/%u", addr, &len) >= 1 && len >= 1 && len <= 32) {
		sin->sin_family = AF_INET;
		inet_pton(AF_INET, addr, &sin->sin_addr);
		if (ioctl(s, SIOCSIFADDR, &r))
			say("set address of", nic);
		sin->sin_addr.s_addr = htonl(~0u << (32 - len));
		if (ioctl(s, SIOCSIFNETMASK, &r))
			say("set netmask of", nic);
	}
	r.ifr_flags = IFF_UP;
	if (ioctl(s, SIOCSIFFLAGS, &r))
		say("bring up", nic);
	close(s);
}

/* Without udev nobody makes /dev/virtio-ports/NAME: sysfs knows the name of each port. */
static const char *port_device(const char *name)
{
	static char dev[300];
	DIR *d = opendir("/sys/class/virtio-ports");
	struct dirent *e;
	bool found = false;

	while (d && !found && (e = readdir(d))) {
		char path[400], is[128] = "";
		int fd;

		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", e->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (read(fd, is, sizeof(is) - 1) > 0) {
			is[strcspn(is, "\n")] = '\0';
			found = !strcmp(is, name);
		}
		close(fd);
		snprintf(dev, sizeof(dev), "/dev/%s", e->d_name);
	}
	if (d)
		closedir(d);
	return found ? dev : NULL;
}

static pid_t spawn(const char *const argv[])
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setsid();
	execv(argv[0], (char *const *)argv);
	say("run", argv[0]);
	_exit(127);
}

static void modprobe_all(const char *const names[])
{
	for (int i = 0; i < MAX_ROWS && names[i]; i++) {
		const char *argv[] = { "/sbin/modprobe", "-q", names[i], NULL };

		waitpid(spawn(argv), NULL, 0);
	}
}

static void service_start(struct service *s)
{
	const char *argv[7] = { 0 };

	for (int i = 0; i < 6 && s->argv[i]; i++) {
		argv[i] = s->argv[i];
		if (s->port && !strcmp(argv[i], "PORT"))
			argv[i] = port_device(s->port);
		if (!argv[i]) {
			say("no virtio-serial port", s->port);
			if (s->end == SERVICE_POWER_OFF)
				power_off();
			return;
		}
	}
	s->starts++;
	s->pid = spawn(argv);
}

static void service_ended(struct service *s)
{
	s->pid = 0;
	if (s->end == SERVICE_POWER_OFF)
		power_off();
	/* A service that cannot live must not eat the machine. */
	if (s->starts < 20)
		service_start(s);
}

static void __attribute__((noreturn)) serve(struct role *r)
{
	for (int i = 0; i < MAX_ROWS && r->services[i].argv[0]; i++)
		service_start(&r->services[i]);
	for (;;) {
		pid_t pid = wait(NULL);

		if (pid < 0)
			pause();
		for (int i = 0; i < MAX_ROWS; i++)
			if (pid > 0 && r->services[i].pid == pid)
				service_ended(&r->services[i]);
	}
}

static struct role *role_find(const char *name)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (!strcmp(roles[i].name, name))
			return &roles[i];
	fprintf(stderr, "tapbed-init: no role %s\n", name);
	power_off();
}

int main(void)
{
	struct role *r;

	mount_kernel_fs();
	r = role_find(param("tapbed.role", "trial"));
	if (!strcmp(r->name, "trial")) {
		(void)!write(1, alive, sizeof(alive) - 1);
		power_off();
	}
	load_early();
	set_address("lo", "127.0.0.1/8");
	if (!access("/sys/class/net/eth0", F_OK))
		set_address("eth0", param("tapbed.addr", ""));
	enter_image(r->has_kit);
	if (!strcmp(param("tapbed.profile", "lean"), "full"))
		execl("/sbin/init", "/sbin/init", (char *)NULL);
	(void)sethostname(r->name, strlen(r->name));
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/root", 1);
	mount_runtime_fs();
	modprobe_all(r->late);
	serve(r);
}
