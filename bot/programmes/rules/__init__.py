"""The rules that compute, each by the name under which an edition's file calls it."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.programmes.given import Given
from bot.programmes.rules import building, dates, money, people, quality, renovation
from bot.programmes.rules.finding import OUTSIDE, Finding

Computing = Callable[[Given, Any], Finding]


def mapped(values: Given, limit: Any) -> Finding:
    """What follows from one choice, as the file lists it; a choice that is not listed is outside."""
    (name, table), *_ = limit.items()
    return Finding(table.get(_code(values[name]), OUTSIDE))


def _code(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


COMPUTED: Mapping[str, Computing] = {
    each.__name__: each
    for each in (
        mapped,
        building.adjoining_land,
        building.all_true,
        building.all_but,
        building.district,
        building.financed_area,
        building.floor_area_factor,
        building.floor_ratio_use,
        building.floor_sound,
        building.housing_floor_area,
        building.housing_share,
        building.joint_rebuilding,
        building.mixed_use,
        building.no_limit,
        building.structure_of_project,
        building.structure_or_ask,
        building.unit_area,
        building.zone,
        dates.by_day,
        dates.closing_told_by,
        dates.interest_only,
        dates.interest_only_from,
        dates.land_acquired,
        dates.land_financed,
        dates.land_from,
        dates.last_reduced_payment,
        dates.new_application,
        dates.new_application_from,
        dates.next_review_on,
        dates.not_after,
        dates.options_from,
        dates.options_open,
        dates.prepayment_charge,
        dates.prepayment_free,
        dates.rate_fixed_on,
        dates.rate_of_day,
        dates.rate_reviewed_on,
        dates.receipt_expected,
        dates.reduced_payment,
        dates.reduction_ends_on,
        dates.restriction_ends_on,
        dates.review_default,
        dates.to_confirm,
        money.buy_back,
        money.cost_item,
        money.fire_insurance,
        money.interim_deduction,
        money.interim_share,
        money.interim_total_share,
        money.land_cost_limit,
        money.loan_after_subsidy,
        money.loan_amount,
        money.loan_limit,
        money.loan_ratio,
        money.mortgage,
        money.plan_reduction,
        money.purchase_amount,
        money.reduction,
        money.reference_rate,
        money.term_class,
        people.applicant_age,
        people.serving,
        people.small_business,
        people.surety,
        quality.all_units,
        quality.child_rearing_type,
        quality.child_rearing_units,
        quality.energy_edition,
        quality.energy_revised,
        quality.equipment,
        quality.insulation_works,
        quality.wall_quantity,
        quality.zeh_class,
        quality.zeh_proof,
        quality.zeh_storeys,
        renovation.plan,
        renovation.plan_a,
        renovation.plan_b,
        renovation.upkeep,
    )
}
