"""Cloud SQL Admin, v1 and v1beta4: instances, databases and users. No database server runs behind them."""
