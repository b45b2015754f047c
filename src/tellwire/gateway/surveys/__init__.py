"""Surveys: what the operator asks, the form behind a short link, and what people answered (8x8 contract 2.8, 3.5)."""
