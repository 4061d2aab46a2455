# Trạm. `make help` lists what can be made; `make demo` and `make test` do all the set-up themselves.
SHELL := /bin/bash
PY := .venv/bin/python
TRAM := .venv/bin/tram
SCAN ?=
OFFICER ?=
COPIES ?=
SPECIMEN ?=
JOBS ?= 3
TEXTS ?=
MINUTES ?= 120
ARGS ?=

# An environment that forbids it would have each of the many processes compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo up test lint bench bench-reading bench-hub bench-bridge bench-identity bench-screen bench-guide prove-enrol prove-kill prove-screens prove-bridge prove-print prove-money prove-matrix prove-numbers prove-chip prove-privacy prove-day prove-update prove-boot prove-image prove-boot-update prove-hub-boot prove-deb prove-arm64 prove-trixie deb deb-hub image sbom firmware train lock clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: .venv/.ready ## system packages, Python environment, models (asked for by every other target)

.venv/.ready: requirements.lock provisioning/setup.sh provisioning/apt.txt pyproject.toml
	@bash provisioning/setup.sh
	@touch $@

demo: setup ## one certified copy end to end on stand-ins; SCAN="file …" your own pages, COPIES=10, OFFICER=approve
	@$(TRAM) demo $(if $(COPIES),--copies $(COPIES)) $(if $(SPECIMEN),--specimen $(SPECIMEN)) $(if $(filter approve,$(OFFICER)),--approve) $(SCAN)

up: setup ## everything running until Ctrl-C, with the local addresses
	@$(TRAM) up

test: setup ## every test, with the short form of each proof
	@$(PY) -m pytest -m "not slow" -n $(JOBS) --dist loadgroup

lint: setup ## format, lint, types
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

bench: setup ## our figures beside a peer's from the same run
	@$(PY) -m tests.bench

bench-reading: setup ## reading beside its peers; ARGS="--specimens 200 --photos 300 --alterations 200" is the long form
	@$(PY) -m tests.bench.reading $(ARGS)

bench-hub: setup ## the hub under 10,000 simulated kiosks, beside a plain consumer; ARGS="--kiosks 1000 --per-second 2"
	@$(PY) -m tests.bench.hub $(ARGS)

bench-bridge: firmware ## the microcontroller: flash, RAM, lease, frames a second, round trip
	@$(PY) -m tests.firmware_bridge.figures

bench-identity: setup ## chip, face and liveness in the words of ISO/IEC 19795 and 30107-3, beside the plain network
	@$(PY) -m tests.bench.identity $(ARGS)

bench-screen: setup ## the citizen's screen: milliseconds from a touch to the painted answer; a scripted citizen's copy by scene
	@$(PY) -m tests.bench.screen
	@$(PY) -m tests.bench.screen_citizen

bench-guide: setup ## the guide's answers to 200 questions kept apart, beside plain full-text search
	@$(PY) -m tests.bench.guide

firmware: setup ## build the firmware and the board that simulates it
	@$(MAKE) --silent -C firmware_bridge/firmware all board

prove-bridge: firmware ## a million hostile frames against each side of the microcontroller's protocol
	@$(PY) -m tests.prove.fuzz_bridge

prove-print: setup ## 500 print jobs with a printer that flaps: no sheet twice, none claimed that was not
	@$(PY) -m tests.prove.printing --rounds 500

prove-money: firmware ## 1,000 random power cuts while money moves: right to the đồng by the machines' own count
	@$(PY) -m tests.prove.money --cuts 1000 $(ARGS)

prove-matrix: setup ## each device lost, jammed, slow in each step of every journey; ARGS=--real: a choice of cells on the real stand-ins
	@$(PY) -m tests.prove.matrix $(ARGS)

prove-numbers: setup ## register numbers under 50 concurrent decisions at two hubs that are killed, on both databases
	@$(PY) -m tests.prove.numbers $(ARGS)

prove-chip: setup ## 100,000 spoilt answers of an identity card's chip, and a card pulled at every command on the virtual reader
	@$(PY) -m tests.prove.fuzz_chip $(ARGS)
	@$(PY) -m tests.prove.pull_chip

prove-privacy: setup ## a visit with marked face and card: no mark on disk or broker in the clear, none at all after the purge
	@$(PY) -m tests.prove.privacy $(ARGS)

prove-day: setup ## 300 people, two kiosks, one counter, a day in virtual time: waits, fairness, no number lost; draws the day
	@$(PY) -m tests.prove.day $(ARGS)

prove-update: setup ## 300 updates with a cut, a lie or a lack at a random point: old version or new, whole; as root also a full disk
	@$(PY) -m tests.prove.update $(ARGS)

