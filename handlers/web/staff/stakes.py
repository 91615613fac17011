"""What hangs on an inspection in yen, for letters about it alone: worked out when the letter is printed.

The message that waits in the outbox holds no sum, and no other channel ever asks here. Only the borrower's own letter
has it: a co-owner's, and that of somebody who stands for an owner, says it in words.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.core.loan import CERTIFIED, Loan
from bot.core.people import Role, role_of
from bot.core.standing import OVERDUE
from bot.programmes.edition import editions
from bot.programmes.stake import stake
from handlers.web.site import Site
from storage.letters import Letter
from storage.loans import loans_at
from templates.forms import day


async def stakes_of(site: Site, rows: Sequence[Letter]) -> Mapping[int, str]:
    """By letter, the paragraph that tells what the reduction is still worth on the day on which it was written."""
    found: dict[int, str] = {}
    async with site.store.read() as connection:
        for row in rows:
            if not _hangs_on_it(row):
                continue
            total = at_stake(await loans_at(connection, row.house_id, row.person_id), row.written_on)
            if total:
                found[row.outbox_id] = _said(site, row, total)
    return found


def at_stake(lent: Sequence[Loan], on: date) -> int:
    """Yen of all loans whose reduction hangs on the certification; 0 where that of one of them is not known."""
    known = editions()
    mine = [one for one in lent if one.repaid_on is None and CERTIFIED in one.terms.reductions]
    worth = [stake(known[one.edition], one.terms, on) if one.edition in known else None for one in mine]
    return 0 if None in worth else sum(one.total for one in worth if one is not None)


def _hangs_on_it(row: Letter) -> bool:
    """Whether it is about an inspection on which the reduced rate may hang: to come, or the guarantee's overdue one."""
    return role_of(row.person_id) is Role.OWNER and (_in_words(row) or any(map(_overdue, row.parts)))


def _in_words(row: Letter) -> bool:
    """Whether the letter says so in words already: the case decides."""
    return any(part["params"].get("stake") for part in row.parts)


def _overdue(part: Mapping[str, Any]) -> bool:
    return any(risk["code"] == OVERDUE for risk in part["params"].get("risks", ()))


def _said(site: Site, row: Letter, total: int) -> str:
    law = site.renderer.catalogue.words[row.language]["law"]
    words = site.pages.words[row.language]["chat"]["loans"]
    amount = words["yen"].format(amount=total)
    first = "" if _in_words(row) else law["loan_stake"]
    figure = words["letter"].format(day=day(row.language, row.written_on.isoformat()), amount=amount)
    return f"{first}{law['loan_stake_yen']}{figure}"
