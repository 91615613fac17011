"""A stored house under the keys of the intake format, as it is stored and unmasked."""

from collections.abc import Mapping
from typing import Any

from bot.intake.tables import ADDRESSES

HOUSE_KEYS = (
    *("common_id", "guarantee_no", "certification_kind", "completed_on", "history_provider", "builder_id"),
    *("servicer_id", "backup_servicer_id", "certificate_no", "certified_on", "authority", "handed_over_on"),
    *("structure", "storeys", "floor_area_m2", "postcode", "address", "municipality_code"),
    *("event_intensity", "event_wind", "plan_years", "lender"),
)


def intake_fields(view: Mapping[str, Any]) -> dict[str, Any]:
    """Every intake field of a house, from what storage says about it. What was not given is None."""
    house = view["house"]
    owner = next((owner for owner in view["owners"] if owner["rank"] == 0 and owner["until_on"] is None), None)
    month = house["residual_month"]
    return {
        "house_id": house["id"],
        **{key: house[key] if house[key] != "" else None for key in HOUSE_KEYS},
        "residual_month": f"{month:%Y-%m}" if month else None,
        **_owner(owner),
        **_consents(view, owner),
        "co_owners": house["co_owners"] or None,
    }


def _owner(owner: Mapping[str, Any] | None) -> dict[str, Any]:
    known = owner or {}
    own_id = str(known.get("id", "")).partition(":")[2]
    living = {row["channel"]: row["address"] for row in known.get("addresses", ()) if row["ended_at"] is None}
    return {
        "owner_id": None if not own_id or own_id.startswith("~") else own_id,
        "owner_name": known.get("name") or None,
        "owner_kana": known.get("kana") or None,
        "language": known.get("language"),
        **{column.key: living.get(column.channel) for column in ADDRESSES},
        "phone": known.get("phone") or None,
        "channel_order": known.get("channel_order") or None,
    }


def _consents(view: Mapping[str, Any], owner: Mapping[str, Any] | None) -> dict[str, Any]:
    """The newest consents of the owner."""
    mine = [row for row in view["mandates"] if owner and row["person_id"] == owner["id"]]
    last = mine[-1] if mine else {}
    return {
        "consent_information_on": last.get("information_on"),
        "consent_mandate_on": last.get("mandate_on"),
        "consent_withdrawn_on": last.get("withdrawn_on"),
    }
