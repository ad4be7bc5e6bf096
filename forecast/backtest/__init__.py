"""How good the forecasts are: from past Januaries, beside rivals that see the same past."""
