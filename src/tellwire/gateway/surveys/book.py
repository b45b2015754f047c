"""Keeps surveys in memory and in step with the store, so that no request asks the disk what a survey is."""

from collections.abc import Mapping

from tellwire.gateway.surveys.store import SurveyStore
from tellwire.gateway.surveys.survey import Survey


class SurveyBook:
    """The one writer of surveys; `load` it before use."""

    def __init__(self, store: SurveyStore) -> None:
        self._store = store
        self.surveys: Mapping[str, Survey] = {}

    async def load(self) -> None:
        """Read all surveys from the store."""
        self.surveys = {survey.id: survey for survey in await self._store.load()}

    def find(self, survey: str, subaccount: str) -> Survey | None:
        """Return a subaccount's survey."""
        held = self.surveys.get(survey)
        return held if held is not None and held.subaccount == subaccount else None

    async def save(self, survey: Survey) -> None:
        """Create or replace a survey."""
        await self._store.save(survey)
        await self.load()

    async def delete(self, survey: str) -> None:
        """Delete a survey with everything that was answered; links to it end."""
        while await self._store.delete(survey):
            pass
        await self.load()
