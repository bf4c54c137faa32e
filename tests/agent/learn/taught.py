"""What a technician teaches of the small terminal."""

from __future__ import annotations

from agent.learn.instructions import Instruction
from agent.learn.learner import Learner
from agent.secret import Secret
from protocols.words import Key
from tests.agent.learn.unknown import MERCHANT, PASSWORD, Unknown

TO_PASSWORD = (
    Instruction(screen="idle", press=(Key.MENU,)),
    Instruction(screen="main", choose="本机"),
    Instruction(screen="list", own=True),
    Instruction(screen="own", choose="解绑"),
    Instruction(screen="password", type="password"),
    Instruction(press=(Key.CONFIRM,)),
)
TO_CONFIRM = (*TO_PASSWORD, Instruction(screen="confirm", confirms="unbind"))
ALL = (*TO_CONFIRM, Instruction(press=(Key.CONFIRM,)), Instruction(screen="done", means="done"))


def learner(terminal: Unknown | None = None) -> Learner:
    answers = {"merchant_number": Secret(MERCHANT), "password": Secret(PASSWORD), "phone": Secret("D20")}
    return Learner(terminal or Unknown(), answers.__getitem__)  # type: ignore[arg-type]


def taught(*instructions: Instruction, terminal: Unknown | None = None) -> Learner:
    made = learner(terminal)
    for each in instructions:
        made.follow(each)
    return made
