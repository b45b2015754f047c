"""A carrier to try things on: an SMSC over real SMPP, with handsets that people can look at.

    behaviour  what the carrier does, as data read from TOML     (pure)
    fates      one submit_sm -> its answer and its receipts      (pure)
    handsets   phones: texts, on and off, memory                 (pure)
    receipts   receipts, bent as the behaviour asks              (pure)
    kept       the handsets in a file, over restarts             (shell)
    views      a handset as JSON                                 (pure)
    carrier    the SMSC itself                                   (shell)
    post       receipts and replies to the binds                 (shell)
    web        the handsets as pages and JSON                    (shell)
    stream     one handset, live                                 (shell)

`Simulator` and `HandsetWeb` are all that others need.
"""
