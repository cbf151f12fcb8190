# A static binary in an empty image: no shell, no package manager, nobody but the service.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/tanya ./cmd/tanya \
 && mkdir -p /out/data /out/root && mkdir -m 1777 /out/root/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/tanya /tanya
COPY --from=build --chown=65532:65532 /out/data /data
# As a folder within a folder, so that its mode comes along: a runtime gives a tmpfs on /tmp the mode that /tmp has here.
COPY --from=build /out/root/ /
ENV TANYA_DATA=/data TANYA_ADDR=0.0.0.0:8080 TZ=Asia/Jakarta
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/tanya"]
CMD ["serve"]
