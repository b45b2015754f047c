"""Every store of the gateway, over its one database."""

from datetime import timedelta

from tellwire.gateway.store.accounts import Accounts
from tellwire.gateway.store.callback_log import CallbackLog
from tellwire.gateway.store.callbacks import Callbacks
from tellwire.gateway.store.exports import Exports
from tellwire.gateway.store.happenings import Happenings
from tellwire.gateway.store.history import History
from tellwire.gateway.store.inbound import Inbound
from tellwire.gateway.store.inbound_records import InboundRecords
from tellwire.gateway.store.links import Links
from tellwire.gateway.store.messages import Messages
from tellwire.gateway.store.receipts import Receipts
from tellwire.gateway.store.records import Records
from tellwire.gateway.store.routes import Routes
from tellwire.gateway.store.smpp_parts import SmppParts
from tellwire.gateway.surveys.store import SurveyStore
from tellwire.kernel.session_table import SessionTable
from tellwire.kernel.sqlite import Database


class Stores:
    """The stores; `receipt_wait` is how long receipts of a message count."""

    def __init__(self, database: Database, *, receipt_wait: timedelta) -> None:
        self.database = database
        self.accounts = Accounts(database)
        self.sessions = SessionTable(database)
        self.routes = Routes(database)
        self.messages = Messages(database)
        self.receipts = Receipts(database, wait=receipt_wait)
        self.inbound = Inbound(database)
        self.smpp_parts = SmppParts(database)
        self.records = Records(database)
        self.inbound_records = InboundRecords(database)
        self.exports = Exports(database)
        self.callbacks = Callbacks(database)
        self.callback_log = CallbackLog(database)
        self.surveys = SurveyStore(database)
        self.links = Links(database)
        self.happenings = Happenings(database)
        self.history = History(database)
