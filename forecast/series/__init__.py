"""Forecasts of the published series of every authority: level, England's path, local term and range."""
