"""The web application of the platform: static ES modules without a build step, over the JSON API of `control`."""
