"""The command ``accord backtest``: models judged on issues whose outcome is known."""
