"""Finance: returns, ratios, risk, sizing, profit and loss, and what trading costs in India.

Import the functions from `shared_services`; each module loads what it needs, numpy among it, when it is first used.

>>> from shared_services import sharpe_ratio
>>> round(sharpe_ratio([0.01, -0.005, 0.007, 0.002]), 2)
8.47
"""
