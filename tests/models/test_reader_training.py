"""What only the training environment (models/reader/requirements.txt) can prove: net, folding, weights, batches."""

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the environment of models/reader/requirements.txt")

from models.reader.batches import Batches, collate  # noqa: E402
from models.reader.charset import CHARS, HEIGHT_PX, STRIDE_PX, encode  # noqa: E402
from models.reader.flatten import flatten, run  # noqa: E402
from models.reader.narrow import narrowed  # noqa: E402
from models.reader.net import LARGE, SIZES, SMALL, LineNet, Size  # noqa: E402
from models.reader.progress import Progress  # noqa: E402
from models.reader.render import Sample  # noqa: E402
from models.reader.weights import load_weights, save_weights  # noqa: E402


def sample(width: int = 300, text: str = "Sao y") -> Sample:
    grey = np.random.default_rng(width).integers(0, 256, (HEIGHT_PX, width), dtype=np.uint8)
    return Sample(grey=grey, text=text)


def million_products(size: Size, width_px: int = 720) -> float:
    """Multiply-adds of a net for a line of this width, in millions."""
    net, products = LineNet(size).eval(), []

    def count(layer: torch.nn.Module, _: tuple[torch.Tensor, ...], out: torch.Tensor) -> None:
        products.append(out.shape[2] * out.shape[3] * layer.weight.numel())  # type: ignore[operator, union-attr]

    for layer in net.modules():
        if isinstance(layer, torch.nn.Conv2d):
            layer.register_forward_hook(count)
    with torch.no_grad():
        net(torch.zeros(1, 1, HEIGHT_PX, width_px))
    return sum(products) / 1e6


@pytest.fixture(params=SIZES.values(), ids=list(SIZES))
def net(request: pytest.FixtureRequest) -> LineNet:
    torch.manual_seed(1)
    made = LineNet(request.param)
    made(torch.randn(4, 1, HEIGHT_PX, 128))
    return made.eval()


@pytest.mark.parametrize("width", [8, 64, 720])
def test_the_net_gives_one_step_per_four_pixels(net: LineNet, width: int):
    assert net(torch.zeros(2, 1, HEIGHT_PX, width)).shape == (2, width // STRIDE_PX, len(CHARS) + 1)


def test_the_small_net_takes_at_most_150_million_products_for_a_line_of_720_px():
    assert million_products(LARGE) == pytest.approx(419.4, abs=0.1)
    assert million_products(SMALL) <= 150


def test_a_narrowed_net_says_nearly_what_the_large_one_says_where_channels_were_idle():
    """Half of the large net's channels hear nothing, so that the small one loses nothing but its rounding."""
    torch.manual_seed(3)
    large = LineNet(Size(channels=(8, 8, 8, 8), inner=16)).eval()
    lines = torch.randn(24, 1, HEIGHT_PX, 160)
    with torch.no_grad():
        for layer in large.modules():
            if isinstance(layer, torch.nn.Conv2d) and layer is not large.head:
                layer.weight[layer.out_channels // 2 :] = 0
        large.train()
        large(lines)
        large.eval()
        small = narrowed(large, Size(channels=(4, 4, 4, 4), inner=8), lines)
        wanted, said = large(lines), small(lines)
    assert (said - wanted).std() < 0.05 * wanted.std()


def test_folded_layers_say_what_the_net_says(net: LineNet):
    line = torch.randn(1, 1, HEIGHT_PX, 200)
    with torch.no_grad():
        folded = run(flatten(net), line)[-1][1].squeeze(2).transpose(1, 2)
        assert torch.allclose(folded, net(line), atol=1e-3)


def test_committed_weights_start_a_net_that_says_nearly_the_same(net: LineNet, tmp_path: Path):
    save_weights(net, tmp_path / "weights.pt")
    again = LineNet(net.size).eval()
    again.load_state_dict(load_weights(tmp_path / "weights.pt"))
    line = torch.randn(1, 1, HEIGHT_PX, 200)
    with torch.no_grad():
        assert (again(line) - net(line)).abs().max() < 0.1 * net(line).abs().max()
    assert (tmp_path / "weights.pt").stat().st_size < 1_500_000


def test_a_stopped_run_goes_on_with_the_same_weights_and_clock(tmp_path: Path):
    before, after = Progress(1, 1e-3, SMALL), Progress(2, 1e-3, SMALL)
    before.step, before.minutes = 40, 7.5
    before.save(tmp_path / "state.pt")
    after.load(tmp_path / "state.pt")
    assert (after.step, after.minutes) == (40, 7.5)
    assert all(torch.equal(a, b) for a, b in zip(before.net.parameters(), after.net.parameters(), strict=True))


def test_a_batch_keeps_every_text_and_leaves_room_for_its_steps():
    texts = ("Bản sao", "Ẩn 12")
    batch = collate([sample(200, texts[0]), sample(230, texts[1])], 256, np.random.default_rng(1))
    assert batch.lines.shape == (2, 1, HEIGHT_PX, 256)
    assert batch.targets.tolist() == [cls for text in texts for cls in encode(text)]
    assert all(
        length <= steps <= 256 // STRIDE_PX for length, steps in zip(batch.target_lengths, batch.steps, strict=True)
    )


def test_a_batch_comes_back_as_often_as_asked_with_others_between():
    made = Batches(1, lambda rng: sample(rng.choice((300, 400))), uses=3)
    first_lines = [made.draw().samples[0] for _ in range(400)]
    times = Counter(map(id, first_lines))
    assert max(times.values()) == 3
    assert sum(count == 3 for count in times.values()) > 50
    assert len(set(map(id, first_lines[:50]))) == 50
    once = Batches(1, lambda rng: sample(rng.choice((300, 400))))
    assert len(set(map(id, [once.draw() for _ in range(90)]))) == 90


def test_only_lines_that_were_hard_but_readable_come_back():
    made = Batches(1, lambda rng: sample(rng.choice((100, 400))))
    batch = made.draw()
    hard = batch.samples[0]
    made.learn(batch, [0.5, 5.0, *[0.01] * (len(batch.samples) - 2)])
    for _ in range(40):
        made.learn(batch, [0.01] * len(batch.samples))
    made.learn(batch, [0.5, 5.0, *[0.01] * (len(batch.samples) - 2)])
    drawn = [line for _ in range(30) for line in made.draw().samples]
    assert any(line is hard for line in drawn)
    assert not any(line is batch.samples[1] for line in drawn)


def test_batches_have_few_shapes_because_each_new_one_is_compiled():
    widths = random.Random(1)
    made = Batches(2, lambda rng: sample(widths.randint(40, 1600)))
    shapes = {made.draw().lines.shape for _ in range(150)}
    assert len({shape[3] for shape in shapes}) == len(shapes)
    assert all(shape[3] % 64 == 0 for shape in shapes)
