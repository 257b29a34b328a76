"""Network Services v1: what meshes and gateways route by. Nothing is routed here."""
