# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/gateway
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY gateway gateway
RUN /opt/gateway/bin/pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt '.[otel]'

FROM python:3.13-slim
RUN groupadd --system --gid 10001 gateway \
    && useradd --system --no-create-home --uid 10001 --gid 10001 gateway \
    && install -d -o gateway -g gateway -m 0700 /var/lib/gateway
COPY --from=build /opt/gateway /opt/gateway
ENV PATH=/opt/gateway/bin:$PATH PYTHONUNBUFFERED=1 GATEWAY_HOST=0.0.0.0 GATEWAY_PORT=8000
ENV GATEWAY_RECORDS_FILE=/var/lib/gateway/records.sqlite3
# By number: Kubernetes cannot tell whether a name is root (runAsNonRoot).
USER 10001:10001
VOLUME /var/lib/gateway
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + (os.environ.get('GATEWAY_ADMIN_PORT') or os.environ['GATEWAY_PORT']) + '/livez', timeout=2)"]
CMD ["gateway", "serve"]
