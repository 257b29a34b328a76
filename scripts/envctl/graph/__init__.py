"""What an environment declares, as a graph: the things, and the references between them."""

from .edges import graph as graph
from .model import Edge as Edge
from .model import Flow as Flow
from .model import Graph as Graph
from .model import Thing as Thing
