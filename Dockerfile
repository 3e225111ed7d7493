# syntax=docker/dockerfile:1

FROM node:22-alpine AS assets
WORKDIR /src
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY assets assets
RUN node assets/build.mjs

FROM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY app app
COPY db db
COPY views views
COPY assets assets
COPY --from=assets /src/assets/dist assets/dist
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /parley ./app

# Alpine rather than scratch, because the health check needs wget.
FROM alpine:3.22
RUN adduser -D -H -u 10001 parley && install -d -o parley -g parley /data
COPY --from=build /parley /usr/local/bin/parley
ENV PARLEY_ADDR=0.0.0.0:3000 \
    PARLEY_DATABASE_URL=sqlite:/data/parley.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/readyz"]
ENTRYPOINT ["parley"]
