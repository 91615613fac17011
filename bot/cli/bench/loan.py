"""How many loans are estimated in a second on one core: 35 years, a rate that changes after fifteen."""

from decimal import Decimal
from functools import partial

from bot.cli.bench.figures import Figure, Measured, Size, Tell, interleaved
from bot.programmes.loan import Loan, Method, Step
from bot.programmes.repayment import estimate
from scheduler.clock import monotonic

TOPIC = "loan"
MONTHS = 420
METHODS = {Method.LEVEL: "level payments", Method.PRINCIPAL: "level principal"}
UNREDUCED = Step(181, Decimal("1.70"))


async def measure(size: Size, tell: Tell) -> Measured:
    """A figure for each method of repayment."""
    tell("loans are estimated")
    found = await interleaved({method.value: partial(_rate, size.messages, method) for method in Method})
    return [
        Figure(TOPIC, f"loans of 420 payments on one core, {said}", "loans/s", found[method], wanted="≥ 1,000")
        for method, said in METHODS.items()
    ]


async def _rate(count: int, method: Method) -> float:
    begun = monotonic()
    for n in range(count):  # no two alike in a row: another sum and another rate
        rate = Decimal(100 + n % 100) / 100
        estimate(Loan(30_000_000 + 10_000 * n, MONTHS, (Step(1, rate), UNREDUCED), method))
    return count / (monotonic() - begun)
