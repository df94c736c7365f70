# What a person or CI runs here. "make" alone lists it.

.DEFAULT_GOAL := help
GO ?= go
# Tools built from the modules below tools/, each at the version pinned there.
BIN := $(CURDIR)/.bin
# The race detector needs a C compiler, except on macOS.
RACE := $(if $(filter 1,$(shell $(GO) env CGO_ENABLED))$(filter darwin,$(shell $(GO) env GOOS)),-race)
# Packages whose tests need no server: they and their tests use neither stack nor testkit.
UNIT = $(shell $(GO) list -f '{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}' ./... \
	| grep -vE 'duenotice/internal/(stack|testkit|app|cli)( |/|$$)' | cut -d' ' -f1)
# Arguments for "make demo": make demo ARGS="--practices 400 --people 100000"
ARGS ?=
FUZZTIME ?= 20s
# For "make rehearsal": tiny, small, medium or full, and what to say of the machine.
SIZE ?= tiny
NOTE ?=
# How much "make faults" breaks: some, or long.
FAULTS ?= some

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.PHONY: demo
demo: deps ## the whole thing on this machine with a synthetic incident
	@$(GO) run ./starter demo $(ARGS)

.PHONY: build
build: fonts ## both programs, in bin/; the stack builds its engine itself
	$(GO) build -trimpath -o bin/duenotice ./starter
	$(GO) build -trimpath -o bin/duenotice-worker ./worker

# In this order the quick ones speak first. One after the other: each uses all
# cores by itself, and tests with time limits suffer beside a compiler.
.PHONY: test
test: deps deps-race deps-browser lint verify licences vuln test-engine test-alarms test-kubernetes test-fonts test-all fuzz-briefly test-demo test-rehearsal ## everything: lint, generated code, all tests on real servers, the demo

# Without go test's own vet: lint has run all of it over the same files, and it costs
# minutes on two cores. The packages that take longest begin first, and one more runs than
# there are cores: much of their time is waiting, and a long one that began last would have
# the machine to itself for minutes. Their order changes nothing else (ADR 256).
SLOWEST = ./internal/cli ./internal/e2e ./internal/simulate ./internal/faults ./internal/postgres ./internal/app
AT_ONCE = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
.PHONY: test-all
test-all: deps
	$(GO) run ./internal/testkit/withservers $(GO) test $(RACE) -vet=off -timeout 15m -p $(AT_ONCE) $(SLOWEST) ./...

# Without the race detector, as the stack builds it: what was compiled for the one
# serves the other, and Temporal's server takes minutes.
.PHONY: test-engine
test-engine: ## the tests of the engine's own module
	CGO_ENABLED=0 $(GO) -C engine test ./...

# Prometheus's own parser and engine, in a module of their own.
.PHONY: test-alarms
test-alarms: ## the alert rules, as Prometheus reads and evaluates them
	CGO_ENABLED=0 $(GO) -C tools/alarms test ./...

.PHONY: test-kubernetes
test-kubernetes: ## the manifests are of Kubernetes' published types, and promise what they should
	CGO_ENABLED=0 $(GO) -C tools/kubernetes test ./...

.PHONY: test-fonts
test-fonts: ## what makes the font for Han draws as the font it is made of
	CGO_ENABLED=0 $(GO) -C tools/hanfont test ./...

.PHONY: test-unit
test-unit: fonts ## the tests that need no server, in seconds
	$(GO) test -timeout 2m $(UNIT)

.PHONY: test-demo
test-demo: deps ## the whole demo, in a folder of its own
	GO=$(GO) RACE=$(RACE) tools/demo.sh

.PHONY: test-rehearsal
test-rehearsal: deps ## the smallest rehearsal, in a folder of its own
	GO=$(GO) tools/rehearsal.sh

.PHONY: lint
lint: $(BIN)/golangci-lint $(BIN)/workflowcheck ## golangci-lint, and workflowcheck for determinism
	$(BIN)/golangci-lint run ./...
	cd engine && CGO_ENABLED=0 $(BIN)/golangci-lint run ./...
	$(BIN)/workflowcheck -config workflowcheck.config.yaml ./workflows/...

.PHONY: generate
generate: $(BIN)/sqlc ## write all generated files anew
	$(BIN)/sqlc generate
	tools/sqlcsum.sh >internal/postgres/sqlgen/generated.sha256
	$(GO) generate ./...

.PHONY: keep-rulebook
keep-rulebook: ## before a release: whatever changes the rulebook afterwards is another version
	$(GO) run ./internal/rulebooks/keep

# It builds sqlc when it has to ask it.
.PHONY: verify
verify: ## generated files and go.mod are what they should be
	GO=$(GO) tools/verify.sh

