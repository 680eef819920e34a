"""The lean passes of training compute what the stock classes do, forwards and backwards."""

import pytest
import torch
import torch.nn.functional as F
from transformers import Llama4ForConditionalGeneration

from models.fledgling.architecture import EXPERTS, IMAGE_SIZE, PICTURE_TOKENS, configuration
from models.fledgling.training import language, lean, tower
from tests.models.fledgling.small import tokenizer


@pytest.fixture(scope="module")
def model() -> Llama4ForConditionalGeneration:
    torch.manual_seed(3)
    made = Llama4ForConditionalGeneration(configuration(tokenizer()))
    with torch.no_grad():
        for weight in made.parameters():
            if weight.ndim >= 2:
                weight.normal_(std=0.06)
    return made


@pytest.fixture(autouse=True)
def in_32_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared is the mathematics: in 16 bits both would differ by rounding alone."""
    for module in (lean, tower, language):
        monkeypatch.setattr(module, "NUMBERS", torch.float32)


def test_the_tower_sees_what_the_stock_one_sees(model: Llama4ForConditionalGeneration) -> None:
    pixels = torch.randint(0, 256, (2, 3, IMAGE_SIZE, IMAGE_SIZE), dtype=torch.uint8)
    stock = model.vision_model(pixels.float() / 127.5 - 1).last_hidden_state
    seen = tower.see(model.vision_model, pixels)
    _close(seen, stock)
    _close(
        tower.project(model.multi_modal_projector, seen),
        model.multi_modal_projector(stock),
    )
    _same_gradients(model.vision_model, stock.square().mean(), seen.square().mean())


def test_pictures_of_half_the_side_are_seen_on_a_coarser_grid(
    model: Llama4ForConditionalGeneration,
) -> None:
    pixels = torch.randint(0, 256, (2, 3, IMAGE_SIZE // 2, IMAGE_SIZE // 2), dtype=torch.uint8)
    assert tower.see(model.vision_model, pixels).shape[:2] == (2, PICTURE_TOKENS // 4)


def test_the_text_model_says_what_the_stock_one_says(
    model: Llama4ForConditionalGeneration,
) -> None:
    tokens = torch.randint(20, 400, (3, 300), generator=torch.Generator().manual_seed(1))
    asked = torch.zeros_like(tokens, dtype=torch.bool)
    asked[:, ::7] = True
    stock = model(input_ids=tokens).logits[asked]
    told = language.tell(model, tokens, None, asked)
    _close(told.logits, stock)
    _same_gradients(
        model.language_model,
        F.cross_entropy(stock, stock.argmin(-1)),
        F.cross_entropy(told.logits, stock.argmin(-1)),
    )


def test_pictures_stand_where_the_prompt_names_them(model: Llama4ForConditionalGeneration) -> None:
    pixels = torch.randint(0, 256, (2, 3, IMAGE_SIZE, IMAGE_SIZE), dtype=torch.uint8)
    patch = model.config.image_token_id
    seen = [patch] * PICTURE_TOKENS
    tokens = torch.tensor([[0, 50, *seen, 60], [0, *seen, 70, 80]])
    stock = model(input_ids=tokens, pixel_values=pixels.float() / 127.5 - 1).logits
    shown = tower.project(model.multi_modal_projector, tower.see(model.vision_model, pixels))
    told = language.tell(model, tokens, shown, torch.ones_like(tokens, dtype=torch.bool))
    _close(told.logits.view_as(stock), stock)


def test_unevenness_is_one_for_even_and_the_number_of_experts_for_all_on_one(
    model: Llama4ForConditionalGeneration,
) -> None:
    tokens = torch.randint(20, 400, (2, 64), generator=torch.Generator().manual_seed(2))
    asked = torch.ones_like(tokens, dtype=torch.bool)
    with torch.no_grad():
        told = language.tell(model, tokens, None, asked)
    assert 1.0 <= float(told.uneven) < EXPERTS
    assert told.chosen.shape[1] == tokens.numel()
    assert int(told.chosen.max()) < EXPERTS
    layers = [layer for layer in model.language_model.model.layers if layer.is_moe_layer]
    saved = [layer.feed_forward.router.weight.detach().clone() for layer in layers]
    with torch.no_grad():
        for layer in layers:
            layer.feed_forward.router.weight.zero_()
        even = language.tell(model, tokens, None, asked)
        for layer, weight in zip(layers, saved, strict=True):
            layer.feed_forward.router.weight.copy_(weight)
    assert float(even.uneven) == pytest.approx(1.0)


def _close(ours: torch.Tensor, stock: torch.Tensor) -> None:
    torch.testing.assert_close(ours, stock, rtol=2e-4, atol=2e-5)


def _same_gradients(module: torch.nn.Module, stock: torch.Tensor, lean_loss: torch.Tensor) -> None:
    named = {name: weight for name, weight in module.named_parameters() if weight.requires_grad}
    ours = torch.autograd.grad(lean_loss, list(named.values()), allow_unused=True)
    theirs = torch.autograd.grad(stock, list(named.values()), allow_unused=True)
    for name, mine, other in zip(named, ours, theirs, strict=True):
        if other is None or mine is None:
            assert name == "model.embed_tokens.weight" or (other is None) == (mine is None), name
            continue
        scale = float(other.abs().max()) + 1e-8
        assert float((mine - other).abs().max()) / scale < 2e-3, name
