"""A dry run leaves nothing behind, not even what a first start makes."""

import pytest

SERVICERS = "servicer_id,name\nB1,丸太工務店\n"


@pytest.mark.parametrize("words", [("import", "servicers.csv"), ("run-once", "--at", "2027-04-01")])
def test_a_dry_run_makes_no_file(engawa, folder, words):
    """Without it the database and its keys are there afterwards."""
    (folder / "servicers.csv").write_text(SERVICERS, "utf-8")
    assert engawa(*words, "--dry-run").status == 0
    assert [path.name for path in folder.iterdir()] == ["servicers.csv"]
    assert engawa(*words).status == 0
    assert {"engawa.db", "engawa.key"} <= {path.name for path in folder.iterdir()}


def test_a_dry_run_sees_what_is_stored(engawa, folder):
    """A house of a company that was taken in before is right, and it is not there afterwards."""
    (folder / "servicers.csv").write_text(SERVICERS, "utf-8")
    (folder / "houses.csv").write_text(
        "house_id,builder_id,servicer_id,handed_over_on,owner_name\nH1,B1,B1,2022-04-01,山田 花子\n", "utf-8"
    )
    assert engawa("import", "servicers.csv").status == 0
    assert engawa("import", "houses.csv", "--dry-run").status == 0
    assert engawa("show", "house", "H1").status == 1


def test_a_dry_run_fails_where_a_start_would(engawa):
    """A folder that is not there is not there for a dry run either."""
    assert engawa("run-once", "--dry-run", database_url="sqlite:////no/such/folder/x.db").status == 2
    assert engawa("run-once", "--dry-run", key_file="/no/such/folder/engawa.key").status == 2
