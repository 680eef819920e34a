"""The shape of the fledgling: configuration, picture processor and chat template."""

from collections.abc import Mapping
from types import MappingProxyType

from transformers import (
    Llama4Config,
    Llama4ImageProcessor,
    Llama4Processor,
    PreTrainedTokenizerFast,
)

IMAGE_SIZE = 144  # pixels a side; every picture is one tile
PATCH_SIZE = 12
CELLS = IMAGE_SIZE // PATCH_SIZE  # patches a side
PICTURE_TOKENS = (CELLS // 2) ** 2  # the pixel shuffle makes one token of two by two patches
CONTEXT_WINDOW = 2048
CHUNK = 256  # tokens; a multiple of the key/value block sizes of serving engines
EXPERTS = 8  # in every second layer, beside a shared one

NOTHING: Mapping[str, object] = MappingProxyType({})

_WIDTH, _VISION_WIDTH = 256, 192

CHAT_TEMPLATE = """\
{{- bos_token }}
{%- for message in messages %}
    {{- '<|header_start|>' + message['role'] + '<|header_end|>\\n\\n' }}
    {%- if message['content'] is string %}
        {{- message['content'] | trim }}
    {%- else %}
        {%- for part in message['content'] %}
            {%- if part['type'] == 'image' %}
                {{- '<|image|>' }}
            {%- elif part['type'] == 'text' %}
                {{- part['text'] | trim }}
            {%- endif %}
        {%- endfor %}
    {%- endif %}
    {{- '<|eot|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|header_start|>assistant<|header_end|>\\n\\n' }}
{%- endif %}
"""


def picture_processor() -> Llama4ImageProcessor:
    """One tile of 144 pixels, values from -1 to 1, as the stock processor makes them."""
    return Llama4ImageProcessor(size={"height": IMAGE_SIZE, "width": IMAGE_SIZE}, max_patches=1)


def processor(tokenizer: PreTrainedTokenizerFast) -> Llama4Processor:
    """Text and pictures in one prompt, as the architecture wants them."""
    return Llama4Processor(
        picture_processor(),
        tokenizer,
        patch_size=PATCH_SIZE,
        pixel_shuffle_ratio=0.5,
        chat_template=CHAT_TEMPLATE,
    )


def configuration(
    tokenizer: PreTrainedTokenizerFast,
    *,
    vision: Mapping[str, object] = NOTHING,
    text: Mapping[str, object] = NOTHING,
) -> Llama4Config:
    """Six layers: chunked and full attention in turn, experts in every second one.

    `vision` and `text` are settings of the two parts that differ from the shipped ones.
    """
    ids = {token: tokenizer.get_vocab()[token] for token in tokenizer.all_special_tokens}
    config = Llama4Config(
        vision_config={**_vision(), **vision},
        text_config={**_text(len(tokenizer), ids), **text},
        boi_token_index=ids["<|image_start|>"],
        eoi_token_index=ids["<|image_end|>"],
        image_token_index=ids["<|patch|>"],
        dtype="float32",
    )
    config.architectures = ["Llama4ForConditionalGeneration"]
    return config


def _vision() -> dict[str, object]:
    return {
        "hidden_size": _VISION_WIDTH,
        "num_hidden_layers": 8,
        "num_attention_heads": 3,
        "intermediate_size": 4 * _VISION_WIDTH,  # what the pixel shuffle hands to the adapter
        "image_size": IMAGE_SIZE,
        "patch_size": PATCH_SIZE,
        "pixel_shuffle_ratio": 0.5,
        "projector_input_dim": 256,
        "projector_output_dim": 256,
        "vision_output_dim": 256,
        "initializer_range": 0.04,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
    }


def _text(vocabulary: int, ids: dict[str, int]) -> dict[str, object]:
    return {
        "vocab_size": vocabulary,
        "hidden_size": _WIDTH,
        "num_hidden_layers": 6,
        "no_rope_layer_interval": 2,
        "attention_chunk_size": CHUNK,
        "num_attention_heads": 8,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "interleave_moe_layer_step": 2,
        "num_local_experts": EXPERTS,
        "num_experts_per_tok": 1,
        "intermediate_size": 256,
        "intermediate_size_mlp": 768,
        "max_position_embeddings": CONTEXT_WINDOW,
        "initializer_range": 0.05,
        "bos_token_id": ids["<|begin_of_text|>"],
        "eos_token_id": ids["<|eot|>"],
        "pad_token_id": ids["<|finetune_right_pad|>"],
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
    }
