"""SMPP 3.4, both ends: values and decisions without I/O, and thin shells that own sockets.

    commands    the numbers of the standard, named           (pure)
    layout      a PDU's mandatory fields, declared once      (pure)
    pdu         PDUs as values                               (pure)
    codec       octets <-> PDUs; a stream -> frames          (pure)
    states      the state table, timers, events              (pure)
    session     one session: sequence, window, timers        (pure)
    dialect     what one carrier wants done differently      (pure)
    times       validity and schedule, written and read      (pure)
    submission  one message -> its submit_sm PDUs            (pure)
    texts       a PDU -> its words and place in a long text  (pure)
    receipts    deliver_sm -> what the network said          (pure)
    deliveries  what we say as an SMSC                       (pure)
    verdicts    command_status and stat -> what they mean    (pure)
    pace        the rate that finds itself                   (pure)
    accounts    what a customer's bind may do                (pure)
    bind        a bind as configuration and as state         (values)
    tls         certificates                                 (shell)
    wire        one connection carrying one session          (shell)
    handover    its messages, from submit to outcome         (shell)
    link        our bind to a carrier                        (shell)
    server      customers' binds to us                       (shell)

A carrier is spoken to through `Link`, customers through `SmppServer`.
"""
