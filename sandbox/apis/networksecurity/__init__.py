"""Network Security v1: what is kept and checked of it. No packet passes here, so none is held back."""
