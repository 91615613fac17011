"""What the second reader looks at: every run of one to three characters, and what was asked of whom."""

from bot.core.meaning import Context

RUNS = (1, 2, 3)
LOOKED_AT = 300  # characters; a reply says what it wants to say within them
SHORT = 12  # characters below which the question decides what an answer means
START, END, GAP = "^", "$", "␣"


def runs(text: str) -> set[str]:
    """The runs of characters of a normalised text, without any white space of their own."""
    marked = START + GAP.join(text[:LOOKED_AT].split()) + END
    return {marked[at : at + length] for length in RUNS for at in range(len(marked) - length + 1)}


def circumstances(text: str, context: Context, servicer: bool) -> list[str]:
    """The question that was open and who answers, as further features."""
    asked = f"@{context.value}"
    spoken = "@servicer" if servicer else "@owner"
    return [asked, spoken, f"{asked} short"] if len(text) < SHORT else [asked, spoken]
