"""Sample files of any size, as a builder would send them."""

import csv
from pathlib import Path

COMPANIES = 5


def write_houses(folder: Path, count: int) -> list[Path]:
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
    for n in range(COMPANIES):
        tables["servicers"].append([f"B{n}", f"第{n}工務店", f"b{n}@example.jp", "営業"])
    for n in range(count):
        company, house = f"B{n % COMPANIES}", f"H{n:05d}"
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
