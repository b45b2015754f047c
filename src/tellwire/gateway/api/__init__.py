"""The gateway's API over HTTP, in raw ASGI: 8x8's endpoints, one file a family. Wire shapes are `contract`'s part."""
