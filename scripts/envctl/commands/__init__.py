"""The commands of envctl: each reads its options, calls the library and shows the result."""
