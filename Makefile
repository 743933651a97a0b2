# SPDX-License-Identifier: GPL-2.0-only
# tapbed: make help tells what there is. V=1 shows the commands, SAN=1 builds with sanitizers.

CC	?= gcc
CFLAGS	?= -O2 -g
O	?= build$(if $(SAN),/san)
PREFIX	?= /usr/local
PKGS	:= libvirt libvirt-qemu jansson libmnl sqlite3 yaml-0.1 libcrypto libarchive

WARN	:= -Wall -Wextra -Wshadow -Wformat=2 -Wwrite-strings
WARN	+= -Wstrict-prototypes -Wmissing-prototypes
WARN	+= $(if $(filter 0,$(WERROR)),,-Werror)
SANFLAGS := $(if $(SAN),-fsanitize=address -fsanitize=undefined -fno-omit-frame-pointer)

all_cflags = -std=gnu11 -D_GNU_SOURCE -DMATHLIB_STANDALONE -Iharness $(WARN) $(CFLAGS) $(SANFLAGS) $(shell pkg-config --cflags $(PKGS))
# R's mathlib is carried inside tapbed, so that the image of the host, where tapbed is the agent, needs it not.
RMATH	:= -l:libRmath.a

all_libs   = $(shell pkg-config --libs $(PKGS)) $(RMATH) -lm -ldl -lutil -lpthread

SRC	:= $(wildcard harness/*.c harness/*/*.c)
OBJ	:= $(SRC:%.c=$O/%.o) $O/vm-images/init-blob.o
LIBOBJ	:= $(filter-out $O/harness/main.o,$(OBJ))
UNIT	:= $(patsubst %.c,$O/%,$(wildcard tests/unit/test_*.c tests/net/test_*.c))
BIN	:= $(if $(SAN),$O/tapbed,tapbed)

Q	:= $(if $(V),,@)
say	= $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

.PHONY: all help deps check check-unit check-net check-vm vm-test matrix stall soak aa reproduce bisect proof bench golden install clean tests
.DELETE_ON_ERROR:

all: $(BIN)		## build ./tapbed (the default)

help:			## this list
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 14

deps:			## install what is needed (Debian packages, through apt)
	$Qsh ci/deps

vm-test: deps		## from nothing to a verdict: tests/plans/vm-test.yaml
	$Q$(MAKE) --no-print-directory all
	$Q./tapbed run tests/plans/vm-test.yaml

matrix: all		## the same with three samples a cell and qdisc noqueue
	$Q./tapbed run tests/plans/matrix.yaml

stall: all		## what is done to a ring while packets flow, on stock and with each series: tests/plans/stall.yaml
	$Q./tapbed run tests/plans/stall.yaml

soak: all		## hours on a debug kernel: tests/plans/soak.yaml; RESUME=latest goes on with the last run
	$Q./tapbed run tests/plans/soak.yaml $(if $(RESUME),--resume $(RESUME))

aa: all			## one kernel under two names, RUNS=N times (1): noise floor and false alarms, tapbed floor
	$Qfor i in $$(seq $(or $(RUNS),1)); do \
		./tapbed run tests/plans/aa.yaml; status=$$?; \
		[ $$status = 0 ] || [ $$status = 1 ] || [ $$status = 125 ] || exit $$status; \
	done
	$Q./tapbed floor

# That a claim is not reproduced, or cannot be judged, is a result and no error.
reproduce: all		## every published experiment, and a page of what is reproduced; hours. QUICK=1: 40 minutes. Goes on after a ^C
	$Q./tapbed reproduce $(if $(filter-out 0,$(QUICK)),--quick) $(if $(filter-out 0,$(AGAIN)),--again) || case $$? in 1|125) ;; *) exit 2;; esac

check: all tests	## every test that this machine can run; last line: N passed, N failed, N skipped. SLOW=1: those too that take minutes more
	$QSLOW=$(SLOW) sh ci/check

bisect: all		## what made a cell worse: PLAN= GOOD= BAD= CELL= METRIC= and OPTIONS= for tapbed bisect; docs/bisect.md
	$Q./tapbed bisect $(PLAN) $(if $(GOOD),--good $(GOOD)) $(if $(BAD),--bad $(BAD)) $(if $(CELL),--cell $(CELL)) \
		$(if $(METRIC),--metric $(METRIC)) $(OPTIONS)

proof: tests		## judge and bisect against generators, 20 times as many as make check has: docs/judge.md, docs/bisect.md
	$QPROOF=20 CMOCKA_MESSAGE_OUTPUT=TAP $O/tests/unit/test_proof
	$QPROOF=20 CMOCKA_MESSAGE_OUTPUT=TAP $O/tests/unit/test_bisect_search

bench: all		## wall time of a run by phases, warm caches
	$Qsh ci/bench

golden: tests		## rewrite tests/golden from what the code does now
	$QGOLDEN_UPDATE=1 sh ci/check unit

install: all		## into PREFIX (/usr/local)
	install -D tapbed $(DESTDIR)$(PREFIX)/bin/tapbed
	mkdir -p $(DESTDIR)$(PREFIX)/share/tapbed
	cp -r vm-images kernel-config $(DESTDIR)$(PREFIX)/share/tapbed/
	install -d $(DESTDIR)$(PREFIX)/share/tapbed/tests/plans
	cp tests/plans/*.yaml $(DESTDIR)$(PREFIX)/share/tapbed/tests/plans/
	install -D -m 644 docs/tapbed.1 $(DESTDIR)$(PREFIX)/share/man/man1/tapbed.1

clean:			## remove what make made here; the cache is tapbed gc's
	$Qrm -rf build tapbed

tests: $(UNIT)

$(BIN): $(OBJ)
	$(call say,LD,$@)
	$Q$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(all_libs)

$O/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$Q$(CC) $(all_cflags) -MMD -MP -c -o $@ $<

# PID 1 of the VMs: static, and carried inside tapbed.
$O/vm-images/init: vm-images/init.c
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$Q$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -Os -s -static -o $@ $<

$O/vm-images/init-blob.o: $O/vm-images/init
	$(call say,BLOB,$@)
	$Qprintf '%s\n' '.section .rodata' '.global vm_init_start, vm_init_end' \
		'vm_init_start:' '.incbin "$<"' 'vm_init_end:' '.byte 0' \
		'.section .note.GNU-stack,"",@progbits' | $(CC) -x assembler -c -o $@ -

$O/tests/%: tests/%.c $(LIBOBJ)
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$Q$(CC) $(all_cflags) -Itests/unit -MMD -MP -o $@ $< $(LIBOBJ) -lcmocka $(all_libs)

-include $(OBJ:.o=.d) $(UNIT:=.d)
