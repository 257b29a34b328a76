"""The library that every service, script and notebook of the platform stands on.

Everything public is imported from here. Names are loaded when they are first used, so importing the package costs
next to nothing and a service that never asks BigQuery never loads its client:

>>> from shared_services import classify
>>> classify(TimeoutError("no answer in 5 s")).value
'transient'
"""

import lazy_loader

# __init__.pyi says what is public and where it is: to this, to type checkers and to editors.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
