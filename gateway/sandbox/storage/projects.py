"""The publisher's projects: each has its own players, items, chains and secrets."""

import msgspec

from gateway.sandbox.storage.database import Transaction


class Project(msgspec.Struct, frozen=True):
    """A project; the API key is for the Admin calls' Basic authentication, the secret signs its players' tokens."""

    project_id: int
    name: str
    api_key: str
    login_secret: str

    def __repr__(self) -> str:
        """Show the project without its secrets."""
        return f"Project({self.project_id}, {self.name!r})"


def create_project(tx: Transaction, project: Project) -> None:
    """Add a project."""
    tx.run(
        "INSERT INTO projects (project_id, name, api_key, login_secret)"
        " VALUES (:project_id, :name, :api_key, :login_secret)",
        project_id=project.project_id,
        name=project.name,
        api_key=project.api_key,
        login_secret=project.login_secret,
    )


def find_project(tx: Transaction, project_id: int) -> Project | None:
    """Find a project by its number."""
    row = tx.one("SELECT * FROM projects WHERE project_id = :project_id", project_id=project_id)
    return Project(**row) if row else None


def all_projects(tx: Transaction) -> tuple[Project, ...]:
    """List the projects by number."""
    return tuple(Project(**row) for row in tx.all("SELECT * FROM projects ORDER BY project_id"))


def delete_everything(tx: Transaction) -> None:
    """Delete all projects and what they hold. Chains, steps and items are then numbered from 1 again.

    Orders and webhooks are not: a server that has seen a number would take another order for the one that it knows.
    """
    # Some rows name others that are deleted with the project before them.
    tx.run("PRAGMA defer_foreign_keys = ON")
    tx.run("DELETE FROM projects")
    tx.run("DELETE FROM sqlite_sequence WHERE name IN ('chains', 'steps', 'items')")


def free_project_id(tx: Transaction) -> int:
    """Return the number for the next project."""
    (row,) = tx.all("SELECT coalesce(max(project_id), 0) + 1 AS project_id FROM projects")
    project_id: int = row["project_id"]
    return project_id
