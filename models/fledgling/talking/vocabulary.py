"""The tokenizer: byte-level BPE learnt from the conversations, with Llama 4's specials."""

from collections.abc import Iterator
from random import Random

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from models.fledgling.concepts import CONCEPTS
from models.fledgling.data.definitions import DEFINITIONS
from models.fledgling.drawn.scenes import TRAINING_SEEDS, draw
from models.fledgling.talking.conversations import conversation
from models.fledgling.talking.messages import Shown

SIZE = 4096
SPECIALS = (
    "<|begin_of_text|>", "<|end_of_text|>", "<|header_start|>", "<|header_end|>", "<|eom|>",
    "<|eot|>",
    "<|image_start|>", "<|image_end|>", "<|image|>", "<|patch|>", "<|tile_x_separator|>",
    "<|tile_y_separator|>", "<|finetune_right_pad|>",
)  # fmt: skip
# Line breaks are pieces of their own: an answer begins the same way trained and generated.
_PIECES = r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_TALKS, _DRAWINGS = 4000, 80
_NAMED, _DEFINED = 400, 4  # how often each name and definition is read, beside the conversations


def learn_vocabulary(seed: int) -> PreTrainedTokenizerFast:
    """A tokenizer of `SIZE` tokens in which every byte can be said and each digit is one."""
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


def _texts(seed: int) -> Iterator[str]:
    """Conversations, and so often each name that every word of one becomes a token."""
    rng = Random(f"vocabulary {seed}")
    pictures = _pictures()
    for _ in range(_TALKS):
        for said in conversation(rng, lambda rng: rng.choice(pictures), turns=3):
            yield from (part for part in said.parts if isinstance(part, str))
    for concept in CONCEPTS:
        yield from [f" {concept.name}"] * _NAMED
    for sentence in DEFINITIONS.values():
        yield from [sentence] * _DEFINED


def _pictures() -> list[Shown]:
    """Every concept once, and drawings; their pixels do not matter here."""
    drawn = [draw(TRAINING_SEEDS + seed).scene for seed in range(_DRAWINGS)]
    pictures = [Shown(-1, scene=scene) for scene in drawn]
    return pictures + [Shown(-1, concept=place) for place in range(len(CONCEPTS))]
