# Mean squared errors of PyTorch's observers, for the table in the README: `python3 bench/pytorch-observers.py`.
import torch
from torch.ao.quantization import HistogramObserver, MinMaxObserver

torch.manual_seed(1)
gaussian = torch.randn(1_000_000)
for name, values in [("Gaussian", gaussian), ("behind a ReLU", gaussian.clamp(min=0))]:
    for bits in [2, 3, 4, 8]:
        errors = []
        for observer in (MinMaxObserver, HistogramObserver):
            observing = observer(dtype=torch.quint8, quant_min=0, quant_max=2**bits - 1)
            observing(values)
            scale, zero_point = observing.calculate_qparams()
            close = torch.fake_quantize_per_tensor_affine(values, scale, zero_point.int(), 0, 2**bits - 1)
            errors.append(f"{observer.__name__} {((values - close) ** 2).mean().item():.4g}")
        print(name, f"{bits} bits", *errors)
