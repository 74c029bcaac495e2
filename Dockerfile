# The command as an image; without arguments it is the worker. It runs as nobody in particular, and writes nowhere but to /tmp:
#   docker build -t threescale-upgrade .
#   docker run --rm --read-only --tmpfs /tmp threescale-upgrade --version
# test/deploy/image.test.ts carries the same steps out in folders, and runs what comes of them.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
# The package `node` would bring a second Node.js, and stand before this one.
RUN npm ci --ignore-scripts --prefer-offline --no-audit --no-fund && rm -rf node_modules/node node_modules/.bin/node
# The desk's sources are read by it.
COPY tsconfig.json ./
COPY bin bin
COPY src src
COPY desk desk
COPY workflows workflows
COPY activities activities
COPY simulator simulator
# The command and the workflow code, each bundled: what starts finds them made.
RUN npm run build

FROM node:24.21.0-bookworm-slim AS production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --prefer-offline --no-audit --no-fund
# What Temporal's SDK has for other platforms is two thirds of all packages.
RUN find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +
# Of what is installed: what is only for development would be missed.
RUN npm pkg delete devDependencies && npm sbom --sbom-format=cyclonedx > sbom.cdx.json

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="threescale-upgrade" \
      org.opencontainers.image.description="Upgrades 3scale API Management installations on OpenShift as durable, reversible Temporal jobs" \
      org.opencontainers.image.licenses="Apache-2.0"
# Nothing is installed or built in it any more.
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /opt/yarn-* /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg
# A volume that is mounted there takes its rights: whoever the worker runs as keeps reports in it.
RUN mkdir -m 1777 /reports
WORKDIR /app
COPY --from=production /app/node_modules node_modules
COPY --from=production /app/sbom.cdx.json ./
COPY --from=build /src/dist dist
COPY bin bin
COPY package.json LICENSE ./
# Threads keep less memory each that nothing uses any more: npm run bench:memory.
ENV NODE_ENV=production HOME=/tmp MALLOC_ARENA_MAX=2
# By number, so that Kubernetes sees that it is not root. Any other works as well.
USER 1000:1000
ENTRYPOINT ["node", "/app/bin/threescale-upgrade.js"]
CMD ["worker"]
