"""Outgoing HTTP is tested on both loops: uvloop, which runs it in earnest, and asyncio's own."""

import asyncio

import uvloop


def pytest_asyncio_loop_factories(config, item):
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
