FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY . .
# The keys of this step sign nothing: collecting files needs settings that load.
RUN SECRET_KEY=unused \
    FIELD_ENCRYPTION_KEYS="$(/venv/bin/python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
    && export SECRET_KEY FIELD_ENCRYPTION_KEYS \
    && /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /venv/bin/python manage.py handbook

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home onay
COPY --from=build /venv /venv
COPY --from=build --chown=10001:10001 /app /app
WORKDIR /app
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--blocking-threads", "16", "--respawn-failed-workers", "--workers-kill-timeout", "10", "portal.wsgi:application"]
