"""The base of a service: an application factory, its server, and what every service has. Loaded when first used."""
