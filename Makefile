# Everything a developer needs. `make check` is what CI runs, in CI's order.
.PHONY: check run test build lint golden figures fuzz soak release clean

run: ## start the service with nothing configured
	go run ./cmd/tanya serve

test: ## all tests; what needs PostgreSQL, a browser or npm peers says so when it skips
	go test ./...

check: ## all that CI runs; installs what it needs on a Debian machine
	bash .ci/run

build: ## one static binary
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o tanya ./cmd/tanya

lint: ## formatting, vet, linters, content
	bash .ci/run lint

golden: ## rewrite the golden files; read the diff before you commit it
	go test ./faq/... ./bot -update

figures: ## measure everything anew and write docs/figures.md; LONG=1 for a release, ONLY="road redact" for some
	LONG=$(LONG) .ci/figures $(ONLY)

fuzz: ## every fuzz target for FOR, 10s unless told
	.ci/fuzz $(or $(FOR),10s)

soak: ## a season's crowd for FOR, 30m unless told
	.ci/soak $(or $(FOR),30m)

release: ## dist/: programs built twice and compared, checksums, bill of materials
	.ci/release $(VERSION)

clean:
	rm -rf tanya dist
