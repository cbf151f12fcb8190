# Everything a developer needs. `make check` is what CI runs, in CI's order.
.PHONY: check run test build lint golden clean

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

clean:
	rm -f tanya
