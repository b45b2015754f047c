"""The portal: the gateway's web application for operators, static files only. What it asks for is `admin`'s part."""
