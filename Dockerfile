# Two images from one file: `--target bot` without torch, `--target worker` without messengers.
# For a machine without an NVIDIA card: --build-arg TORCH_INDEX=... with PyTorch's CPU index.

FROM python:3.11-slim AS base
ENV PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    WHIMBREL_HOME=/var/lib/whimbrel
RUN useradd --system --uid 10001 --home-dir /var/lib/whimbrel whimbrel \
    && install -d -m 0700 -o whimbrel -g whimbrel /var/lib/whimbrel
WORKDIR /opt/whimbrel

FROM base AS source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY chat chat
COPY dashboard dashboard
COPY handlers handlers
COPY models models
COPY moderation moderation
COPY storage storage
COPY web web

FROM source AS bot
RUN pip install --constraint constraints.txt ".[bot,postgres]"
USER whimbrel
WORKDIR /var/lib/whimbrel
EXPOSE 8484
ENTRYPOINT ["whimbrel"]
CMD ["bot"]

FROM source AS worker
ARG TORCH_INDEX=""
RUN if [ -n "$TORCH_INDEX" ]; then \
        pip install --no-deps --index-url "$TORCH_INDEX" \
            $(grep -E '^(torch|torchvision)==' constraints.txt); \
    fi \
    && pip install --constraint constraints.txt ".[worker,postgres]"
USER whimbrel
WORKDIR /var/lib/whimbrel
ENTRYPOINT ["whimbrel"]
CMD ["worker"]
