# The service in a container: `serve`, `worker` and every other command (compose.yaml says how they go together).
# No secret is built in and nothing runs as root. docs/deploy.md says how this was checked.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python3 -m venv /opt/engawa
# First what seldom changes: what is pinned, by its hashes.
COPY requirements.lock ./
RUN /opt/engawa/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE main.py ./
COPY bot ./bot
COPY engawa_fakes ./engawa_fakes
COPY handlers ./handlers
COPY scheduler ./scheduler
COPY storage ./storage
COPY templates ./templates
RUN /opt/engawa/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --home-dir /var/lib/engawa --create-home --shell /usr/sbin/nologin engawa \
    && chmod 0700 /var/lib/engawa
COPY --from=build /opt/engawa /opt/engawa
ENV PATH=/opt/engawa/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER engawa
# What it writes: files, seals, the mark, and mails where no server is set. A volume belongs here.
WORKDIR /var/lib/engawa
VOLUME /var/lib/engawa
EXPOSE 8000
STOPSIGNAL SIGTERM
# Of the pages, which are what it starts as; a worker has its own, see compose.yaml.
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=8)"]
ENTRYPOINT ["engawa"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
