"""Rules about yen and percent. Yen are whole numbers, percent is the text that is printed; nothing here is a float."""

from decimal import Decimal
from typing import Any

from bot.programmes.given import BadInput, Given
from bot.programmes.rules.finding import OUTSIDE, TO_CONFIRM, WITHIN, Finding, verdict


def _most(values: Given, limit: Any) -> int:
    """The share of the cost that is financed, in whole steps."""
    financed = values["project_cost_yen"] * limit["share_pct"] // 100
    return int(financed // limit["step_yen"] * limit["step_yen"])


def cost_item(values: Given, limit: Any) -> Finding:
    """Whether a cost is financed; of the other costs only one that is settled when the building is completed."""
    item, settled = values["cost_item"], values["known_at_completion"]
    if item == "land":
        return _land_item(values)
    if item in limit["known_or_not"]:
        return Finding(WITHIN)
    if item in limit["known_at_completion"] and settled is None:
        return Finding(TO_CONFIRM, case="unsettled")
    return verdict(item in limit["known_at_completion"] and bool(settled))


def _land_item(values: Given) -> Finding:
    """Land; of an edition that asks for it only with the reduction."""
    reduced = values.get("reduced", True)
    if reduced is None:
        return Finding(TO_CONFIRM, case="land_open")
    return Finding(WITHIN, case="land") if reduced else Finding(OUTSIDE, case="no_reduction")


def loan_limit(values: Given, limit: Any) -> Finding:
    """The most that is lent for this cost, where there is no subsidy."""
    return Finding(_most(values, limit))


def loan_after_subsidy(values: Given, limit: Any) -> Finding:
    """The same less a subsidy, if the whole of it is taken off; whether that is done is decided by the agency.

    It is taken off the loan (当該補助金の相当額を機構の融資額から減額), which is in whole steps before and after it.
    """
    left = max(_most(values, limit) - values["subsidy_yen"], 0)
    return Finding(left // limit["step_yen"] * limit["step_yen"])


def loan_amount(values: Given, limit: Any) -> Finding:
    """Whether this amount can be asked for at this cost: not above the limit, and in whole steps."""
    amount, most = values["amount_yen"], _most(values, limit)
    return verdict(0 < amount <= most and amount % limit["step_yen"] == 0, most=(most, "yen"))


def purchase_amount(values: Given, limit: Any) -> Finding:
    """Whether this amount can be borrowed to buy a house at this price."""
    amount = values["amount_yen"]
    fits = limit["at_least"] <= amount <= limit["at_most"] and amount % limit["step_yen"] == 0
    return verdict(fits and amount <= values["price_yen"])


def loan_ratio(values: Given, limit: Any) -> Finding:
    """The class of the ratio of the loan to the price: up to nine tenths, or more."""
    amount, price = values["amount_yen"], values["price_yen"]
    if amount == 0:
        return Finding(OUTSIDE, case="nothing")
    if amount > price:
        return Finding(OUTSIDE, case="above")
    return Finding("up_to_90" if amount * 100 <= price * limit["at_most_pct"] else "over_90")


def term_class(values: Given, limit: Any) -> Finding:
    """The class of the term by which rates differ."""
    years = values["term_years"]
    if not 0 < years <= limit["at_most"]:
        return Finding(OUTSIDE)
    if limit["short_at_most"] < years < limit["long_at_least"]:
        return Finding(TO_CONFIRM)
    return Finding("up_to_20" if years <= limit["short_at_most"] else "from_21")


def land_cost_limit(values: Given, limit: Any) -> Finding:
    """The most that is lent for land: its price if bought for this building, else what is left of the loan for it."""
    if values.get("reduced") is False:
        return Finding(OUTSIDE)
    name = {"bought_with_project": "land_price_yen", "bought_before": "land_loan_left_yen"}[values["land_bought"]]
    if values[name] is None:
        raise BadInput(f"{name} is missing: it is the limit for land {values['land_bought'].replace('_', ' ')}")
    return Finding(values[name], case=values["land_bought"])


def reduction(values: Given, limit: Any) -> Finding:
    """Percent a year off the rate. A certified house that is also a ZEH gets the larger of the two, once."""
    quality = [Decimal(limit[name]) for name in ("long_life", "zeh") if values[name]]
    total = max(quality, default=Decimal(0))
    if values.get("child_rearing"):
        total += Decimal(limit["child_rearing"])
    return Finding(str(total), case="" if total else "none")


def plan_reduction(values: Given, limit: Any) -> Finding:
    """Percent a year off the rate, by plan."""
    return Finding(limit[values["plan"]])


def reference_rate(values: Given, limit: Any) -> Finding:
    """The printed reference rate of a type."""
    return Finding(limit["restricted" if values["restricted"] else "free"][values["fixed_years"]])


def mortgage(values: Given, limit: Any) -> Finding:
    """Whether a mortgage is needed: earlier loans without one count together with the new."""
    amount, earlier = values["amount_yen"], values["earlier_unsecured_yen"] or 0
    if earlier and amount + earlier > limit["at_most"]:
        return Finding("needed_for_both")
    return Finding("needed" if amount > limit["at_most"] else "not_needed")


def fire_insurance(values: Given, limit: Any) -> Finding:
    """The sum insured covers the whole loan; where the loan is above the building's value it equals that value."""
    insured, loan, value = values["insured_yen"], values["loan_total_yen"], values["value_yen"]
    if values["pro_rata_rider"]:
        return Finding(WITHIN, case="rider")
    if loan > value:
        return Finding(WITHIN if insured == value else OUTSIDE, case="value" if insured == value else "not_value")
    return verdict(insured >= loan)


def buy_back(values: Given, limit: Any) -> Finding:
    """What the house is bought for: as much as is left of the loan."""
    return Finding(values[limit["equal_to"]])


def interim_deduction(values: Given, limit: Any) -> Finding:
    """What is taken off interim money: the guarantee fee from the first, interest on the earlier from the others."""
    if values["interim_number"] >= limit["interest_from"]:
        return Finding(["interest"])
    return Finding(["guarantee_fee"] if values["guarantee_company"] else OUTSIDE)


def _interim(values: Given, limit: Any) -> tuple[int, int] | None:
    """Percent of this payment and of all until it; None for a stage that is not paid at."""
    if values["stage"] == "before_start":
        return (limit["before_start"], limit["before_start"]) if values["advance_guaranteed"] else None
    shares = [limit["start"], limit["roof"], limit["completion" if values["guarantee_company"] else "completion_alone"]]
    place = ("start", "roof", "completion").index(values["stage"]) + 1
    return shares[place - 1], sum(shares[:place])


def _after_advance(values: Given) -> bool:
    """Whether forty may have come before the start: what is then left for the start and the roof is not printed."""
    return bool(values["advance_guaranteed"]) and values["stage"] in ("start", "roof")


def interim_share(values: Given, limit: Any) -> Finding:
    """Percent of the whole loan that is paid out at a stage."""
    if _after_advance(values):
        return Finding(TO_CONFIRM)
    found = _interim(values, limit)
    return Finding(OUTSIDE) if found is None else Finding(str(found[0]))


def interim_total_share(values: Given, limit: Any) -> Finding:
    """Percent of the whole loan that has been paid out with a stage."""
    if _after_advance(values):
        return Finding(TO_CONFIRM)
    found = _interim(values, limit)
    return Finding(OUTSIDE) if found is None else Finding(str(found[1]))
