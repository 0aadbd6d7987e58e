"""Who uses which document, in series that are known before."""

from gateway.documents.manifest import Client
from gateway.documents.trusted import TrustedDocument, TrustedDocuments
from gateway.documents.usage import MAX_SERIES, DocumentUsage, use_of

OLD, NEW, WEB = Client("unity", "1.3"), Client("unity", "1.4"), Client("web", "2")


def document(*clients: Client, name: str | None = "Shop", deprecated: tuple[str, ...] = ()) -> TrustedDocument:
    return TrustedDocument(f"id of {name}", "{ text }", clients, (name,), deprecated)


def trusted(*documents: TrustedDocument) -> TrustedDocuments:
    return TrustedDocuments({one.id: one for one in documents})


def counted(usage: DocumentUsage) -> dict[tuple[str, ...], float]:
    return {tuple(value for _, value in one.labels): one.value for one in usage.samples() if one.value}


def test_the_sender_is_believed_only_where_a_manifest_has_it() -> None:
    shared = document(OLD, NEW, WEB)
    assert use_of(shared, None, NEW)[1:4] == ("Shop", "unity", "1.4")
    assert use_of(shared, None, Client("unity", "9"))[1:4] == ("Shop", "several", "several")
    assert use_of(document(OLD, NEW), "Shop", None)[1:4] == ("Shop", "unity", "several")
    assert use_of(document(WEB, name=None), None, OLD)[1:4] == ("anonymous", "web", "2")


def test_deprecated_parts_are_counted_by_version() -> None:
    usage = DocumentUsage()
    old = document(OLD, NEW, deprecated=("Query.old",))
    usage.expect(trusted(old))
    for sender in (OLD, OLD, NEW, None):
        usage.count(use_of(old, "Shop", sender))
    assert counted(usage) == {
        ("unity", "Shop"): 4,
        ("unity", "1.3", "Query.old"): 2,
        ("unity", "1.4", "Query.old"): 1,
        ("unity", "several", "Query.old"): 1,
    }


def test_counts_stay_when_manifests_are_loaded_again() -> None:
    usage, kept, gone = DocumentUsage(), document(WEB), document(WEB, name="Gone")
    usage.expect(trusted(kept, gone))
    usage.count(use_of(kept, "Shop", None))
    usage.count(use_of(gone, "Gone", None))
    usage.expect(trusted(kept))
    usage.count(use_of(gone, "Gone", None))
    assert counted(usage) == {("web", "Shop"): 1, ("other", "other"): 1}


def test_series_are_bounded_and_the_rest_is_counted_together() -> None:
    usage = DocumentUsage()
    many = [document(WEB, name=f"Q{number:04}") for number in range(MAX_SERIES + 50)]
    usage.expect(trusted(*many))
    for one in many:
        usage.count(use_of(one, one.operations[0], None))
    found = counted(usage)
    assert len(found) == MAX_SERIES
    assert found["other", "other"] == 51
