"""How many loans are estimated in a second on one core: 35 years, a rate that changes after fifteen."""

from decimal import Decimal

from bot.cli.bench.figures import Figure, Measured, Size, Tell, interleaved
from bot.programmes.loan import Loan, Step
from bot.programmes.repayment import estimate
from scheduler.clock import monotonic

TOPIC = "loan"
MONTHS = 420
UNREDUCED = Step(181, Decimal("1.70"))


async def measure(size: Size, tell: Tell) -> Measured:
    """One figure."""
    tell("loans are estimated")
    found = await interleaved({"loans": lambda: _rate(size.messages)})
    return [Figure(TOPIC, "loans of 420 payments estimated on one core", "loans/s", found["loans"], wanted="≥ 1,000")]


async def _rate(count: int) -> float:
    begun = monotonic()
    for n in range(count):  # no two alike in a row: another sum and another rate
        rate = Decimal(100 + n % 100) / 100
        estimate(Loan(30_000_000 + 10_000 * n, MONTHS, (Step(1, rate), UNREDUCED)))
    return count / (monotonic() - begun)
