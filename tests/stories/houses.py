"""Sample files of any size, as a builder would send them."""

import csv
from pathlib import Path

COMPANIES = 5


def write_houses(folder: Path, count: int, companies: int = COMPANIES) -> list[Path]:
    """Houses handed over between 2018 and 2021, all consenting, reached by mail: most of them long overdue."""
    tables: dict[str, list[list[object]]] = {
        "servicers": [["servicer_id", "name", "email", "status"]],
        "houses": [
            [
                *("house_id", "builder_id", "servicer_id", "common_id", "handed_over_on", "plan_years", "owner_id"),
                *("owner_name", "consent_information_on", "consent_mandate_on", "email"),
            ]
        ],
        "plan": [["house_id", "item_code", "item_name", "kind", "first_year", "interval_years"]],
    }
    for n in range(companies):
        tables["servicers"].append([f"B{n}", f"第{n}工務店", f"b{n}@example.jp", "営業"])
    for n in range(count):
        company, house = f"B{n % companies}", f"H{n:05d}"
        day = f"{2018 + n % 4}-{1 + n % 12:02d}-{1 + n % 28:02d}"
        place = [house, company, company, f"C{house}", day, 50]
        tables["houses"].append([*place, f"O{n}", f"山田 {n}", "2022-01-01", "2022-01-01", f"o{n}@example.jp"])
        for code, part in (("P1", "屋根"), ("P2", "基礎"), ("P3", "給水管")):
            tables["plan"].append([house, code, part, "点検", 5, 5])
    paths = []
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        paths.append(path)
    return paths


def write_closing(folder: Path, count: int, companies: int, provider: str = "") -> list[Path]:
    """Houses of one company, B1, in a town in which others could take them over: half of them have a visit to come.

    ``provider`` keeps the histories of all of them.
    """
    firms: list[list[object]] = [["servicer_id", "name", "status", "area"], ["B1", "丸太工務店", "営業", ""]]
    firms += [[f"C{n:02d}", f"第{n}工務店", "営業", "東京都世田谷区"] for n in range(companies)]
    names = "house_id builder_id servicer_id common_id handed_over_on plan_years owner_id owner_name address"
    homes: list[list[object]] = [[*names.split(), "consent_information_on", "consent_mandate_on", "history_provider"]]
    plan: list[list[object]] = [["house_id", "item_code", "item_name", "kind", "first_year", "interval_years"]]
    for n in range(count):
        house, day = f"H{n:05d}", "2022-04-01" if n % 2 else "2024-04-01"
        place = "東京都世田谷区太子堂1-2-3"
        homes.append([house, "B1", "B1", f"C{house}", day, 50, f"O{n}", f"山田 {n}", place, day, day, provider])
        plan += [[house, code, part, "点検", 5, 5] for code, part in (("P1", "屋根"), ("P2", "基礎"))]
    tables = {"servicers": firms, "houses": homes, "plan": plan}
    return [_written(folder / f"{name}.csv", rows) for name, rows in tables.items()]


def _written(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path
