"""The read side: what people look at. Nothing here changes anything."""

from typing import Protocol

from tellwire.platform.ports.campaign_reports import CampaignReports
from tellwire.platform.ports.inside_reports import InsideReports
from tellwire.platform.ports.message_reports import MessageReports
from tellwire.platform.ports.people_reports import PeopleReports
from tellwire.platform.ports.run_reports import RunReports
from tellwire.platform.ports.traffic_reports import TrafficReports


class Reports(
    MessageReports, PeopleReports, CampaignReports, InsideReports, RunReports, TrafficReports, Protocol
):
    """All of it: every figure equals what the ledger recorded; lists are newest first and bounded by `limit`."""
