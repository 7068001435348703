"""Training steps of CNN6..CNN10 and ResNet-20 in PyTorch on the CPU: the peer of `lowbit-bench speed train`.

    python3 torch_step.py --net CNN6 --bits 4 --batch 100 --threads 1 [--channels-last]

The first line on stdout is a JSON object with the version. Then each line `step` on stdin makes one step of Adam on the same
random images, batch norms in training mode, and is answered with its milliseconds. Debian: apt-get install python3-torch.
"""

import argparse
import json
import re
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

# As in @lowbit/models: filters(kernel), p: one pixel of zero padding, P: a 2x2 max-pool behind.
CNNS = {
    "CNN6": "4(1) 8(5)P 16(3)P 32(3)P 64(2)",
    "CNN10": "8(1) 16(3p) 32(3p)P 32(3p) 64(3p)P 64(3) 64(3) 128(3) 256(2)",
}


class QuantizedConv(nn.Conv2d):
    """A convolution on fake-quantized inputs and weights; float where levels is None."""

    levels = None
    input_range = (0.0, 6.0)

    def forward(self, x):
        if self.levels is None:
            return super().forward(x)
        low, high = self.input_range
        scale = (high - low) / (self.levels - 1)
        x = self.fake_quantize(x, scale, round(-low / scale))
        weight = self.fake_quantize(self.weight, 1 / self.levels, self.levels // 2)
        return F.conv2d(x, weight, self.bias, self.stride, self.padding)

    def fake_quantize(self, x, scale, zero_point):
        return torch.fake_quantize_per_tensor_affine(x, scale, zero_point, 0, self.levels - 1)


def quantized(convolution, levels, input_range=(0.0, 6.0)):
    convolution.levels, convolution.input_range = levels, input_range
    return convolution


class Halve(nn.Module):
    def forward(self, x):
        return 0.5 * x


def cnn(name, levels):
    layers, channels, units = [], 3, CNNS[name].split()
    for index, unit in enumerate(units):
        filters, kernel, padded, pool = re.fullmatch(r"(\d+)\((\d)(p?)\)(P?)", unit).groups()
        filters, last = int(filters), index == len(units) - 1
        convolution = QuantizedConv(channels, filters, int(kernel), padding=1 if padded else 0, bias=last)
        if index == 1:
            layers += [nn.Hardtanh(), quantized(convolution, levels, (-1.0, 1.0))]
        elif index > 1:
            layers += [nn.ReLU6(), quantized(convolution, levels)]
        else:
            layers += [convolution]
        layers += [] if last else [nn.BatchNorm2d(filters)]
        layers += [Halve()] if index == 0 else []
        layers += [nn.MaxPool2d(2)] if pool else []
        channels = filters
    return nn.Sequential(*layers, nn.Tanh(), nn.Flatten(), nn.Linear(channels, 10))


class Block(nn.Module):
    """relu(x + bn(conv(relu(bn(conv(x)))))) with the shortcut without weights of He et al. 2015 (option A)."""

    def __init__(self, channels, filters, levels):
        super().__init__()
        self.stride, self.more = filters // channels, filters - channels
        self.conv1 = quantized(QuantizedConv(channels, filters, 3, self.stride, 1, bias=False), levels)
        self.conv2 = quantized(QuantizedConv(filters, filters, 3, 1, 1, bias=False), levels)
        self.bn1, self.bn2 = nn.BatchNorm2d(filters), nn.BatchNorm2d(filters)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride > 1:
            before = self.more // 2
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, before, self.more - before))
        return F.relu(x + y)


def resnet20(levels):
    layers, channels = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for filters in (16, 32, 64):
        for _ in range(3):
            layers.append(Block(channels, filters, levels))
            channels = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--net", choices=[*CNNS, "ResNet-20"], required=True)
    parser.add_argument("--bits", type=int, required=True, help="32: float")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--channels-last", action="store_true", help="keep images as NHWC, which PyTorch does not by itself")
    given = parser.parse_args()

    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    levels = None if given.bits == 32 else 2**given.bits
    network = resnet20(levels) if given.net == "ResNet-20" else cnn(given.net, levels)
    images, labels = torch.rand(given.batch, 3, 32, 32), torch.arange(given.batch) % 10
    if given.channels_last:
        network, images = (it.to(memory_format=torch.channels_last) for it in (network, images))
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)

    def step():
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(network(images), labels).backward()
        optimizer.step()

    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        if line.strip() != "step":
            sys.exit(f"got {line.strip()}, expected step")
        began = time.perf_counter()
        step()
        print((time.perf_counter() - began) * 1e3, flush=True)


if __name__ == "__main__":
    main()
