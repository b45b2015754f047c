"""The choice of a carrier: rules, prices, health, silence. Pure."""
