"""The platform: app events become messages through any HTTP provider. It knows the kernel and itself."""
