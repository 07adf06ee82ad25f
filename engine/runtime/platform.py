"""The platform under the name by which the outer layers know it."""

from engine.commands.definition_cache import DefinitionCache
from engine.commands.unit_of_work import JobQueue, NoQueue, Platform, UnitOfWork

__all__ = ["DefinitionCache", "JobQueue", "NoQueue", "Platform", "UnitOfWork"]
