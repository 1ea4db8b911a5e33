"""What the strong forms in PyTorch share."""
import torch


def fast_adamw(parameters, **settings):
    """AdamW over all parameters in one kernel where this PyTorch has it on the CPU, else its usual form."""
    try:
        return torch.optim.AdamW(parameters, fused=True, **settings)
    except (TypeError, RuntimeError):
        return torch.optim.AdamW(parameters, **settings)


def dense(signal, weight, bias):
    """signal @ weight + bias, weights stored inputs x outputs."""
    return torch.addmm(bias, signal, weight)
