"""`random_pet`: a name of words. The words are not the real provider's."""

from __future__ import annotations

import secrets

from sandbox.provider.local.kind import Kind, Run, State, fields, set_by_provider

_FIELDS = fields("""
keepers map(string)
length number optional computed forces_new default=2
prefix string forces_new
separator string optional computed forces_new default="-"
id string computed
""")
_HOW = """
boldly brightly calmly dearly eagerly early fairly gladly gently kindly lately lightly mildly neatly nicely openly
partly quickly quietly rarely really safely simply slowly softly surely swiftly truly warmly wisely
"""
_WHICH = """
able amber brave bright brisk calm clever coral crisp deep eager early fair fast fine fond free fresh gentle glad
golden good grand happy keen kind large light lively loyal lucky merry mild modern neat new noble open polite proud
pure quick quiet rapid rare ready sharp silver smart snowy solid sunny
"""
_WHO = """
badger bear beetle bison buffalo camel cat cheetah cobra crane cricket crow deer dingo dolphin dove duck eagle egret
elephant falcon finch firefly fox frog gazelle gecko goat goose hare hawk heron hornbill horse ibex jackal kite
koala langur leopard lion lizard lynx macaw magpie marmot mongoose moth myna newt otter owl panda parrot peacock
pelican pony puma quail rabbit raven robin seal shark sparrow squirrel stork swan tapir tern tiger toad turtle
urchin viper walrus weasel whale wolf wren yak zebra
"""


async def _create(planned: State, run: Run) -> State:
    length, separator = planned["length"], planned["separator"]
    words = [secrets.choice(_HOW.split()) for _ in range(length - 2)]
    words += [secrets.choice(_WHICH.split())] if length > 1 else []
    made = separator.join([*words, secrets.choice(_WHO.split())])
    prefix = planned.get("prefix") or None
    return {**planned, "prefix": prefix, "id": f"{prefix}{separator}{made}" if prefix else made}


KIND = Kind("random_pet", _FIELDS, _create, settled=set_by_provider(_FIELDS), keepers="keepers")
