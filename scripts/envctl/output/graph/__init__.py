"""The graph of an environment as SVG, as Mermaid and as JSON."""

from .detail import detail_svg as detail_svg
from .json import graph_json as graph_json
from .mermaid import detail_mermaid as detail_mermaid
from .mermaid import overview_mermaid as overview_mermaid
from .overview import overview_svg as overview_svg
