"""Tellwire: from an app's event to a text on the right phone.

The folders in the order an event travels, nouns and arithmetic first:

    kernel/     words and arithmetic that both halves need: addresses, parts, statuses, failures, seals; HTTP, SQLite
    model/      frozen values in the order they come to be: event, profile, decision, message
    ports/      what the stages need of the world: stream, ledger, outbox, catalog, reports, sender
    intake/     1  wires become events, answered when they are durable
    decide/     2  which campaigns answer, through every gate
    compose/    3  the words, rendered once (called by decide, in the same transaction)
    deliver/    4  from the outbox to providers, with pace and bounded retries
    receipts/   5  what became of it
    senders/    a provider is data: one request template, many services
    backends/   the ports on a database
    control/    the platform's JSON API
    dashboard/  the platform's pages
    gateway/    the other half: an 8x8-compatible SMS API before carriers; it knows the kernel and nothing else
    wiring/     the composition root: settings become running programs

`settings` has every setting once, `cli` is the only reader of argv.
"""