.PHONY: vuln
vuln: $(BIN)/govulncheck ## known vulnerabilities in what is imported
	@tools/vuln.sh $(BIN)/govulncheck ./...
	@cd engine && CGO_ENABLED=0 ../tools/vuln.sh $(BIN)/govulncheck ./...

.PHONY: licences
licences: ## the licence of everything that is linked is one that was read
	@GO=$(GO) tools/licences.sh

.PHONY: release
release: $(BIN)/cyclonedx-gomod ## all programs for every platform, checksums and bills of materials, in dist/
	GO=$(GO) tools/release.sh

.PHONY: reproducible
reproducible: ## two builds of the same source are the same
	GO=$(GO) tools/release.sh check

.PHONY: bench
# The officers' commands at the size of the largest incident, unless another is named.
bench: export DUENOTICE_BENCH_PRACTICES ?= 45000
bench: deps ## benchmarks with their ratios
	$(GO) run ./internal/testkit/withservers $(GO) test -run '^$$' -bench . -benchmem -timeout 60m ./...
	CGO_ENABLED=0 $(GO) -C engine test -run '^$$' -bench . -benchtime 1x -timeout 20m .

# It goes on where it was cut; REHEARSAL=-anew begins again, REHEARSAL=-draw only makes
# table, chart and page from the results there are.
.PHONY: rehearsal
rehearsal: deps ## an incident of SIZE (tiny, small, medium, full) from its case folder to its close, measured
	@$(GO) run ./internal/rehearsal/rehearse -size $(SIZE) -note "$(NOTE)" $(REHEARSAL)
# A seed decides what is broken when: SEED=1 make faults. FAULTS=long breaks everything.
# SOAK=60 PRACTICES=2000 has officers act on a case for so many rounds, which takes an hour.
.PHONY: faults
faults: deps ## break things under the product, and look whether it is right in the end
	FAULTS=$(FAULTS) $(GO) run ./internal/testkit/withservers $(GO) test -count=1 -timeout 120m -v ./internal/faults

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (20s)
	GO=$(GO) tools/fuzz.sh $(FUZZTIME)

# Long enough to see that a target works and to try each seed's neighbours.
.PHONY: fuzz-briefly
fuzz-briefly:
	GO=$(GO) tools/fuzz.sh 2s light

.PHONY: clean
clean: ## remove built programs; the state of a stack (.duenotice) and out/ stay
	rm -rf bin .bin dist coverage.* $(HAN)

# The font for Han, Kana and Hangul, made of what a Go module carries (ADR 0261).
HAN := templates/fonts/made/NotoSansCJK.ttf.zst
.PHONY: fonts
fonts: $(HAN) ## the font for Han, Kana and Hangul, which programs embed
$(HAN): tools/hanfont/go.mod tools/hanfont/go.sum tools/hanfont/main.go tools/hanfont/cut.go tools/hanfont/curve.go tools/hanfont/truetype.go
	$(GO) -C tools/hanfont run . $(CURDIR)/$@

# What the machine lacks and cannot be fetched by Go; what is built embeds the font.
.PHONY: deps deps-race deps-browser
deps: fonts
	@tools/deps.sh postgresql
deps-race:
	@tools/deps.sh cc
# axe-core looks for barriers on pages; without npm the pages' other tests still run.
deps-browser:
	@tools/deps.sh browser
	@if command -v npm >/dev/null; then npm ci --prefix tools/axe --ignore-scripts --no-audit --no-fund --silent || \
	echo "axe-core could not be fetched: pages are tested without it." >&2; \
	else echo "npm is not installed: pages are tested without axe-core." >&2; fi

# "tool" stands for the tools that a module's go.mod names.
$(BIN)/golangci-lint: tools/lint/go.mod tools/lint/go.sum
	$(GO) -C tools/lint build -o $(BIN)/ tool
$(BIN)/workflowcheck: tools/workflowcheck/go.mod tools/workflowcheck/go.sum
	$(GO) -C tools/workflowcheck build -o $(BIN)/ tool
$(BIN)/sqlc: tools/sqlc/go.mod tools/sqlc/go.sum
	$(GO) -C tools/sqlc build -o $(BIN)/ tool
$(BIN)/cyclonedx-gomod: tools/sbom/go.mod tools/sbom/go.sum
	$(GO) -C tools/sbom build -o $(BIN)/ tool
# The object store that tests start; they build it too where it is not there.
$(BIN)/versitygw: tools/versitygw/go.mod tools/versitygw/go.sum
	CGO_ENABLED=0 $(GO) -C tools/versitygw build -o $(BIN)/ tool
$(BIN)/govulncheck: tools/vuln/go.mod tools/vuln/go.sum
	$(GO) -C tools/vuln build -o $(BIN)/ tool
