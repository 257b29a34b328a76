"""The platform's policy: one set of rules, held against a plan and against what is live alike."""
