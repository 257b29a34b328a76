"""Changes of the configuration at run time: proposed, checked, applied, kept for ever, and taken back.

>>> from shared_services.config.changes import MemoryObjects
>>> changes = ConfigChanges(MemoryObjects(), environment="local")
>>> changes.apply("risk", {"limits": {"orders_per_minute": 60}}, base=0, by="ana@example.com").version
1
>>> changes.state("risk").values["limits"]["orders_per_minute"]
60
"""

from .errors import Conflict, NoSuchChange, NotOpen, OwnProposal, Withheld
from .journal import Glance
from .objects import MemoryObjects, Objects
from .records import Change, Difference, Proposal
from .state import Checked, State, differing
from .store import ConfigChanges

__all__ = [
    "Change",
    "Checked",
    "ConfigChanges",
    "Conflict",
    "Difference",
    "Glance",
    "MemoryObjects",
    "NoSuchChange",
    "NotOpen",
    "Objects",
    "OwnProposal",
    "Proposal",
    "State",
    "Withheld",
    "differing",
]
