"""A company that was not known before: named by an association on its page, or typed in by the staff."""

from typing import Any

from tests.handlers.web.street import Reader, Street
from tests.stories.test_associations import ASSOCIATION, OWNER, STAFF, asked, silent

COMPANY = {"name": "かえで住建", "email": "kaede@example.jp", "area": "東京都世田谷区", "licence_until": "2031-05-01"}


async def typed(reader: Reader, **values: str) -> Reader:
    form = reader.page.select_one("form[action$='/company'], form[action*='/introduce/']")
    assert form is not None
    return await reader.sends(form, values)


async def new_company(street: Street) -> str:
    """Who is asked now."""
    state: Any = (await street.town.case())["state"]
    return str(state["candidacy"]["servicer"])


async def test_an_association_names_a_company_which_is_asked(street: Street):
    """団体: かえで住建さんなら、引き受けられると思います。"""
    town = street.town
    await asked(town)
    page = await street.visits(ASSOCIATION)
    link = next(found["href"] for found in page.page.select("a") if found.get_text(strip=True) == "会社を紹介する")
    await page.opens(str(link))
    assert "東京都世田谷区" in page.text
    assert not [secret for secret in ("山田", "太子堂", "丸太") if secret in page.text]
    assert "かえで住建を登録し" in (await typed(page, **COMPANY)).text
    company = await new_company(street)
    assert (await town.case())["holder"] == company != ASSOCIATION
    assert {"company_introduced", "candidate_asked"} <= set(await town.facts())
    assert (await street.reader().opens(str(link))).status == 404  # it is answered
    await town.chats(company)
    await town.says(company, "")
    assert (await town.taps(company, "take_on"))[-1] == "reply_ask_fee"
    await town.says(company, "2万円")
    await town.taps(company, "yes")
    assert (await town.taps(OWNER, "agree"))[-1] == "owner_company"
    assert f"servicer:{(await town.view())['house']['servicer_id']}" == company
    await town.all_is_well()


async def test_a_company_that_nobody_can_reach_is_not_registered(street: Street):
    """The form says which field to look at, and keeps what was typed."""
    await asked(street.town)
    page = await street.reader().opens(f"{street.link(ASSOCIATION)}/introduce/H1-1")
    await typed(page, **{**COMPANY, "email": "kaede＠"})
    assert "まだ登録していません" in page.text
    assert page.page.select_one("input[name=email][aria-invalid]") is not None
    await typed(page, **{**COMPANY, "email": ""})
    assert "まだ登録していません" in page.text
    await typed(page, **{**COMPANY, "role": "団体"})
    assert page.page.select_one("input[name=role][aria-invalid]") is not None
    assert (await street.town.case())["holder"] == ASSOCIATION


async def test_nobody_else_sees_what_an_association_is_asked(street: Street):
    await asked(street.town)
    for person in (OWNER, "servicer:B1"):
        assert (await street.reader().opens(f"{street.link(person)}/introduce/H1-1")).status == 404


async def test_the_staff_register_a_company_that_the_owner_named(street: Street):
    """担当者: 所有者から聞いた工務店を登録して、そのまま打診したい。"""
    town = street.town
    await silent(town)
    await town.says(OWNER, "知り合いの工務店に頼みたいです")
    page = await (await street.staff()).opens("/staff/case/H1-1/company")
    shown = await typed(page, **COMPANY)
    assert shown.path.startswith("/staff/case/H1-1")
    company = await new_company(street)
    assert (await town.case())["holder"] == company
    assert (await town.case())["reason"] == ""
    await town.all_is_well()


async def test_the_staff_register_what_an_association_said_on_the_telephone(street: Street):
    """The association is asked still; the company that it named takes its place."""
    await asked(street.town)
    page = await (await street.staff()).opens("/staff/case/H1-1/company")
    await typed(page, **COMPANY)
    assert await new_company(street) not in (ASSOCIATION, STAFF)


async def test_the_case_page_offers_the_association_in_one_press(street: Street):
    await silent(street.town)
    page = await (await street.staff()).opens("/staff/case/H1-1")
    button = page.page.select_one("button[value=ask_association]")
    form = button.find_parent("form") if button is not None else None
    assert form is not None
    await page.sends(form, {"verb": "ask_association", "servicer": "A1"})
    assert (await street.town.case())["holder"] == ASSOCIATION
