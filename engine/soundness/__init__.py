"""A token game of its own over BPMN, without data: which ways a process can go, and where it can get stuck."""

from engine.soundness.findings import soundness_findings

__all__ = ["soundness_findings"]
