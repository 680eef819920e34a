"""The tokenizer: byte-level BPE learnt from the conversations, with Llama 4's specials."""

from random import Random

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from models.fledgling.conversations import Shown, conversation

SIZE = 1024
SPECIALS = (
    "<|begin_of_text|>", "<|end_of_text|>", "<|header_start|>", "<|header_end|>", "<|eom|>",
    "<|eot|>",
    "<|image_start|>", "<|image_end|>", "<|image|>", "<|patch|>", "<|tile_x_separator|>",
    "<|tile_y_separator|>", "<|finetune_right_pad|>",
)  # fmt: skip
# Line breaks are pieces of their own: an answer begins the same way trained and generated.
_PIECES = r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def learn_vocabulary(seed: int) -> PreTrainedTokenizerFast:
    """A tokenizer of `SIZE` tokens in which every byte can be said."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE,
        special_tokens=list(SPECIALS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(_texts(seed), trainer)
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=bpe,
        bos_token="<|begin_of_text|>",
        eos_token="<|eot|>",
        pad_token="<|finetune_right_pad|>",
        additional_special_tokens=list(SPECIALS),
        model_max_length=2048,
        clean_up_tokenization_spaces=False,
        padding_side="left",
    )


def _texts(seed: int) -> list[str]:
    rng = Random(f"vocabulary {seed}")
    nothing = Shown(-1, "", "")
    talks = [conversation(rng, lambda _: nothing, turns=3) for _ in range(6000)]
    return [part for talk in talks for said in talk for part in said.parts if isinstance(part, str)]