prove-screens: setup ## every scene in both languages, three sizes (ARGS="--size 1024x600": one), four likings: axe-core, 44 px, 7:1, pictures; journeys by touch, keys, voice
	@$(PY) -m tests.prove.screens $(ARGS)

deb: setup ## the kiosk's Debian package in build/, the same bytes each time; ARCH=arm64, DEBIAN=trixie, VERSION=0.1.1, ROOT=the publisher's root.json
	@bash systemd/deb/build.sh $(or $(ARCH),$(shell dpkg --print-architecture)) $(VERSION)

deb-hub: setup ## the hub's Debian package in build/, the same bytes each time; VERSION=0.1.1
	@bash systemd/deb/build.sh $(or $(ARCH),$(shell dpkg --print-architecture)) $(or $(VERSION),"") hub

image: deb ## the kiosk's disk image in build/: path, size, SHA-256 (root, mmdebstrap, mtools, network); LOGIN_HASH, KEYRING: systemd/image
	@bash systemd/image/build.sh build/tram-kiosk_$(or $(VERSION),0.1.0)_$(or $(ARCH),$(shell dpkg --print-architecture)).deb

sbom: deb ## libraries and weights of the kiosk's package with their licences, in it and in build/sbom-*.cdx.json (CycloneDX); ARCH=arm64

prove-boot: setup ## an empty Debian 12 under systemd: three commands to the first copy, then thirteen faults; ARGS=promises (root, mmdebstrap; the first time with a network)
	@bash systemd/deb/build.sh $$(dpkg --print-architecture) 0.1.0 && bash systemd/deb/build.sh $$(dpkg --print-architecture) 0.1.1
	@$(PY) -m tests.prove.boot build/tram-kiosk_0.1.0_$$(dpkg --print-architecture).deb build/tram-kiosk_0.1.1_$$(dpkg --print-architecture).deb $(ARGS)

prove-boot-update: setup ## a booted kiosk is updated by fleet and stick: power cuts, bad releases, full disk, lies, packages (as prove-boot)
	@$(PY) -m tests.prove.boot_update $(ARGS)

prove-hub-boot: setup ## an empty Debian 12 becomes a hub by typed commands, then years of faults (root, mmdebstrap; the first time with a network)
	@bash systemd/deb/build.sh $$(dpkg --print-architecture) 0.1.0 hub && bash systemd/deb/build.sh $$(dpkg --print-architecture) 0.1.1 hub
	@$(PY) -m tests.prove.hub_boot build/tram-hub_0.1.0_$$(dpkg --print-architecture).deb build/tram-hub_0.1.1_$$(dpkg --print-architecture).deb $(ARGS)

prove-deb: setup ## every package built again elsewhere, to the byte; lintian; its bill of materials by CycloneDX's schema (root, mmdebstrap, lintian)
	@$(PY) -m tests.prove.debs $(ARGS)

prove-arm64: setup ## the arm64 package in an emulated Debian: reads, looks, remembers as this machine does (root, qemu-user-static, mmdebstrap)
	@bash systemd/deb/build.sh arm64 0.1.0
	@$(PY) -m tests.prove.port build/tram-kiosk_0.1.0_arm64.deb

prove-trixie: setup ## the same for Debian 13 with Python 3.13; ARCH=arm64
	@DEBIAN=trixie bash systemd/deb/build.sh $(or $(ARCH),$(shell dpkg --print-architecture)) 0.1.0
	@$(PY) -m tests.prove.port build/tram-kiosk_0.1.0+deb13_$(or $(ARCH),$(shell dpkg --print-architecture)).deb

prove-image: setup ## the disk image booted by QEMU: read-only root, power cuts, panel, camera, another root; ARGS=rounds (root; names the packages it needs)
	@bash tests/prove/image/prepare.sh
	@$(PY) -m tests.prove.image build/prove-image/kiosk.img build/prove-image/root.raucb $(ARGS)

prove-enrol: setup ## a kiosk enrols with its key under a TPM, is copied, stolen and revoked: what each part says
	.venv/bin/python -m tests.prove.enrolment

prove-kill: setup ## kill -9 of agent, hub and broker at 20 random moments each of a running copy
	@$(PY) -m tests.prove.kill --rounds 20

.venv-train/.ready: models/reader/requirements.txt
	python3 -m venv .venv-train
	.venv-train/bin/pip install --quiet -r models/reader/requirements.txt
	@touch $@

train: .venv-train/.ready ## train the line reader again (hours): make train TEXTS="folder …" MINUTES=120
	@.venv-train/bin/python -m models.reader.train --texts $(TEXTS) --minutes $(MINUTES)

lock: setup ## pin every dependency anew, with hashes and without addresses
	@bash provisioning/lock.sh

clean: ## remove what was built here
	rm -rf .venv build var
