"""What guided mode leaves behind: how many steps are a person's word, and what that person added."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.guided.remarks import Photo


@dataclass(frozen=True)
class GuidedOutcome:
    """What goes into the evidence. All of it is a person's word (evidence level 0).

    Args:
        steps: Instructions that the person carried out.
        notes: What the person wrote, without long numbers.
        photos: Digests of pictures.
    """

    steps: int
    notes: tuple[str, ...]
    photos: tuple[Photo, ...]


@dataclass
class Record:
    """Collects it while it happens."""

    steps: int = 0
    notes: list[str] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)

    def next_number(self) -> int:
        """Count one more step."""
        self.steps += 1
        return self.steps

    def outcome(self) -> GuidedOutcome:
        """Return what there is so far."""
        return GuidedOutcome(self.steps, tuple(self.notes), tuple(self.photos))
