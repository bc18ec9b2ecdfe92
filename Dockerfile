# One image for web, worker and database.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update -q && apt-get install -q -y --no-install-recommends g++ make && rm -rf /var/lib/apt/lists/*
ENV CMAKE_GENERATOR="Unix Makefiles" CMAKE_BUILD_PARALLEL_LEVEL=4
WORKDIR /source
COPY requirements.lock ./
RUN python -m venv /tools && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY search ./search
COPY .ci/frontend ./.ci/frontend
COPY frontend ./frontend
COPY src ./src
RUN PYTHON=/tools/bin/python .ci/frontend && test -f src/homestretch/web/static/web/built/basemap.js
RUN /tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels .

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOMESTRETCH_HOME=/data
RUN --mount=type=bind,source=deploy/requirements.lock,target=/requirements.lock \
    pip install --no-cache-dir --require-hashes -r /requirements.lock
RUN --mount=from=build,source=/wheels,target=/wheels pip install --no-cache-dir --no-deps /wheels/*.whl
COPY deploy/database /usr/local/bin/homestretch-database
RUN useradd --uid 10001 --create-home homestretch && install -d -o homestretch -g homestretch -m 0700 /data
USER homestretch
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["homestretch", "serve", "--address", "0.0.0.0", "--port", "8000"]
