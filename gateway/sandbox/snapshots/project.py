"""Makes a sandbox's project out of a snapshot, with the public keys of the demo."""

from gateway.sandbox.demo.accounts import DEMO_API_KEY, DEMO_LOGIN_SECRET
from gateway.sandbox.snapshots.loading import Loaded, load_snapshot
from gateway.sandbox.snapshots.snapshot import Snapshot, SnapshotError
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.projects import Project, create_project, find_project


def load_project(database: Database, snapshot: Snapshot) -> Loaded:
    """Create the snapshot's project under its own number. Raises SnapshotError where the database has it already."""
    number = snapshot.project_id
    with database.write() as tx:
        if find_project(tx, number):
            raise SnapshotError(
                f"The database already has project {number}, with what its players have done. Leave --from out to go "
                "on with it, or name another --database."
            )
        create_project(tx, Project(number, f"Project {number}", DEMO_API_KEY, DEMO_LOGIN_SECRET))
        return load_snapshot(tx, snapshot)
