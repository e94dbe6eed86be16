# One image for every process of a node; ROLES says which doors a container opens.
ARG NODE_IMAGE=node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /kivuko
COPY . .
# Everything, to build with; then again only what runs. The embedded Postgres is an optional package and stays behind: a
# container has DATABASE_URL.
RUN npm ci --no-audit --no-fund \
 && node scripts/prepare.mjs \
 && npm ci --omit=dev --omit=optional --no-audit --no-fund \
 && find libs apps -name node_modules -prune -o -type f -name '*.ts' ! -path '*/dist/*' -exec rm {} +

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    BIND_HOST=0.0.0.0 \
    DATA_DIR=/data \
    MONITORING_PORT=3009
WORKDIR /kivuko
COPY --from=build /kivuko/package.json ./
COPY --from=build /kivuko/node_modules ./node_modules
COPY --from=build /kivuko/libs ./libs
COPY --from=build /kivuko/apps ./apps
# The generated secrets, where none are set by variables.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3001 3002 3003 3009
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MONITORING_PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is the first process and takes SIGTERM itself: it drains, for at most MAX_HOLD_TIME_MS and ten seconds.
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "apps/node/dist/main.js"]
