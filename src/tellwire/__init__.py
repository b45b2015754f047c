"""Tellwire: from an app's event to a text on the right phone.

Three rooms, in the order an event travels, nouns and arithmetic first:

    kernel/     words and arithmetic that both halves need: addresses, parts, statuses, failures, seals
      http/       our outgoing HTTP client
      choice/     who carries a message, at what price, and who is trusted now
      provider/   a provider is data: the request it takes, how its answers and receipts are read
      links/      short links: slugs, the links of a text, what is a click
      web/        what serves HTTP, and the kit under all pages
    platform/   app events become messages through any HTTP provider
      model/      frozen values in the order they come to be: event, profile, decision, message
      ports/      what the stages need of the world: stream, ledger, messages, catalog, reports, sender
      intake/     1  wires become events, answered when they are durable; a folder a wire
      decide/     2  which campaigns answer, through every gate
      compose/    3  the words, rendered once (called by decide, in the same transaction)
      deliver/    4  from the outbox to providers, with pace and bounded retries
      receipts/   5  what became of it, and what people answered
      senders/    what `$$` tokens stand for, credentials, and the sender of every provider
      backends/   the ports on a database, which only fetches and writes; what moves a message is pure beside it
      control/    the JSON API
      dashboard/  the pages
    gateway/    an 8x8-compatible SMS API before carriers; it knows the kernel and nothing else
      model/      frozen values that every room above shares
      accounts/   who may send what
      accept/     1  from a request to durable messages, by HTTP and by SMPP
      carriers/   2  from the queue to the carriers, and what their answers mean
      callbacks/  3  what became of messages, and what handsets wrote, brought to customers
      contract/ smpp/ simulator/ store/ surveys/ api/ admin/ portal/
    wiring/     the composition root: settings become running programs

`settings` has every setting once, `cli` is the only reader of argv.
"""
