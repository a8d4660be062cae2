# The client is built on the machine that builds, whatever machine the image is for.
FROM --platform=$BUILDPLATFORM node:24-slim AS client
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.base.json vite.config.ts ./
COPY shared shared
COPY client client
RUN npm run build

# For linux/arm64 and linux/amd64 alike: the only native part, SQLite, comes prebuilt.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image has its own Node 24, so the one npm would bring is left out.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-slim
# The compile cache is made in /tmp, which is in memory: it lasts as long as the container.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 TLS_PORT=8443 DATABASE_PATH=/data/llm-router.db
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=client /app/dist dist
COPY package.json LICENSE ./
COPY shared shared
COPY server server
COPY client/public/manual.md client/public/manual.md
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8000 8443
# Asks both ports, the one for HTTPS by our own authority.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["node", "server/health-check.ts"]
STOPSIGNAL SIGTERM
CMD ["node", "server/start.mjs"]
