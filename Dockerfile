# Parley's image, for linux/amd64 and linux/arm64 (docs/install.md):
#
#   docker build --build-arg VERSION=v1.2.3 -t parley .
#   docker buildx build --platform linux/amd64,linux/arm64 --build-arg VERSION=v1.2.3 -t parley .
#
# Everything is built on the builder's own architecture, for that of the image.

FROM --platform=$BUILDPLATFORM node:22-alpine AS assets
WORKDIR /src
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY assets assets
RUN node assets/build.mjs

FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY app app
COPY db db
COPY views views
COPY assets assets
COPY e2e/release e2e/release
COPY --from=assets /src/assets/dist assets/dist
COPY --from=assets /src/node_modules/htmx.org node_modules/htmx.org
COPY --from=assets /src/node_modules/emojibase-data node_modules/emojibase-data
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go run ./e2e/release -licenses > /THIRD_PARTY_LICENSES
ARG VERSION TARGETOS TARGETARCH
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.release=$VERSION" -o /parley ./app

# Alpine rather than scratch, because the health check needs wget.
FROM alpine:3.22
RUN adduser -D -H -u 10001 parley && install -d -o parley -g parley /data
COPY --from=build /parley /usr/local/bin/parley
COPY LICENSE /usr/share/doc/parley/
COPY --from=build /THIRD_PARTY_LICENSES /usr/share/doc/parley/
ENV PARLEY_ADDR=0.0.0.0:3000 \
    PARLEY_DATABASE_URL=sqlite:/data/parley.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/readyz"]
ENTRYPOINT ["parley"]
ARG VERSION
LABEL org.opencontainers.image.title="Parley" \
    org.opencontainers.image.description="A self-hosted chat server that works without scripts" \
    org.opencontainers.image.licenses="MIT" \
    org.opencontainers.image.version="$VERSION"
