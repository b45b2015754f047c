"""The words in which files, the API and the editor write what a campaign is made of."""
