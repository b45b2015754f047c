"""The gateway: an 8x8-compatible SMS API in front, carriers behind; a program of its own that shares the kernel."""
