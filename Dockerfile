# The worker and the command line in one image with nothing else in it but
# certificates and time zones: no shell, no package manager. Runs as a user
# without privileges and on a read-only file system; it writes to
# /var/lib/duenotice/out and /tmp.
FROM --platform=$BUILDPLATFORM golang:1.26.8-bookworm AS build
# VERSION is what --version says; tools/release.sh has the commit there.
ARG TARGETOS TARGETARCH VERSION
WORKDIR /src
# Modules first: they change seldom, and this layer is kept until they do.
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download && go mod verify
COPY . .
# The font for Han, Kana and Hangul, which the programs embed.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go -C tools/hanfont run . /src/templates/fonts/made/NotoSansCJK.ttf.zst
# Static, because the image has no C library; without paths of this machine, so
# that the same source gives the same programs.
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false -ldflags="-s -w -X duenotice/internal/cli.version=$VERSION" -o /image/duenotice-worker ./worker && \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false -ldflags="-s -w -X duenotice/internal/cli.version=$VERSION" -o /image/duenotice ./starter
RUN install -d -m 0755 /image/etc/ssl/certs /image/usr/share && \
    cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ && \
    cp "$(go env GOROOT)/lib/time/zoneinfo.zip" /image/usr/share/ && \
    echo 'duenotice:x:65532:65532::/tmp:/sbin/nologin' > /image/etc/passwd && \
    echo 'duenotice:x:65532:' > /image/etc/group && \
    install -d -m 1777 /image/tmp && \
    install -d -m 0700 -o 65532 -g 65532 /image/var/lib/duenotice/out && \
    install -d -m 0755 -o 1000 -g 1000 /image/var/lib/duenotice/tls /image/var/lib/duenotice/tls-worker \
        /image/var/lib/duenotice/tls-command /image/var/lib/duenotice/tls-viewer /image/var/lib/duenotice/tls-operator

FROM scratch
COPY --from=build /image /
ENV ZONEINFO=/usr/share/zoneinfo.zip
ENV DUENOTICE_OUT=/var/lib/duenotice/out
USER 65532:65532
ENTRYPOINT ["/duenotice-worker"]
